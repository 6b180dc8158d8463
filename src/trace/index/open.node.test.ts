import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { Random } from '../../core/random.ts';
import type { Fingerprint, FingerprintIndex } from './fingerprint.ts';
import { openIndex } from './open.node.ts';

// Making a database takes seconds of processor time, and a busy machine stretches them.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const D = 24;
const random = new Random(11);
const vector = () => Float32Array.from({ length: D }, () => random.normal());
const item = (id: string, facts: Json = { camera: 'X-100' }): Fingerprint => ({
  id,
  label: `sha256:${id}`,
  vector: vector(),
  facts,
});

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huoyan-index-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function refusal(work: Promise<unknown>): Promise<HuoyanError> {
  const error = await work.then(
    () => null,
    (e) => e,
  );
  expect(error).toBeInstanceOf(HuoyanError);
  expect((error as HuoyanError).hint.zh).toMatch(/\p{Script=Han}|npm/u);
  return error as HuoyanError;
}

describe.each(['cells', 'pgvector'] as const)('an index in a folder, searched by %s', (search) => {
  let place: { folder: string; search: 'cells' | 'pgvector' };
  let index: FingerprintIndex;
  const items = Array.from({ length: 300 }, (_, i) => item(`f${i}`));

  beforeAll(async () => {
    place = { folder: join(root, search), search };
    index = await openIndex(place, { dimensions: D });
    await index.add(items);
  });
  afterAll(() => index.close());

  test('finds what was added, at once, most similar first', async () => {
    expect(index.engine).toBe(search);
    expect(await index.count()).toBe(300);
    const late = item('late', {
      'quote"': 'back\\slash, {brace}',
      火: '眼\u0000',
      deep: [1, null, { a: true }],
    });
    await index.add([late]);
    const matches = await index.search(late.vector, 5);
    expect(matches).toHaveLength(5);
    expect(matches[0]).toMatchObject({ id: 'late', label: 'sha256:late', facts: late.facts });
    expect(matches[0].similarity).toBeCloseTo(1, 6);
    const order = matches.map((m) => m.similarity);
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(await index.search(late.vector, 5, { minSimilarity: 0.999 })).toHaveLength(1);
    expect((await index.search(late.vector, 5, { exact: true })).map((m) => m.id)).toEqual(
      matches.map((m) => m.id),
    );
  });

  test('does not find what was deleted, and takes its id again', async () => {
    expect(await index.delete(['f7', 'f8', 'f7', 'never'])).toBe(2);
    expect(await index.delete([])).toBe(0);
    expect((await index.search(items[7].vector, 300)).map((m) => m.id)).not.toContain('f7');
    await index.add([items[7]]);
    expect((await index.search(items[7].vector, 1))[0].id).toBe('f7');
  });

  test('adds all or nothing', async () => {
    const before = await index.count();
    expect((await refusal(index.add([item('new'), item('f3')]))).message).toMatch(/"f3" is taken/);
    expect(
      (await refusal(index.add([item('new'), { ...item('bad'), vector: new Float32Array(D) }]))).code,
    ).toBe('bad-argument');
    expect(await index.count()).toBe(before);
    await index.add([]);
    await index.add([item(`"quoted", {id} \\ '${search}'`)]);
    expect(await index.count()).toBe(before + 1);
  });

  test('refuses a question it cannot answer', async () => {
    expect((await refusal(index.search(new Float32Array(D - 1), 3))).message).toMatch(/has 23 numbers/);
    expect((await refusal(index.search(vector().fill(Number.NaN), 3))).message).toMatch(/no direction/);
    expect((await refusal(index.search(vector(), 0))).code).toBe('bad-argument');
  });

  test('is there again after closing, and says when it is closed', async () => {
    const before = await index.count();
    const found = await index.search(items[20].vector, 10);
    await index.close();
    await index.close();
    expect((await refusal(index.search(vector(), 1))).message).toMatch(/closed/);
    expect((await refusal(index.count())).message).toMatch(/closed/);
    index = await openIndex(place, { dimensions: D });
    expect(await index.count()).toBe(before);
    expect(await index.search(items[20].vector, 10)).toEqual(found);
  });

  test('does not open with other dimensions or the other search', async () => {
    await index.close();
    expect((await refusal(openIndex(place, { dimensions: D + 1 }))).message).toMatch(/24 numbers, not 25/);
    const other = search === 'cells' ? 'pgvector' : 'cells';
    expect((await refusal(openIndex({ ...place, search: other }, { dimensions: D }))).message).toMatch(
      /other kind of search/,
    );
    index = await openIndex(place, { dimensions: D });
    expect(await index.count()).toBeGreaterThan(0);
  });
});

// Making a new database takes seconds, so the tests below share folders and run in this order.
describe('the file of cells is only a shortcut', () => {
  let folder: string;
  beforeAll(() => {
    folder = join(root, 'shortcut');
  });
  const items = Array.from({ length: 50 }, (_, i) => item(`f${i}`));

  test('an index opens without it, with a broken one, and with one from before the last changes', async () => {
    let index = await openIndex({ folder }, { dimensions: D });
    await index.add(items.slice(0, 40));
    await index.close();
    await cp(join(folder, 'cells'), join(folder, 'old'));
    const reopened = async () => {
      index = await openIndex({ folder }, { dimensions: D });
      const found = await index.search(items[45].vector, 50);
      await index.close();
      return found.map((m) => m.id).sort();
    };
    index = await openIndex({ folder }, { dimensions: D });
    await index.add(items.slice(40));
    await index.delete(['f1', 'f41']);
    await index.close();
    const ids = items.map((i) => i.id).filter((id) => id !== 'f1' && id !== 'f41');
    expect(await reopened()).toEqual(ids.sort());
    await rm(join(folder, 'cells'));
    expect(await reopened()).toEqual(ids);
    await writeFile(join(folder, 'cells'), 'HYCELLS1 and then nonsense');
    expect(await reopened()).toEqual(ids);
  });

  test('cells that know more than a record put back from a copy are thrown away', async () => {
    await cp(join(folder, 'record'), join(root, 'copy'), { recursive: true });
    let index = await openIndex({ folder }, { dimensions: D });
    const before = await index.count();
    await index.add([item('late'), item('later')]);
    await index.close();
    await rm(join(folder, 'record'), { recursive: true });
    await cp(join(root, 'copy'), join(folder, 'record'), { recursive: true });
    index = await openIndex({ folder }, { dimensions: D });
    expect(await index.count()).toBe(before);
    const again = item('again');
    await index.add([again]);
    expect((await index.search(again.vector, 1))[0].id).toBe('again');
    await index.close();
  });
});

describe('a folder that does not serve', () => {
  let folder: string;
  beforeAll(() => {
    folder = join(root, 'unfit');
  });

  test('dimensions that are none', async () => {
    for (const dimensions of [0, 1, 2001, 2.5, Number.NaN]) {
      expect((await refusal(openIndex({ folder: join(root, 'x') }, { dimensions }))).code).toBe(
        'bad-argument',
      );
    }
  });

  test('a file in its place', async () => {
    const path = join(root, 'file');
    await writeFile(path, '');
    expect((await refusal(openIndex({ folder: path }, { dimensions: D }))).code).toBe('bad-argument');
    expect((await refusal(openIndex({ folder: join(path, 'in') }, { dimensions: D }))).code).toBe(
      'bad-argument',
    );
  });

  test('held by this process, or by one that has ended', async () => {
    const index = await openIndex({ folder }, { dimensions: D });
    expect((await refusal(openIndex({ folder }, { dimensions: D }))).message).toMatch(/in use by process/);
    await index.close();
    await writeFile(join(folder, 'lock'), `${process.pid} 1`);
    await (await openIndex({ folder }, { dimensions: D })).close();
    await expect(stat(join(folder, 'lock'))).rejects.toThrow();
  });

  test('no right to write', async () => {
    const isRoot = process.getuid?.() === 0;
    await chmod(root, 0o755);
    await chmod(folder, 0o555);
    // Root may write anywhere; for a moment this process is nobody.
    if (isRoot) process.seteuid?.(65534);
    try {
      expect((await refusal(openIndex({ folder }, { dimensions: D }))).code).toBe('permission-denied');
      expect((await refusal(openIndex({ folder: join(folder, 'in') }, { dimensions: D }))).code).toBe(
        'permission-denied',
      );
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(folder, 0o755);
    }
  });

  test('a database that is none', async () => {
    await rm(join(folder, 'record', 'global'), { recursive: true });
    expect((await refusal(openIndex({ folder }, { dimensions: D }))).code).toBe('corrupt');
  });
});

test('killed in the middle of adding, the index opens with every addition that had been confirmed', async () => {
  const folder = join(root, 'killed');
  const open = fileURLToPath(new URL('./open.node.ts', import.meta.url));
  const script = join(root, 'adder.mts');
  await writeFile(
    script,
    `import { openIndex } from ${JSON.stringify(open)};
     const index = await openIndex({ folder: ${JSON.stringify(folder)} }, { dimensions: ${D} });
     for (let call = 0; ; call++) {
       await index.add(Array.from({ length: 500 }, (_, i) => {
         const vector = new Float32Array(${D}).fill(0.01);
         vector[i % ${D}] = 1;
         vector[call % ${D}] += 0.5;
         return { id: [process.pid, call, i].join(), label: 'x', vector };
       }));
       console.log(call);
     }`,
  );
  let before = 0;
  for (const enough of [6, 9]) {
    let confirmed = 0;
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout })) {
      confirmed = Number(line) + 1;
      if (confirmed === enough) setTimeout(() => child.kill('SIGKILL'), 7);
    }
    expect((await ended)[1]).toBe('SIGKILL');
    const index = await openIndex({ folder }, { dimensions: D });
    const count = await index.count();
    expect((count - before) % 500).toBe(0);
    expect(count - before).toBeGreaterThanOrEqual(500 * confirmed);
    const query = new Float32Array(D).fill(0.01);
    query[3] = 1.5;
    expect((await index.search(query, 1))[0].similarity).toBeCloseTo(1, 5);
    await index.add([item(`after ${enough}`)]);
    before = await index.count();
    expect(before).toBe(count + 1);
    await index.close();
  }
});

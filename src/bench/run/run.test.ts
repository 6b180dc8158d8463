import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { picture } from '../../../test/pictures.ts';
import { HuoyanError } from '../../core/errors.ts';
import { encodePng, readImage } from '../../media/index.node.ts';
import { scoreMetaSchema, scoreRowSchema } from '../../report/index.ts';
import { STEPS, stepOf } from '../conditions/ladder.ts';
import type { BenchItem } from '../data/item.ts';
import { type BenchDetector, Hopeless } from '../detectors/detector.ts';
import { formatOnly, spectrum } from '../peers/baselines.ts';
import { readScores, ScoreWriter } from '../scores/file.node.ts';
import type { ScoreMeta } from '../scores/row.ts';
import { type RunOptions, runBench } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'huoyan-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const META: ScoreMeta = {
  ...{ schema: 'huoyan.scores/1', detector: { name: 'd' } },
  ...{ polarity: 'higher-is-fake', scale: 'unbounded' },
};
const items: BenchItem[] = [];
async function add(name: string, bytes: Uint8Array | string, label: 'real' | 'fake', source: string) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  items.push({ key: name, path, label, media: name.endsWith('.mp4') ? 'video' : 'image', source });
}
let out = '';
let count = 0;

beforeEach(async () => {
  mkdirSync(folder, { recursive: true });
  out = join(folder, `run${count++}.scores.ndjson`);
  if (items.length > 0) return;
  for (let i = 0; i < 6; i++)
    await add(`${i}.png`, await encodePng(picture(i, 64, 48)), i % 2 ? 'fake' : 'real', `s${i}`);
  await add('copy.png', readFileSync(join(folder, '1.png')), 'fake', 's1');
  await add('broken.png', 'no picture', 'real', 's9');
  await add('clip.mp4', 'no clip', 'fake', 's8');
});

/** Counts the bytes; `calls` are the keys it was asked about. */
function counter(calls: string[], more: Partial<BenchDetector> = {}): BenchDetector {
  return {
    ...{ name: 'd', scale: 'unbounded' },
    async judge({ item, bytes }) {
      calls.push(item.key);
      return { status: 'ok', score: bytes.length };
    },
    async close() {},
    ...more,
  };
}
async function run(detector: BenchDetector, options: RunOptions = {}) {
  const writer = await ScoreWriter.open(out, META);
  try {
    return await runBench(items, detector, writer, options);
  } finally {
    await writer.close();
  }
}
/** Every line that was written keeps the published promise. */
function promised() {
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  for (const line of lines) scoreRowSchema.parse(JSON.parse(line));
  scoreMetaSchema.parse(JSON.parse(readFileSync(out.replace(/ndjson$/, 'meta.json'), 'utf8')));
  return lines.length;
}
const rows = async () =>
  new Map((await readScores(out)).rows.map((row) => [`${row.condition} ${row.key}`, row]));

describe('a run', () => {
  it('asks once for every content, and nothing again', async () => {
    const calls: string[] = [];
    expect(await run(counter(calls))).toEqual({ asked: 8, known: 1, failed: 0, ended: null });
    expect(calls).not.toContain('copy.png');
    expect(promised()).toBe(9);
    expect((await rows()).get('stored copy.png')).toMatchObject({
      label: 'fake',
      source: 's1',
      status: 'ok',
    });
    expect(await run(counter(calls))).toMatchObject({ asked: 0, known: 9 });
    // Only what has changed is asked again.
    writeFileSync(items[0].path, await encodePng(picture(99, 64, 48)));
    calls.length = 0;
    expect(await run(counter(calls))).toMatchObject({ asked: 1 });
    expect(calls).toEqual(['0.png']);
  });

  it('goes on after being cut off in the middle of a row', async () => {
    const calls: string[] = [];
    await run(counter(calls));
    const whole = await rows();
    writeFileSync(out, readFileSync(out, 'utf8').slice(0, 700));
    calls.length = 0;
    await run(counter(calls));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThan(8);
    const scores = (map: Awaited<ReturnType<typeof rows>>) =>
      new Map([...map].map(([key, { score }]) => [key, score]));
    expect(scores(await rows())).toEqual(scores(whole));
  });

  it('survives whatever a detector does with one file, and tries it again next time', async () => {
    const calls: string[] = [];
    const moody = counter(calls, {
      async judge({ item, image }, signal) {
        calls.push(item.key);
        if (item.key === '2.png') throw new Error('oops');
        if (item.key === '3.png') await new Promise(() => signal);
        await image();
        return { status: 'ok', score: 1 };
      },
    });
    const result = await run(moody, { timeoutMs: 200, jobs: 3 });
    expect(result).toMatchObject({ failed: 4, ended: null });
    const found = await rows();
    expect(found.get('stored 2.png')).toMatchObject({
      status: 'failed',
      reason: 'internal: unexpected: oops',
    });
    expect(found.get('stored 3.png')?.reason).toContain('timeout');
    expect(found.get('stored broken.png')?.reason).toContain('unsupported-format');
    calls.length = 0;
    await run(counter(calls));
    expect(calls.sort()).toEqual(['2.png', '3.png', 'broken.png', 'clip.mp4']);
    expect((await rows()).get('stored 2.png')?.status).toBe('ok');
  });

  it('ends when asking on makes no sense, keeping what it has', async () => {
    const text = { en: 'key refused', zh: '密钥被拒' };
    let asked = 0;
    const refusing = counter([], {
      async judge() {
        if (++asked > 2) throw new Hopeless(new HuoyanError('permission-denied', text, text));
        return { status: 'ok', score: 0 };
      },
    });
    const result = await run(refusing);
    expect(result.ended).toMatchObject({ code: 'permission-denied' });
    expect(asked).toBe(3);
    expect((await rows()).size).toBe(2);
  });

  it('shows a detector the same files whenever it is repeated', async () => {
    const conditions = ['stored', 'jpeg50', 'hair'].map(
      (name) => stepOf(name) as NonNullable<ReturnType<typeof stepOf>>,
    );
    const seen: string[] = [];
    const looking = counter([], {
      async judge(sample) {
        const path = await sample.file();
        expect(readFileSync(path).equals(Buffer.from(sample.bytes))).toBe(true);
        seen.push(`${sample.item.key} ${sample.bytes.length}`);
        return { status: 'ok', score: 0 };
      },
    });
    await run(looking, { conditions });
    const first = seen.splice(0);
    rmSync(out);
    await run(looking, { conditions });
    expect(seen).toEqual(first);
    const found = await rows();
    expect(found.get('hair clip.mp4')).toMatchObject({ status: 'notApplicable', reason: 'not-a-picture' });
    expect(found.get('jpeg50 broken.png')?.status).toBe('failed');
  });
});

describe('the ladder', () => {
  it('has steps that change the picture, differ from each other and repeat exactly', async () => {
    const image = await readImage(await encodePng(picture(4, 96, 80)), 'x');
    const arrived = new Map<string, string>();
    for (const name of STEPS) {
      const step = stepOf(name);
      if (!step?.apply) continue;
      const bytes = await step.apply(image, items[0]);
      expect(Buffer.from(await step.apply(image, items[0])).equals(Buffer.from(bytes))).toBe(true);
      const { pixels } = await readImage(bytes, name);
      expect(Math.min(pixels.width, pixels.height)).toBeGreaterThanOrEqual(16);
      arrived.set(Buffer.from(bytes).toString('base64'), name);
    }
    expect(arrived.size).toBe(STEPS.length - 1);
    expect(stepOf('nonsense')).toBeNull();
    expect(stepOf('constructor')).toBeNull();
  });
});

describe('baselines', () => {
  it('see what they are made to see, and judge nothing they were fitted on', async () => {
    const here = mkdtempSync(join(folder, 'base-'));
    const many: BenchItem[] = [];
    for (let i = 0; i < 30; i++) {
      const fake = i % 2 === 1;
      const image = picture(i, 136, 132);
      // Fakes carry a fine chequerboard, as careless upsampling leaves it.
      if (fake)
        image.data.forEach((v, k) => {
          image.data[k] = v + (((k / 3) ^ Math.floor(k / 408)) & 1 ? 5 : -5);
        });
      const path = join(here, `${i}.png`);
      writeFileSync(path, await encodePng(image));
      many.push({ key: `${i}`, path, label: fake ? 'fake' : 'real', media: 'image', source: `s${i % 10}` });
    }
    const areas: Record<string, number> = {};
    for (const detector of [await spectrum(), formatOnly()]) {
      const file = join(here, `${detector.name}.scores.csv`);
      const writer = await ScoreWriter.open(file, { ...META, detector: { name: detector.name } });
      await runBench(many, detector, writer);
      await writer.close();
      await detector.close();
      const { rows: scored } = await readScores(file);
      const of = (label: string) =>
        scored.filter((row) => row.label === label).map((row) => row.score ?? Number.NaN);
      const won = of('fake').flatMap((u) => of('real').map((d) => Number(u > d)));
      areas[detector.name] = won.reduce((a, b) => a + b, 0) / won.length;
    }
    expect(areas.spectrum).toBeGreaterThan(0.9);
    expect(areas['format-only']).toBeGreaterThan(0.5);
    // Where it is said who may learn from whom, that counts instead: nobody may teach the second fold.
    const strict = formatOnly({
      count: 2,
      foldOf: ({ key }) => (Number(key) % 3 > 0 ? 0 : 1),
      mayLearn: ({ key }, fold) => fold === 0 && Number(key) % 3 === 0,
    });
    const file = join(here, 'strict.scores.csv');
    const writer = await ScoreWriter.open(file, { ...META, detector: { name: 'strict' } });
    await runBench(many, strict, writer);
    await writer.close();
    for (const { key, status } of (await readScores(file)).rows)
      expect([key, status]).toEqual([key, Number(key) % 3 > 0 ? 'ok' : 'notApplicable']);
  });
});

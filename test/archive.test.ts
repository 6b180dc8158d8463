/** `huoyan analyze` on an S3-compatible store: the shards of an archive, and one that was interrupted. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg, encodePng } from '../src/media/index.node.ts';
import { type S3Store, s3Store } from '../src/service/s3/s3.test-support.ts';
import { BUNDLE, build, huoyan, start } from './command.ts';
import { picture } from './pictures.ts';

let folder = '';
let store: S3Store;
const env = { AWS_ACCESS_KEY_ID: 'KEYID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-test-1' };
const names = ['2024/a.jpg', '2024/火眼 1+1.png', '2025/b', '2025/cut.jpg', '2025/c.jpg'];

beforeAll(async () => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'huoyan-test-'));
  store = await s3Store({ id: env.AWS_ACCESS_KEY_ID, secret: env.AWS_SECRET_ACCESS_KEY, bucket: 'archive' });
  store.pageSize = 2;
  const jpeg = await Promise.all([1, 2, 3].map((n) => encodeJpeg(picture(n, 256, 240), { quality: 80 + n })));
  const png = await encodePng(picture(4, 200, 200));
  const bytes = [jpeg[0], png, jpeg[1], jpeg[2].subarray(0, 200), jpeg[2]];
  for (const [i, name] of names.entries()) store.objects.set(name, Buffer.from(bytes[i]));
  for (const name of ['2025/', '2025/README.md', '2025/empty.jpg'])
    store.objects.set(name, Buffer.from(name.endsWith('md') ? 'words' : ''));
});
afterAll(async () => {
  await store.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(BUNDLE, { recursive: true, force: true });
});

const rowsOf = async (path: string) => parquetReadObjects({ file: await asyncBufferFromFile(path) });
const analyze = (...args: string[]) =>
  huoyan(['analyze', '--no-stability', '--quiet', '--s3-endpoint', store.endpoint, ...args], { env });

describe('an archive on a store', () => {
  it('is analysed in shards, each object in exactly one', { timeout: 120_000 }, async () => {
    const found: unknown[] = [];
    store.failNext = 2;
    for (const part of [1, 2]) {
      const out = join(folder, `${part}.parquet`);
      const { code } = await analyze('s3://archive', '--shard', `${part}/2`, '--out', out, '-j', '2');
      expect([0, 1, 2, 3]).toContain(code);
      for (const { file, label, error } of await rowsOf(out)) found.push([file, label !== null, error]);
    }
    expect(found.sort()).toEqual(
      names
        .map((name) => [
          `s3://archive/${name}`,
          !name.includes('cut'),
          name.includes('cut') ? 'corrupt' : null,
        ])
        .sort(),
    );
  });

  it('means one object, a folder or a prefix, and says what is not there', { timeout: 120_000 }, async () => {
    const list = join(folder, 'list.txt');
    writeFileSync(list, 's3://archive/2024/a.jpg\ns3://archive/absent.jpg\ns3://elsewhere/a.jpg\n');
    const files = async (...args: string[]) => {
      const { stdout } = await analyze('--ndjson', ...args);
      const records = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      return records.map(({ file, error }) => [file.slice('s3://'.length), error?.code ?? 'fine']);
    };
    expect(await files('s3://archive/2025/b')).toEqual([['archive/2025/b', 'fine']]);
    expect(await files('s3://archive/2024')).toHaveLength(2);
    expect(await files('s3://archive/2024/火*')).toEqual([['archive/2024/火眼 1+1.png', 'fine']]);
    expect((await files('--files-from', list, 's3://')).sort()).toEqual([
      ['', 'bad-argument'],
      ['archive/2024/a.jpg', 'fine'],
      ['archive/absent.jpg', 'not-found'],
      ['elsewhere/a.jpg', 'not-found'],
    ]);
  });

  it('goes on after an interruption without fetching again what is done', { timeout: 120_000 }, async () => {
    const out = join(folder, 'all.parquet');
    const args = [
      'analyze',
      's3://archive/',
      '--quiet',
      '--s3-endpoint',
      store.endpoint,
      '--out',
      out,
      '-j',
      '1',
    ];
    const first = start(args, { env });
    first.stdout.resume();
    const ended = new Promise((resolve) => first.once('close', resolve));
    const journal = `${out}.journal`;
    const done = () =>
      existsSync(journal)
        ? readFileSync(journal, 'utf8')
            .split('\n')
            .filter((line) => line.includes('"label":"')).length
        : 0;
    while (done() === 0 && first.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    first.kill('SIGKILL');
    await ended;
    const already = readFileSync(journal, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"label":"'));
    store.asked.length = 0;
    const { code } = await huoyan([...args, '--no-stability'], { env });
    expect([0, 1, 2, 3]).toContain(code);
    for (const line of already) {
      const { file } = JSON.parse(line);
      expect(store.asked).not.toContain(`GET ${file.slice('s3://archive/'.length)}`);
    }
    expect((await rowsOf(out)).map(({ file }) => file).sort()).toEqual(
      names.map((name) => `s3://archive/${name}`).sort(),
    );
    expect(existsSync(journal)).toBe(false);
  });

  it('that cannot be reached ends the run, and leaves it to go on later', { timeout: 120_000 }, async () => {
    const out = join(folder, 'later.parquet');
    const none = await huoyan(['analyze', 's3://archive/', '--out', out], {
      env: { ...env, AWS_ACCESS_KEY_ID: '' },
    });
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('AWS_ACCESS_KEY_ID')]);
    const wrong = { ...env, AWS_SECRET_ACCESS_KEY: 'wrong', AWS_ENDPOINT_URL: store.endpoint };
    const refused = await huoyan(['analyze', 's3://archive/', '--out', out], { env: wrong });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('403');
    expect(existsSync(out)).toBe(false);
  });
});

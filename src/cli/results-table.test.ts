import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../core/errors.ts';
import { unreadable } from '../evidence/wire.ts';
import type { Input } from './input.ts';
import { inShard, ResultsTable } from './results-table.ts';

const folder = await mkdtemp(join(tmpdir(), 'huoyan-table-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function* from(names: Iterable<string>): AsyncGenerator<Input> {
  for (const name of names) yield { name };
}
async function all(inputs: AsyncIterable<Input>): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of inputs) names.push(name);
  return names;
}

describe('shards', () => {
  it('hold every file exactly once between them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 9 }), async (names, of) => {
        const parts = await Promise.all(
          Array.from({ length: of }, (_, i) => all(inShard(from(names), { part: i + 1, of }))),
        );
        expect(parts.flat().sort()).toEqual([...names].sort());
      }),
    );
  });
});

describe('the table', () => {
  const analysis = (file: string, sha256: string) =>
    ({
      outcome: 'analysed',
      file,
      sha256,
      kind: 'image',
      verdict: {
        label: 'suspect',
        probability: 0.7,
        interval: [0.6, 0.8],
        llr: 0.9,
        prior: 0.5,
        reasons: [],
        stability: null,
      },
      evidence: [],
      container: {
        format: 'png',
        mime: 'image/png',
        bytes: 1,
        width: 1,
        height: 1,
        orientation: 1,
        frames: 1,
        bitDepth: 8,
        channels: 3,
        colourSpace: 'srgb',
        hasAlpha: false,
        segments: [],
        text: [],
        xmp: [],
        trailingBytes: 0,
        warnings: [],
      },
      timing: {},
    }) as const;

  it('goes on after an interruption, and knows content under another name', async () => {
    const [a, b, copy] = ['a.png', 'b.png', 'copy-of-a.png'].map((name) => join(folder, name));
    await writeFile(a, 'content of a');
    await writeFile(b, 'content of b');
    await writeFile(copy, 'content of a');
    const path = join(folder, 'out.parquet');
    const first = await ResultsTable.open(path);
    expect(await all(first.pending(from([a, b])))).toEqual([a, b]);
    const { createHash } = await import('node:crypto');
    await first.add(analysis(a, createHash('sha256').update('content of a').digest('hex')));
    await first.leave();
    await appendFile(`${path}.journal`, '{"file":"cut o');
    const second = await ResultsTable.open(path);
    expect(await all(second.pending(from([a, b, copy])))).toEqual([b]);
    const broken = new HuoyanError('corrupt', { en: 'x', zh: 'x' }, { en: 'x', zh: 'x' });
    await second.add(unreadable(b, broken));
    expect(await second.finish()).toBe(3);
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
    expect(rows).toMatchObject([
      { file: a, label: 'suspect', probability: 0.7, low: 0.6, high: 0.8, error: null },
      { file: copy, label: 'suspect', probability: 0.7 },
      { file: b, label: null, error: 'corrupt' },
    ]);
    expect((await readdir(folder)).filter((name) => name.startsWith('out'))).toEqual(['out.parquet']);
  });
});

/**
 * Residual statistics of whole pictures, averaged over the tiles the detector looks at, after the same re-savings:
 * `tsx recipes/synthesis/averages.ts --shard 1/2`. Never as stored, where a discriminant would learn which collections
 * keep PNG.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { meanStatistics } from '../../src/core/residuals/index.ts';
import { arrivals } from './arrivals.ts';
import type { Averaged } from './averaged.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/synthesis' },
    cap: { type: 'string', default: '28' },
    shard: { type: 'string', default: '1/1' },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}

const facts: string[] = [];
const rows: Buffer[] = [];
const wanted = { cap: Number(values.cap), shard: values.shard, steps: ['jpeg96', 'jpeg75', 'half'] } as const;
for await (const { set, file, step, arrived } of arrivals(folder, wanted)) {
  const line: Averaged = { set: set.name, file, step };
  facts.push(JSON.stringify(line));
  rows.push(Buffer.from(meanStatistics(arrived.pixels).buffer));
  if (facts.length % 500 === 0) console.error(`${facts.length} averages, ${set.name}`);
}
const name = join(values.cache, `averages-${values.shard.replace('/', 'of')}`);
mkdirSync(values.cache, { recursive: true });
writeFileSync(`${name}.f32`, Buffer.concat(rows));
writeFileSync(`${name}.ndjson`, `${facts.join('\n')}\n`);

/**
 * Scores the pictures of every fold with the discriminant that has not seen their sources, after every re-shipping:
 * `tsx recipes/synthesis/judge.ts --shard 1/2`. What comes out (`judged-*.ndjson`) is calibrated on by `calibrate.ts`
 * and reported by `npm run bench:synthesis`. At most `--cap` pictures of a set, evenly taken.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { pool, scoreTiles } from '../../src/evidence/synthesis/score.ts';
import { openModels } from '../../src/nn/models.node.ts';
import { arrivals, type Step } from './arrivals.ts';
import type { Judged } from './judged.ts';

const STEPS: readonly Step[] = [
  'stored',
  'jpeg96',
  'jpeg75',
  'jpeg50',
  'webp80',
  'half',
  'screenshot',
  'crop',
];

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.cache/synthesis' },
    cap: { type: 'string', default: '24' },
    shard: { type: 'string', default: '1/1' },
    steps: { type: 'string', default: STEPS.join(',') },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const models = openModels();
const lines: string[] = [];
const wanted = { cap: Number(values.cap), shard: values.shard, steps: values.steps.split(',') as Step[] };
for await (const { set, file, step, arrived } of arrivals(folder, wanted)) {
  const { pixels, container } = arrived;
  const score = pool((await scoreTiles(pixels, models, set.fold)).map((tile) => tile.score));
  const { width, height } = pixels;
  const line: Judged = {
    set: set.name,
    label: set.label,
    role: set.role,
    fold: set.fold,
    file,
    step,
    width,
    height,
    bytes: arrived.bytes.length,
    format: container.format,
    quality: container.jpeg?.quality ?? 0,
    subsampling: container.jpeg?.subsampling ?? '',
    score,
  };
  lines.push(JSON.stringify(line));
  if (lines.length % 500 === 0) console.error(`${lines.length} scores, ${set.name}`);
}
await models.close();
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, `scores-${values.shard.replace('/', 'of')}.ndjson`), `${lines.join('\n')}\n`);

/**
 * Scores the pictures of every fold with the discriminant that has not seen their sources, after every re-shipping:
 * `tsx recipes/synthesis/judge.ts --shard 1/2`. What comes out (`judged-*.ndjson`) is calibrated on by `calibrate.ts`
 * and reported by `npm run bench:synthesis`. At most `--cap` pictures of a set, evenly taken.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { MIN_SIDE } from '../../src/core/tiles.ts';
import { pool, scoreTiles } from '../../src/evidence/synthesis/score.ts';
import { readBytes, readImage } from '../../src/media/index.node.ts';
import { type Reshipping, reship } from '../../src/media/reshipping.node.ts';
import { openModels } from '../../src/nn/models.node.ts';
import type { Judged } from './judged.ts';
import { place } from './splits.ts';

const STEPS = ['stored', 'jpeg96', 'jpeg75', 'jpeg50', 'webp80', 'half', 'screenshot', 'crop'] as const;

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
const [part, parts] = values.shard.split('/').map(Number);
const cap = Number(values.cap);
const models = openModels();
const lines: string[] = [];
let index = 0;
for (const set of imageSets(folder).map(place)) {
  if (set.role === 'tiny') continue;
  const n = Math.min(cap, set.files.length);
  for (let k = 0; k < n; k++) {
    const file = set.files[Math.floor((k * set.files.length) / n)];
    if (index++ % parts !== part - 1) continue;
    const stored = await readImage(await readBytes(file), basename(file));
    for (const step of values.steps.split(',') as ('stored' | Reshipping)[]) {
      const arrived =
        step === 'stored' ? stored : await readImage(await reship(stored.pixels, step), stored.name);
      const { pixels, container } = arrived;
      if (Math.min(pixels.width, pixels.height) < MIN_SIDE) continue;
      const score = pool((await scoreTiles(pixels, models, set.fold)).map((tile) => tile.score));
      const { width, height } = pixels;
      const line: Judged = {
        set: set.name,
        label: set.label,
        role: set.role,
        fold: set.fold,
        file: basename(file),
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
  }
}
await models.close();
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, `scores-${part}of${parts}.ndjson`), `${lines.join('\n')}\n`);

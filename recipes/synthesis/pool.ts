/**
 * Makes the pool of training views: `tsx recipes/synthesis/pool.ts --out .cache/synthesis --views 24000 --shard 1/2`.
 *
 * For each view its pixels (`SHARD.u8`) and a line of facts (`SHARD.ndjson`); `describe.ts` adds the statistics.
 * Sets are weighted by the square root of their size, at most 64 pictures counting, so that a generator with three
 * pictures is heard; half of all views are real. Seeded by view number: the same command makes the same pool.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { Random } from '../../src/core/random.ts';
import { MIN_SIDE } from '../../src/core/tiles.ts';
import { decodePixels, readBytes } from '../../src/media/index.node.ts';
import { randomView } from './chain.ts';
import { type Placed, place } from './splits.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.cache/synthesis' },
    views: { type: 'string', default: '24000' },
    shard: { type: 'string', default: '1/1' },
    seed: { type: 'string', default: '1' },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const [part, parts] = values.shard.split('/').map(Number);
const sets = imageSets(folder)
  .map(place)
  .filter((set) => set.role === 'whole' || set.role === 'real');

/** How many views each file gives, so that its set has its share. */
function quota(all: readonly Placed[], total: number): Map<string, number> {
  const weight = (set: Placed) => Math.sqrt(Math.min(64, set.files.length));
  const sum = all.reduce((n, set) => n + weight(set), 0);
  const result = new Map<string, number>();
  for (const set of all) {
    const views = (total * weight(set)) / sum;
    const files = set.files.length;
    set.files.forEach((file, i) => {
      result.set(file, Math.floor(((i + 1) * views) / files) - Math.floor((i * views) / files));
    });
  }
  return result;
}

mkdirSync(values.out, { recursive: true });
const name = join(values.out, `pool-${part}of${parts}`);
const pixels = createWriteStream(`${name}.u8`);
const facts = createWriteStream(`${name}.ndjson`);
const write = (stream: NodeJS.WritableStream, chunk: Uint8Array | string) =>
  stream.write(chunk) ? undefined : new Promise((done) => stream.once('drain', done));

let offset = 0;
let made = 0;
let index = 0;
const started = Date.now();
for (const label of ['fake', 'real'] as const) {
  const half = sets.filter((set) => set.label === label);
  const share = quota(half, Number(values.views) / 2);
  for (const set of half) {
    for (const file of set.files) {
      const count = share.get(file) ?? 0;
      const mine = index++ % parts === part - 1;
      if (!mine || count === 0) continue;
      const picture = await decodePixels(await readBytes(file), {});
      if (Math.min(picture.width, picture.height) < MIN_SIDE) continue;
      for (let k = 0; k < count; k++) {
        const random = new Random(Number(values.seed) * 1_000_003 + index * 4_099 + k);
        const view = await randomView(picture, random);
        const { width, height, data } = view.image;
        await write(pixels, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
        const line = {
          set: set.name,
          label,

          width,
          height,
          offset,
          scale: view.scale,
          quality: view.quality,
        };
        await write(facts, `${JSON.stringify(line)}\n`);
        offset += data.length;
        if (++made % 500 === 0) {
          const rate = made / ((Date.now() - started) / 1000);
          console.error(`${made} views, ${rate.toFixed(1)}/s, ${set.name}`);
        }
      }
    }
  }
}
for (const stream of [pixels, facts]) await new Promise((done) => stream.end(done));
console.error(`${made} views in ${((Date.now() - started) / 60000).toFixed(1)} min`);

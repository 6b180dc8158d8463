/**
 * Makes the pictures a model is judged and calibrated on: every file (at most `--cap` of a set, evenly taken), after
 * each re-shipping, as the tiles the detector would look at. Same files as the pool of `pool.ts`.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { crop } from '../../src/core/image.ts';
import { statistics } from '../../src/evidence/synthesis/statistics/index.ts';
import { MIN_SIDE, tiles } from '../../src/evidence/synthesis/tiles.ts';
import { decodePixels, readBytes } from '../../src/media/index.node.ts';
import { type Reshipping, reship } from '../../src/media/reshipping.node.ts';
import { place } from './splits.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.cache/synthesis' },
    cap: { type: 'string', default: '24' },
    tiles: { type: 'string', default: '3' },
    steps: { type: 'string', default: 'stored,jpeg96,jpeg75,half' },
    shard: { type: 'string', default: '1/1' },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const [part, parts] = values.shard.split('/').map(Number);
const cap = Number(values.cap);
mkdirSync(values.out, { recursive: true });
const name = join(values.out, `judged-${part}of${parts}`);
const pixels = createWriteStream(`${name}.u8`);
const features = createWriteStream(`${name}.f32`);
const facts = createWriteStream(`${name}.ndjson`);
const write = (stream: NodeJS.WritableStream, chunk: Uint8Array | string) =>
  stream.write(chunk) ? undefined : new Promise((done) => stream.once('drain', done));

let offset = 0;
let index = 0;
let made = 0;
for (const set of imageSets(folder).map(place)) {
  if (set.role === 'tiny') continue;
  const n = Math.min(cap, set.files.length);
  for (let k = 0; k < n; k++) {
    const file = set.files[Math.floor((k * set.files.length) / n)];
    if (index++ % parts !== part - 1) continue;
    const picture = await decodePixels(await readBytes(file), {});
    for (const step of values.steps.split(',') as ('stored' | Reshipping)[]) {
      const arrived = step === 'stored' ? picture : await decodePixels(await reship(picture, step), {});
      if (Math.min(arrived.width, arrived.height) < MIN_SIDE) continue;
      for (const box of tiles(arrived.width, arrived.height, Number(values.tiles))) {
        const tile = crop(arrived, box);
        const numbers = statistics(tile);
        await write(pixels, tile.data as Uint8Array);
        await write(features, new Uint8Array(numbers.buffer));
        const line = {
          set: set.name,
          label: set.label,
          role: set.role,
          fold: set.fold,
          file: basename(file),
          step,
          width: tile.width,
          height: tile.height,
          offset,
        };
        await write(facts, `${JSON.stringify(line)}\n`);
        offset += tile.data.length;
        if (++made % 1000 === 0) console.error(`${made} tiles, ${set.name}`);
      }
    }
  }
}
for (const stream of [pixels, features, facts]) await new Promise((done) => stream.end(done));

/**
 * Describes the pictures of every source, as stored and re-saved: `npm run recipe:trace -- describe`, in shards.
 *
 * At most `--cap` pictures of a set, evenly taken. What comes out (`descriptions-*.f32` and `.ndjson`) is what the
 * metric and the gallery are fitted on, and what `bench:trace` reads.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { readBytes, readImage } from '../../src/media/index.node.ts';
import { type Reshipping, reship } from '../../src/media/reshipping.node.ts';
import { describe, SMALLEST } from '../../src/trace/description.ts';
import { place } from '../synthesis/splits.ts';
import { CACHE, type Described } from './described.ts';

const { values } = parseArgs({
  options: {
    cap: { type: 'string', default: '28' },
    shard: { type: 'string', default: '1/1' },
    steps: { type: 'string', default: 'stored,jpeg75' },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const [part, parts] = values.shard.split('/').map(Number);
mkdirSync(CACHE, { recursive: true });
const name = join(CACHE, `descriptions-${part}of${parts}`);
const numbers = createWriteStream(`${name}.f32`);
const facts = createWriteStream(`${name}.ndjson`);
let index = 0;
let made = 0;
for (const set of imageSets(folder).map(place)) {
  if (set.role === 'tiny') continue;
  const n = Math.min(Number(values.cap), set.files.length);
  for (let k = 0; k < n; k++) {
    const file = set.files[Math.floor((k * set.files.length) / n)];
    if (index++ % parts !== part - 1) continue;
    const stored = await readImage(await readBytes(file), basename(file));
    for (const step of values.steps.split(',') as ('stored' | Reshipping)[]) {
      const { pixels } =
        step === 'stored' ? stored : await readImage(await reship(stored.pixels, step), stored.name);
      if (Math.min(pixels.width, pixels.height) < SMALLEST) continue;
      const description = describe(pixels);
      numbers.write(Buffer.from(description.buffer));
      const { role, fold, label } = set;
      const line: Described = { set: set.name, label, role, fold, file: stored.name, step };
      facts.write(`${JSON.stringify(line)}\n`);
      if (++made % 200 === 0) console.error(`${made} pictures, ${set.name}`);
    }
  }
}
for (const stream of [numbers, facts]) await new Promise((done) => stream.end(done));

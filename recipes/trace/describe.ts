/**
 * Describes the pictures of every source, as stored and re-saved: `npm run recipe:trace -- describe`, in shards.
 *
 * At most `--cap` pictures of a set, evenly taken. What comes out (`descriptions-*.f32` and `.ndjson`) is what the
 * metric and the gallery are fitted on, and what `bench:trace` reads. `--ways` describes them after the other re-savings
 * that are enrolled (`ways-*`), which nothing is fitted on.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { describe } from '../../src/trace/description.ts';
import { arrivals, type Step } from '../synthesis/arrivals.ts';
import { CACHE, type Described } from './described.ts';

const { values } = parseArgs({
  options: {
    cap: { type: 'string', default: '28' },
    shard: { type: 'string', default: '1/1' },
    ways: { type: 'boolean', default: false },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const { cap, shard, ways } = values;
const steps: readonly Step[] = ways ? ['jpeg96', 'jpeg50', 'half'] : ['stored', 'jpeg75'];
mkdirSync(CACHE, { recursive: true });
const name = join(CACHE, `${ways ? 'ways' : 'descriptions'}-${shard.replace('/', 'of')}`);
const numbers = createWriteStream(`${name}.f32`);
const facts = createWriteStream(`${name}.ndjson`);
let made = 0;
const wanted = { cap: Number(cap), shard, steps };
for await (const { set, file, step, arrived } of arrivals(folder, wanted)) {
  numbers.write(Buffer.from(describe(arrived.pixels).buffer));
  const { name: source, role, fold, label } = set;
  const line: Described = { set: source, label, role, fold, file, step };
  facts.write(`${JSON.stringify(line)}\n`);
  if (++made % 200 === 0) console.error(`${made} pictures, ${source}`);
}
for (const stream of [numbers, facts]) await new Promise((done) => stream.end(done));

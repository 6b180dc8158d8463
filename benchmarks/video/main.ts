/**
 * Video: generated clips, poolings of face scores, temporal features, each with a whole source left out, a judge of codec
 * and size beside them; the temporal network; and what a minute and an hour cost: `npm run bench:video`, the last part
 * alone by `npm run bench:video -- cost`. Clips are watched once (`.cache/generated/watched.ndjson`,
 * `.cache/temporal/runs.ndjson`; delete them to watch again).
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readWatched, watchCorpus } from '../../recipes/generated/watched.ts';
import { makeRuns } from '../../recipes/temporal/runs.ts';
import { dataFolder } from '../../src/bench/corpus.ts';
import { costTable } from './cost.ts';
import { generatedTable, poolingTable, temporalTable } from './tables.ts';
import { temporalNetworkTable } from './temporal-network.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cache: { type: 'string', default: '.cache/generated' },
    runs: { type: 'string', default: '.cache/temporal' },
  },
});
if (positionals[0] === 'cost') {
  console.log(await costTable());
  process.exit(0);
}
const data = dataFolder();
if (!data) {
  console.error('no corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
mkdirSync(values.cache, { recursive: true });
await watchCorpus(data, values.cache);
const watched = readWatched(values.cache);
console.log(generatedTable(watched));
console.log(poolingTable(watched));
console.log(temporalTable(watched));
await makeRuns(data, values.runs);
console.log(await temporalNetworkTable(values.runs));
console.log(await costTable());
process.exit(0);

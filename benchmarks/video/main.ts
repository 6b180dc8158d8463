/**
 * Video: generated clips, poolings of face scores, temporal features, each with a whole source left out, a judge of codec
 * and size beside them; the temporal network; and what a minute of 720p costs. `npm run bench:video`. Clips are watched
 * once (`.cache/generated/watched.ndjson`, `.cache/temporal/runs.ndjson`; delete them to watch again).
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readWatched, watchCorpus } from '../../recipes/generated/watched.ts';
import { makeRuns } from '../../recipes/temporal/runs.ts';
import { dataFolder } from '../../src/bench/corpus.ts';
import { costTable } from './cost.ts';
import { generatedTable, poolingTable, temporalTable } from './tables.ts';
import { temporalNetworkTable } from './temporal-network.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/generated' },
    runs: { type: 'string', default: '.cache/temporal' },
    'no-cost': { type: 'boolean', default: false },
  },
});
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
if (!values['no-cost']) console.log(await costTable());
process.exit(0);

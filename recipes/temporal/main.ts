/**
 * Makes the temporal network: `npm run recipe:temporal -- runs | train`; without a name both. What was made is in
 * `.cache/temporal`; runs take up where they stopped.
 */
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { makeRuns } from './runs.ts';
import { trainTemporal } from './train.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cache: { type: 'string', default: '.cache/temporal' },
    threads: { type: 'string', default: '1' },
  },
});
const data = dataFolder();
if (!data) {
  console.error('no corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const steps: Readonly<Record<string, () => Promise<void>>> = {
  runs: () => makeRuns(data, values.cache),
  train: () => trainTemporal(data, values.cache, Number(values.threads)),
};
for (const name of positionals.length > 0 ? positionals : Object.keys(steps)) {
  if (!Object.hasOwn(steps, name)) {
    console.error(`no step ${name}: ${Object.keys(steps).join(', ')}`);
    process.exit(2);
  }
  await steps[name]();
}
process.exit(0);

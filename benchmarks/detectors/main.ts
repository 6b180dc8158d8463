/**
 * `npm run bench:detectors`: the leaderboard; `-- ladder`: the same detectors on what happens to files in the wild;
 * `-- attacks [NAME…]`: on files made to fool them; `-- meso`: what Meso4's figure hangs on. Prints Markdown. Score files and
 * attacked pictures lie in `.cache/detectors` and are continued; `--fresh` begins anew, `--so-far`
 * only shows what is judged already. Each takes some minutes of a core.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { attacks } from './attacks.ts';
import { ladder } from './ladder.ts';
import { leaderboard } from './leaderboard.ts';
import { meso } from './meso.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cache: { type: 'string', default: '.cache/detectors' },
    fresh: { type: 'boolean', default: false },
    'so-far': { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1000' },
  },
});
const data = dataFolder();
if (!data) {
  console.error('skipped: no corpus (set HUOYAN_DATA to its folder)');
  process.exit(0);
}
const { cache } = values;
if (values.fresh) rmSync(cache, { recursive: true, force: true });
mkdirSync(cache, { recursive: true });
const parts = { leaderboard, ladder, attacks, meso };
const name = positionals[0] ?? 'leaderboard';
if (!Object.hasOwn(parts, name)) {
  console.error(`one of: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
console.log(
  await parts[name as keyof typeof parts](data, cache, Number(values.rounds), positionals.slice(1)),
);

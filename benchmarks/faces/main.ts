/**
 * The face-swap evidence on methods and sources it has not seen, MesoNet and two trivial judges beside it:
 * `npm run bench:faces`. Scores are taken once (`.cache/faceswap/judged.ndjson`; delete it to take them again); methods
 * left out in turn are in the table once `npm run recipe:faceswap -- folds` has trained and judged them.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readFolds } from '../../recipes/faceswap/folds.ts';
import { judge, readJudged } from '../../recipes/faceswap/judge.ts';
import { dataFolder } from '../../src/bench/corpus.ts';
import { leftOutTable } from './left-out.ts';
import { speedTable } from './speed.ts';
import { falseAlarmTable, methodTables } from './tables.ts';

const { values } = parseArgs({ options: { cache: { type: 'string', default: '.cache/faceswap' } } });
const data = dataFolder();
if (!data) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
mkdirSync(values.cache, { recursive: true });
if (!existsSync(join(values.cache, 'judged.ndjson'))) await judge(data, values.cache, 'models');
const judged = readJudged(values.cache);
console.log(methodTables(judged));
if (existsSync(join(values.cache, 'folds.ndjson'))) console.log(leftOutTable(readFolds(values.cache)));
console.log(falseAlarmTable(judged));
console.log(await speedTable());
process.exit(0);

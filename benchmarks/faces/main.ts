/**
 * The face-swap evidence on methods and sources it has not seen, MesoNet and two trivial judges beside it:
 * `npm run bench:faces`. Scores are taken once (`.cache/faceswap/judged.ndjson`; delete it to take them again).
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judge, readJudged } from '../../recipes/faceswap/judge.ts';
import { dataFolder } from '../../src/bench/corpus.ts';
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
console.log(falseAlarmTable(judged));
console.log(await speedTable());
process.exit(0);

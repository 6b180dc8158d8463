/**
 * Fits the evidence that no camera took a clip: watches every clip of the corpus, as stored and re-encoded (H.264 at two
 * rates, both classes alike), and writes `src/evidence/generated/fitted.ts`. `npm run recipe:generated`; what was
 * watched is kept in `.cache/generated/watched.ndjson` and not watched again.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { fitGenerated } from './fit.ts';
import { watchCorpus } from './watched.ts';

const { values } = parseArgs({ options: { cache: { type: 'string', default: '.cache/generated' } } });
const data = dataFolder();
if (!data) {
  console.error('no corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
mkdirSync(values.cache, { recursive: true });
await watchCorpus(data, values.cache);
console.error(JSON.stringify(fitGenerated(values.cache), null, 1));
process.exit(0);

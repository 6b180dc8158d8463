/**
 * Makes the learned encoder and decoder of the watermark: `npm run recipe:watermark`. Tiles and checkpoint lie in
 * `.cache/watermark`; it takes up where it stopped, and writes `models/watermark-*.onnx` with their cards.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { photographPatches } from './patches.ts';
import { publishMark } from './publish.ts';
import { train } from './train.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/watermark' },
    threads: { type: 'string', default: '1' },
  },
});
const data = dataFolder();
if (!data) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const patches = await photographPatches(data, join(values.cache, 'patches.u8'));
const weights = await train(patches, values.cache, Number(values.threads));
await publishMark(data, weights);
process.exit(0);

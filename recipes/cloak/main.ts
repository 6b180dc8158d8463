/**
 * Makes the network of `huoyan protect cloak --quick`: `npm run recipe:cloak`. Faces and checkpoints lie in `.cache/cloak`;
 * it takes up where it stopped, and writes `models/cloak.onnx` with its card. `-- fold 0` and `-- fold 1` train it without
 * one half of the manipulators, for `npm run bench:protect -- cloak`, and publish nothing.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { installedFaceFinder } from '../../src/face/finder.node.ts';
import { exportInference } from '../../src/nn/index.ts';
import { openSurrogates } from '../../src/protect/cloak/opened.node.ts';
import { MANIPULATIONS, THREATS } from '../../src/protect/cloak/threats.ts';
import { publish } from '../synthesis/cards.ts';
import { faceCanvases, learnedSets, PICTURES_OF_A_SOURCE } from './faces.ts';
import { CACHE, FOLDS, foldModel, heldOut } from './folds.ts';
import { venomNetwork } from './network.ts';
import { FOLD_STEPS, STEPS, train } from './train.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '1' } },
});
const [part, number] = positionals;
const fold = part === 'fold' ? Number(number) : null;
if ((part !== undefined && part !== 'fold') || (fold !== null && !(fold >= 0 && fold < FOLDS))) {
  console.error('usage: npm run recipe:cloak [-- fold 0|1] [--threads N]');
  process.exit(2);
}
const data = dataFolder();
if (!data) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const canvases = await faceCanvases(data, installedFaceFinder(), join(CACHE, 'faces.u8'));
const { surrogates } = await openSurrogates(fold === null ? THREATS : MANIPULATIONS);
const left = fold === null ? [] : heldOut(surrogates, fold);
const taught = surrogates.filter((one) => !left.includes(one));
const folder = join(CACHE, fold === null ? 'all' : `fold-${fold}`);
const weights = await train(canvases, taught, {
  folder,
  steps: fold === null ? STEPS : FOLD_STEPS,
  threads: Number(values.threads),
});
const onnx = exportInference(venomNetwork(), weights);
if (fold !== null) writeFileSync(foldModel(fold), onnx);
else
  await publish(venomNetwork(), onnx, {
    task: 'What to add to a face so that programs that look at it fail, one change for each threat.',
    recipe: 'npm run recipe:cloak',
    trainedOn: learnedSets(data).map(({ name, files, licence }) => ({
      ...{ name, licence },
      pictures: Math.min(files.length, PICTURES_OF_A_SOURCE),
    })),
    measured: 'docs/measured/protect.md',
  });
process.exit(0);

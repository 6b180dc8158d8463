/**
 * Makes the face-swap network and its calibration, step by step: `npm run recipe:faceswap -- crops | views | train |
 * guide | texture | judge | calibrate | publish`; without a name all of them in this order. Apart are `folds`, small
 * networks that leave methods out, and `widen`, a longer training: both are measured and not shipped. Each step takes up
 * where it stopped.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../src/bench/corpus.ts';
import { calibrate } from './calibrate.ts';
import { cutCrops } from './crops.ts';
import { judgeFolds } from './folds.ts';
import { judge } from './judge.ts';
import { publishFaceswap } from './publish.ts';
import { fitTexture } from './texture.ts';
import { STAGES, train } from './train.ts';
import { makeViews } from './views.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cache: { type: 'string', default: '.cache/faceswap' },
    shards: { type: 'string', default: '64' },
    threads: { type: 'string', default: '1' },
  },
});
const { cache } = values;
const data = dataFolder();
if (!data) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const found = data;
mkdirSync(cache, { recursive: true });

const STEPS: Readonly<Record<string, () => Promise<void>>> = {
  crops: () => cutCrops(found, cache),
  views: () => makeViews(cache, Number(values.shards)),
  train: () => train(cache, STAGES.train, Number(values.threads)),
  guide: () => train(cache, STAGES.guide, Number(values.threads)),
  texture: () => fitTexture(cache, Number(values.threads)),
  judge: () => judge(found, cache),
  calibrate: async () => console.error(JSON.stringify(calibrate(cache), null, 1)),
  publish: () => publishFaceswap(found, cache),
};
const APART: typeof STEPS = {
  folds: () => judgeFolds(cache, Number(values.threads)),
  async widen() {
    const wider = join(cache, 'wider');
    mkdirSync(wider, { recursive: true });
    await train(cache, STAGES.widen, Number(values.threads), 'wider/faceswap.onnx');
    await fitTexture(cache, Number(values.threads), 'wider/faceswap-texture.onnx');
    await judge(found, wider);
  },
};
for (const name of positionals.length > 0 ? positionals : Object.keys(STEPS)) {
  const step = STEPS[name] ?? APART[name];
  if (!step) {
    console.error(`no step ${name}: ${Object.keys({ ...STEPS, ...APART }).join(', ')}`);
    process.exit(2);
  }
  await step();
}
process.exit(0);

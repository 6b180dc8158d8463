/**
 * Trains the texture network: `tsx recipes/synthesis/train-texture.ts --fold 0 --steps 4000`.
 *
 * `--fold K` leaves out fold K and the generator families in it (see `splits.ts`); `--fold all` learns from everything.
 * Half of each batch is real; within a class every view of the pool is as likely as another, the pool being balanced by
 * source already. Writes the weights, resumes from its checkpoint, and scores the judged tiles of the fold it left out.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { crop } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { adamW, compileTraining, cosine, exportInference } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { place, trainingSets } from './splits.ts';
import { PATCH, textureNetwork } from './texture.ts';
import { Views } from './views.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/synthesis' },
    fold: { type: 'string', default: '0' },
    steps: { type: 'string', default: '4000' },
    batch: { type: 'string', default: '64' },
    rate: { type: 'string', default: '0.002' },
    tag: { type: 'string', default: 'texture' },
    threads: { type: 'string', default: '2' },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const fold = values.fold === 'all' ? -1 : Number(values.fold);
const steps = Number(values.steps);
const batch = Number(values.batch);
const name = `${values.tag}-${values.fold}`;
const views = new Views(values.cache, 'pool');
const sets = imageSets(folder).map(place);
const allowed = new Set(trainingSets(sets, fold).map((set) => set.name));
const usable = views.facts.map((_, i) => i).filter((i) => allowed.has(views.facts[i].set));
const classes = (['fake', 'real'] as const).map((label) => usable.filter((i) => views.facts[i].label === label));

const program = compileTraining(textureNetwork(name, 1), {
  batch,
  targets: { y: [1] },
  loss: (b, { logit }, { y }) => b.sigmoidCrossEntropy(logit, y),
  optimiser: adamW({
    rate: Number(values.rate),
    weightDecay: 0.01,
    schedule: cosine(steps, { warmupSteps: Math.min(200, steps / 10), floor: 0.01 }),
  }),
  clipNorm: 2,
  averageDecay: 0.998,
});
const file = join(values.cache, `${name}.checkpoint.safetensors`);
const options = { totalSteps: steps, threads: Number(values.threads), progress: null };
const trainer = existsSync(file) ? await Trainer.resume(program, file, options) : await Trainer.create(program, options);
console.error(`${name}: ${classes.map((c) => c.length).join(' + ')} views of ${allowed.size} sets, from step ${trainer.step}`);

const area = PATCH * PATCH;
const pixels = new Uint8Array(batch * 3 * area);
const y = new Float32Array(batch);

/** A random patch of view `index` into slot `slot` of the batch, colours apart, mirrored half of the time. */
function patch(index: number, slot: number, random: Random): void {
  const view = views.image(index);
  const align = random.chance(0.7) ? 8 : 1;
  const x0 = Math.floor(random.below(view.width - PATCH + 1) / align) * align;
  const y0 = Math.floor(random.below(view.height - PATCH + 1) / align) * align;
  const mirror = random.chance(0.5);
  for (let row = 0; row < PATCH; row++) {
    for (let column = 0; column < PATCH; column++) {
      const from = ((y0 + row) * view.width + x0 + (mirror ? PATCH - 1 - column : column)) * 3;
      const to = slot * 3 * area + row * PATCH + column;
      pixels[to] = view.data[from];
      pixels[to + area] = view.data[from + 1];
      pixels[to + 2 * area] = view.data[from + 2];
    }
  }
}

let sum = 0;
let count = 0;
let since = Date.now();
while (trainer.step < steps) {
  const random = new Random(trainer.step * 7919 + 17);
  for (let slot = 0; slot < batch; slot++) {
    const fake = slot < batch / 2;
    y[slot] = fake ? 1 : 0;
    patch(random.pick(classes[fake ? 0 : 1]), slot, random);
  }
  const { step, loss } = await trainer.train({ pixels, y });
  sum += loss;
  count++;
  if ((step + 1) % 100 === 0 || step + 1 === steps) {
    const rate = (count * batch) / ((Date.now() - since) / 1000);
    const left = ((steps - step - 1) * batch) / rate / 60;
    console.error(`step ${step + 1}/${steps}  loss ${(sum / count).toFixed(4)}  ${rate.toFixed(0)} images/s  ETA ${left.toFixed(0)} min`);
    await trainer.checkpoint(file);
    sum = 0;
    count = 0;
    since = Date.now();
  }
}
const onnx = exportInference(textureNetwork(name, 1), trainer.averagedWeights());
await trainer.release();
writeFileSync(join(values.cache, `${name}.onnx`), onnx);
console.error(`${name}.onnx: ${(onnx.length / 1e6).toFixed(2)} MB`);

if (fold >= 0) {
  const judged = new Views(values.cache, 'judged');
  const here = new Set(sets.filter((set) => set.fold === fold).map((set) => set.name));
  const session = await (await nodeRuntime()).load(onnx, { threads: Number(values.threads) });
  const lines: string[] = [];
  for (const [i, fact] of judged.facts.entries()) {
    if (!here.has(fact.set)) continue;
    const tile = judged.image(i);
    const columns = Math.max(1, Math.round(tile.width / PATCH));
    const rows = Math.max(1, Math.round(tile.height / PATCH));
    const data = new Uint8Array(columns * rows * 3 * area);
    for (let k = 0; k < columns * rows; k++) {
      const at = (index: number, n: number, length: number) =>
        n === 1 ? 0 : Math.floor((index * (length - PATCH)) / (n - 1) / 8) * 8;
      const box = { x: at(k % columns, columns, tile.width), y: at(Math.floor(k / columns), rows, tile.height) };
      const piece = crop(tile, { ...box, width: PATCH, height: PATCH });
      for (let p = 0; p < area; p++) for (let c = 0; c < 3; c++) data[(k * 3 + c) * area + p] = piece.data[p * 3 + c];
    }
    const { logit } = await session.run({ pixels: { dims: [columns * rows, 3, PATCH, PATCH], data } });
    const mean = (logit.data as Float32Array).reduce((a, b) => a + b, 0) / (columns * rows);
    lines.push(JSON.stringify({ index: i, score: mean }));
  }
  writeFileSync(join(values.cache, `${name}.scores.ndjson`), `${lines.join('\n')}\n`);
  console.error(`${name}: ${lines.length} tiles scored`);
}

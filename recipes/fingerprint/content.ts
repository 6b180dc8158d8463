/**
 * Is a fingerprint free of content? `npx tsx recipes/fingerprint/content.ts --name all` trains a decoder that is to
 * rebuild photographs from their fingerprints, and the same decoder on fingerprints of other photographs (the
 * control), and prints what share of the variance of pictures kept from training each rebuilds. The picture's own
 * high-pass residual, handed to the same decoder, is the other end of the scale.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../src/core/random.ts';
import {
  adamW,
  type Builder,
  compileTraining,
  cosine,
  exportInference,
  network,
  type Value,
  type Weights,
} from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { decodeTensors } from '../../src/nn/safetensors.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { estimationNetwork } from '../../src/trace/fingerprint/network.ts';
import { CACHE, photographs, SIDE } from './pictures.ts';

const { values } = parseArgs({
  options: { name: { type: 'string', default: 'all' }, steps: { type: 'string', default: '600' } },
});
const STEPS = Number(values.steps);
const BATCH = 64;
const PLANE = SIDE * SIDE;
const EACH = 3 * PLANE;

/** Both subjects, as planes. */
function pool(part: 'train' | 'sample'): Uint8Array {
  return Buffer.concat((['faces', 'textures'] as const).map((subject) => photographs(part, subject).data));
}

/** Fingerprints of pictures, each scaled to a spread of one over all of them. */
async function fingerprints(pixels: Uint8Array): Promise<Float32Array> {
  const weights = decodeTensors(readFileSync(join(CACHE, `fen-${values.name}.safetensors`)))
    .tensors as Weights;
  const session = await (await nodeRuntime()).load(exportInference(estimationNetwork(SIDE), weights));
  const out = new Float32Array(pixels.length);
  for (let from = 0; from < pixels.length; from += 100 * EACH) {
    const data = pixels.subarray(from, from + 100 * EACH);
    const { fingerprint } = await session.run({
      pixels: { dims: [data.length / EACH, 3, SIDE, SIDE], data },
    });
    out.set(fingerprint.data as Float32Array, from);
  }
  const spread = Math.sqrt(out.reduce((sum, v) => sum + v * v, 0) / out.length);
  return out.map((v) => v / (spread + 1e-9));
}

/** What the mean of the four neighbours leaves of a picture, scaled alike. */
function residuals(pixels: Uint8Array): Float32Array {
  const out = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE) % SIDE];
    const at = (dx: number, dy: number) =>
      x + dx < 0 || x + dx >= SIDE || y + dy < 0 || y + dy >= SIDE ? pixels[i] : pixels[i + dy * SIDE + dx];
    out[i] = pixels[i] - (at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1)) / 4;
  }
  const spread = Math.sqrt(out.reduce((sum, v) => sum + v * v, 0) / out.length);
  return out.map((v) => v / spread);
}

/** Fingerprint to picture: down to a quarter and up again with what was handed across. */
const decoder = network({
  name: 'content',
  seed: 5,
  inputs: { f: [3, SIDE, SIDE] },
  build(b: Builder, { f }) {
    const block = (x: Value, width: number, stride = 1) =>
      b.relu(b.batchNorm(b.conv(x, width, { stride, bias: false })));
    const a = block(f, 24);
    const c = block(a, 48, 2);
    const d = block(block(c, 64, 2), 64);
    const e = block(b.concat([b.resize(d, SIDE / 2, SIDE / 2), c]), 48);
    const g = block(b.concat([b.resize(e, SIDE, SIDE), a]), 24);
    return { picture: b.conv(g, 3) };
  },
});

/** Share of the variance of held-out pictures that a decoder trained on (of, picture) rebuilds. */
async function rebuilt(
  train: { of: Float32Array; pictures: Uint8Array; shuffled: boolean },
  test: { of: Float32Array; pictures: Uint8Array },
): Promise<number> {
  const program = compileTraining(decoder, {
    batch: BATCH,
    targets: { wanted: [3, SIDE, SIDE] },
    loss: (b, { picture }, { wanted }) => b.mean(b.square(b.sub(picture, wanted))),
    optimiser: adamW({ rate: 3e-3, schedule: cosine(STEPS, { warmupSteps: 50 }) }),
    averageDecay: 0.99,
  });
  const trainer = await Trainer.create(program, { threads: 1, progress: null });
  const random = new Random(3);
  const count = train.pictures.length / EACH;
  for (let step = 0; step < STEPS; step++) {
    const f = new Float32Array(BATCH * EACH);
    const wanted = new Float32Array(BATCH * EACH);
    for (let i = 0; i < BATCH; i++) {
      const from = random.below(count);
      const to = train.shuffled ? random.below(count) : from;
      f.set(train.of.subarray(from * EACH, (from + 1) * EACH), i * EACH);
      for (let k = 0; k < EACH; k++) wanted[i * EACH + k] = train.pictures[to * EACH + k] / 127.5 - 1;
    }
    await trainer.train({ f, wanted });
  }
  const session = await (await nodeRuntime()).load(exportInference(decoder, trainer.averagedWeights()));
  await trainer.release();
  const centre = new Float64Array(EACH);
  const held = test.pictures.length / EACH;
  for (let i = 0; i < test.pictures.length; i++) centre[i % EACH] += (test.pictures[i] / 127.5 - 1) / held;
  let error = 0;
  let variance = 0;
  for (let from = 0; from < held; from += 100) {
    const n = Math.min(100, held - from);
    const data = test.of.subarray(from * EACH, (from + n) * EACH);
    const { picture } = await session.run({ f: { dims: [n, 3, SIDE, SIDE], data } });
    (picture.data as Float32Array).forEach((v, k) => {
      const wanted = test.pictures[from * EACH + k] / 127.5 - 1;
      error += (v - wanted) ** 2;
      variance += (wanted - centre[k % EACH]) ** 2;
    });
  }
  return 1 - error / variance;
}

const [train, test] = [pool('train'), pool('sample')];
const share = (v: number) => `${(100 * v).toFixed(1)} %`;
console.log(
  '| handed to the decoder | share of the variance of held-out photographs rebuilt |\n| --- | --- |',
);
const [ofTrain, ofTest] = [await fingerprints(train), await fingerprints(test)];
for (const shuffled of [false, true]) {
  const value = await rebuilt({ of: ofTrain, pictures: train, shuffled }, { of: ofTest, pictures: test });
  console.log(
    `| ${shuffled ? 'fingerprints of other photographs (control)' : 'their fingerprints'} | ${share(value)} |`,
  );
}
const value = await rebuilt(
  { of: residuals(train), pictures: train, shuffled: false },
  { of: residuals(test), pictures: test },
);
console.log(`| their high-pass residuals | ${share(value)} |`);

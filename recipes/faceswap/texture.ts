/**
 * The second judge of faces: the residual statistics of the same view, standardised, one hidden layer. Statistics are
 * learnt from few sources sooner than convolutions are, the two err on different methods, and both together cost less
 * than the limit for one face.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { STATISTICS, statistics } from '../../src/core/residuals/index.ts';
import { FACE_SIDE } from '../../src/evidence/faceswap/view.ts';
import {
  adamW,
  compileTraining,
  cosine,
  exportInference,
  type Network,
  network,
} from '../../src/nn/index.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { type PairFact, readViews } from './views.ts';

/** Pairs described; more change little. */
const PAIRS = 12_000;
const HIDDEN = 160;
const BATCH = 128;
const STEPS = 3000;
/** Standardised statistics beyond this say only "unusual". */
const CLIP = 5;

/** `statistics` [batch, STATISTICS] as they are to `logit` [batch, 1]; mean and rate are part of the network. */
export function textureNetwork(mean: Float32Array, rate: Float32Array): Network {
  return network({
    name: 'faceswap-texture',
    seed: 5,
    inputs: { statistics: [STATISTICS] },
    build(b, { statistics: x }) {
      const shifted = b.sub(x, b.constant(mean, [1, STATISTICS]));
      const standard = b.clip(b.mul(shifted, b.constant(rate, [1, STATISTICS])), -CLIP, CLIP);
      const hidden = b.relu(b.linear(b.dropout(standard, 0.2), HIDDEN));
      return { logit: b.linear(b.dropout(hidden, 0.5), 1, { name: 'out' }) };
    },
  });
}

function interleaved(planes: Uint8Array): RgbImage {
  const plane = FACE_SIDE * FACE_SIDE;
  const data = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) data[3 * i + c] = planes[c * plane + i];
  return { width: FACE_SIDE, height: FACE_SIDE, data };
}

interface Described {
  readonly facts: readonly PairFact[];
  /** Statistics of both halves of each pair, in turn. */
  readonly rows: Float32Array;
}

/** Pairs evenly taken from all there are. */
function described(cache: string): Described {
  const file = join(cache, 'statistics.f32');
  const views = readViews(cache);
  const count = Math.min(PAIRS, views.facts.length);
  const places = Array.from({ length: count }, (_, i) => Math.floor((i * views.facts.length) / count));
  const facts = places.map((at) => views.facts[at]);
  if (existsSync(file)) return { facts, rows: new Float32Array(Uint8Array.from(readFileSync(file)).buffer) };
  const rows = new Float32Array(2 * count * STATISTICS);
  places.forEach((at, i) => {
    for (const side of [0, 1] as const)
      rows.set(statistics(interleaved(views.planes(at, side))), (2 * i + side) * STATISTICS);
    if (i % 1000 === 999) console.error(`statistics of ${i + 1} of ${count} pairs`);
  });
  writeFileSync(file, new Uint8Array(rows.buffer));
  return { facts, rows };
}

/** Fits it on the pairs that `learns` allows (all by default) and writes `output` into the cache. */
export async function fitTexture(
  cache: string,
  threads: number,
  output = 'faceswap-texture.onnx',
  learns: (pair: PairFact) => boolean = () => true,
): Promise<void> {
  const all = described(cache);
  const pairs = all.facts.flatMap((fact, i) => (learns(fact) ? [i] : []));
  const rows = new Float32Array(2 * pairs.length * STATISTICS);
  pairs.forEach((pair, i) => {
    rows.set(all.rows.subarray(2 * pair * STATISTICS, 2 * (pair + 1) * STATISTICS), 2 * i * STATISTICS);
  });
  const count = 2 * pairs.length;
  const mean = new Float32Array(STATISTICS);
  const rate = new Float32Array(STATISTICS);
  for (let k = 0; k < STATISTICS; k++) {
    let sum = 0;
    let square = 0;
    for (let i = k; i < rows.length; i += STATISTICS) {
      sum += rows[i];
      square += rows[i] * rows[i];
    }
    mean[k] = sum / count;
    rate[k] = 1 / (Math.sqrt(Math.max(0, square / count - (sum / count) ** 2)) + 1e-3);
  }
  const net = textureNetwork(mean, rate);
  const program = compileTraining(net, {
    batch: BATCH,
    targets: { fake: [1] },
    loss: (b, { logit }, { fake }) => b.sigmoidCrossEntropy(logit, b.add(b.mul(fake, 0.92), 0.04)),
    optimiser: adamW({
      rate: 1e-3,
      weightDecay: 0.1,
      schedule: cosine(STEPS, { warmupSteps: 50, floor: 0.01 }),
    }),
    clipNorm: 2,
  });
  const trainer = await Trainer.create(program, { threads, totalSteps: STEPS });
  const random = new Random(9);
  const batch = new Float32Array(BATCH * STATISTICS);
  const fake = Float32Array.from({ length: BATCH }, (_, i) => i % 2);
  for (let step = 0; step < STEPS; step++) {
    for (let i = 0; i < BATCH; i += 2) {
      const pair = random.below(count / 2);
      batch.set(rows.subarray(2 * pair * STATISTICS, (2 * pair + 2) * STATISTICS), i * STATISTICS);
    }
    await trainer.train({ statistics: batch, fake });
  }
  writeFileSync(join(cache, output), exportInference(net, trainer.weights()));
  await trainer.release();
}

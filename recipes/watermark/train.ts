/**
 * Trains encoder, spectrum and decoder together through the channel: the encoder may move the mark from place to place,
 * and from ring to ring of frequency, but has no more of it than the rule it departs from, nor more visible (SSIM); the
 * decoder is to make out the sign of every wave. Resumable; one process.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SSIM } from '../../src/core/fidelity.ts';
import { Random } from '../../src/core/random.ts';
import {
  adamW,
  type Builder,
  compileTraining,
  cosine,
  type Network,
  network,
  type Value,
  type Weights,
} from '../../src/nn/index.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { carrierOf, RING_EDGES, ringOf } from '../../src/protect/watermark/carrier.ts';
import { CODE_BITS } from '../../src/protect/watermark/code.ts';
import { CHANNEL_INPUTS, type ChannelDraws, channel } from './channel.ts';
import { drawChannel } from './draws.ts';
import { boxMean, decoder, encoder, SIDE } from './network.ts';
import { drawPatches } from './patches.ts';
import { amplitudesOf, analysed, bands, ORDERS, synthesised, TERMS } from './waves.ts';

export const STEPS = 2000;
const BATCH = 16;
const RATE = 2.5e-3;
const CHECKPOINT = 100;
/** Rings of frequency whose share of the power is learnt. */
const RINGS = RING_EDGES.length - 1;
/** What the learnt shares start from. */
const EVEN = Array.from({ length: RINGS }, () => 1);
/** What SSIM is not to fall below, on the average of a batch, and how much that counts. */
const LEAST_SSIM = 0.984;
const SSIM_WEIGHT = 20;

/** `mask.ts` as a graph: the strength that texture hides, before any learning; and what moves black and white inwards. */
function rule(b: Builder, luma: Value): { strength: Value; smooth: Value } {
  const smooth = boxMean(b, luma, 3);
  const texture = boxMean(b, b.sqrt(b.add(b.abs(b.sub(luma, smooth)), 1e-4)), 4);
  const strength = b.min(b.add(b.mul(b.square(texture), 0.42), 0.95), 8);
  const power = b.mean(b.square(strength), { axes: [1, 2, 3], keepDims: true });
  const budget = 255 ** 2 / 10 ** 4.13;
  // Half way between a picture that is all like this place and one in which only this place is.
  const gain = b.min(b.sqrt(b.sqrt(b.div(b.scalar(budget), power))), 1);
  return { strength: b.mul(strength, gain), smooth };
}

/** How much of each ring's power there is, relative to an even share; [1, TERMS, TERMS]. */
function spectrum(b: Builder): Value {
  const counts = RING_EDGES.slice(1).map(() => 0);
  for (const { kx, ky } of carrierOf('counted').data) counts[ringOf(kx, ky)]++;
  const total = counts.reduce((a, c) => a + c, 0);
  const gains = b.exp(b.tanh(b.parameter('spectrum', [RINGS], 'zeros', false)));
  const shares = b.constant(
    counts.map((count) => count / total),
    [RINGS],
  );
  const norm = b.sqrt(b.sum(b.mul(b.square(gains), shares), { axes: [0], keepDims: true }));
  return overRings(b, b.div(gains, norm));
}

/** One number for each ring, [RINGS], at every term of its ring: [1, TERMS, TERMS]. */
function overRings(b: Builder, numbers: Value): Value {
  return bands(RING_EDGES)
    .map((band, r) =>
      b.mul(
        b.constant(band, [1, TERMS, TERMS]),
        b.reshape(b.slice(numbers, [{ axis: 0, start: r, end: r + 1 }]), [1, 1, 1]),
      ),
    )
    .reduce((p, q) => b.add(p, q));
}

/** Structural similarity over 7x7 squares, mean of each picture's: [B, 1, 1, 1]. */
function similarity(b: Builder, x: Value, y: Value): Value {
  const [mx, my] = [boxMean(b, x, 3), boxMean(b, y, 3)];
  const vx = b.sub(boxMean(b, b.square(x), 3), b.square(mx));
  const vy = b.sub(boxMean(b, b.square(y), 3), b.square(my));
  const vxy = b.sub(boxMean(b, b.mul(x, y), 3), b.mul(mx, my));
  const { c1, c2 } = SSIM;
  const over = b.mul(b.add(b.mul(b.mul(mx, my), 2), c1), b.add(b.mul(vxy, 2), c2));
  const under = b.mul(b.add(b.add(b.square(mx), b.square(my)), c1), b.add(b.add(vx, vy), c2));
  return b.mean(b.div(over, under), { axes: [1, 2, 3], keepDims: true });
}

/** The real parts and the imaginary ones of the waves (kx, ky) and (-kx, ky), [B, 4, ORDERS, ORDERS], rows by ky. */
function unmixed(b: Builder, products: Value): Value {
  const batch = products.shape[0];
  const quarter = (row: number, column: number) =>
    b.reshape(
      b.slice(products, [
        { axis: 1, start: row * ORDERS, end: (row + 1) * ORDERS },
        { axis: 2, start: column * ORDERS, end: (column + 1) * ORDERS },
      ]),
      [batch, 1, ORDERS, ORDERS],
    );
  const [cc, cs, sc, ss] = [quarter(0, 0), quarter(0, 1), quarter(1, 0), quarter(1, 1)];
  return b.concat([b.sub(cc, ss), b.neg(b.add(cs, sc)), b.add(cc, ss), b.sub(cs, sc)]);
}

/** Encoder, channel and decoder in one, for training only. */
export function trainedTogether(): Network {
  return network({
    name: 'watermark-training',
    seed: 9,
    inputs: {
      luma: [1, SIDE, SIDE],
      data: [TERMS, TERMS],
      pilots: [TERMS, TERMS],
      signs: [4, ORDERS, ORDERS],
      ...CHANNEL_INPUTS,
    },
    build(b, x) {
      const batch = x.luma.shape[0];
      const { strength, smooth } = rule(b, x.luma);
      const moved = b.mul(strength, encoder(b, x.luma));
      const power = (s: Value) => b.mean(b.square(s), { axes: [1, 2, 3], keepDims: true });
      const spent = b.mul(moved, b.sqrt(b.div(power(strength), power(moved))));
      const waves = b.add(b.mul(x.data, spectrum(b)), x.pilots);
      const tile = b.reshape(synthesised(b, waves), [batch, 1, SIDE, SIDE]);
      const room = b.mul(spent, 1.2);
      const shift = b.sub(b.relu(b.sub(room, smooth)), b.relu(b.sub(b.add(smooth, room), 255)));
      const marked = b.clip(b.add(b.add(x.luma, shift), b.mul(spent, tile)), 0, 255);
      const seen = channel(b, marked, x as unknown as ChannelDraws);
      const found = b.reshape(decoder(b, seen), [batch, SIDE, SIDE]);
      const products = analysed(b, found);
      const sharpness = b.parameter('sharpness', [RINGS], new Float32Array(RINGS).fill(Math.log(80)), false);
      const logits = unmixed(b, b.mul(products, overRings(b, b.exp(sharpness))));
      return { agreement: b.mul(logits, x.signs), similarity: similarity(b, x.luma, marked), signs: x.signs };
    },
  });
}

/** Signs of the waves that carry bits or are known, as `unmixed` lays them out; 0 where there is none. */
function signsOf(key: string, code: Uint8Array): Float32Array {
  const { known, data } = carrierOf(key);
  const out = new Float32Array(4 * ORDERS * ORDERS);
  for (const { kx, ky, part, sign, bit } of [...known, ...data])
    out[(part + (kx < 0 ? 2 : 0)) * ORDERS * ORDERS + ky * ORDERS + Math.abs(kx)] =
      sign * (bit < 0 || code[bit] ? 1 : -1);
  return out;
}

function program() {
  return compileTraining(trainedTogether(), {
    batch: BATCH,
    targets: {},
    loss(b, { agreement, similarity: alike, signs }) {
      const count = b.sum(b.abs(signs));
      const each = b.mul(b.softplus(b.neg(agreement)), b.abs(signs));
      const waves = b.div(b.sum(each), count);
      const right = b.div(b.sum(b.mul(b.sigmoid(b.mul(agreement, 200)), b.abs(signs))), count);
      const seen = b.relu(b.add(b.neg(b.mean(alike)), LEAST_SSIM));
      const loss = b.add(waves, b.mul(seen, SSIM_WEIGHT));
      return { loss, metrics: { waves, right, ssim: b.mean(alike) } };
    },
    optimiser: adamW({
      rate: RATE,
      weightDecay: 1e-3,
      schedule: cosine(STEPS, { warmupSteps: 50, floor: 0.02 }),
    }),
    clipNorm: 1,
    averageDecay: 0.995,
  });
}

/** Trains to the end and gives the averaged weights of all three. */
export async function train(photographs: Uint8Array, folder: string, threads: number): Promise<Weights> {
  mkdirSync(folder, { recursive: true });
  const checkpoint = join(folder, 'training.safetensors');
  const options = { threads, totalSteps: STEPS };
  const compiled = program();
  const trainer = existsSync(checkpoint)
    ? await Trainer.resume(compiled, checkpoint, options)
    : await Trainer.create(compiled, options);
  const sums = { waves: 0, right: 0, ssim: 0 };
  while (trainer.step < STEPS) {
    const { step } = trainer;
    const random = new Random(step + 31);
    const luma = drawPatches(photographs, BATCH, random);
    const data = new Float32Array(BATCH * TERMS * TERMS);
    const pilots = new Float32Array(BATCH * TERMS * TERMS);
    const signs = new Float32Array(BATCH * 4 * ORDERS * ORDERS);
    for (let i = 0; i < BATCH; i++) {
      const key = `training ${random.below(400)}`;
      const code = Uint8Array.from({ length: CODE_BITS }, () => random.below(2));
      const drawn = amplitudesOf(carrierOf(key), code, EVEN);
      data.set(drawn.data, i * TERMS * TERMS);
      pilots.set(drawn.pilots, i * TERMS * TERMS);
      signs.set(signsOf(key, code), i * 4 * ORDERS * ORDERS);
    }
    const { metrics } = await trainer.train({ luma, data, pilots, signs, ...drawChannel(BATCH, random) });
    for (const name of ['waves', 'right', 'ssim'] as const) sums[name] += metrics[name] / 50;
    if ((step + 1) % 50 === 0) {
      const said = Object.entries(sums).map(([name, value]) => `${name} ${value.toFixed(4)}`);
      console.error(`step ${step + 1}: ${said.join(', ')}`);
      Object.assign(sums, { waves: 0, right: 0, ssim: 0 });
    }
    if ((step + 1) % CHECKPOINT === 0) await trainer.checkpoint(checkpoint);
  }
  const weights = trainer.averagedWeights();
  await trainer.release();
  return weights;
}

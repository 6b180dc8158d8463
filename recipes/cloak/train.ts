/**
 * Trains the network that makes cloaks: what it makes goes through draws of the channel to every surrogate, and the slope
 * of the harm done comes back as what the cloak should be more like. Surrogates and channel are those of the search
 * (`climb.ts`), so nothing is derived twice; the slopes are taken by weights a few steps old, which differ little.
 * Resumable; one process.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import { adamW, compileTraining, cosine, exportInference, type Weights } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { CANVAS, drawChannel, STRAIGHT } from '../../src/protect/cloak/channel.ts';
import { type Seen, scaledTo, slopesThrough, weighed } from '../../src/protect/cloak/climb.ts';
import { fade } from '../../src/protect/cloak/frame.ts';
import type { Surrogate } from '../../src/protect/cloak/surrogate.ts';
import { THREATS } from '../../src/protect/cloak/threats.ts';
import { drawFace, SAMPLES } from './faces.ts';
import { venomNetwork } from './network.ts';

export const STEPS = 1700;
/** Of a network that nothing but measuring is done with. */
export const FOLD_STEPS = 700;
const BATCH = 8;
const RATE = 1.5e-3;
const CHECKPOINT = 50;
/** Steps that slopes are taken by the same weights for. */
const STALE = 4;
/** Loudness of cloaks, PSNR in dB, drawn for each face. */
const DECIBELS = [32, 38.5] as const;
const STRAIGHT_SHARE = 0.3;

function program(steps: number) {
  return compileTraining(venomNetwork(), {
    batch: BATCH,
    targets: { uphill: [THREATS.length, 3, CANVAS, CANVAS] },
    // A mean cosine.
    loss: (b, { cloaks }, { uphill }) =>
      b.mul(b.sum(b.mul(cloaks, uphill)), -1 / (BATCH * THREATS.length * Math.sqrt(SAMPLES))),
    optimiser: adamW({
      rate: RATE,
      weightDecay: 1e-3,
      schedule: cosine(steps, { warmupSteps: 40, floor: 0.03 }),
    }),
    clipNorm: 1,
    averageDecay: 0.99,
  });
}

/** Which way the cloak of each face and threat does more harm, [BATCH, THREATS, SAMPLES], each of unit length. */
async function slopes(
  faces: readonly Float32Array[],
  cloaks: Float32Array,
  surrogates: readonly Surrogate[],
  random: Random,
): Promise<Float32Array> {
  const uphill = new Float32Array(cloaks.length);
  const weight = fade();
  for (const [t, threat] of THREATS.entries()) {
    const against = surrogates.filter((one) => one.threat === threat);
    for (const alike of grouped(against, ({ side, reach }) => `${side} ${reach}`).values()) {
      const seen = faces.map((face, i): Seen => {
        const from = (i * THREATS.length + t) * SAMPLES;
        const loud = 10 ** (-random.uniform(...DECIBELS) / 20);
        const worn = face.map((v, k) => Math.min(1, Math.max(0, v + loud * cloaks[from + k])));
        return { worn, clean: face, draw: random.chance(STRAIGHT_SHARE) ? STRAIGHT : drawChannel(random) };
      });
      for (const [i, slope] of (await slopesThrough(seen, alike)).entries()) {
        const way = weighed(slope, weight);
        uphill.set(scaledTo(way, 1), (i * THREATS.length + t) * SAMPLES);
      }
    }
  }
  return uphill;
}

/** Trains to the end and gives the averaged weights. Everything kept lies in `folder`. */
export async function train(
  canvases: Uint8Array,
  surrogates: readonly Surrogate[],
  { folder, steps, threads }: { readonly folder: string; readonly steps: number; readonly threads: number },
): Promise<Weights> {
  mkdirSync(folder, { recursive: true });
  const checkpoint = join(folder, 'training.safetensors');
  const options = { threads, totalSteps: steps };
  const compiled = program(steps);
  const trainer = existsSync(checkpoint)
    ? await Trainer.resume(compiled, checkpoint, options)
    : await Trainer.create(compiled, options);
  const runtime = await nodeRuntime();
  const net = venomNetwork();
  const open = () => runtime.load(exportInference(net, trainer.weights(), { half: false }), { threads });
  let made = await open();
  while (trainer.step < steps) {
    const { step } = trainer;
    const random = new Random(step + 77);
    const faces = Array.from({ length: BATCH }, () => drawFace(canvases, random));
    const face = new Float32Array(BATCH * SAMPLES);
    faces.forEach((one, i) => {
      face.set(one, i * SAMPLES);
    });
    const { cloaks } = await made.run({ face: { dims: [BATCH, 3, CANVAS, CANVAS], data: face } });
    const uphill = await slopes(faces, cloaks.data as Float32Array, surrogates, random);
    await trainer.train({ face, uphill });
    if (trainer.step % STALE === 0) {
      await made.release();
      made = await open();
    }
    if (trainer.step % CHECKPOINT === 0) await trainer.checkpoint(checkpoint);
  }
  await made.release();
  const weights = trainer.averagedWeights();
  await trainer.release();
  return weights;
}

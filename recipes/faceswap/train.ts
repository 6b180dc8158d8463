/**
 * Trains the face-swap network on the pool of views, resumably (`.cache/faceswap/train.safetensors`), and exports the
 * averaged weights now and then, so that there is always something to judge: `.cache/faceswap/faceswap.onnx`.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../src/core/random.ts';
import { FACE_SIDE } from '../../src/evidence/faceswap/view.ts';
import { adamW, compileTraining, cosine, exportInference, type TrainingProgram } from '../../src/nn/index.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { faceswapNetwork, regionalIndependence } from './network.ts';
import { countShards, readViews, SHARD, VIEW_BYTES } from './views.ts';

const BATCH = 32;
/** Steps between two looks for new shards, and between two checkpoints. */
const REFRESH = 100;
const CHECKPOINT = 250;
/** Targets are softened: a few labels are wrong (some DFDC fakes are fake in sound only). */
const SOFT = 0.04;

export function faceswapProgram(steps: number): TrainingProgram {
  return compileTraining(faceswapNetwork('faceswap'), {
    batch: BATCH,
    targets: { fake: [1] },
    loss(b, { logit, texture }, { fake }) {
      const target = b.add(b.mul(fake, 1 - 2 * SOFT), SOFT);
      const classes = b.sigmoidCrossEntropy(logit, target);
      const regions = regionalIndependence(b, texture, fake);
      return { loss: b.add(classes, b.mul(regions, 0.05)), metrics: { classes, regions } };
    },
    optimiser: adamW({
      rate: 1.5e-3,
      weightDecay: 0.03,
      schedule: cosine(steps, { warmupSteps: 100, floor: 0.01 }),
    }),
    clipNorm: 2,
    averageDecay: 0.998,
  });
}

/** The most a view is shifted in either direction, in pixels. */
const SHIFT = 4;
/** How often a part of the face is hidden, and the sides of that part in parts of the view's. */
const HIDDEN = 0.35;
const PART = [0.15, 0.5] as const;

/** A rectangle of the view that is painted over, empty when nothing is hidden. */
function hiddenPart(random: Random): { left: number; top: number; right: number; bottom: number } {
  const shown = random.chance(1 - HIDDEN);
  const width = shown ? 0 : Math.round(FACE_SIDE * random.uniform(...PART));
  const height = Math.round(FACE_SIDE * random.uniform(...PART));
  const left = random.below(FACE_SIDE - width);
  const top = random.below(FACE_SIDE - height);
  return { left, top, right: left + width, bottom: top + height };
}

/**
 * A view into the batch, mirrored or not, shifted a little, brighter or darker in each channel, at times with a part of
 * it painted over, so that no single place of the face is all that is looked at.
 */
function put(batch: Uint8Array, at: number, planes: Uint8Array, random: Random): void {
  const mirrored = random.chance(0.5);
  const plane = FACE_SIDE * FACE_SIDE;
  const common = random.normal() * 6;
  const dx = random.below(2 * SHIFT + 1) - SHIFT;
  const dy = random.below(2 * SHIFT + 1) - SHIFT;
  const hidden = hiddenPart(random);
  const paint = random.below(256);
  const last = FACE_SIDE - 1;
  const columns = Uint8Array.from({ length: FACE_SIDE }, (_, x) =>
    Math.min(last, Math.max(0, (mirrored ? last - x : x) + dx)),
  );
  for (let c = 0; c < 3; c++) {
    const lift = Math.round(common + random.normal() * 2);
    for (let y = 0; y < FACE_SIDE; y++) {
      const row = c * plane + Math.min(last, Math.max(0, y + dy)) * FACE_SIDE;
      const to = at * VIEW_BYTES + c * plane + y * FACE_SIDE;
      const across = y >= hidden.top && y < hidden.bottom;
      for (let x = 0; x < FACE_SIDE; x++) {
        const covered = across && x >= hidden.left && x < hidden.right;
        const v = covered ? paint : planes[row + columns[x]] + lift;
        batch[to + x] = v < 0 ? 0 : v > 255 ? 255 : v;
      }
    }
  }
}

/** Trains up to `steps` steps in all. */
export async function train(cache: string, steps: number, threads: number): Promise<void> {
  const program = faceswapProgram(steps);
  const checkpoint = join(cache, 'train.safetensors');
  const options = { threads, totalSteps: steps };
  const trainer = existsSync(checkpoint)
    ? await Trainer.resume(program, checkpoint, options)
    : await Trainer.create(program, options);
  const net = faceswapNetwork('faceswap');
  const pixels = new Uint8Array(BATCH * VIEW_BYTES);
  const fake = new Float32Array(BATCH);
  let views = readViews(cache);
  const save = async () => {
    await trainer.checkpoint(checkpoint);
    writeFileSync(join(cache, 'faceswap.onnx'), exportInference(net, trainer.averagedWeights()));
  };
  const sums = { classes: 0, regions: 0 };
  while (trainer.step < steps) {
    const { step } = trainer;
    const random = new Random(step + 17);
    if (step % REFRESH === 0 && countShards(cache) * SHARD > views.kinds.length) views = readViews(cache);
    for (let i = 0; i < BATCH; i += 2) {
      const at = random.below(views.kinds.length);
      const look = random.uint32();
      for (const side of [0, 1] as const) {
        put(pixels, i + side, views.planes(at, side), new Random(look));
        fake[i + side] = side;
      }
    }
    const { metrics } = await trainer.train({ pixels, fake });
    sums.classes += metrics.classes / REFRESH;
    sums.regions += metrics.regions / REFRESH;
    if ((step + 1) % REFRESH === 0) {
      console.error(
        `step ${step + 1}: classes ${sums.classes.toFixed(3)}, regions ${sums.regions.toFixed(3)}`,
      );
      sums.classes = 0;
      sums.regions = 0;
    }
    if ((step + 1) % CHECKPOINT === 0) await save();
  }
  await save();
  await trainer.release();
}

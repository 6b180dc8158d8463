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
import { readViews, VIEW_BYTES } from './views.ts';

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

/** A view into the batch, mirrored or not, a little brighter or darker in each channel. */
function put(batch: Uint8Array, at: number, planes: Uint8Array, random: Random): void {
  const mirrored = random.chance(0.5);
  const plane = FACE_SIDE * FACE_SIDE;
  const common = random.normal() * 6;
  for (let c = 0; c < 3; c++) {
    const lift = Math.round(common + random.normal() * 2);
    for (let y = 0; y < FACE_SIDE; y++) {
      const row = c * plane + y * FACE_SIDE;
      const to = at * VIEW_BYTES + row;
      for (let x = 0; x < FACE_SIDE; x++) {
        const v = planes[row + (mirrored ? FACE_SIDE - 1 - x : x)] + lift;
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
    if (step % REFRESH === 0) views = readViews(cache);
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

/**
 * Trains the face-swap network in stages, each resumable, each continuing from the averaged weights of the one before:
 * plain; with attention-guided augmentation; and, not shipped, the same for longer. Exports the averaged weights now and
 * then, so that there is always something to judge: `.cache/faceswap/faceswap.onnx`.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../src/core/random.ts';
import {
  adamW,
  compileTraining,
  cosine,
  exportInference,
  type TrainingProgram,
  type Weights,
} from '../../src/nn/index.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { AttentionBlur } from './attention-blur.ts';
import { put } from './disturb.ts';
import { faceswapNetwork, regionalIndependence } from './network.ts';
import { countShards, type PairFact, readViews, SHARD, VIEW_BYTES, type Views } from './views.ts';

const BATCH = 32;
/** Steps between two looks for new shards, and between two checkpoints. */
const REFRESH = 100;
const CHECKPOINT = 250;
/** Targets are softened: a few labels are wrong (some DFDC fakes are fake in sound only). */
const SOFT = 0.04;

export interface Stage {
  readonly steps: number;
  /** Learning rate at its height. */
  readonly rate: number;
  /** Whether what the network looks at is blurred at times. */
  readonly guided: boolean;
  readonly checkpoint: string;
  readonly after?: Stage;
  /** Which pairs are learnt from; all of them by default. */
  readonly learns?: (pair: PairFact) => boolean;
}

const PLAIN: Stage = { steps: 16_000, rate: 1.5e-3, guided: false, checkpoint: 'train.safetensors' };
const GUIDED: Stage = {
  ...{ steps: 5000, rate: 6e-4, guided: true },
  ...{ checkpoint: 'guided.safetensors', after: PLAIN },
};
const WIDER: Stage = {
  ...{ steps: 5000, rate: 6e-4, guided: true },
  ...{ checkpoint: 'wider.safetensors', after: GUIDED },
};
export const STAGES = { train: PLAIN, guide: GUIDED, widen: WIDER } as const;

export function faceswapProgram({ steps, rate }: Pick<Stage, 'steps' | 'rate'>): TrainingProgram {
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
      ...{ rate, weightDecay: 0.03 },
      schedule: cosine(steps, { warmupSteps: 100, floor: 0.01 }),
    }),
    clipNorm: 2,
    averageDecay: 0.998,
  });
}

/** The averaged weights at the end of `stage`. Throws Error when it has not been trained to its end. */
async function endOf(stage: Stage, cache: string): Promise<Weights> {
  const file = join(cache, stage.checkpoint);
  const trainer = await Trainer.resume(faceswapProgram(stage), file, { threads: 1 });
  try {
    if (trainer.step < stage.steps) throw new Error(`${file} is of step ${trainer.step} of ${stage.steps}`);
    return trainer.averagedWeights();
  } finally {
    await trainer.release();
  }
}

/** The numbers of the pairs that `stage` learns from. */
function learntFrom(views: Views, { learns }: Stage): number[] {
  return views.facts.flatMap((fact, i) => (!learns || learns(fact) ? [i] : []));
}

/** Trains `stage` to its end, from its checkpoint if there is one; its network is `output` in the cache. */
export async function train(
  cache: string,
  stage: Stage,
  threads: number,
  output = 'faceswap.onnx',
): Promise<void> {
  const { steps, after, guided } = stage;
  const program = faceswapProgram(stage);
  const checkpoint = join(cache, stage.checkpoint);
  const options = { threads, totalSteps: steps };
  const trainer = existsSync(checkpoint)
    ? await Trainer.resume(program, checkpoint, options)
    : await Trainer.create(program, { ...options, ...(after && { weights: await endOf(after, cache) }) });
  const net = faceswapNetwork('faceswap');
  const attention = guided ? new AttentionBlur() : undefined;
  const pixels = new Uint8Array(BATCH * VIEW_BYTES);
  const fake = new Float32Array(BATCH);
  let views = readViews(cache);
  let pairs = learntFrom(views, stage);
  const network = () => exportInference(net, trainer.averagedWeights());
  const save = async () => {
    await trainer.checkpoint(checkpoint);
    writeFileSync(join(cache, output), network());
  };
  const sums = { classes: 0, regions: 0 };
  await attention?.look(network());
  while (trainer.step < steps) {
    const { step } = trainer;
    const random = new Random(step + 17);
    if (step % REFRESH === 0) {
      if (countShards(cache) * SHARD > views.facts.length) {
        views = readViews(cache);
        pairs = learntFrom(views, stage);
      }
      await attention?.look(network());
    }
    for (let i = 0; i < BATCH; i += 2) {
      const at = random.pick(pairs);
      const look = random.uint32();
      for (const side of [0, 1] as const) {
        put(pixels, i + side, views.planes(at, side), new Random(look));
        fake[i + side] = side;
      }
    }
    await attention?.disturb(pixels, random);
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
  await attention?.release();
  await trainer.release();
}

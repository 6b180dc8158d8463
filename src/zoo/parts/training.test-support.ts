/** Trains a model of the zoo for a few steps and runs its networks with what was learnt, as its user would. */
import { Random } from '../../core/random.ts';
import { compileTraining, exportInference, type Weights } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import type { Session } from '../../nn/runtime.ts';
import { Trainer } from '../../nn/trainer.node.ts';
import type { PictureSource, Run, ZooModel } from '../declaration.ts';

export interface Taught {
  readonly losses: readonly number[];
  readonly metrics: readonly Readonly<Record<string, number>>[];
  /** Moving averages where the model keeps them. */
  readonly weights: Weights;
}

/** `steps` steps on one thread, batches drawn from `seed`. */
export async function teach(
  model: ZooModel,
  pictures: PictureSource,
  steps: number,
  seed = 1,
): Promise<Taught> {
  const { network, options } = model.training();
  const trainer = await Trainer.create(compileTraining(network, options), { threads: 1, progress: null });
  const random = new Random(seed);
  const [losses, metrics]: [number[], Readonly<Record<string, number>>[]] = [[], []];
  try {
    for (let i = 0; i < steps; i++) {
      const result = await trainer.train(model.feed(random, pictures));
      losses.push(result.loss);
      metrics.push(result.metrics);
    }
    return { losses, metrics, weights: trainer.averagedWeights() };
  } finally {
    await trainer.release();
  }
}

/** Runs `model.networks` with `weights`; `ran` collects the names of those that were run. */
export function runner(model: ZooModel, weights: Weights, ran: string[] = []): Run {
  return async (name, inputs) => {
    ran.push(name);
    const session = await (await nodeRuntime()).load(exportInference(model.networks[name], weights));
    try {
      return await session.run(inputs);
    } finally {
      await session.release();
    }
  };
}

/** As `runner`, for generators that run a network many times: every network is loaded once. */
export function heldRunner(model: ZooModel, weights: Weights, ran: string[] = []): Run {
  const held = new Map<string, Promise<Session>>();
  return async (name, inputs) => {
    ran.push(name);
    const load = async () => (await nodeRuntime()).load(exportInference(model.networks[name], weights));
    if (!held.has(name)) held.set(name, load());
    return (await held.get(name)!).run(inputs);
  };
}

/** Mean of the last `count` numbers. */
export function ending(values: readonly number[], count = 5): number {
  return values.slice(-count).reduce((sum, v) => sum + v, 0) / count;
}

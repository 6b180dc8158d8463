/**
 * Trains the temporal network on runs of the training side, windows of authentic and of re-rendered (and of truly faked)
 * faces in equal number, sources counting by the root of their windows, and writes `models/temporal.onnx` with its card.
 */
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import { CHANGES } from '../../src/evidence/temporal/changes.ts';
import { WINDOW, windowsOf } from '../../src/evidence/temporal/score.ts';
import { adamW, compileTraining, cosine, exportInference, type Weights } from '../../src/nn/index.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { faceSets } from '../faceswap/sets.ts';
import { publish } from '../synthesis/cards.ts';
import { type Scaling, temporalNetwork } from './network.ts';
import { type KeptRun, readRuns } from './runs.ts';

const BATCH = 64;
const STEPS = 1500;
const SOFT = 0.05;
const SIZE = CHANGES.length * WINDOW;

/** Mean and spread of each change over the windows. */
function scalingOf(windows: readonly Float32Array[]): Scaling {
  const mean = new Float32Array(CHANGES.length);
  const rate = new Float32Array(CHANGES.length);
  const count = windows.length * WINDOW;
  CHANGES.forEach((_, c) => {
    let sum = 0;
    let square = 0;
    for (const window of windows) {
      for (let t = 0; t < WINDOW; t++) {
        sum += window[c * WINDOW + t];
        square += window[c * WINDOW + t] ** 2;
      }
    }
    mean[c] = sum / count;
    rate[c] = 1 / (Math.sqrt(Math.max(0, square / count - mean[c] ** 2)) + 1e-3);
  });
  return { mean, rate };
}

/** Draws windows of one class, sets by the root of how many they have. */
function drawer(runs: readonly KeptRun[]): (random: Random) => Float32Array {
  const sets = [...grouped(runs, ({ set, version }) => `${set} ${version}`).values()].map((own) => {
    const windows = own.flatMap(({ changes }) => windowsOf(changes));
    return { windows, weight: Math.sqrt(windows.length) };
  });
  return (random) => random.pick(random.weighted(sets, ({ weight }) => weight).windows);
}

export interface TemporalFit {
  readonly scaling: Scaling;
  readonly weights: Weights;
}

export async function fitTemporal(runs: readonly KeptRun[], threads: number): Promise<TemporalFit> {
  const scaling = scalingOf(runs.flatMap(({ changes }) => windowsOf(changes)));
  const program = compileTraining(temporalNetwork(scaling), {
    batch: BATCH,
    targets: { fake: [1] },
    loss: (b, { logit }, { fake }) => b.sigmoidCrossEntropy(logit, b.add(b.mul(fake, 1 - 2 * SOFT), SOFT)),
    optimiser: adamW({
      rate: 2e-3,
      weightDecay: 0.05,
      schedule: cosine(STEPS, { warmupSteps: 50, floor: 0.01 }),
    }),
    clipNorm: 2,
    averageDecay: 0.995,
  });
  const trainer = await Trainer.create(program, { threads, totalSteps: STEPS, progress: null });
  const random = new Random(5);
  const [real, fake] = [false, true].map((made) => drawer(runs.filter((run) => run.fake === made)));
  const changes = new Float32Array(BATCH * SIZE);
  const target = Float32Array.from({ length: BATCH }, (_, i) => i % 2);
  let loss = 0;
  for (let step = 0; step < STEPS; step++) {
    for (let i = 0; i < BATCH; i++) changes.set((i % 2 ? fake : real)(random), i * SIZE);
    loss += (await trainer.train({ changes, fake: target })).loss / 100;
    if ((step + 1) % 500 === 0) console.error(`step ${step + 1}: loss ${loss.toFixed(3)} (last hundreds)`);
    if ((step + 1) % 100 === 0) loss = 0;
  }
  const weights = trainer.averagedWeights();
  await trainer.release();
  return { scaling, weights };
}

/** Runs that are learnt from: of the training side, coded anew. */
export const learnable = (run: KeptRun) => run.side === 'train' && run.version !== 'stored';

export async function trainTemporal(data: string, cache: string, threads: number): Promise<void> {
  const licences = new Map(faceSets(data).map(({ name, licence }) => [name, licence]));
  const runs = readRuns(cache).filter(learnable);
  const { scaling, weights } = await fitTemporal(runs, threads);
  const net = temporalNetwork(scaling);
  await publish(net, exportInference(net, weights), {
    task: 'Logit that a followed face was pasted into its clip or rendered anew, from what changes between successive frames.',
    recipe: 'npm run recipe:temporal',
    trainedOn: [...grouped(runs, ({ set }) => set)].map(([name, own]) => ({
      name,
      runs: own.length,
      licence: licences.get(`video_${name}`) ?? 'not stated',
    })),
    measured: 'docs/measured/video.md',
  });
}

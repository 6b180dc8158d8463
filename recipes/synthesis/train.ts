/**
 * Trains the synthesis networks: `npm run recipe:synthesis -- train`. One on all sources, and one without each fold, for
 * measurement. Seeded; about three minutes on two quiet cores.
 */
import { parseArgs } from 'node:util';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { Random } from '../../src/core/random.ts';
import { STATISTICS } from '../../src/core/residuals/index.ts';
import { FOLDS, modelName } from '../../src/evidence/synthesis/score.ts';
import { adamW, compileTraining, cosine, exportInference, type Weights } from '../../src/nn/index.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { readAverages } from './averaged.ts';
import { publish, sourcesOf } from './cards.ts';
import { type Discriminant, fitDiscriminant } from './discriminant.ts';
import { CLIP, headNetwork, PERCEPTRONS, perceptronNetwork, type Scaling } from './head.ts';
import { fitSources } from './sources.ts';
import { place, trainingSets } from './splits.ts';
import { Views } from './views.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/synthesis' },
    shrinkage: { type: 'string', default: '0.3' },
    epochs: { type: 'string', default: '8' },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const BATCH = 256;
/** Standard deviation of the noise added to standardised statistics while training. */
const NOISE = 0.3;
const sets = imageSets(folder).map(place);
const views = new Views(values.cache);
const rows = views.statistics();
const averages = readAverages(values.cache);

function scalingOf(indices: readonly number[]): Scaling {
  const mean = new Float64Array(STATISTICS);
  const square = new Float64Array(STATISTICS);
  for (const i of indices) {
    for (let j = 0; j < STATISTICS; j++) {
      mean[j] += rows[i][j] / indices.length;
      square[j] += (rows[i][j] * rows[i][j]) / indices.length;
    }
  }
  const rate = square.map((s, j) => 1 / (Math.sqrt(Math.max(0, s - mean[j] ** 2)) + 1e-3));
  return { mean: Float32Array.from(mean), rate: Float32Array.from(rate) };
}

const clip = (v: number) => Math.max(-CLIP, Math.min(CLIP, v));

/** Half of each batch is generated; rows are drawn with replacement. */
async function trainPerceptron(
  index: number,
  x: readonly Float32Array[],
  fake: readonly boolean[],
): Promise<Weights> {
  const steps = Math.floor((Number(values.epochs) * x.length) / BATCH);
  const program = compileTraining(perceptronNetwork(index), {
    batch: BATCH,
    targets: { y: [1] },
    loss: (b, { logit }, { y }) => b.sigmoidCrossEntropy(logit, y),
    optimiser: adamW({
      rate: 2e-3,
      weightDecay: 0.1,
      schedule: cosine(steps, { warmupSteps: Math.floor(steps * 0.3), floor: 0.001 }),
    }),
  });
  const trainer = await Trainer.create(program, { progress: null });
  const classes = [false, true].map((label) => fake.flatMap((f, i) => (f === label ? [i] : [])));
  const random = new Random(1000 + index);
  const batch = new Float32Array(BATCH * STATISTICS);
  const y = Float32Array.from({ length: BATCH }, (_, i) => i % 2);
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < BATCH; i++) {
      const row = x[random.pick(classes[i % 2])];
      for (let j = 0; j < STATISTICS; j++) batch[i * STATISTICS + j] = row[j] + NOISE * random.normal();
    }
    const { loss } = await trainer.train({ x: batch, y });
    if (step % 200 === 0)
      console.error(`  perceptron ${index}, step ${step} of ${steps}, loss ${loss.toFixed(4)}`);
  }
  const weights = trainer.weights();
  await trainer.release();
  return weights;
}

const linear = (name: string, { direction, offset }: Discriminant): Weights => ({
  [`${name}/weight`]: { dims: [1, STATISTICS], data: direction },
  [`${name}/bias`]: { dims: [1], data: Float32Array.of(offset) },
});

for (const leftOut of [null, ...Array.from({ length: FOLDS }, (_, i) => i)]) {
  const training = trainingSets(sets, leftOut);
  const names = new Set(training.map((set) => set.name));
  const indices = views.facts.flatMap((fact, i) => (names.has(fact.set) ? [i] : []));
  const fake = indices.map((i) => views.facts[i].label === 'fake');
  const scaling = scalingOf(indices);
  const x = indices.map((i) => rows[i].map((v, j) => clip((v - scaling.mean[j]) * scaling.rate[j])));
  const labels = new Map(training.map((set) => [set.name, set.label]));
  const whole = fitSources(
    averages.facts.flatMap(({ set, step }, i) => {
      const label = labels.get(set);
      return label ? [{ source: `${set} ${step}`, fake: label === 'fake', values: averages.rows[i] }] : [];
    }),
  );
  const net = headNetwork(modelName(leftOut), scaling, whole.scaling);
  console.error(`${net.name}: ${indices.length} views of ${training.length} sets`);
  const weights: Record<string, Weights[string]> = {
    ...linear('discriminant', fitDiscriminant(x, fake, Number(values.shrinkage))),
    ...linear('whole', whole.discriminant),
  };
  for (let i = 0; i < PERCEPTRONS; i++) Object.assign(weights, await trainPerceptron(i, x, fake));
  await publish(net, exportInference(net, weights), {
    task:
      leftOut === null
        ? 'Is a picture the output of a generator? Of each tile a score, higher for generated, from its residual statistics, and one whose mean over the tiles judges the picture as a whole.'
        : `The same without fold ${leftOut} of the sources (recipes/synthesis/splits.ts): for measurement and calibration only.`,
    recipe: 'npm run recipe:synthesis -- train',
    trainedOn: sourcesOf(training),
    measured: 'docs/measured/synthesis.md',
  });
}

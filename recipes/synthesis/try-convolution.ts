/**
 * Does a convolutional network add to the statistics? Trains one without a fold of the sources and prints, for pictures
 * of that fold, the mean AUC over generators of the network alone, of the statistics alone (`scores-*.ndjson`, by
 * `judge.ts`), and of both at several weights:
 *
 *   npx tsx recipes/synthesis/try-convolution.ts --fold 0 --steps 2000
 *
 * Nothing is published: docs/measured/synthesis-tried.md has what it printed.
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { auc } from '../../src/bench/metrics.ts';
import { grouped } from '../../src/core/group.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { decodePixels, readBytes } from '../../src/media/index.node.ts';
import { reship } from '../../src/media/reshipping.node.ts';
import { adamW, compileTraining, cosine, exportInference } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { convolutionNetwork } from './convolution.ts';
import { readJudged } from './judged.ts';
import { place, trainingSets } from './splits.ts';
import { Views } from './views.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/synthesis' },
    fold: { type: 'string', default: '0' },
    steps: { type: 'string', default: '2000' },
    threads: { type: 'string', default: '2' },
    cap: { type: 'string', default: '8' },
  },
});
const SIDE = 64;
const BATCH = 64;
const ACROSS = 3;
const STEPS = ['jpeg96', 'jpeg75', 'half'] as const;
const WEIGHTS = [0, 0.15, 0.3, 0.5, 1];
const fold = Number(values.fold);
const steps = Number(values.steps);
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const sets = imageSets(folder).map(place);
const views = new Views(values.cache);
const net = convolutionNetwork('synthesis-convolution', SIDE);

/** The patch at (x, y) as planes, in one of its eight orientations, into `batch`. */
function put(batch: Uint8Array, at: number, view: RgbImage, x: number, y: number, turn: number): void {
  const plane = SIDE * SIDE;
  for (let v = 0; v < SIDE; v++) {
    for (let u = 0; u < SIDE; u++) {
      const across = turn & 1 ? SIDE - 1 - u : u;
      const down = turn & 2 ? SIDE - 1 - v : v;
      const [a, b] = turn & 4 ? [down, across] : [across, down];
      const from = ((y + b) * view.width + x + a) * 3;
      for (let c = 0; c < 3; c++) batch[(at * 3 + c) * plane + v * SIDE + u] = view.data[from + c];
    }
  }
}

const program = compileTraining(net, {
  batch: BATCH,
  targets: { y: [1] },
  loss: (b, { logit }, { y }) => b.sigmoidCrossEntropy(logit, b.add(b.mul(y, 0.94), 0.03)),
  optimiser: adamW({
    rate: 2e-3,
    weightDecay: 0.05,
    schedule: cosine(steps, { warmupSteps: 100, floor: 0.01 }),
  }),
  clipNorm: 2,
  averageDecay: 0.998,
});
const trainer = await Trainer.create(program, { threads: Number(values.threads), totalSteps: steps });
const names = new Set(trainingSets(sets, fold).map((set) => set.name));
const classes = (['real', 'fake'] as const).map((label) =>
  views.facts.flatMap((fact, i) => (names.has(fact.set) && fact.label === label ? [i] : [])),
);
const random = new Random(5);
const pixels = new Uint8Array(BATCH * 3 * SIDE * SIDE);
const y = Float32Array.from({ length: BATCH }, (_, i) => i % 2);
for (let step = 0; step < steps; step++) {
  for (let i = 0; i < BATCH; i++) {
    const view = views.image(random.pick(classes[i % 2]));
    const x = random.below(view.width - SIDE + 1);
    put(pixels, i, view, x, random.below(view.height - SIDE + 1), random.below(8));
  }
  await trainer.train({ pixels, y });
}

const session = await (await nodeRuntime()).load(exportInference(net, trainer.averagedWeights()));
/** Mean logit of nine patches. */
async function score(picture: RgbImage): Promise<number> {
  const count = ACROSS * ACROSS;
  const batch = new Uint8Array(count * 3 * SIDE * SIDE);
  const place = (length: number, i: number) => Math.floor(((length - SIDE) * (i + 0.5)) / ACROSS);
  for (let i = 0; i < count; i++)
    put(
      batch,
      i,
      picture,
      place(picture.width, i % ACROSS),
      place(picture.height, Math.floor(i / ACROSS)),
      0,
    );
  const { logit } = await session.run({ pixels: { dims: [count, 3, SIDE, SIDE], data: batch } });
  return (logit.data as Float32Array).reduce((sum, v) => sum + v / count, 0);
}

const statistics = new Map(readJudged(values.cache).map((j) => [`${j.set}/${j.file}/${j.step}`, j.score]));
interface Row {
  readonly set: string;
  readonly step: string;
  readonly real: boolean;
  readonly network: number;
  readonly statistics: number;
}
const rows: Row[] = [];
for (const set of sets.filter((s) => s.fold === fold && (s.role === 'whole' || s.role === 'real'))) {
  for (const file of set.files.slice(0, Number(values.cap))) {
    const picture = await decodePixels(await readBytes(file), {});
    for (const step of STEPS) {
      const known = statistics.get(`${set.name}/${basename(file)}/${step}`);
      if (known === undefined) continue;
      const arrived = await decodePixels(await reship(picture, step), {});
      const network = await score(arrived);
      rows.push({ set: set.name, step, real: set.label === 'real', network, statistics: known });
    }
  }
}
const spread = (key: 'network' | 'statistics') => {
  const mean = rows.reduce((s, r) => s + r[key] / rows.length, 0);
  return Math.sqrt(rows.reduce((s, r) => s + (r[key] - mean) ** 2 / rows.length, 0));
};
const [network, fixed] = [spread('network'), spread('statistics')];
const pictures = new Set(rows.map((r) => r.set)).size;
console.log(
  `Fold ${fold}: ${rows.length} pictures of ${pictures} sources, ${net.size} parameters, ${steps} steps of ${BATCH} patches.\n`,
);
console.log(`| scores | ${STEPS.join(' | ')} |\n| --- |${STEPS.map(() => ' --- |').join('')}`);
function table(name: string, of: (row: Row) => number): void {
  const cells = STEPS.map((step) => {
    const real = rows.filter((r) => r.step === step && r.real).map(of);
    const generators = [
      ...grouped(
        rows.filter((r) => r.step === step && !r.real),
        (r) => r.set,
      ).values(),
    ];
    const each = generators.map((g) =>
      auc([...g.map(of), ...real], [...g.map(() => true), ...real.map(() => false)]),
    );
    return (each.reduce((a, b) => a + b, 0) / each.length).toFixed(3);
  });
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
for (const weight of WEIGHTS) {
  const name = weight === 0 ? 'statistics' : `statistics + ${weight} network`;
  table(name, (r) => r.statistics / fixed + (weight * r.network) / network);
}
table('network', (r) => r.network);

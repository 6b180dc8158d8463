/**
 * Fits the linear discriminant on residual statistics, one member for each fold left out:
 * `tsx recipes/synthesis/train-statistics.ts`. A minute; no chance is involved.
 *
 * Fisher's discriminant with a shrunk within-class covariance. Boosted trees, extra trees and perceptrons fit the
 * training sources better and unseen sources worse (docs/measured/synthesis-tried.md).
 */
import { parseArgs } from 'node:util';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { MEMBERS, MODEL } from '../../src/evidence/synthesis/score.ts';
import { STATISTICS } from '../../src/evidence/synthesis/statistics/index.ts';
import { exportInference, network } from '../../src/nn/index.ts';
import { publish, sourcesOf } from './cards.ts';
import { type Placed, place, trainingSets } from './splits.ts';
import { Views } from './views.ts';

const { values } = parseArgs({
  options: { cache: { type: 'string', default: '.cache/synthesis' }, shrinkage: { type: 'string', default: '0.3' } },
});
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
/** Standardised statistics beyond this many standard deviations count no further. */
const CLIP = 5;
const sets = imageSets(folder).map(place);
const views = new Views(values.cache);
const rows = views.statistics();

interface Member {
  readonly mean: Float32Array;
  readonly rate: Float32Array;
  readonly direction: Float32Array;
  readonly offset: number;
}

/** Each class weighs one half. The score is 0 midway between the class means, its spread within a class 1. */
function fit(training: readonly Placed[]): Member {
  const names = new Set(training.map((set) => set.name));
  const mine = views.facts.flatMap((fact, i) => (names.has(fact.set) ? [i] : []));
  const n = STATISTICS;
  const mean = new Float64Array(n);
  const square = new Float64Array(n);
  for (const i of mine) {
    for (let j = 0; j < n; j++) {
      mean[j] += rows[i][j] / mine.length;
      square[j] += (rows[i][j] * rows[i][j]) / mine.length;
    }
  }
  const rate = square.map((s, j) => 1 / (Math.sqrt(Math.max(0, s - mean[j] ** 2)) + 1e-3));
  const standard = mine.map((i) =>
    Float64Array.from(rows[i], (v, j) => Math.max(-CLIP, Math.min(CLIP, (v - mean[j]) * rate[j]))),
  );
  const fake = mine.map((i) => views.facts[i].label === 'fake');
  const sizes = [fake.filter((f) => !f).length, fake.filter((f) => f).length];
  const centres = [new Float64Array(n), new Float64Array(n)];
  standard.forEach((row, i) => {
    const c = fake[i] ? 1 : 0;
    for (let j = 0; j < n; j++) centres[c][j] += row[j] / sizes[c];
  });
  const covariance = new Float64Array(n * n);
  standard.forEach((row, i) => {
    const c = fake[i] ? 1 : 0;
    const weight = 0.5 / sizes[c];
    for (let j = 0; j < n; j++) row[j] -= centres[c][j];
    for (let j = 0; j < n; j++) {
      const v = row[j] * weight;
      for (let k = 0; k <= j; k++) covariance[j * n + k] += v * row[k];
    }
  });
  let trace = 0;
  for (let j = 0; j < n; j++) trace += covariance[j * n + j] / n;
  const shrinkage = Number(values.shrinkage);
  const shrunk = new Matrix(n, n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      const value = (1 - shrinkage) * covariance[j * n + k] + (j === k ? shrinkage * trace : 0);
      shrunk.set(j, k, value);
      shrunk.set(k, j, value);
    }
  }
  const difference = Matrix.columnVector(Array.from(centres[1], (v, j) => v - centres[0][j]));
  const w = new CholeskyDecomposition(shrunk).solve(difference).to1DArray();
  let variance = 0;
  standard.forEach((row, i) => {
    const projected = row.reduce((sum, v, j) => sum + v * w[j], 0);
    variance += (projected * projected * 0.5) / sizes[fake[i] ? 1 : 0];
  });
  const scale = 1 / Math.sqrt(variance);
  const middle = w.reduce((sum, v, j) => sum + (v * (centres[0][j] + centres[1][j])) / 2, 0);
  return {
    mean: Float32Array.from(mean),
    rate: Float32Array.from(rate),
    direction: Float32Array.from(w, (v) => v * scale),
    offset: -middle * scale,
  };
}

const members = Array.from({ length: MEMBERS }, (_, fold) => {
  const training = trainingSets(sets, fold);
  const member = fit(training);
  console.error(`member ${fold}: ${training.length} sets`);
  return member;
});
const net = network({
  name: MODEL,
  seed: 1,
  inputs: { statistics: [STATISTICS] },
  build(b, { statistics }) {
    const scores = members.map((member, m) => {
      const centred = b.sub(statistics, b.graph.constant(member.mean, [1, STATISTICS]));
      const scaled = b.mul(centred, b.graph.constant(member.rate, [1, STATISTICS]));
      return b.linear(b.clip(scaled, -CLIP, CLIP), 1, { name: `member${m}` });
    });
    return { scores: b.concat(scores) };
  },
});
const weights = Object.fromEntries(
  net.parameters.map(({ name, shape }) => {
    const member = members[Number(/member(\d+)/.exec(name)?.[1])];
    const data = name.endsWith('bias') ? Float32Array.of(member.offset) : member.direction;
    return [name, { dims: shape, data }];
  }),
);
const used = sets.filter((set) => set.role === 'whole' || set.role === 'real');
await publish(net, exportInference(net, weights, { half: false }), {
  task: 'Is a picture, or a tile of it, the output of a generator? Linear discriminant on residual statistics, one score a member.',
  recipe: 'npm run recipe:synthesis -- statistics',
  trainedOn: sourcesOf(used),
  measured: 'docs/measured/synthesis.md',
});

/** Fits a metric on descriptions of pictures or voices: what varies within sources, as a shrunken diagonal and its strongest directions. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import { CLIP, type MetricData } from '../../src/trace/metric.ts';

/** What a metric is fitted on: descriptions, all of one length, with their source and the way they were sent. */
export interface Example {
  readonly set: string;
  readonly step: string;
  readonly description: Float32Array;
}

/** Share of the diagonal in the covariance; flat between 0.3 and 0.7. */
const SHRINKAGE = 0.6;
const RANK = 128;
/** More directions than wanted are iterated, which makes the wanted ones exact in a few rounds. */
const SPARE = 16;
const ROUNDS = 5;

/** Rows made orthonormal, in place (modified Gram and Schmidt). */
function orthonormalise(rows: Float64Array[]): void {
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < rows[i].length; k++) sum += rows[i][k] * rows[j][k];
      for (let k = 0; k < rows[i].length; k++) rows[i][k] -= sum * rows[j][k];
    }
    const length = Math.sqrt(rows[i].reduce((s, v) => s + v * v, 0)) || 1;
    for (let k = 0; k < rows[i].length; k++) rows[i][k] /= length;
  }
}

/** [rows, directions]: products of every deviation with every direction. */
function project(deviations: readonly Float32Array[], directions: readonly Float64Array[]): Float64Array[] {
  return deviations.map((row) =>
    Float64Array.from(directions, (direction) => {
      let sum = 0;
      for (let k = 0; k < row.length; k++) sum += row[k] * direction[k];
      return sum;
    }),
  );
}

/** The strongest directions of the deviations, each as long as their spread along it. */
function strongest(deviations: readonly Float32Array[], rank: number): Float32Array[] {
  const random = new Random(9);
  const numbers = deviations[0].length;
  const directions = Array.from({ length: rank + SPARE }, () =>
    Float64Array.from({ length: numbers }, () => random.normal()),
  );
  orthonormalise(directions);
  for (let round = 0; round < ROUNDS; round++) {
    const along = project(deviations, directions);
    for (const direction of directions) direction.fill(0);
    deviations.forEach((row, i) => {
      directions.forEach((direction, j) => {
        const weight = along[i][j];
        for (let k = 0; k < row.length; k++) direction[k] += weight * row[k];
      });
    });
    orthonormalise(directions);
  }
  const along = new Matrix(project(deviations, directions).map((row) => Array.from(row)));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(along.transpose().mmul(along), {
    assumeSymmetric: true,
  });
  return realEigenvalues
    .map((power, j) => ({ power, j }))
    .sort((a, b) => b.power - a.power)
    .slice(0, rank)
    .map(({ power, j }) => {
      const out = new Float32Array(numbers);
      const length = Math.sqrt(Math.max(0, power));
      directions.forEach((direction, i) => {
        const weight = eigenvectorMatrix.get(i, j) * length;
        for (let k = 0; k < out.length; k++) out[k] += weight * direction[k];
      });
      return out;
    });
}

/** Groups are examples of one source sent in one way. Throws when no group has two. */
export function fitMetric(examples: readonly Example[], rank = RANK, shrinkage = SHRINKAGE): MetricData {
  const numbers = examples[0]?.description.length ?? 0;
  const mean = new Float64Array(numbers);
  const square = new Float64Array(numbers);
  for (const { description } of examples) {
    for (let k = 0; k < numbers; k++) {
      mean[k] += description[k] / examples.length;
      square[k] += description[k] ** 2 / examples.length;
    }
  }
  const rate = Float32Array.from(square, (s, k) => 1 / (Math.sqrt(Math.max(0, s - mean[k] ** 2)) + 1e-3));
  const centre = Float32Array.from(mean);
  const deviations: Float32Array[] = [];
  let freedom = 0;
  for (const group of grouped(examples, (p) => `${p.set}/${p.step}`).values()) {
    if (group.length < 2) continue;
    const rows = group.map(({ description }) =>
      description.map((v, k) => Math.max(-CLIP, Math.min(CLIP, (v - centre[k]) * rate[k]))),
    );
    const middle = Float32Array.from({ length: numbers }, (_, k) =>
      rows.reduce((sum, row) => sum + row[k] / rows.length, 0),
    );
    for (const row of rows) deviations.push(row.map((v, k) => v - middle[k]));
    freedom += rows.length - 1;
  }
  if (freedom === 0) throw new Error('no source with two examples');
  const variance = new Float64Array(numbers);
  for (const row of deviations) for (let k = 0; k < numbers; k++) variance[k] += row[k] ** 2 / freedom;
  const diagonal = Float32Array.from(variance, (v) => shrinkage * v + 1e-3);
  // Directions are found where the diagonal is the identity, because that is where they will be used.
  const scale = diagonal.map((v) => Math.sqrt((1 - shrinkage) / v / freedom));
  const scaled = deviations.map((row) => row.map((v, k) => v * scale[k]));
  const directions = strongest(scaled, rank).map((row) => row.map((v, k) => v * Math.sqrt(diagonal[k])));
  return { mean: centre, rate, diagonal, directions };
}

/** Fisher's linear discriminant on weighed rows, with a shrunk within-class covariance: no chance, one number to choose. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { CLIP, type Scaling } from './network.ts';

export interface Discriminant {
  readonly scaling: Scaling;
  readonly direction: Float32Array;
  readonly offset: number;
}

/** Pulls the covariance towards a multiple of the identity; chosen by leaving pages out. */
const SHRINKAGE = 0.8;

/**
 * The score is 0 midway between the class means and has a within-class standard deviation of 1. `weights` are relative
 * within each class; the classes count one half each.
 */
export function fitDiscriminant(
  rows: readonly Float32Array[],
  positive: readonly boolean[],
  weights: readonly number[],
  shrinkage = SHRINKAGE,
): Discriminant {
  const n = rows[0].length;
  const sums = [0, 0];
  weights.forEach((w, i) => {
    sums[positive[i] ? 1 : 0] += w;
  });
  const weight = weights.map((w, i) => w / sums[positive[i] ? 1 : 0] / 2);
  const mean = new Float64Array(n);
  const square = new Float64Array(n);
  rows.forEach((row, i) => {
    for (let j = 0; j < n; j++) {
      mean[j] += weight[i] * row[j];
      square[j] += weight[i] * row[j] * row[j];
    }
  });
  const scaling: Scaling = {
    mean: Float32Array.from(mean),
    rate: Float32Array.from(square, (s, j) => 1 / (Math.sqrt(Math.max(0, s - mean[j] ** 2)) + 1e-3)),
  };
  const standard = rows.map((row) => standardised(row, scaling));
  const centres = [new Float64Array(n), new Float64Array(n)];
  standard.forEach((row, i) => {
    const c = centres[positive[i] ? 1 : 0];
    for (let j = 0; j < n; j++) c[j] += 2 * weight[i] * row[j];
  });
  const covariance = new Float64Array(n * n);
  standard.forEach((row, i) => {
    const centre = centres[positive[i] ? 1 : 0];
    for (let j = 0; j < n; j++) row[j] -= centre[j];
    for (let j = 0; j < n; j++) {
      const v = row[j] * weight[i];
      for (let k = 0, at = j * n; k <= j; k++, at++) covariance[at] += v * row[k];
    }
  });
  let trace = 0;
  for (let j = 0; j < n; j++) trace += covariance[j * n + j] / n;
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
    let sum = 0;
    for (let j = 0; j < n; j++) sum += row[j] * w[j];
    variance += weight[i] * sum * sum;
  });
  const scale = 1 / Math.sqrt(variance);
  const middle = w.reduce((sum, v, j) => sum + (v * (centres[0][j] + centres[1][j])) / 2, 0);
  return { scaling, direction: Float32Array.from(w, (v) => v * scale), offset: -middle * scale };
}

function standardised(row: Float32Array, { mean, rate }: Scaling): Float64Array {
  return Float64Array.from(row, (v, j) => Math.max(-CLIP, Math.min(CLIP, (v - mean[j]) * rate[j])));
}

/** What the network will give for `row`. */
export function scoreOf(row: Float32Array, { scaling, direction, offset }: Discriminant): number {
  let sum = offset;
  for (let j = 0; j < row.length; j++) {
    const z = Math.max(-CLIP, Math.min(CLIP, (row[j] - scaling.mean[j]) * scaling.rate[j]));
    sum += direction[j] * z;
  }
  return sum;
}

/** Fisher's linear discriminant on weighed rows, with a shrunk within-class covariance: no chance, one number to choose. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

export interface Discriminant {
  readonly direction: Float32Array;
  readonly offset: number;
}

/**
 * `rows` are standardised; each class weighs one half, `weights` are relative within it (all alike by default). The score
 * `direction . row + offset` is 0 midway between the class means and has a within-class standard deviation of 1.
 * `shrinkage` in 0..1 pulls the covariance towards a multiple of the identity.
 */
export function fitDiscriminant(
  rows: readonly (Float32Array | Float64Array)[],
  positive: readonly boolean[],
  shrinkage: number,
  weights?: readonly number[],
): Discriminant {
  const n = rows[0].length;
  const weight = classWeights(positive, weights);
  const centres = [new Float64Array(n), new Float64Array(n)];
  rows.forEach((row, i) => {
    const centre = centres[positive[i] ? 1 : 0];
    for (let j = 0; j < n; j++) centre[j] += 2 * weight[i] * row[j];
  });
  const within = rows.map((row, i) => Float64Array.from(row, (v, j) => v - centres[positive[i] ? 1 : 0][j]));
  const covariance = new Float64Array(n * n);
  within.forEach((row, i) => {
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
  within.forEach((row, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += row[j] * w[j];
    variance += weight[i] * sum * sum;
  });
  const scale = 1 / Math.sqrt(variance);
  const middle = w.reduce((sum, v, j) => sum + (v * (centres[0][j] + centres[1][j])) / 2, 0);
  return { direction: Float32Array.from(w, (v) => v * scale), offset: -middle * scale };
}

/** `weights` brought to a sum of one half in each class. */
export function classWeights(positive: readonly boolean[], weights?: readonly number[]): Float64Array {
  const sums = [0, 0];
  positive.forEach((p, i) => {
    sums[p ? 1 : 0] += weights?.[i] ?? 1;
  });
  return Float64Array.from(positive, (p, i) => (weights?.[i] ?? 1) / sums[p ? 1 : 0] / 2);
}

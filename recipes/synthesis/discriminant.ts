/** Fisher's linear discriminant with a shrunk within-class covariance: no chance, no tuning but the shrinkage. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

export interface Discriminant {
  readonly direction: Float32Array;
  readonly offset: number;
}

/**
 * `rows` are standardised; each class weighs one half. The score `direction . row + offset` is 0 midway between the
 * class means and has a within-class standard deviation of 1. `shrinkage` in 0..1 pulls the covariance towards a
 * multiple of the identity.
 */
export function fitDiscriminant(
  rows: readonly Float32Array[],
  positive: readonly boolean[],
  shrinkage: number,
): Discriminant {
  const n = rows[0].length;
  const sizes = [positive.filter((p) => !p).length, positive.filter((p) => p).length];
  const centres = [new Float64Array(n), new Float64Array(n)];
  rows.forEach((row, i) => {
    const c = positive[i] ? 1 : 0;
    for (let j = 0; j < n; j++) centres[c][j] += row[j] / sizes[c];
  });
  const within = rows.map((row, i) => Float64Array.from(row, (v, j) => v - centres[positive[i] ? 1 : 0][j]));
  const weight = (i: number) => 0.5 / sizes[positive[i] ? 1 : 0];
  const covariance = new Float64Array(n * n);
  within.forEach((row, i) => {
    for (let j = 0; j < n; j++) {
      const v = row[j] * weight(i);
      for (let k = 0; k <= j; k++) covariance[j * n + k] += v * row[k];
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
    variance += weight(i) * row.reduce((sum, v, j) => sum + v * w[j], 0) ** 2;
  });
  const scale = 1 / Math.sqrt(variance);
  const middle = w.reduce((sum, v, j) => sum + (v * (centres[0][j] + centres[1][j])) / 2, 0);
  return { direction: Float32Array.from(w, (v) => v * scale), offset: -middle * scale };
}

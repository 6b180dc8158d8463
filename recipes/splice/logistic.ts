/** Logistic regression by Newton's method with a ridge, and isotonic regression; enough for a few numbers. */
import { solve } from '../../src/evidence/splice/noise.ts';

/**
 * Weights (the last one is the constant) of a logistic regression. `rows` is n x k, row-major; the ridge is per sample
 * of weight one, in units of standardised columns; `atLeastZero` keeps those columns from taking a negative weight.
 */
export function fitLogistic(
  rows: Float32Array | Float64Array,
  k: number,
  positive: ArrayLike<number>,
  weight: ArrayLike<number>,
  ridge: number,
): number[] {
  const n = positive.length;
  const mean = new Float64Array(k);
  const spread = new Float64Array(k);
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += weight[i];
    for (let j = 0; j < k; j++) mean[j] += weight[i] * rows[i * k + j];
  }
  for (let j = 0; j < k; j++) mean[j] /= total;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < k; j++) spread[j] += weight[i] * (rows[i * k + j] - mean[j]) ** 2;
  for (let j = 0; j < k; j++) spread[j] = Math.sqrt(spread[j] / total) || 1;
  const d = k + 1;
  const beta = new Float64Array(d);
  const x = new Float64Array(d);
  x[k] = 1;
  for (let iteration = 0; iteration < 25; iteration++) {
    const hessian = new Float64Array(d * d);
    const gradient = new Float64Array(d);
    for (let i = 0; i < n; i++) {
      let s = beta[k];
      for (let j = 0; j < k; j++) {
        x[j] = (rows[i * k + j] - mean[j]) / spread[j];
        s += beta[j] * x[j];
      }
      const p = 1 / (1 + Math.exp(-s));
      const g = weight[i] * (positive[i] - p);
      const h = weight[i] * Math.max(1e-6, p * (1 - p));
      for (let a = 0; a < d; a++) {
        gradient[a] += g * x[a];
        const ha = h * x[a];
        for (let b = a; b < d; b++) hessian[a * d + b] += ha * x[b];
      }
    }
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < a; b++) hessian[a * d + b] = hessian[b * d + a];
      if (a < k) {
        gradient[a] -= ridge * total * beta[a];
        hessian[a * d + a] += ridge * total;
      }
      hessian[a * d + a] += 1e-9 * total;
    }
    const step = solve(hessian, gradient);
    let moved = 0;
    for (let a = 0; a < d; a++) {
      beta[a] += step[a];
      moved = Math.max(moved, Math.abs(step[a]));
    }
    if (moved < 1e-6) break;
  }
  const weights: number[] = [];
  let constant = beta[k];
  for (let j = 0; j < k; j++) {
    weights.push(beta[j] / spread[j]);
    constant -= (beta[j] * mean[j]) / spread[j];
  }
  return [...weights, constant];
}

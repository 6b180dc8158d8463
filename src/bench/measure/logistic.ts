/**
 * Logistic regression by Newton's method with a ridge: turns scores into probabilities, and a handful of numbers of a
 * file into the trivial rivals a detector has to beat. A few hundred columns at most.
 */

export interface Logistic {
  /** One weight a column, for standardised columns. */
  readonly weights: readonly number[];
  readonly offset: number;
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

export interface LogisticOptions {
  /** One an item; default makes both classes count the same. */
  readonly itemWeights?: readonly number[];
  /** Strength of the pull of standardised weights towards nought, in items; default 1e-3. */
  readonly ridge?: number;
}

/** Fits P(positive | row). Throws RangeError when a class is missing or rows differ in length. */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  positive: readonly boolean[],
  { itemWeights, ridge = 1e-3 }: LogisticOptions = {},
): Logistic {
  const n = rows.length;
  const ups = positive.filter(Boolean).length;
  if (ups === 0 || ups === n) throw new RangeError('both classes are needed');
  const d = rows[0].length;
  if (rows.some((row) => row.length !== d)) throw new RangeError('rows of different length');
  const w = itemWeights ?? positive.map((p) => (p ? n / (2 * ups) : n / (2 * (n - ups))));
  const mean = Array.from({ length: d }, (_, j) => rows.reduce((sum, row) => sum + row[j], 0) / n);
  const scale = mean.map((m, j) => {
    const spread = Math.sqrt(rows.reduce((sum, row) => sum + (row[j] - m) ** 2, 0) / n);
    return spread > 1e-12 * Math.max(1, Math.abs(m)) ? 1 / spread : 0;
  });
  const x = rows.map((row) => Float64Array.from([...row.map((v, j) => (v - mean[j]) * scale[j]), 1]));
  const all = w.reduce((sum, v) => sum + v, 0);
  const beta = new Float64Array(d + 1);
  for (let round = 0; round < 30; round++) {
    const gradient = new Float64Array(d + 1);
    const hessian = Array.from({ length: d + 1 }, () => new Float64Array(d + 1));
    x.forEach((row, i) => {
      let t = 0;
      for (let j = 0; j <= d; j++) t += row[j] * beta[j];
      const p = sigmoid(t);
      const error = (w[i] / all) * ((positive[i] ? 1 : 0) - p);
      const curvature = (w[i] / all) * Math.max(1e-9, p * (1 - p));
      for (let j = 0; j <= d; j++) {
        gradient[j] += error * row[j];
        const line = hessian[j];
        const c = curvature * row[j];
        for (let k = 0; k <= j; k++) line[k] += c * row[k];
      }
    });
    for (let j = 0; j <= d; j++) {
      // The offset is hardly held, only enough for separable classes to end.
      const pull = j < d ? ridge : ridge * 1e-2;
      gradient[j] -= pull * beta[j];
      hessian[j][j] += pull;
    }
    const step = solve(hessian, gradient);
    const longest = step.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const damp = longest > 4 ? 4 / longest : 1;
    for (let j = 0; j <= d; j++) beta[j] += damp * step[j];
    if (longest < 1e-7) break;
  }
  return { weights: [...beta.subarray(0, d)], offset: beta[d], mean, scale };
}

/** Log-odds of a row. */
export function logitOf({ weights, offset, mean, scale }: Logistic, row: readonly number[]): number {
  return row.reduce((sum, v, j) => sum + weights[j] * (v - mean[j]) * scale[j], offset);
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** Solves A x = b for a symmetric positive definite A of which the lower half is given (Cholesky). */
function solve(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i][j];
      for (let k = 0; k < j; k++) sum -= a[i][k] * a[j][k];
      a[i][j] = i === j ? Math.sqrt(Math.max(sum, 1e-18)) : sum / a[j][j];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= a[i][k] * x[k];
    x[i] /= a[i][i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= a[k][i] * x[k];
    x[i] /= a[i][i];
  }
  return x;
}

/** Weighted logistic regression by Newton's method with a small ridge: for calibration and for the format-only baseline. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** Weights of the columns of `rows` (put a constant 1 among them for an offset). Labels are true for the positive class. */
export function logisticRegression(
  rows: readonly (readonly number[])[],
  positive: readonly boolean[],
  weights: readonly number[],
  ridge = 1e-4,
): number[] {
  const d = rows[0].length;
  let w = new Array<number>(d).fill(0);
  for (let round = 0; round < 40; round++) {
    const gradient = w.map((v) => -ridge * v);
    const hessian = Matrix.eye(d, d).mul(ridge);
    rows.forEach((row, i) => {
      const p = 1 / (1 + Math.exp(-row.reduce((sum, v, j) => sum + v * w[j], 0)));
      const error = weights[i] * ((positive[i] ? 1 : 0) - p);
      const curvature = weights[i] * Math.max(1e-9, p * (1 - p));
      for (let j = 0; j < d; j++) {
        gradient[j] += error * row[j];
        for (let k = 0; k < d; k++) hessian.set(j, k, hessian.get(j, k) + curvature * (row[j] * row[k]));
      }
    });
    const step = new CholeskyDecomposition(hessian).solve(Matrix.columnVector(gradient)).to1DArray();
    const longest = Math.max(...step.map(Math.abs));
    const damp = longest > 4 ? 4 / longest : 1;
    w = w.map((v, j) => v + damp * step[j]);
    if (longest < 1e-8) break;
  }
  return w;
}

/** Weights with which both classes count one half, and within a class every set the same, whatever its size. */
export function balancedWeights(
  items: readonly { readonly set: string; readonly label: string }[],
): number[] {
  const perSet = new Map<string, number>();
  const sets = new Map<string, Set<string>>();
  for (const item of items) {
    perSet.set(item.set, (perSet.get(item.set) ?? 0) + 1);
    sets.set(item.label, (sets.get(item.label) ?? new Set()).add(item.set));
  }
  return items.map((item) => 0.5 / (sets.get(item.label)?.size ?? 1) / (perSet.get(item.set) ?? 1));
}

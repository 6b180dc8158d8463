/**
 * How well scores separate two classes, with intervals. Scores are "higher = positive" throughout; labels are booleans.
 */
import { Random } from '../core/random.ts';

/**
 * Area under the ROC curve, ties counted half (Mann and Whitney). `weights` lets every source count the same however
 * many pictures it has. NaN when one class is missing.
 */
export function auc(
  scores: readonly number[],
  positive: readonly boolean[],
  weights?: readonly number[],
): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let below = 0;
  let area = 0;
  let total = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    let up = 0;
    let down = 0;
    while (j < order.length && scores[order[j]] === scores[order[i]]) {
      const w = weights ? weights[order[j]] : 1;
      if (positive[order[j]]) up += w;
      else down += w;
      j++;
    }
    area += up * (below + down / 2);
    below += down;
    total += up;
    i = j;
  }
  return below > 0 && total > 0 ? area / (below * total) : Number.NaN;
}

/** The smallest threshold at which at most `rate` of the negatives score at or above it. */
export function thresholdAt(rate: number, negatives: readonly number[]): number {
  const sorted = [...negatives].sort((a, b) => b - a);
  const allowed = Math.floor(rate * sorted.length + 1e-9);
  return allowed >= sorted.length
    ? Number.NEGATIVE_INFINITY
    : sorted[allowed] + Math.max(1e-12, Math.abs(sorted[allowed]) * 1e-12);
}

/** Share of positives at or above the threshold at which at most `rate` of the negatives are. */
export function truePositiveRateAt(
  rate: number,
  scores: readonly number[],
  positive: readonly boolean[],
): number {
  const threshold = thresholdAt(
    rate,
    scores.filter((_, i) => !positive[i]),
  );
  const ups = scores.filter((_, i) => positive[i]);
  return ups.filter((s) => s >= threshold).length / ups.length;
}

/** Mean of the two classes' accuracies at a fixed threshold. */
export function balancedAccuracy(
  scores: readonly number[],
  positive: readonly boolean[],
  threshold: number,
): number {
  let tp = 0;
  let p = 0;
  let tn = 0;
  let n = 0;
  scores.forEach((score, i) => {
    if (positive[i]) {
      p++;
      if (score >= threshold) tp++;
    } else {
      n++;
      if (score < threshold) tn++;
    }
  });
  return (tp / p + tn / n) / 2;
}

/**
 * Expected calibration error over `bins` equally filled bins: mean |stated probability - share of positives|.
 * `weights` as in {@link auc}.
 */
export function calibrationError(
  probabilities: readonly number[],
  positive: readonly boolean[],
  weights: readonly number[] = probabilities.map(() => 1),
  bins = 10,
): number {
  const order = probabilities.map((_, i) => i).sort((a, b) => probabilities[a] - probabilities[b]);
  const all = weights.reduce((a, b) => a + b, 0);
  let error = 0;
  let at = 0;
  for (let bin = 0; bin < bins; bin++) {
    let mass = 0;
    let stated = 0;
    let seen = 0;
    while (at < order.length && mass < all / bins - 1e-9) {
      const i = order[at++];
      mass += weights[i];
      stated += weights[i] * probabilities[i];
      if (positive[i]) seen += weights[i];
    }
    error += Math.abs(stated - seen) / all;
  }
  return error;
}

/** Wilson score interval of a share `k` of `n`, 95 % unless told. */
export function wilson(k: number, n: number, z = 1.96): [number, number] {
  if (n === 0) return [0, 1];
  const p = k / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  // Never beyond the share itself, which rounding would have it at 0 of n and n of n.
  return [Math.max(0, Math.min(p, centre - half)), Math.min(1, Math.max(p, centre + half))];
}

/** Percentile bootstrap over `items` (resample whole sources by handing in sources): 95 % interval of `measure`. */
export function bootstrap<T>(
  items: readonly T[],
  measure: (sample: readonly T[]) => number,
  { rounds = 500, seed = 1 }: { rounds?: number; seed?: number } = {},
): [number, number] {
  const random = new Random(seed);
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const value = measure(items.map(() => random.pick(items)));
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (q: number) =>
    values[Math.min(values.length - 1, Math.max(0, Math.round(q * (values.length - 1))))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}

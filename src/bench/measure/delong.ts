/**
 * Are two detectors different, judged on the same files? The areas under two correlated ROC curves compared by their
 * covariance (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988), computed from mid-ranks as Sun and Xu (2014) do.
 * It takes files for independent; where many come from one source, read the clustered bootstrap beside it.
 */

export interface AucComparison {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly standardError: number;
  readonly z: number;
  /** Two-sided, by the normal approximation. 1 when both order everything alike. */
  readonly p: number;
  /** 95 % interval of the difference. */
  readonly interval: readonly [number, number];
}

/** Throws RangeError for lists of different length; everything is NaN when a class has fewer than two items. */
export function compareAucs(
  first: readonly number[],
  second: readonly number[],
  positive: readonly boolean[],
): AucComparison {
  if (first.length !== second.length || first.length !== positive.length)
    throw new RangeError(`${first.length}, ${second.length} scores and ${positive.length} labels`);
  const a = placements(first, positive);
  const b = placements(second, positive);
  const variance =
    covariance(a.ups, a.ups) / a.ups.length +
    covariance(a.downs, a.downs) / a.downs.length +
    covariance(b.ups, b.ups) / b.ups.length +
    covariance(b.downs, b.downs) / b.downs.length -
    2 * (covariance(a.ups, b.ups) / a.ups.length + covariance(a.downs, b.downs) / a.downs.length);
  const difference = a.auc - b.auc;
  const standardError = Math.sqrt(Math.max(0, variance));
  const same = standardError < 1e-12;
  const z = same ? (Math.abs(difference) < 1e-12 ? 0 : Number.NaN) : difference / standardError;
  return {
    ...{ first: a.auc, second: b.auc, difference, standardError, z },
    p: 2 * upperTail(Math.abs(z)),
    interval: [difference - 1.959964 * standardError, difference + 1.959964 * standardError],
  };
}

/** Standard error of one area by the same method. */
export function aucStandardError(scores: readonly number[], positive: readonly boolean[]): number {
  const { ups, downs } = placements(scores, positive);
  return Math.sqrt(covariance(ups, ups) / ups.length + covariance(downs, downs) / downs.length);
}

/** For each positive the share of negatives below it, for each negative the share of positives above it; ties half. */
function placements(scores: readonly number[], positive: readonly boolean[]) {
  const up: number[] = [];
  const down: number[] = [];
  scores.forEach((score, i) => {
    (positive[i] ? up : down).push(score);
  });
  const share = (from: readonly number[], among: readonly number[]) => {
    const sorted = Float64Array.from(among).sort();
    return from.map(
      (score) => (firstAt(sorted, score, false) + firstAt(sorted, score, true)) / 2 / sorted.length,
    );
  };
  const ups = share(up, down);
  const downs = share(down, up).map((below) => 1 - below);
  return { ups, downs, auc: ups.reduce((sum, v) => sum + v, 0) / ups.length };
}

/** Number of entries below `value`, or at most `value` when `including`. */
function firstAt(sorted: Float64Array, value: number, including: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value || (including && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function covariance(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  const meanA = a.reduce((sum, v) => sum + v, 0) / n;
  const meanB = b.reduce((sum, v) => sum + v, 0) / n;
  return a.reduce((sum, v, i) => sum + (v - meanA) * (b[i] - meanB), 0) / (n - 1);
}

/** P(N(0,1) > z) for z >= 0, by the continued fraction and series of the error function; relative error below 1e-7. */
function upperTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  // Numerical Recipes' erfcc, fractional error everywhere below 1.2e-7.
  const powers = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368, -1.26551223,
  ];
  return 0.5 * t * Math.exp(-x * x + powers.reduce((sum, c) => sum * t + c, 0));
}

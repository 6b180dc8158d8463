/** How far stated probabilities can be believed: proper scores and the calibration curve. `p` is P(fake) in 0..1. */

/** A probability is held at least this far from certainty, so that one wrong boast does not cost infinity. */
const SURE = 1e-6;

/** Mean of -ln(probability given to what was true), in nats; always saying 0.5 costs 0.693. NaN for no items. */
export function logLoss(
  p: readonly number[],
  positive: readonly boolean[],
  weights?: ArrayLike<number>,
): number {
  return weighedMean(
    p.map((value, i) => {
      const bounded = Math.min(1 - SURE, Math.max(SURE, value));
      return -Math.log(positive[i] ? bounded : 1 - bounded);
    }),
    weights,
  );
}

/** Mean squared distance of the probability from what was true; always saying 0.5 costs 0.25. NaN for no items. */
export function brierScore(
  p: readonly number[],
  positive: readonly boolean[],
  weights?: ArrayLike<number>,
): number {
  return weighedMean(
    p.map((value, i) => (value - (positive[i] ? 1 : 0)) ** 2),
    weights,
  );
}

function weighedMean(values: readonly number[], weights?: ArrayLike<number>): number {
  let [sum, all] = [0, 0];
  values.forEach((value, i) => {
    const w = weights ? weights[i] : 1;
    sum += w * value;
    all += w;
  });
  return sum / all;
}

export interface CalibrationBin {
  readonly n: number;
  /** Mean probability stated in the bin. */
  readonly stated: number;
  /** Share of fakes among its items. */
  readonly seen: number;
}

/** Bins of equal size by stated probability, lowest first; fewer than `bins` when there are fewer items. */
export function calibrationCurve(
  p: readonly number[],
  positive: readonly boolean[],
  bins = 10,
): CalibrationBin[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]);
  const count = Math.min(bins, order.length);
  return Array.from({ length: count }, (_, bin) => {
    const members = order.slice(
      Math.round((bin * order.length) / count),
      Math.round(((bin + 1) * order.length) / count),
    );
    return {
      n: members.length,
      stated: members.reduce((sum, i) => sum + p[i], 0) / members.length,
      seen: members.filter((i) => positive[i]).length / members.length,
    };
  });
}

/** Expected calibration error: mean distance of stated from seen over the bins of {@link calibrationCurve}, by size. */
export function expectedCalibrationError(
  p: readonly number[],
  positive: readonly boolean[],
  bins = 10,
): number {
  const curve = calibrationCurve(p, positive, bins);
  const all = curve.reduce((sum, { n }) => sum + n, 0);
  return curve.reduce(
    (sum, { n, stated, seen }) => sum + (n / all) * Math.abs(stated - seen),
    all ? 0 : Number.NaN,
  );
}

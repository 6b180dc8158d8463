/**
 * What an ordering of files by score is worth, all from one walk along the ROC curve: area, average precision, equal
 * error rate, detection at few false alarms, and the DET curve. Scores are "higher = fake". Weights count an item
 * several times, which is how a bootstrap redraws without sorting again.
 */

/** Scores in descending order, sorted once. */
export class Ranking {
  readonly order: Int32Array;

  constructor(
    readonly scores: readonly number[],
    readonly positive: readonly boolean[],
  ) {
    if (scores.length !== positive.length)
      throw new RangeError(`${scores.length} scores, ${positive.length} labels`);
    this.order = Int32Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  }
}

/** A threshold and the shares at or above it. */
export interface CurvePoint {
  readonly threshold: number;
  /** False positive rate: reals called fake. */
  readonly fpr: number;
  /** True positive rate: fakes called fake. */
  readonly tpr: number;
}

export interface CurveSummary {
  /** Area under the ROC curve, ties half. */
  readonly auc: number;
  /** Sum of precision over steps of recall, no interpolation (as scikit-learn has it). */
  readonly averagePrecision: number;
  /** Where false alarms and misses are equally frequent, on the straight line between neighbouring points. */
  readonly equalErrorRate: number;
  /** Highest TPR whose FPR is at most 1 % and at most 0.1 %. */
  readonly tprAt1: number;
  readonly tprAt01: number;
}

/** All figures of `ranking`; NaN when a class is missing. */
export function summarise(ranking: Ranking, weights?: ArrayLike<number>): CurveSummary {
  const { order, scores, positive } = ranking;
  let [ups, downs] = [0, 0];
  for (let i = 0; i < order.length; i++) {
    const w = weights ? weights[i] : 1;
    if (positive[i]) ups += w;
    else downs += w;
  }
  if (ups === 0 || downs === 0) {
    const nan = Number.NaN;
    return { auc: nan, averagePrecision: nan, equalErrorRate: nan, tprAt1: nan, tprAt01: nan };
  }
  let [tp, fp, area, precision, tprAt1, tprAt01] = [0, 0, 0, 0, 0, 0];
  let equal = Number.NaN;
  for (let i = 0; i < order.length; ) {
    const [tpBefore, fpBefore] = [tp, fp];
    const score = scores[order[i]];
    for (; i < order.length && scores[order[i]] === score; i++) {
      const w = weights ? weights[order[i]] : 1;
      if (positive[order[i]]) tp += w;
      else fp += w;
    }
    area += (fp - fpBefore) * (tpBefore + tp) * 0.5;
    if (tp > tpBefore) precision += ((tp - tpBefore) / ups) * (tp / (tp + fp));
    // Miss minus false alarm falls from 1 to -1 along the curve; where it crosses nought the two are equal.
    const before = 1 - tpBefore / ups - fpBefore / downs;
    const after = 1 - tp / ups - fp / downs;
    if (Number.isNaN(equal) && after <= 0) {
      const along = before === after ? 0 : before / (before - after);
      equal = (fpBefore + along * (fp - fpBefore)) / downs;
    }
    if (fp / downs <= 0.01 + 1e-12) tprAt1 = tp / ups;
    if (fp / downs <= 0.001 + 1e-12) tprAt01 = tp / ups;
  }
  return { auc: area / (ups * downs), averagePrecision: precision, equalErrorRate: equal, tprAt1, tprAt01 };
}

/** Points of the ROC curve at every distinct score, from "nothing is called fake" on. */
export function rocPoints({ order, scores, positive }: Ranking): CurvePoint[] {
  const ups = positive.filter(Boolean).length;
  const downs = positive.length - ups;
  const points: CurvePoint[] = [{ threshold: Number.POSITIVE_INFINITY, fpr: 0, tpr: 0 }];
  let [tp, fp] = [0, 0];
  for (let i = 0; i < order.length; ) {
    const threshold = scores[order[i]];
    for (; i < order.length && scores[order[i]] === threshold; i++) {
      if (positive[order[i]]) tp++;
      else fp++;
    }
    points.push({ threshold, fpr: fp / downs, tpr: tp / ups });
  }
  return points;
}

/**
 * The DET curve: misses against false alarms, at no more than `most` points, chosen so that they lie evenly on the
 * normal-deviate axes such a curve is drawn on.
 */
export function detPoints(ranking: Ranking, most = 60): { fpr: number; fnr: number }[] {
  const points = rocPoints(ranking).filter(({ fpr, tpr }) => fpr > 0 && tpr < 1);
  const kept: { fpr: number; fnr: number }[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const span = points.length ? probit(points[points.length - 1].fpr) - probit(points[0].fpr) : 0;
  const missSpan = points.length ? probit(1 - points[0].tpr) - probit(1 - points[points.length - 1].tpr) : 0;
  const step = (span + missSpan) / most;
  for (const { fpr, tpr } of points) {
    const along = probit(fpr) - probit(1 - tpr);
    if (along - last < step) continue;
    last = along;
    kept.push({ fpr, fnr: 1 - tpr });
  }
  return kept;
}

/** The normal deviate below which a share `p` lies (Acklam's approximation, relative error below 1.2e-9), bounded to +-6. */
export function probit(p: number): number {
  if (p <= 1e-9) return -6;
  if (p >= 1 - 1e-9) return 6;
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const poly = (coefficients: readonly number[], x: number) =>
    coefficients.reduce((sum, k) => sum * x + k, 0);
  if (p < 0.02425 || p > 0.97575) {
    const q = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
    const tail = poly(c, q) / (poly(d, q) * q + 1);
    return p < 0.5 ? tail : -tail;
  }
  const q = p - 0.5;
  const r = q * q;
  return (poly(a, r) * q) / (poly(b, r) * r + 1);
}

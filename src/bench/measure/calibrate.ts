/**
 * What a detector's scores would be worth after calibration on other sources: probabilities by Platt's logistic curve
 * and a threshold by the best balanced accuracy, each fitted on the other folds. An upper bound nobody may quote is thus
 * avoided: no item is judged by what was fitted on its own source.
 */
import { Ranking, rocPoints } from './curve.ts';
import type { Folds } from './folds.ts';
import { fitLogistic, logitOf, sigmoid } from './logistic.ts';

export interface Calibrated {
  /** P(fake) of each item at even odds, by the curve that did not see it; NaN where the others lack a class. */
  readonly probabilities: readonly number[];
  /** Threshold for each item, from the other folds. */
  readonly thresholds: readonly number[];
}

export function crossCalibrated(
  scores: readonly number[],
  positive: readonly boolean[],
  folds: Folds,
): Calibrated {
  const probabilities = scores.map(() => Number.NaN);
  const thresholds = scores.map(() => Number.NaN);
  for (let fold = 0; fold < folds.count; fold++) {
    const others = [...scores.keys()].filter((i) => folds.of[i] !== fold);
    const labels = others.map((i) => positive[i]);
    if (!labels.includes(true) || !labels.includes(false)) continue;
    const values = others.map((i) => scores[i]);
    const curve = fitLogistic(
      values.map((v) => [v]),
      labels,
    );
    const threshold = bestThreshold(values, labels);
    scores.forEach((score, i) => {
      if (folds.of[i] !== fold) return;
      probabilities[i] = sigmoid(logitOf(curve, [score]));
      thresholds[i] = threshold;
    });
  }
  return { probabilities, thresholds };
}

/** The threshold of the best balanced accuracy, half-way to the next lower score. */
export function bestThreshold(scores: readonly number[], positive: readonly boolean[]): number {
  const points = rocPoints(new Ranking(scores, positive));
  let best = 0;
  points.forEach(({ fpr, tpr }, i) => {
    if (tpr - fpr > points[best].tpr - points[best].fpr + 1e-12) best = i;
  });
  const next = points[best + 1]?.threshold;
  const here = points[best].threshold;
  if (next === undefined) return here;
  return Number.isFinite(here) ? (here + next) / 2 : next + 1;
}

/** Everything said about one detector on one set of files in one condition, each figure with its interval. */
import { grouped } from '../../core/group.ts';
import { type Rate, wilsonRate } from '../intervals.ts';
import {
  generatorOf,
  isAnswered,
  type ScoreMeta,
  type ScoreRow,
  type ScoreStatus,
  STATUSES,
  sourceOf,
} from '../scores/row.ts';
import { crossCalibrated } from './calibrate.ts';
import { type CurveSummary, detPoints, Ranking, summarise } from './curve.ts';
import { foldsBySource } from './folds.ts';
import { sigmoid } from './logistic.ts';
import {
  brierScore,
  type CalibrationBin,
  calibrationCurve,
  expectedCalibrationError,
  logLoss,
} from './probabilities.ts';
import { type Estimate, estimate, redraws } from './redraw.ts';

export interface EvaluateOptions {
  /** Operating point on the scores; default the detector's own, else 0.5 of a probability and 0 of anything else. */
  readonly threshold?: number;
  readonly rounds?: number;
  readonly seed?: number;
  /** Generators the detector has seen; default what its description says. */
  readonly seenGenerators?: readonly string[];
}

export interface ProbabilityFigures {
  readonly logLoss: Estimate;
  readonly brier: Estimate;
  /** Expected calibration error over ten bins of equal size. */
  readonly calibrationError: number;
  readonly curve: readonly CalibrationBin[];
}

export interface GeneratorFigures {
  readonly generator: string;
  readonly n: number;
  /** Against all answered reals. */
  readonly auc: number;
  /** Null when it is not known what the detector has seen. */
  readonly seen: boolean | null;
}

export interface Evaluation {
  readonly condition: string;
  readonly n: number;
  readonly reals: number;
  readonly fakes: number;
  readonly sources: { readonly real: number; readonly fake: number };
  /** Some class comes from too few sources to redraw them: intervals and folds are by file, and too narrow. */
  readonly itemwise: boolean;
  readonly coverage: Readonly<Record<ScoreStatus, Rate>>;
  readonly figures: Readonly<Record<keyof CurveSummary, Estimate>>;
  /** Fewer answered reals than it takes to see one false alarm at that rate. */
  readonly tooFewReals: { readonly at1: boolean; readonly at01: boolean };
  readonly accuracy: {
    readonly fixed: { readonly threshold: number; readonly balanced: Estimate };
    /** At thresholds fitted on other sources. */
    readonly calibrated: Estimate;
  };
  /** As the detector states them; null when its scores are no probabilities. */
  readonly stated: ProbabilityFigures | null;
  /** After Platt's curve fitted on other sources, classes counting the same. */
  readonly calibrated: ProbabilityFigures | null;
  readonly det: readonly { readonly fpr: number; readonly fnr: number }[];
  readonly generators: readonly GeneratorFigures[];
  /** Means over generators, each counting once; the gap is seen minus unseen. */
  readonly overGenerators: {
    readonly mean: number;
    readonly seen: number | null;
    readonly unseen: number | null;
    readonly gap: number | null;
  };
}

/** Evaluates rows of one condition. Throws RangeError for rows of several. */
export function evaluate(
  rows: readonly ScoreRow[],
  meta: ScoreMeta,
  options: EvaluateOptions = {},
): Evaluation {
  const conditions = new Set(rows.map((row) => row.condition));
  if (conditions.size > 1) throw new RangeError(`rows of ${[...conditions].join(', ')} at once`);
  const answered = rows.filter(isAnswered);
  const scores = answered.map((row) => row.score);
  const positive = answered.map((row) => row.label === 'fake');
  const items = answered.map((row) => ({ label: row.label, source: sourceOf(row) }));
  const drawn = redraws(items, options);
  const ranking = new Ranking(scores, positive);
  const whole = summarise(ranking);
  const again = drawn.weights.map((weights) => summarise(ranking, weights));
  const figure = (name: keyof CurveSummary) =>
    estimate(
      whole[name],
      again.map((one) => one[name]),
    );
  const folds = foldsBySource(items, 5, options.seed);
  const { probabilities, thresholds } = crossCalibrated(scores, positive, folds);
  const threshold = options.threshold ?? meta.threshold ?? (meta.scale === 'probability' ? 0.5 : 0);
  const accuracy = (right: readonly boolean[]) =>
    estimate(
      balanced(right, positive),
      drawn.weights.map((weights) => balanced(right, positive, weights)),
    );
  const probabilityFigures = (p: readonly number[]): ProbabilityFigures => ({
    logLoss: estimate(
      logLoss(p, positive),
      drawn.weights.map((weights) => logLoss(p, positive, weights)),
    ),
    brier: estimate(
      brierScore(p, positive),
      drawn.weights.map((weights) => brierScore(p, positive, weights)),
    ),
    calibrationError: expectedCalibrationError(p, positive),
    curve: calibrationCurve(p, positive),
  });
  const stated =
    meta.scale === 'probability'
      ? scores
      : meta.scale === 'logit'
        ? scores.map((score) => sigmoid(score))
        : null;
  const reals = positive.filter((p) => !p).length;
  const both = reals > 0 && reals < positive.length;
  const generators = perGenerator(answered, options.seenGenerators ?? meta.seenGenerators);
  return {
    condition: [...conditions][0] ?? 'stored',
    n: rows.length,
    reals: rows.filter((row) => row.label === 'real').length,
    fakes: rows.filter((row) => row.label === 'fake').length,
    sources: {
      real: new Set(rows.filter((row) => row.label === 'real').map(sourceOf)).size,
      fake: new Set(rows.filter((row) => row.label === 'fake').map(sourceOf)).size,
    },
    itemwise: drawn.itemwise || folds.itemwise,
    coverage: coverageOf(rows),
    figures: {
      auc: figure('auc'),
      averagePrecision: figure('averagePrecision'),
      equalErrorRate: figure('equalErrorRate'),
      tprAt1: figure('tprAt1'),
      tprAt01: figure('tprAt01'),
    },
    tooFewReals: { at1: reals < 100, at01: reals < 1000 },
    accuracy: {
      fixed: { threshold, balanced: accuracy(scores.map((score, i) => score >= threshold === positive[i])) },
      calibrated: accuracy(scores.map((score, i) => score >= thresholds[i] === positive[i])),
    },
    stated: stated && stated.length > 0 ? probabilityFigures(stated) : null,
    calibrated: both && probabilities.every(Number.isFinite) ? probabilityFigures(probabilities) : null,
    det: both ? detPoints(ranking) : [],
    generators,
    overGenerators: overGenerators(generators),
  };
}

/** Mean of the share of fakes and the share of reals that were judged right. */
function balanced(
  right: readonly boolean[],
  positive: readonly boolean[],
  weights?: ArrayLike<number>,
): number {
  let [tp, p, tn, n] = [0, 0, 0, 0];
  right.forEach((ok, i) => {
    const w = weights ? weights[i] : 1;
    if (positive[i]) {
      p += w;
      if (ok) tp += w;
    } else {
      n += w;
      if (ok) tn += w;
    }
  });
  return (tp / p + tn / n) / 2;
}

function coverageOf(rows: readonly ScoreRow[]): Record<ScoreStatus, Rate> {
  const rate = (status: ScoreStatus) =>
    wilsonRate({ count: rows.filter((row) => row.status === status).length, n: rows.length });
  return Object.fromEntries(STATUSES.map((status) => [status, rate(status)])) as Record<ScoreStatus, Rate>;
}

function perGenerator(
  answered: readonly (ScoreRow & { readonly score: number })[],
  seen: readonly string[] | undefined,
): GeneratorFigures[] {
  const reals = answered.filter((row) => row.label === 'real').map((row) => row.score);
  const known = seen && new Set(seen);
  return [
    ...grouped(
      answered.filter((row) => row.label === 'fake'),
      generatorOf,
    ),
  ]
    .map(([generator, fakes]) => {
      const scores = [...fakes.map((row) => row.score), ...reals];
      const { auc } = summarise(
        new Ranking(
          scores,
          scores.map((_, i) => i < fakes.length),
        ),
      );
      return { generator, n: fakes.length, auc, seen: known ? known.has(generator) : null };
    })
    .sort((a, b) => (a.generator < b.generator ? -1 : 1));
}

function overGenerators(generators: readonly GeneratorFigures[]): Evaluation['overGenerators'] {
  const mean = (some: readonly GeneratorFigures[]) =>
    some.length ? some.reduce((sum, { auc }) => sum + auc, 0) / some.length : null;
  const seen = mean(generators.filter((one) => one.seen === true));
  const unseen = mean(generators.filter((one) => one.seen === false));
  return {
    mean: mean(generators) ?? Number.NaN,
    seen,
    unseen,
    gap: seen === null || unseen === null ? null : seen - unseen,
  };
}

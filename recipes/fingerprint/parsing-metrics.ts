/** How far estimated constructions are from the true ones: L1 and correlation, accuracy and F1. */
import { CONTINUOUS } from '../../src/core/construction.ts';
import { CLASSES, LOSSES_AT, VECTOR } from '../../src/trace/parsing/vector.ts';

export interface Judged {
  readonly truth: Float32Array;
  readonly estimate: Float32Array;
}

export interface ParsingScores {
  /** Mean absolute error of the normalised continuous values. */
  readonly l1: number;
  /** Correlation of all estimated with all true continuous values. */
  readonly correlation: number;
  /** Mean over the continuous parameters of each one's own correlation. */
  readonly ownCorrelation: number;
  readonly discreteAccuracy: number;
  readonly discreteF1: number;
  readonly lossAccuracy: number;
  /** Mean over bits of the mean of both classes' F1. */
  readonly lossF1: number;
  /** Mean over bits of both classes' F1, weighed by how frequent each class is. */
  readonly lossWeightedF1: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Pearson's; 0 where one side does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((v, i) => {
    ab += (v - ma) * (b[i] - mb);
    aa += (v - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  });
  return aa > 1e-12 && bb > 1e-12 ? ab / Math.sqrt(aa * bb) : 0;
}

/** F1 of every class that occurs in `truth`, with its frequency. */
function f1ByClass(truth: readonly number[], estimate: readonly number[]): { f1: number; share: number }[] {
  return [...new Set(truth)].map((one) => {
    const hits = truth.filter((t, i) => t === one && estimate[i] === one).length;
    const wanted = truth.filter((t) => t === one).length;
    const named = estimate.filter((e) => e === one).length;
    return { f1: (2 * hits) / (wanted + named), share: wanted / truth.length };
  });
}

const best = (row: Float32Array): number => row.indexOf(Math.max(...row));
const agreeing = (truth: readonly number[], estimate: readonly number[]): number =>
  mean(truth.map((t, i) => (t === estimate[i] ? 1 : 0)));

/** Throws RangeError for none. */
export function scoreParsing(judged: readonly Judged[]): ParsingScores {
  if (judged.length === 0) throw new RangeError('nothing to score');
  const places = Array.from({ length: CONTINUOUS.length }, (_, i) => i);
  const flat = (rows: (j: Judged) => Float32Array) => judged.flatMap((j) => places.map((i) => rows(j)[i]));
  const truths = flat((j) => j.truth);
  const values = flat((j) => j.estimate);
  const own = places.map((i) =>
    correlation(
      judged.map((j) => j.truth[i]),
      judged.map((j) => j.estimate[i]),
    ),
  );
  const discrete = Object.values(CLASSES).map(([from, to]) => ({
    truth: judged.map((j) => best(j.truth.subarray(from, to))),
    estimate: judged.map((j) => best(j.estimate.subarray(from, to))),
  }));
  // Bits that no generator has, or that all have, cannot be told; they are left out.
  const bits = Array.from({ length: VECTOR - LOSSES_AT }, (_, i) => LOSSES_AT + i)
    .map((i) => ({
      truth: judged.map((j) => (j.truth[i] > 0.5 ? 1 : 0)),
      estimate: judged.map((j) => (j.estimate[i] > 0.5 ? 1 : 0)),
    }))
    .filter(({ truth }) => new Set(truth).size === 2);
  const f1s = (list: readonly { truth: number[]; estimate: number[] }[]) =>
    list.map(({ truth, estimate }) => f1ByClass(truth, estimate));
  return {
    l1: mean(truths.map((t, i) => Math.abs(t - values[i]))),
    correlation: correlation(truths, values),
    ownCorrelation: mean(own),
    discreteAccuracy: mean(discrete.map(({ truth, estimate }) => agreeing(truth, estimate))),
    discreteF1: mean(f1s(discrete).map((classes) => mean(classes.map(({ f1 }) => f1)))),
    lossAccuracy: mean(bits.map(({ truth, estimate }) => agreeing(truth, estimate))),
    lossF1: mean(f1s(bits).map((classes) => mean(classes.map(({ f1 }) => f1)))),
    lossWeightedF1: mean(f1s(bits).map((classes) => classes.reduce((sum, c) => sum + c.f1 * c.share, 0))),
  };
}

/**
 * Similarities into probabilities, for pictures and voices alike: the few numbers under which the truth is most likely.
 */
import type { Calibration, PairCalibration } from '../../src/trace/calibration.ts';
import type { Source } from '../../src/trace/gallery.ts';

/** One work that was compared with every source. */
export interface Question {
  readonly similarities: readonly number[];
  readonly sources: readonly Source[];
  /** Index into `sources`; -1: a generator that is not among them, -2: what no generator made. */
  readonly truth: number;
}

/** Two works that were compared with each other. */
export interface Pair {
  readonly similarity: number;
  readonly same: boolean;
}

/** Mean negative log-likelihood of the truth, the three kinds of truth weighing alike. */
export function loss(questions: readonly Question[], calibration: Calibration): number {
  const sums = [0, 0, 0];
  const counts = [0, 0, 0];
  const { sharpness, unknown, photographBias } = calibration;
  for (const { similarities, sources, truth } of questions) {
    let photograph = -1;
    let total = Math.exp(unknown);
    let own = 0;
    similarities.forEach((similarity, i) => {
      if (sources[i].kind !== 'generator') photograph = Math.max(photograph, similarity);
      else {
        const weight = Math.exp(sharpness * similarity);
        total += weight;
        if (i === truth) own = weight;
      }
    });
    const photo = Math.exp(sharpness * photograph + photographBias);
    total += photo;
    const kind = truth === -2 ? 0 : truth === -1 ? 1 : 2;
    const weight = kind === 0 ? photo : kind === 1 ? Math.exp(unknown) : own;
    sums[kind] -= Math.log(weight / total + 1e-12);
    counts[kind]++;
  }
  return sums.reduce((s, v, i) => s + v / counts[i] / 3, 0);
}

/** Minimum of `f` by ever smaller steps along each coordinate. */
function descend(
  start: readonly number[],
  steps: readonly number[],
  f: (at: readonly number[]) => number,
): number[] {
  let best = [...start];
  let value = f(best);
  for (let scale = 1; scale > 1e-2; ) {
    let moved = false;
    for (let i = 0; i < best.length; i++) {
      for (const sign of [-1, 1]) {
        const next = best.map((v, j) => (j === i ? v + sign * steps[j] * scale : v));
        const v = f(next);
        if (v < value) [best, value, moved] = [next, v, true];
      }
    }
    if (!moved) scale /= 2;
  }
  return best;
}

/** What makes the truth of `questions` most likely, their three kinds weighing alike. */
export function fitCalibration(questions: readonly Question[]): Calibration {
  const [sharpness, unknown, photographBias] = descend([20, 6, 0], [4, 1, 1], ([s, u, p]) =>
    loss(questions, { sharpness: s, unknown: u, photographBias: p }),
  );
  return { sharpness, unknown, photographBias };
}

/** Logistic regression of "one source" on the similarity. */
export function fitPairs(pairs: readonly Pair[]): PairCalibration {
  const [slope, offset] = descend([8, -2], [2, 0.5], ([a, b]) =>
    pairs.reduce(
      (sum, { similarity, same }) =>
        sum + Math.log1p(Math.exp((same ? -1 : 1) * (a * similarity + b))) / pairs.length,
      0,
    ),
  );
  return { slope, offset };
}

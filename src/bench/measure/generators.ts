/**
 * Generators a detector was fitted on and generators it never met, each side's mean area with an interval that redraws
 * generators and the sources of the reals: a detector is worth what it does with the second.
 */
import { grouped } from '../../core/group.ts';
import { Random } from '../../core/random.ts';
import { generatorOf, isAnswered, type ScoreRow, sourceOf } from '../scores/row.ts';
import { type Estimate, estimate } from './redraw.ts';

export interface GeneratorMean extends Estimate {
  /** Generators in the mean, each counting once. */
  readonly generators: number;
}

export interface SeenAndUnseen {
  /** Null where none of that side was judged, or where it is not known what the detector has seen. */
  readonly seen: GeneratorMean | null;
  readonly unseen: GeneratorMean | null;
}

/** Of rows in one condition. `seen` undefined means unknown. */
export function seenAndUnseen(
  rows: readonly ScoreRow[],
  seen: readonly string[] | undefined,
  { rounds = 1000, seed = 1 } = {},
): SeenAndUnseen {
  if (!seen) return { seen: null, unseen: null };
  const answered = rows.filter(isAnswered);
  const reals = [
    ...grouped(
      answered.filter((row) => row.label === 'real'),
      sourceOf,
    ).values(),
  ].map((members) => members.map((row) => row.score));
  // For each generator and source of reals: how many pairs there are, and how many stand in the right order.
  const generators = [
    ...grouped(
      answered.filter((row) => row.label === 'fake'),
      generatorOf,
    ),
  ].map(([name, fakes]) => ({
    known: seen.includes(name),
    right: reals.map((scores) => pairsInOrder(fakes, scores)),
    pairs: reals.map((scores) => fakes.length * scores.length),
  }));
  const area = ({ right, pairs }: (typeof generators)[number], drawn: ArrayLike<number>) => {
    let [won, of] = [0, 0];
    for (let i = 0; i < right.length; i++) {
      won += drawn[i] * right[i];
      of += drawn[i] * pairs[i];
    }
    return won / of;
  };
  const side = (known: boolean): GeneratorMean | null => {
    const some = generators.filter((one) => one.known === known);
    if (some.length === 0 || reals.length === 0) return null;
    const once = new Float64Array(reals.length).fill(1);
    const random = new Random(seed);
    const value = some.reduce((sum, one) => sum + area(one, once), 0) / some.length;
    const again = Array.from({ length: rounds }, () => {
      const drawn = new Float64Array(reals.length);
      for (let i = 0; i < drawn.length; i++) drawn[random.below(drawn.length)]++;
      let sum = 0;
      for (let i = 0; i < some.length; i++) sum += area(some[random.below(some.length)], drawn);
      return sum / some.length;
    });
    return { ...estimate(value, again), generators: some.length };
  };
  return { seen: side(true), unseen: side(false) };
}

function pairsInOrder(fakes: readonly { readonly score: number }[], reals: readonly number[]): number {
  let won = 0;
  for (const { score } of fakes) {
    for (const real of reals) won += score > real ? 1 : score === real ? 0.5 : 0;
  }
  return won;
}

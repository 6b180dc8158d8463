/**
 * An estimated construction made fit to be shown, once for record, terminal and page: what is no number is left out,
 * and what is known with some confidence is told from what is not.
 */
import {
  CONTINUOUS,
  type ConstructionEstimate,
  type ContinuousName,
  DISCRETE,
  type DiscreteName,
  type Interval,
  LOSS_BITS,
  type LossBit,
} from '../../core/construction.ts';

/** One class of a choice, or one loss, with its probability 0..1. */
export interface Likely<Name extends string> {
  readonly name: Name;
  readonly probability: number;
}

export interface Quantity extends Interval {
  readonly name: ContinuousName;
}

export interface Choice {
  readonly name: DiscreteName;
  /** Every class in the order of `DISCRETE`; together 1. */
  readonly classes: readonly Likely<string>[];
}

/** Below this a class or a loss is not said to be likely. */
const LIKELY = 0.6;
/** A quantity is said only if its interval is no wider than this many times its value. */
const WIDEST = 1.5;

/** The quantities that are numbers, in the order of `CONTINUOUS`. */
export function quantitiesOf({ continuous }: ConstructionEstimate): Quantity[] {
  return CONTINUOUS.map((name) => ({ name, ...continuous[name] })).filter(({ value, lo, hi }) =>
    [value, lo, hi].every(Number.isFinite),
  );
}

/** The choices all of whose probabilities are numbers, in the order of `DISCRETE`. */
export function choicesOf({ discrete }: ConstructionEstimate): Choice[] {
  return (Object.keys(DISCRETE) as DiscreteName[])
    .map((name) => ({
      name,
      classes: DISCRETE[name].map((word, i) => ({ name: word, probability: discrete[name][i] })),
    }))
    .filter(({ classes }) => classes.every(({ probability }) => Number.isFinite(probability)));
}

/** The losses whose probability is a number, in the order of `LOSS_BITS`. */
export function lossesOf({ losses }: ConstructionEstimate): Likely<LossBit>[] {
  return LOSS_BITS.map((name) => ({ name, probability: losses[name] })).filter(({ probability }) =>
    Number.isFinite(probability),
  );
}

export const isLikely = ({ probability }: Likely<string>): boolean => probability >= LIKELY;

/** Whether the interval is narrow enough for the value to mean something. */
export const isClear = ({ value, lo, hi }: Interval): boolean => value >= 1 && hi - lo <= WIDEST * value;

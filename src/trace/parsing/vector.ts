/**
 * A construction as numbers a predictor can be fitted to: nine continuous values on 0..1, then a probability for every
 * class of the six discrete ones, then one for every bit of loss.
 */
import {
  CONTINUOUS,
  type Construction,
  type ContinuousName,
  DISCRETE,
  type DiscreteName,
  LOSS_BITS,
} from '../../core/construction.ts';

/** Least and greatest value of each continuous parameter over all generators, as RED normalises. */
export type Ranges = Readonly<Record<ContinuousName, readonly [least: number, greatest: number]>>;

export const DISCRETE_NAMES = Object.keys(DISCRETE) as DiscreteName[];

/** Where the classes of each discrete parameter lie in a vector: [from, to). */
export const CLASSES: Readonly<Record<DiscreteName, readonly [from: number, to: number]>> = (() => {
  let at: number = CONTINUOUS.length;
  const places = DISCRETE_NAMES.map((name) => {
    const from = at;
    at += DISCRETE[name].length;
    return [name, [from, at] as const] as const;
  });
  return Object.fromEntries(places) as Record<DiscreteName, readonly [number, number]>;
})();

/** Where the bits of loss begin. */
export const LOSSES_AT = Math.max(...Object.values(CLASSES).map(([, to]) => to));
/** Length of a vector. */
export const VECTOR = LOSSES_AT + LOSS_BITS.length;

/** The ranges of a list of constructions. Throws RangeError for none. */
export function rangesOf(constructions: readonly Construction[]): Ranges {
  if (constructions.length === 0) throw new RangeError('no constructions');
  return Object.fromEntries(
    CONTINUOUS.map((name) => {
      const values = constructions.map(({ continuous }) => continuous[name]);
      return [name, [Math.min(...values), Math.max(...values)]];
    }),
  ) as unknown as Ranges;
}

/** [VECTOR] of a construction; what lies outside `ranges` is not clipped. */
export function toVector({ continuous, discrete, losses }: Construction, ranges: Ranges): Float32Array {
  const out = new Float32Array(VECTOR);
  CONTINUOUS.forEach((name, i) => {
    out[i] = normalise(name, continuous[name], ranges);
  });
  for (const name of DISCRETE_NAMES) out[CLASSES[name][0] + discrete[name]] = 1;
  LOSS_BITS.forEach((bit, i) => {
    out[LOSSES_AT + i] = losses[bit] ? 1 : 0;
  });
  return out;
}

/** A continuous value on 0..1, or beyond where it lies outside `ranges`. */
export function normalise(name: ContinuousName, value: number, ranges: Ranges): number {
  const [least, greatest] = ranges[name];
  return (value - least) / Math.max(greatest - least, 1e-9);
}

/** A normalised continuous value in its own unit. */
export function denormalise(name: ContinuousName, value: number, ranges: Ranges): number {
  const [least, greatest] = ranges[name];
  return least + value * (greatest - least);
}

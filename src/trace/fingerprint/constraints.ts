/**
 * What a fingerprint must be, whoever left it: the four constraints of RED (Asnani et al., arXiv:2106.07873, section
 * 3.1), as losses on a fingerprint. Weights are theirs for parsing; the window of low frequencies is a share of the
 * spectrum, because pictures of the zoo are smaller.
 */
import type { Builder, Value } from '../../nn/index.ts';
import { grey } from './network.ts';

/** Frequencies up to this share of the sampling rate are content's. */
const LOW = 6 / 32;

/** 1 inside, 0 outside the window of low frequencies; zero frequency first, [1, 1, side, side]. */
export function lowWindow(side: number): Float32Array {
  const low = (i: number) => Math.min(i, side - i) <= LOW * side;
  return Float32Array.from({ length: side * side }, (_, i) =>
    low(Math.floor(i / side)) && low(i % side) ? 1 : 0,
  );
}

export interface Constraints {
  /** Mean square of the grey fingerprint: it is a faint thing. */
  readonly magnitude: Value;
  /** Mean square of the spectrum inside the low window: content lives there. */
  readonly lowFrequency: Value;
  /** Minus the mean of each picture's strongest frequency outside it: patterns that repeat. */
  readonly repetition: Value;
  /** Mean square of the spectrum less its transpose: generators treat both directions alike. */
  readonly symmetry: Value;
}

/** Of a fingerprint [B, 3, S, S]; every term a scalar. */
export function constraints(b: Builder, fingerprint: Value): Constraints {
  const [, , side] = fingerprint.shape;
  const shade = grey(b, fingerprint);
  const spectrum = b.dftMagnitude(shade);
  const low = b.constant(lowWindow(side), [1, 1, side, side]);
  const high = b.sub(b.scalar(1), low);
  return {
    magnitude: b.mean(b.square(shade)),
    lowFrequency: b.mean(b.square(b.mul(spectrum, low))),
    repetition: b.neg(b.mean(b.maxOver(b.mul(spectrum, high), { axes: [1, 2, 3] }))),
    symmetry: b.mean(b.square(b.sub(spectrum, b.transpose(spectrum, [0, 1, 3, 2])))),
  };
}

const WEIGHTS: Readonly<Record<keyof Constraints, number>> = {
  magnitude: 0.1,
  lowFrequency: 0.05,
  repetition: 0.001,
  symmetry: 1,
};

/** Their weighted sum, a scalar. */
export function constraintLoss(b: Builder, terms: Constraints): Value {
  return (Object.keys(WEIGHTS) as (keyof Constraints)[])
    .map((name) => b.mul(terms[name], WEIGHTS[name]))
    .reduce((sum, term) => b.add(sum, term));
}

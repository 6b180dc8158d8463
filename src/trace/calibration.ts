/** How similarities become probabilities: a few numbers for each kind of thing that is compared, fitted by a recipe. */
import { PAIR_OFFSET, PAIR_SLOPE, PHOTOGRAPH_BIAS, SHARPNESS, UNKNOWN } from './fitted.ts';

/** Of one work against the sources. */
export interface Calibration {
  /** Logit a unit of similarity. */
  readonly sharpness: number;
  /** Logit of "none of them". */
  readonly unknown: number;
  /** Added to the logit of a photograph, or of a recording. */
  readonly photographBias: number;
}

/** Of two works against each other: log-likelihood ratio of one source against two. */
export interface PairCalibration {
  /** A unit of similarity. */
  readonly slope: number;
  readonly offset: number;
}

export const PICTURES: Calibration & { readonly pair: PairCalibration } = {
  sharpness: SHARPNESS,
  unknown: UNKNOWN,
  photographBias: PHOTOGRAPH_BIAS,
  pair: { slope: PAIR_SLOPE, offset: PAIR_OFFSET },
};

/** Log-likelihood ratio of one source against two, from the similarity of two works (fitted on unseen sources). */
export function pairLlr(similarity: number, { slope, offset }: PairCalibration = PICTURES.pair): number {
  return slope * similarity + offset;
}

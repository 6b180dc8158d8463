/** The fitted numbers of the splice detector. Written by `npx tsx recipes/splice/main.ts`; do not edit by hand. */

export interface Calibration {
  /** Logistic weights of the window features, their squares and a constant, by window size. */
  readonly windows: readonly (readonly number[])[];
  /** Log odds above which cells form a region. */
  readonly regionThreshold: number;
  /** Logistic weights of the picture terms and a constant. */
  readonly picture: readonly number[];
  /** Picture score to log-likelihood ratio: knots of a rising piecewise linear curve. */
  readonly curve: readonly (readonly [score: number, llr: number])[];
  /** Picture score from which the detector says `detected`. */
  readonly detectFrom: number;
}

export const CALIBRATION: Calibration | null = null;

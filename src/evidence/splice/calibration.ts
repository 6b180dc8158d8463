/** What is fitted of the splice detector, and how a picture's score becomes a log-likelihood ratio. */

export interface Calibration {
  /** The command that made these numbers, and on what. */
  readonly madeBy: string;
  /** Logistic weights of the window features, their squares and a constant, by window size. */
  readonly windows: readonly (readonly number[])[];
  /** Log odds above which cells form a region. */
  readonly regionThreshold: number;
  /** Logistic weights of the picture terms and a constant. */
  readonly picture: readonly number[];
  readonly curve: Curve;
  /** The same fitted again on re-drawn sources: what the interval is taken from. */
  readonly redrawn: readonly Curve[];
  /** Picture score from which the detector says `detected`. */
  readonly detectFrom: number;
}

/**
 * Only a share of splices leaves traces that can be seen; the others look like untouched pictures:
 * llr(score) = ln(1 - share + share * exp(slope * score + offset)). Saturates below, is linear above.
 */
export interface Curve {
  readonly share: number;
  readonly slope: number;
  readonly offset: number;
}

export const LLR_LEAST = -0.5;
export const LLR_MOST = 4;

/** Natural log-likelihood ratio of a picture score, within LLR_LEAST .. LLR_MOST. */
export function llrOf(score: number, { share, slope, offset }: Curve): number {
  const llr = Math.log(1 - share + share * Math.exp(Math.min(50, slope * score + offset)));
  return Math.max(LLR_LEAST, Math.min(LLR_MOST, llr));
}

/** 90 % interval of the log-likelihood ratio, from the re-drawn curves. */
export function llrInterval(score: number, calibration: Calibration): [number, number] {
  const values = calibration.redrawn.map((curve) => llrOf(score, curve)).sort((a, b) => a - b);
  const at = (q: number) => values[Math.round(q * (values.length - 1))];
  const llr = llrOf(score, calibration.curve);
  return values.length === 0 ? [llr, llr] : [Math.min(llr, at(0.05)), Math.max(llr, at(0.95))];
}

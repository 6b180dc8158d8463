/** How logits of faces become a log-likelihood ratio of a picture or of a person. */

export interface FaceswapCalibration {
  /** The command that made these numbers, and on what. */
  readonly madeBy: string;
  /** llr of one face = offset + slope * logit. */
  readonly slope: number;
  readonly offset: number;
  /** The same fitted on re-drawn sources: [slope, offset] each. */
  readonly redrawn: readonly (readonly [number, number])[];
  /** The llr that one in a hundred authentic faces reaches, sources counting alike: from there on `detected`. */
  readonly detectFrom: number;
}

/**
 * No single look at a face is trusted further than this. Downwards less than upwards: a method that the network never
 * saw may leave nothing that it knows.
 */
export const LLR_LEAST = -1.2;
export const LLR_MOST = 3.5;

const clamp = (llr: number) => Math.max(LLR_LEAST, Math.min(LLR_MOST, llr));

/** Natural log-likelihood ratio that one face was swapped or re-enacted. */
export function llrOf(logit: number, { slope, offset }: FaceswapCalibration): number {
  return clamp(offset + slope * logit);
}

/**
 * Of a picture with several faces one is taken to be the fake, and it is not known which: the likelihood ratio is the
 * mean of the faces' ratios.
 */
export function llrOfAny(llrs: readonly number[]): number {
  if (llrs.length === 0) return 0;
  return Math.log(llrs.reduce((sum, llr) => sum + Math.exp(llr), 0) / llrs.length);
}

/** 90 % interval: what other sources would have calibrated to. */
export function llrInterval(logits: readonly number[], calibration: FaceswapCalibration): [number, number] {
  const of = (slope: number, offset: number) =>
    llrOfAny(logits.map((logit) => clamp(offset + slope * logit)));
  const centre = of(calibration.slope, calibration.offset);
  const spread =
    calibration.redrawn.reduce((sum, [slope, offset]) => sum + (of(slope, offset) - centre) ** 2, 0) /
    Math.max(1, calibration.redrawn.length);
  const half = 1.6449 * Math.sqrt(spread);
  return [clamp(centre - half), clamp(centre + half)];
}

/** How a raw score becomes a log-likelihood ratio, and how sure of it one may be. */

export interface Calibration {
  /** The command that made these numbers, and on what. */
  readonly madeBy: string;
  /** llr = offset + slope * score. */
  readonly slope: number;
  readonly offset: number;
  /** The same fitted on re-drawn sources: [slope, offset] each. */
  readonly redrawn: readonly (readonly [number, number])[];
  /** Standard deviation of the score of one picture over re-shippings. */
  readonly unrest: number;
  /** Scores of authentic pictures not trained on: quantiles at equal steps from 0 to 1, sources counting alike. */
  readonly authentic: readonly number[];
}

/** No single look at pixels is trusted further than this, either way. */
export const LLR_LEAST = -2.5;
export const LLR_MOST = 4;

const clamp = (llr: number) => Math.max(LLR_LEAST, Math.min(LLR_MOST, llr));

/** Natural log-likelihood ratio of generated against photographed, within LLR_LEAST .. LLR_MOST. */
export function llrOf(score: number, { slope, offset }: Calibration): number {
  return clamp(offset + slope * score);
}

/** 90 % interval: what other sources would have calibrated to, and what re-encoding does to a score. */
export function llrInterval(score: number, calibration: Calibration): [number, number] {
  const { slope, offset, redrawn, unrest } = calibration;
  const centre = offset + slope * score;
  const spread =
    redrawn.reduce((sum, [s, o]) => sum + (o + s * score - centre) ** 2, 0) / Math.max(1, redrawn.length);
  const half = 1.6449 * Math.sqrt(spread + (slope * unrest) ** 2);
  return [clamp(centre - half), clamp(centre + half)];
}

/** Share of authentic pictures of unseen sources that score at least as high, 0..1. */
export function falsePositiveRate(score: number, { authentic }: Calibration): number {
  if (authentic.length < 2) return 1;
  const above = authentic.findIndex((q) => q >= score);
  if (above < 0) return 1 / authentic.length / 2;
  if (above === 0) return 1;
  const [low, high] = [authentic[above - 1], authentic[above]];
  const at = above - 1 + (high > low ? (score - low) / (high - low) : 0);
  return Math.max(1 / authentic.length / 2, 1 - at / (authentic.length - 1));
}

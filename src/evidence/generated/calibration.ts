/** How what was seen of a clip becomes a log-likelihood ratio that no camera took it. */

/** Numbers of a clip in the order of the weights. */
export const CLIP_FEATURES = ['synthesis', 'memory'] as const;

export interface GeneratedCalibration {
  /** The command that made these numbers, and on what. */
  readonly madeBy: string;
  /** llr = offset + sum of weight * (feature - mean) / spread, features clipped at three spreads. */
  readonly mean: readonly number[];
  readonly spread: readonly number[];
  readonly weights: readonly number[];
  readonly offset: number;
  /** The same weights and offset, fitted on re-drawn sources. */
  readonly redrawn: readonly (readonly number[])[];
  readonly detectFrom: number;
}

/** Downwards less than upwards: that no model made the whole clip says nothing of the faces in it. */
export const LLR_LEAST = -0.8;
export const LLR_MOST = 3;
const CLIP = 3;

const clamp = (llr: number) => Math.max(LLR_LEAST, Math.min(LLR_MOST, llr));

/** The features in units of their spread, with a constant 1 behind them. */
export function standardised(
  features: readonly number[],
  { mean, spread }: Pick<GeneratedCalibration, 'mean' | 'spread'>,
): number[] {
  return [...features.map((v, i) => Math.max(-CLIP, Math.min(CLIP, (v - mean[i]) / spread[i]))), 1];
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);

export function llrOf(features: readonly number[], calibration: GeneratedCalibration): number {
  return clamp(dot(standardised(features, calibration), [...calibration.weights, calibration.offset]));
}

/** 90 % interval: what other sources would have fitted to. */
export function llrInterval(
  features: readonly number[],
  calibration: GeneratedCalibration,
): [number, number] {
  const z = standardised(features, calibration);
  const centre = dot(z, [...calibration.weights, calibration.offset]);
  const variance =
    calibration.redrawn.reduce((sum, w) => sum + (dot(z, w) - centre) ** 2, 0) /
    Math.max(1, calibration.redrawn.length);
  const half = 1.6449 * Math.sqrt(variance);
  return [clamp(centre - half), clamp(centre + half)];
}

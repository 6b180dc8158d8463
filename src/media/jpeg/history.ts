/**
 * Was this JPEG saved as JPEG before, with another quality? The probability comes from the comb statistics of
 * `comb.ts` and a logistic regression fitted by recipes/jpeg-history.
 */
import { readCoefficients } from './coefficients.ts';
import { type CombFeatures, measureComb } from './comb.ts';
import { COMB_WEIGHTS } from './history-model.ts';
import { type JpegLayout, readLayout } from './layout.ts';

/** Blocks examined at most: the upper part of pictures beyond 2 million pixels. */
const MOST_BLOCKS = 32_768;
/** Only a guard: results must not depend on how busy the machine is. */
const TIMEOUT_MS = 2000;

/** What the regression sees of the comb statistics. */
export function combInputs(comb: CombFeatures): number[] {
  const { gain, freeGain, count, agreement } = comb;
  return [
    Math.log1p(gain),
    Math.log1p(freeGain),
    Math.log1p((1e4 * gain) / count),
    Math.log1p((1e4 * freeGain) / count),
    agreement,
    Math.log(count) - 9,
  ];
}

/**
 * Probability 0..1 that the JPEG `bytes` went through another JPEG compression on the same block grid before its last
 * one, and the likeliest earlier quality (IJG scale) when that is more likely than not. Undefined when the file cannot
 * be examined or is too small or flat to tell. Two savings with the same quality leave no trace and count as one.
 */
export function estimateDoubleCompression(
  bytes: Uint8Array,
  layout: JpegLayout = readLayout(bytes),
): { probability: number; firstQuality?: number } | undefined {
  const found = readCoefficients(
    bytes,
    { lumaOnly: true, maxBlocks: MOST_BLOCKS, timeoutMs: TIMEOUT_MS },
    layout,
  );
  if (found.status !== 'read' || found.coverage < 0.99) return undefined;
  const comb = measureComb(found.components[0]);
  if (!comb) return undefined;
  const score = combInputs(comb).reduce((sum, x, i) => sum + x * COMB_WEIGHTS[i + 1], COMB_WEIGHTS[0]);
  const probability = 1 / (1 + Math.exp(-score));
  return probability > 0.5 && comb.firstQuality > 0
    ? { probability, firstQuality: comb.firstQuality }
    : { probability };
}

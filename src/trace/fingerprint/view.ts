/** The fingerprint as people can look at it: the pattern amplified and repeated, and its spectrum. */
import type { FingerprintView } from '../../core/trace.ts';
import { BLOCK, type Fingerprint } from './estimator.ts';

/** How often the pattern is repeated across and down: what continues over the seams is easier to see. */
const REPEATED = 4;
/** Grey levels a standard deviation of the pattern is shown as. */
const CONTRAST = 40;

export function fingerprintView({ pattern, spectrum }: Fingerprint): FingerprintView {
  const plane = BLOCK * BLOCK;
  const grey = Float32Array.from(
    { length: plane },
    (_, p) => (pattern[p] + pattern[plane + p] + pattern[2 * plane + p]) / 3,
  );
  const power = grey.reduce((sum, v) => sum + v * v, 0) / plane;
  const gain = CONTRAST / Math.sqrt(power + 1e-12);
  const side = BLOCK * REPEATED;
  const data = new Uint8ClampedArray(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    const v = grey[(Math.floor(i / side) % BLOCK) * BLOCK + (i % BLOCK)];
    data.fill(Math.round(128 + gain * v), i * 3, i * 3 + 3);
  }
  return { pattern: { width: side, height: side, data }, spectrum };
}

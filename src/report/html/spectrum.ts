/**
 * Mean power spectra as small pictures, zero frequency in the middle, in the colours of the maps: the logarithm of
 * each, which is mostly the shape of the filter that removed the content, and what sets each apart from the others.
 */
import { base64 } from '../base64.ts';
import { rampColour } from './heat.ts';
import { indexedPng, type Palette } from './png.ts';

const PALETTE: Palette = {
  rgb: Uint8Array.from({ length: 768 }, (_, i) => rampColour(Math.floor(i / 3) / 255)[i % 3]),
  alpha: new Uint8Array(256).fill(255),
};
/** Shares of cells that are as dark, or as bright, as can be. */
const DARKEST = 0.02;
const BRIGHTEST = 0.99;
/** Differences (natural logarithm of power) below this are not worth stretching to the whole ramp. */
const LEAST_RANGE = 0.15;

/**
 * `power` ([side, side], zero frequency first, not negative) as `data:image/png;base64,…`; null when it is not square
 * or holds nothing.
 */
export function spectrumUrl(power: Float64Array): string | null {
  const levels = logarithm(power);
  if (levels === null) return null;
  return picture(levels, quantile(levels, DARKEST), quantile(levels, BRIGHTEST));
}

/**
 * For each of two or more spectra, where it is stronger (bright) or weaker (dark) than their mean, all on one scale;
 * nulls for fewer, or where a spectrum is none or of another size.
 */
export function distinctionUrls(powers: readonly Float64Array[]): (string | null)[] {
  const all = powers.map(logarithm);
  const length = all.find((levels) => levels !== null)?.length ?? 0;
  const usable = all.filter((levels) => levels?.length === length) as Float64Array[];
  if (usable.length < 2) return powers.map(() => null);
  const mean = new Float64Array(length);
  for (const levels of usable) for (let i = 0; i < length; i++) mean[i] += levels[i] / usable.length;
  const apart = all.map((levels) => (levels?.length === length ? levels.map((v, i) => v - mean[i]) : null));
  const strengths = apart.flatMap((levels) => (levels ? [quantile(levels.map(Math.abs), BRIGHTEST)] : []));
  const range = Math.max(LEAST_RANGE, ...strengths);
  return apart.map((levels) => levels && picture(levels, -range, range));
}

/** Natural logarithm, what is no power taken for the least there is; null for what is no spectrum. */
function logarithm(power: Float64Array): Float64Array | null {
  const counts = (v: number) => v > 0 && Number.isFinite(v);
  if (!Number.isInteger(Math.sqrt(power.length)) || !power.some(counts)) return null;
  const least = power.reduce((low, v) => (counts(v) ? Math.min(low, v) : low), Number.POSITIVE_INFINITY);
  return power.map((v) => Math.log(counts(v) ? v : least));
}

function quantile(values: Float64Array, share: number): number {
  return values.toSorted()[Math.round(share * (values.length - 1))];
}

/** `levels` from `low` (dark) to `high` (bright), shifted so that zero frequency is at [side / 2, side / 2]. */
function picture(levels: Float64Array, low: number, high: number): string {
  const side = Math.sqrt(levels.length);
  const half = side >> 1;
  const cells = new Uint8Array(levels.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const level = levels[((y + side - half) % side) * side + ((x + side - half) % side)];
      const shade = high > low ? (level - low) / (high - low) : 0.5;
      cells[y * side + x] = Math.round(255 * Math.min(1, Math.max(0, shade)));
    }
  }
  return `data:image/png;base64,${base64(indexedPng(side, side, cells, PALETTE))}`;
}

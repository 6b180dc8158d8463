/**
 * From quantisation tables to a quality number: the tables of annex K as the Independent JPEG Group's library scales
 * them, and which of its hundred qualities comes nearest to the tables of a file.
 */

/** Annex K, luminance; row-major. */
export const LUMA_BASE: readonly number[] = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/** Annex K, chrominance; row-major. */
export const CHROMA_BASE: readonly number[] = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/** `base` scaled as libjpeg's jpeg_set_quality does for `quality` 1..100 (clamped to baseline's 1..255). */
export function scaledTable(base: readonly number[], quality: number): number[] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return base.map((step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))));
}

const LUMA = Array.from({ length: 100 }, (_, i) => scaledTable(LUMA_BASE, i + 1));
const CHROMA = Array.from({ length: 100 }, (_, i) => scaledTable(CHROMA_BASE, i + 1));

function distance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < 64; i++) sum += Math.abs(Math.min(255, a[i]) - b[i]);
  return sum / 64;
}

/**
 * The quality 1..100 whose IJG tables come nearest to `tables` (by component, luma first), and the mean absolute
 * difference of a step over all tables: 0 means exactly these, more than about 1 another family of tables.
 */
export function fitQuality(tables: readonly (readonly number[])[]): { quality: number; distance: number } {
  let best = { quality: 1, distance: Number.POSITIVE_INFINITY };
  if (tables.length === 0) return { quality: 1, distance: 255 };
  for (let quality = 1; quality <= 100; quality++) {
    let sum = 0;
    tables.forEach((table, i) => {
      sum += distance(table, (i === 0 ? LUMA : CHROMA)[quality - 1]);
    });
    const mean = sum / tables.length;
    if (mean < best.distance) best = { quality, distance: mean };
  }
  return best;
}

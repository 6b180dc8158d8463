/**
 * Statistics of 8x8 cosine blocks: spread, tail weight and zeros of the low and middle frequencies. They describe the
 * content's roughness where JPEG at quality 75 still leaves it alone, and the compression the picture has been through.
 */
import { dct8x8 } from '../dct.ts';
import type { Plane } from '../image.ts';

/** The first 35 AC coefficients in zigzag order, as (u, v). */
const ORDER = zigzag().slice(1, 36);

export const BLOCK_FEATURES = ORDER.length * 3;

function zigzag(): [number, number][] {
  const all: [number, number][] = [];
  for (let v = 0; v < 8; v++) for (let u = 0; u < 8; u++) all.push([u, v]);
  return all.sort((p, q) => {
    const a = p[0] + p[1];
    const b = q[0] + q[1];
    if (a !== b) return a - b;
    return a % 2 === 0 ? p[0] - q[0] : q[0] - p[0];
  });
}

/** Writes {@link BLOCK_FEATURES} numbers to `out` at `at`; at most `limit` blocks on the plane's own grid are read. */
export function blocks(plane: Plane, limit: number, out: Float32Array, at: number): number {
  const columns = Math.floor(plane.width / 8);
  const rows = Math.floor(plane.height / 8);
  const n = ORDER.length;
  const abs = new Float64Array(n);
  const square = new Float64Array(n);
  const zeros = new Float64Array(n);
  const c = new Float64Array(64);
  const stride = Math.max(1, Math.ceil((columns * rows) / limit));
  let count = 0;
  for (let index = 0; index < columns * rows; index += stride) {
    const at0 = Math.floor(index / columns) * 8 * plane.width + (index % columns) * 8;
    dct8x8(plane.data, at0, plane.width, c);
    for (let k = 0; k < n; k++) {
      const value = Math.abs(c[ORDER[k][1] * 8 + ORDER[k][0]]);
      abs[k] += value;
      square[k] += value * value;
      if (value < 1) zeros[k]++;
    }
    count++;
  }
  for (let k = 0; k < n; k++) {
    const sd = Math.sqrt(square[k] / count);
    out[at + k] = Math.log(sd + 0.1);
    out[at + n + k] = Math.log((abs[k] / count + 0.05) / (sd + 0.05));
    out[at + 2 * n + k] = zeros[k] / count;
  }
  return at + 3 * n;
}

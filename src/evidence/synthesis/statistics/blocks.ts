/**
 * Statistics of 8x8 cosine blocks: spread, tail weight and zeros of the low and middle frequencies. They describe the
 * content's roughness where JPEG at quality 75 still leaves it alone, and the compression the picture has been through.
 */
import type { Plane } from '../../../core/image.ts';

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

const COS = Float32Array.from({ length: 64 }, (_, i) => {
  const k = Math.floor(i / 8);
  const x = i % 8;
  return (k === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * k * Math.PI) / 16);
});

/** Orthonormal 8x8 DCT of the block at (x0, y0), into `out` (row v, column u). */
function transform(plane: Plane, x0: number, y0: number, tmp: Float32Array, out: Float32Array): void {
  const { width, data } = plane;
  for (let y = 0; y < 8; y++) {
    const row = (y0 + y) * width + x0;
    for (let u = 0; u < 8; u++) {
      let s = 0;
      for (let x = 0; x < 8; x++) s += COS[u * 8 + x] * data[row + x];
      tmp[y * 8 + u] = s;
    }
  }
  for (let v = 0; v < 8; v++) {
    for (let u = 0; u < 8; u++) {
      let s = 0;
      for (let y = 0; y < 8; y++) s += COS[v * 8 + y] * tmp[y * 8 + u];
      out[v * 8 + u] = s;
    }
  }
}

/** Writes {@link BLOCK_FEATURES} numbers to `out` at `at`; at most `limit` blocks on the plane's own grid are read. */
export function blocks(plane: Plane, limit: number, out: Float32Array, at: number): number {
  const columns = Math.floor(plane.width / 8);
  const rows = Math.floor(plane.height / 8);
  const n = ORDER.length;
  const abs = new Float64Array(n);
  const square = new Float64Array(n);
  const zeros = new Float64Array(n);
  const tmp = new Float32Array(64);
  const c = new Float32Array(64);
  const stride = Math.max(1, Math.ceil((columns * rows) / limit));
  let count = 0;
  for (let index = 0; index < columns * rows; index += stride) {
    transform(plane, (index % columns) * 8, Math.floor(index / columns) * 8, tmp, c);
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

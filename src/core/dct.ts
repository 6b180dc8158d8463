/**
 * The 8x8 discrete cosine transform of JPEG (orthonormal DCT-II, so that DC is eight times the mean), whole or only
 * its sixteen lowest frequencies. The half that JPEG forensics needs most costs a third of the whole.
 */

const C = Array.from({ length: 8 }, (_, k) => Math.cos((k * Math.PI) / 16));
const ROOT8 = Math.SQRT1_2 / 2;
const [, C1, C2, C3, C4, C5, C6, C7] = C;

/** One-dimensional 8-point DCT-II of `from[at + i * step]`, written to `to[out + u * outStep]`. */
function dct8(
  from: Float32Array | Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  out: number,
  outStep: number,
): void {
  const a = from[at];
  const b = from[at + step];
  const c = from[at + 2 * step];
  const d = from[at + 3 * step];
  const e = from[at + 4 * step];
  const f = from[at + 5 * step];
  const g = from[at + 6 * step];
  const h = from[at + 7 * step];
  const s0 = a + h;
  const s1 = b + g;
  const s2 = c + f;
  const s3 = d + e;
  const d0 = a - h;
  const d1 = b - g;
  const d2 = c - f;
  const d3 = d - e;
  to[out] = (s0 + s1 + s2 + s3) * ROOT8;
  to[out + outStep] = 0.5 * (C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3);
  to[out + 2 * outStep] = 0.5 * (C2 * (s0 - s3) + C6 * (s1 - s2));
  to[out + 3 * outStep] = 0.5 * (C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3);
  to[out + 4 * outStep] = 0.5 * C4 * (s0 - s1 - s2 + s3);
  to[out + 5 * outStep] = 0.5 * (C5 * d0 - C1 * d1 + C7 * d2 + C3 * d3);
  to[out + 6 * outStep] = 0.5 * (C6 * (s0 - s3) - C2 * (s1 - s2));
  to[out + 7 * outStep] = 0.5 * (C7 * d0 - C5 * d1 + C3 * d2 - C1 * d3);
}

const rows = new Float64Array(64);

/**
 * DCT of the 8x8 block of `plane` whose top left sample is `plane[at]`, rows `stride` apart.
 * `out` receives 64 coefficients in natural order: `out[v * 8 + u]`, u horizontal.
 */
export function dct8x8(plane: Float32Array, at: number, stride: number, out: Float64Array): void {
  for (let y = 0; y < 8; y++) dct8(plane, at + y * stride, 1, rows, y * 8, 1);
  for (let u = 0; u < 8; u++) dct8(rows, u, 8, out, u, 8);
}

const lowRows = new Float64Array(32);

/** As `dct8x8`, only the 4x4 lowest frequencies: `out[v * 4 + u]`, 16 coefficients. */
export function dct8x8Low(plane: Float32Array, at: number, stride: number, out: Float64Array): void {
  for (let y = 0, p = at, o = 0; y < 8; y++, p += stride, o += 4) {
    const a = plane[p];
    const b = plane[p + 1];
    const c = plane[p + 2];
    const d = plane[p + 3];
    const e = plane[p + 4];
    const f = plane[p + 5];
    const g = plane[p + 6];
    const h = plane[p + 7];
    const s0 = a + h;
    const s1 = b + g;
    const s2 = c + f;
    const s3 = d + e;
    const d0 = a - h;
    const d1 = b - g;
    const d2 = c - f;
    const d3 = d - e;
    lowRows[o] = (s0 + s1 + s2 + s3) * ROOT8;
    lowRows[o + 1] = 0.5 * (C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3);
    lowRows[o + 2] = 0.5 * (C2 * (s0 - s3) + C6 * (s1 - s2));
    lowRows[o + 3] = 0.5 * (C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3);
  }
  for (let u = 0; u < 4; u++) {
    const s0 = lowRows[u] + lowRows[28 + u];
    const s1 = lowRows[4 + u] + lowRows[24 + u];
    const s2 = lowRows[8 + u] + lowRows[20 + u];
    const s3 = lowRows[12 + u] + lowRows[16 + u];
    const d0 = lowRows[u] - lowRows[28 + u];
    const d1 = lowRows[4 + u] - lowRows[24 + u];
    const d2 = lowRows[8 + u] - lowRows[20 + u];
    const d3 = lowRows[12 + u] - lowRows[16 + u];
    out[u] = (s0 + s1 + s2 + s3) * ROOT8;
    out[4 + u] = 0.5 * (C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3);
    out[8 + u] = 0.5 * (C2 * (s0 - s3) + C6 * (s1 - s2));
    out[12 + u] = 0.5 * (C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3);
  }
}

/** Inverse of `dct8x8`: 64 coefficients in natural order back to 64 samples in row-major order. */
export function idct8x8(coefficients: Float64Array, out: Float64Array): void {
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      let sum = coefficients[v * 8] * ROOT8;
      for (let u = 1; u < 8; u++) sum += 0.5 * coefficients[v * 8 + u] * BASIS[x * 8 + u];
      rows[v * 8 + x] = sum;
    }
  }
  for (let x = 0; x < 8; x++) {
    for (let y = 0; y < 8; y++) {
      let sum = rows[x] * ROOT8;
      for (let v = 1; v < 8; v++) sum += 0.5 * rows[v * 8 + x] * BASIS[y * 8 + v];
      out[y * 8 + x] = sum;
    }
  }
}

/** cos((2x + 1) u pi / 16) at `[x * 8 + u]`. */
const BASIS = Float64Array.from({ length: 64 }, (_, i) =>
  Math.cos(((2 * (i >> 3) + 1) * (i & 7) * Math.PI) / 16),
);

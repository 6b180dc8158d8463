/**
 * A periodic tile as the sum of its waves. Only waves of low order are used, so transforms are sums over few orders,
 * separable, for any tile size: a tile of 128 units may be drawn 345 pixels wide without resampling.
 */

/** Highest order, in periods a tile, along either axis. */
export const ORDER = 28;
const WIDE = 2 * ORDER + 1;

/** Complex amplitudes of all waves: at `((ky + ORDER) * WIDE + kx + ORDER) * 2`. */
export type Waves = Float64Array;

export function noWaves(): Waves {
  return new Float64Array(WIDE * WIDE * 2);
}

/** Place of wave (kx, ky) in `Waves`. */
export function waveAt(kx: number, ky: number): number {
  return ((ky + ORDER) * WIDE + kx + ORDER) * 2;
}

function tables(n: number): { cos: Float64Array; sin: Float64Array } {
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    cos[i] = Math.cos((2 * Math.PI * i) / n);
    sin[i] = Math.sin((2 * Math.PI * i) / n);
  }
  return { cos, sin };
}

/**
 * Real part of the sum of all waves, over one tile of `n` by `n` samples: `sum amplitude * exp(2 pi i (kx x + ky y) / n)`.
 * Waves of the half plane ky >= 0 are enough; both halves add up.
 */
export function synthesise(waves: Waves, n: number): Float32Array {
  const { cos, sin } = tables(n);
  const out = new Float32Array(n * n);
  const columns = new Float64Array(WIDE * 2);
  for (let y = 0; y < n; y++) {
    columns.fill(0);
    for (let ky = -ORDER; ky <= ORDER; ky++) {
      const p = (((ky * y) % n) + n) % n;
      const c = cos[p];
      const s = sin[p];
      const row = (ky + ORDER) * WIDE * 2;
      for (let i = 0; i < WIDE * 2; i += 2) {
        const re = waves[row + i];
        const im = waves[row + i + 1];
        columns[i] += re * c - im * s;
        columns[i + 1] += re * s + im * c;
      }
    }
    // Of a real sum, the waves kx and -kx are one cosine and one sine.
    for (let kx = 0; kx <= ORDER; kx++) {
      const here = (ORDER + kx) * 2;
      const there = (ORDER - kx) * 2;
      const re = columns[here] + (kx > 0 ? columns[there] : 0);
      const im = columns[here + 1] - (kx > 0 ? columns[there + 1] : 0);
      if (re !== 0 || im !== 0) wave(out, y * n, re, im, kx, cos, sin);
    }
  }
  return out;
}

/** Adds `re cos - im sin` of order `kx` to the line of `out` that begins at `first`. */
function wave(
  out: Float32Array,
  first: number,
  re: number,
  im: number,
  kx: number,
  cos: Float64Array,
  sin: Float64Array,
): void {
  const n = cos.length;
  const step = kx % n;
  for (let x = 0, p = 0; x < n; x++) {
    out[first + x] += re * cos[p] - im * sin[p];
    p += step;
    if (p >= n) p -= n;
  }
}

/** Amplitudes of the waves with ky >= 0 in a tile of `n` by `n` samples: `mean of tile * exp(-2 pi i (kx x + ky y) / n)`. */
export function analyse(tile: Float32Array, n: number): Waves {
  const { cos, sin } = tables(n);
  const rows = new Float64Array(n * WIDE * 2);
  for (let y = 0; y < n; y++) {
    for (let kx = -ORDER; kx <= ORDER; kx++) {
      let re = 0;
      let im = 0;
      let p = 0;
      const step = ((kx % n) + n) % n;
      for (let x = 0, at = y * n; x < n; x++, at++) {
        re += tile[at] * cos[p];
        im -= tile[at] * sin[p];
        p += step;
        if (p >= n) p -= n;
      }
      rows[(y * WIDE + kx + ORDER) * 2] = re;
      rows[(y * WIDE + kx + ORDER) * 2 + 1] = im;
    }
  }
  const out = noWaves();
  const scale = 1 / (n * n);
  for (let ky = 0; ky <= ORDER; ky++) {
    for (let y = 0; y < n; y++) {
      const p = (ky * y) % n;
      const c = cos[p] * scale;
      const s = sin[p] * scale;
      const from = y * WIDE * 2;
      const to = (ky + ORDER) * WIDE * 2;
      for (let i = 0; i < WIDE * 2; i += 2) {
        out[to + i] += rows[from + i] * c + rows[from + i + 1] * s;
        out[to + i + 1] += rows[from + i + 1] * c - rows[from + i] * s;
      }
    }
  }
  return out;
}

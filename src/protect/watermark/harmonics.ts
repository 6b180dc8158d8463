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

/** Cosine and sine of every n-th of a turn. */
interface Turn {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

function tables(n: number): Turn {
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
  const turn = tables(n);
  const orders = ordersIn(waves);
  const out = new Float32Array(n * n);
  const columns = new Float64Array(WIDE * 2);
  const even = new Float64Array(n);
  const odd = new Float64Array(n);
  for (let y = 0; y < n; y++) {
    columns.fill(0);
    for (const ky of orders) addRow(waves, ky, (((ky * y) % n) + n) % n, turn, columns);
    even.fill(0);
    odd.fill(0);
    for (let kx = 0; kx <= ORDER; kx++) addWave(columns, kx, turn, even, odd);
    // A cosine is the same on both sides of the line's beginning, a sine the opposite.
    for (let x = 0, at = y * n; x < n; x++)
      out[at + x] = x > n - x ? even[n - x] - odd[n - x] : even[x] + odd[x];
  }
  return out;
}

/** Orders ky of which there are waves. */
function ordersIn(waves: Waves): number[] {
  const row = (ky: number) => waves.subarray(waveAt(-ORDER, ky), waveAt(-ORDER, ky) + WIDE * 2);
  return Array.from({ length: WIDE }, (_, i) => i - ORDER).filter((ky) =>
    row(ky).some((value) => value !== 0),
  );
}

/** Adds the waves of order `ky`, turned by `phase` n-ths, to those of the line. */
function addRow(waves: Waves, ky: number, phase: number, { cos, sin }: Turn, columns: Float64Array): void {
  const c = cos[phase];
  const s = sin[phase];
  const row = waveAt(-ORDER, ky);
  for (let i = 0; i < WIDE * 2; i += 2) {
    const re = waves[row + i];
    const im = waves[row + i + 1];
    columns[i] += re * c - im * s;
    columns[i + 1] += re * s + im * c;
  }
}

/** Adds the cosine and the sine of order `kx` of the line, over its first half. */
function addWave(
  columns: Float64Array,
  kx: number,
  { cos, sin }: Turn,
  even: Float64Array,
  odd: Float64Array,
): void {
  const n = cos.length;
  const here = (ORDER + kx) * 2;
  const there = (ORDER - kx) * 2;
  // Of a real sum, the waves kx and -kx are one cosine and one sine.
  const re = columns[here] + (kx > 0 ? columns[there] : 0);
  const im = columns[here + 1] - (kx > 0 ? columns[there + 1] : 0);
  if (re === 0 && im === 0) return;
  const step = kx % n;
  for (let x = 0, p = 0; x <= n >> 1; x++) {
    even[x] += re * cos[p];
    odd[x] -= im * sin[p];
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

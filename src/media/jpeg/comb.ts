/**
 * Traces of an earlier JPEG compression in the coefficients of the last one. Quantising with step q1 and again with
 * q2 leaves some values of the second too often and others too seldom: a comb whose period depends on q1/q2.
 *
 * After Fridrich and Lukas, "Estimation of Primary Quantization Matrix in Double Compressed JPEG Images" (DFRWS 2003):
 * the distribution before any quantisation is estimated by decoding the picture, shifting it by half a block and
 * transforming it again, which forgets the block grid; from it the histogram is predicted for a single compression
 * and for each possible first one, and the predictions are compared by likelihood. Only what lies on the same grid is
 * seen: a picture that was cropped by other than multiples of 8, or resized, in between looks singly compressed.
 */
import { Random } from '../../core/random.ts';
import type { CoefficientPlane } from './coefficients.ts';
import { ZIGZAG } from './layout.ts';
import { LUMA_BASE, scaledTable } from './quality.ts';

/** Row-major positions of the AC frequencies looked at: the fifteen lowest. */
export const FREQUENCIES = Array.from(ZIGZAG.subarray(1, 16));
/** Largest quantised magnitude looked at. */
const MOST = 48;
/** Blocks sampled for the distribution before quantisation. */
export const SAMPLES = 2000;
/** Most blocks counted; of larger pictures every n-th. */
const BLOCKS = 12_000;
/** Largest first step tried when every frequency chooses its own. */
const MOST_FREE = 40;
/** Fewest nonzero coefficients of a frequency for it to count. */
const FEWEST = 60;
/** Standard deviation of rounding to 8-bit pixels and back, in DCT units. */
const ROUNDING = 0.4;
/** Share of blocks that may follow the single-compression prediction all the same (clipped, edited). */
const STRAY = 0.03;
/** Qualities tried for the first compression. */
const FIRST_QUALITIES = Array.from({ length: 70 }, (_, i) => 30 + i);

/** cos((2x+1) u pi / 16), orthonormal: BASIS[8 * u + x]. */
export const BASIS = Float64Array.from({ length: 64 }, (_, i) => {
  const u = i >> 3;
  const x = i & 7;
  return (u === 0 ? Math.sqrt(1 / 8) : 0.5) * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

export interface CombFeatures {
  /** Log-likelihood (nats) of the best first quality above that of a single compression; at least 0. */
  readonly gain: number;
  /** The same with every frequency free to choose its own first step. */
  readonly freeGain: number;
  /** Nonzero coefficients that were weighed. */
  readonly count: number;
  /** Share of the weighed frequencies that speak for the best first quality. */
  readonly agreement: number;
  readonly firstQuality: number;
}

/**
 * Inverse DCT of block `at` of `plane` into `out` at `to`, rows `stride` apart; values around 0, not rounded. `row` is room
 * for 64 numbers. The sums are taken in the order of the frequencies, whatever is zero left out.
 */
function inverse(
  plane: CoefficientPlane,
  at: number,
  out: Float64Array,
  to: number,
  stride: number,
  row: Float64Array,
): void {
  const { coefficients, quantisation } = plane;
  let rows = 0;
  for (let v = 0; v < 8; v++) {
    let r0 = 0;
    let r1 = 0;
    let r2 = 0;
    let r3 = 0;
    let r4 = 0;
    let r5 = 0;
    let r6 = 0;
    let r7 = 0;
    for (let u = 0; u < 8; u++) {
      const c = coefficients[at + 8 * v + u];
      if (c === 0) continue;
      rows = v + 1;
      const value = c * quantisation[8 * v + u];
      const wave = 8 * u;
      r0 += value * BASIS[wave];
      r1 += value * BASIS[wave + 1];
      r2 += value * BASIS[wave + 2];
      r3 += value * BASIS[wave + 3];
      r4 += value * BASIS[wave + 4];
      r5 += value * BASIS[wave + 5];
      r6 += value * BASIS[wave + 6];
      r7 += value * BASIS[wave + 7];
    }
    const line = 8 * v;
    row[line] = r0;
    row[line + 1] = r1;
    row[line + 2] = r2;
    row[line + 3] = r3;
    row[line + 4] = r4;
    row[line + 5] = r5;
    row[line + 6] = r6;
    row[line + 7] = r7;
  }
  for (let x = 0; x < 8; x++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    for (let v = 0; v < rows; v++) {
      const value = row[8 * v + x];
      const wave = 8 * v;
      s0 += value * BASIS[wave];
      s1 += value * BASIS[wave + 1];
      s2 += value * BASIS[wave + 2];
      s3 += value * BASIS[wave + 3];
      s4 += value * BASIS[wave + 4];
      s5 += value * BASIS[wave + 5];
      s6 += value * BASIS[wave + 6];
      s7 += value * BASIS[wave + 7];
    }
    const at0 = to + x;
    out[at0] = s0;
    out[at0 + stride] = s1;
    out[at0 + 2 * stride] = s2;
    out[at0 + 3 * stride] = s3;
    out[at0 + 4 * stride] = s4;
    out[at0 + 5 * stride] = s5;
    out[at0 + 6 * stride] = s6;
    out[at0 + 7 * stride] = s7;
  }
}

/** Sum of the eight numbers of `values` from `at` on times the wave of frequency `u`. */
function along(values: Float64Array, at: number, u: number): number {
  const wave = 8 * u;
  return (
    values[at] * BASIS[wave] +
    values[at + 1] * BASIS[wave + 1] +
    values[at + 2] * BASIS[wave + 2] +
    values[at + 3] * BASIS[wave + 3] +
    values[at + 4] * BASIS[wave + 4] +
    values[at + 5] * BASIS[wave + 5] +
    values[at + 6] * BASIS[wave + 6] +
    values[at + 7] * BASIS[wave + 7]
  );
}

/** Magnitudes of the looked-at frequencies in blocks shifted by (4, 4), from randomly chosen strips; per frequency. */
export function shiftedMagnitudes(plane: CoefficientPlane): Float64Array[] {
  const { blocksWide, blocksHigh } = plane;
  const random = new Random(20030806);
  const run = Math.min(blocksWide, 24);
  const strips = Math.max(
    1,
    Math.min(Math.ceil(SAMPLES / Math.max(1, run - 1)), (blocksHigh - 1) * Math.ceil(blocksWide / run)),
  );
  const samples = strips * (run - 1);
  const out = FREQUENCIES.map(() => new Float64Array(samples));
  const stride = 8 * run;
  const strip = new Float64Array(16 * stride);
  const row = new Float64Array(64);
  const half = new Float64Array(64);
  let n = 0;
  for (let s = 0; s < strips; s++) {
    const left = random.below(blocksWide - run + 1);
    const top = random.below(blocksHigh - 1);
    for (let r = 0; r < 2; r++) {
      for (let b = 0; b < run; b++) {
        inverse(plane, ((top + r) * blocksWide + left + b) * 64, strip, 8 * r * stride + 8 * b, stride, row);
      }
    }
    for (let b = 0; b + 1 < run; b++, n++) {
      // Rows first, only as many horizontal frequencies as the looked-at ones need (0..5).
      for (let y = 0; y < 8; y++) {
        const at = (y + 4) * stride + 8 * b + 4;
        for (let u = 0; u < 6; u++) half[8 * u + y] = along(strip, at, u);
      }
      for (let i = 0; i < FREQUENCIES.length; i++) {
        const f = FREQUENCIES[i];
        out[i][n] = Math.abs(along(half, 8 * (f & 7), f >> 3));
      }
    }
  }
  return out;
}

/** A smooth distribution function of magnitudes at the integers 0 .. size - 1, by a box kernel that widens outward. */
function smoothCdf(magnitudes: Float64Array, size: number): Float64Array {
  const below = new Float64Array(size + 1);
  for (const m of magnitudes) below[Math.min(size, Math.floor(m) + 1)]++;
  for (let i = 1; i <= size; i++) below[i] += below[i - 1];
  const counted = (x: number): number => {
    if (x < 0) return -counted(-x);
    const clipped = Math.min(x, size);
    const i = Math.floor(clipped);
    return i >= size ? below[size] : below[i] + (clipped - i) * (below[i + 1] - below[i]);
  };
  const cdf = new Float64Array(size);
  for (let i = 1; i < size; i++) {
    const middle = i - 0.5;
    const width = 1 + 0.2 * middle;
    const density = (counted(middle + width) - counted(middle - width)) / (2 * width);
    cdf[i] = cdf[i - 1] + density + 1e-4;
  }
  return cdf;
}

/** Error function, Abramowitz and Stegun 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const y = 1 - poly * Math.exp(-x * x);
  return x < 0 ? -y : y;
}

/** One frequency: what was observed, and the prediction for any first step. */
class FrequencyModel {
  readonly count: number;
  readonly #cdf: Float64Array;
  readonly #step: number;
  readonly #single: Float64Array;
  readonly #most: number;
  readonly #memo = new Map<number, number>();

  constructor(
    step: number,
    readonly observed: Float64Array,
    magnitudes: Float64Array,
  ) {
    this.#step = step;
    let count = 0;
    let most = 1;
    for (let m = 1; m <= MOST; m++) {
      count += observed[m];
      if (observed[m] > 0) most = m;
    }
    this.count = count;
    this.#most = most;
    this.#cdf = smoothCdf(magnitudes, Math.min(4096, Math.ceil((most + 2) * this.#step) + 130));
    this.#single = new Float64Array(most + 1);
    for (let v = 1; v <= most; v++) {
      this.#single[v] = Math.max(1e-12, this.#mass((v - 0.5) * this.#step, (v + 0.5) * this.#step));
    }
    normalise(this.#single);
  }

  #at(x: number): number {
    const cdf = this.#cdf;
    if (x >= cdf.length - 1) return cdf[cdf.length - 1];
    const i = Math.floor(x);
    return cdf[i] + (x - i) * (cdf[i + 1] - cdf[i]);
  }

  #mass(from: number, to: number): number {
    return this.#at(Math.max(0, to)) - this.#at(Math.max(0, from));
  }

  get step(): number {
    return this.#step;
  }

  /** Log-likelihood of the observed histogram for a first step `first`, above that of a single compression. */
  gain(first: number): number {
    const known = this.#memo.get(first);
    if (known !== undefined) return known;
    const most = this.#most;
    const step = this.#step;
    const twice = new Float64Array(most + 1);
    const last = Math.ceil(((most + 1) * step) / first);
    for (let m = 0; m <= last; m++) {
      const mass = this.#mass((m - 0.5) * first, (m + 0.5) * first);
      const centre = m * first;
      // Rounding spreads the value; only a boundary between two steps nearby can split it.
      const low = Math.round((centre - 1.2) / step);
      const high = Math.round((centre + 1.2) / step);
      if (low === high) {
        if (low >= 1 && low <= most) twice[low] += mass;
        continue;
      }
      let below = 0;
      for (let v = low; v <= high; v++) {
        const upTo = v === high ? 1 : 0.5 + 0.5 * erf(((v + 0.5) * step - centre) / (ROUNDING * Math.SQRT2));
        if (v >= 1 && v <= most) twice[v] += mass * (upTo - below);
        below = upTo;
      }
    }
    normalise(twice);
    let sum = 0;
    for (let v = 1; v <= most; v++) {
      if (this.observed[v] === 0) continue;
      const ratio = (1 - STRAY) * (twice[v] / this.#single[v]) + STRAY;
      sum += this.observed[v] * Math.log(ratio);
    }
    this.#memo.set(first, sum);
    return sum;
  }
}

function normalise(weights: Float64Array): void {
  let sum = 0;
  for (const w of weights) sum += w;
  if (sum > 0) for (let i = 0; i < weights.length; i++) weights[i] /= sum;
}

/** Histograms of the magnitudes 1 .. MOST (larger ones are left out), by frequency. */
function histograms(plane: CoefficientPlane): Float64Array[] {
  const { coefficients, blocksWide, blocksHigh } = plane;
  const out = FREQUENCIES.map(() => new Float64Array(MOST + 1));
  const every = Math.max(1, Math.ceil((blocksWide * blocksHigh) / BLOCKS));
  for (let at = 0; at < coefficients.length; at += 64 * every) {
    for (let i = 0; i < FREQUENCIES.length; i++) {
      const m = Math.abs(coefficients[at + FREQUENCIES[i]]);
      if (m > 0 && m <= MOST) out[i][m]++;
    }
  }
  return out;
}

/** The traces in one plane (luma); undefined when it holds too little to say anything. */
export function measureComb(plane: CoefficientPlane): CombFeatures | undefined {
  if (plane.blocksWide < 3 || plane.blocksHigh < 3 || plane.quantisation.length !== 64) return undefined;
  const observed = histograms(plane);
  if (observed.filter((h) => h.reduce((a, b) => a + b, 0) >= FEWEST).length < 3) return undefined;
  const magnitudes = shiftedMagnitudes(plane);
  const models: { frequency: number; model: FrequencyModel }[] = [];
  FREQUENCIES.forEach((frequency, i) => {
    const model = new FrequencyModel(plane.quantisation[frequency], observed[i], magnitudes[i]);
    if (model.count >= FEWEST) models.push({ frequency, model });
  });
  let best = { gain: 0, quality: 0 };
  for (const quality of FIRST_QUALITIES) {
    const table = FIRST_TABLES[quality];
    let gain = 0;
    for (const { frequency, model } of models) gain += model.gain(table[frequency]);
    if (gain > best.gain) best = { gain, quality };
  }
  let freeGain = 0;
  let count = 0;
  let agreeing = 0;
  for (const { frequency, model } of models) {
    count += model.count;
    let most = 0;
    for (let first = 1; first <= MOST_FREE; first++)
      if (first !== model.step) most = Math.max(most, model.gain(first));
    freeGain += most;
    if (best.quality > 0 && model.gain(FIRST_TABLES[best.quality][frequency]) > 0) agreeing++;
  }
  return {
    gain: best.gain,
    freeGain,
    count,
    agreement: agreeing / models.length,
    firstQuality: best.quality,
  };
}

const FIRST_TABLES: Readonly<Record<number, readonly number[]>> = Object.fromEntries(
  FIRST_QUALITIES.map((quality) => [quality, scaledTable(LUMA_BASE, quality)]),
);

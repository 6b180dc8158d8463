/**
 * Is one part noisier, or smoother, than the rest of the picture lets expect? Each cell gives a robust noise level
 * (median absolute value of a diagonal high-pass, as Mahdian and Saic, "Using noise inconsistencies for blind image
 * forensics", 2009), its brightness and its coarser texture. What noise to expect at a brightness and texture is
 * fitted over the picture itself (the noise-level function of Lyu, Pan, Zhang, "Exposing region splicing forgeries
 * with blind local noise estimation", IJCV 2014), robustly; what is left is counted in robust standard units.
 */
import { type Cells, cellColumn, cellRow, type Strip } from './strips.ts';

const BINS = 96;
const BIN_PER_LEVEL = 4;
/** Median of |normal| with the gain of the filter below (0.5 on four samples keeps sigma). */
const MEDIAN_TO_SIGMA = 1 / 0.6745;
const SIGMA_FLOOR = 0.15;
/** Above this a "noise" level is texture. */
const TOO_TEXTURED = 14;
const DARK = 8;
const BRIGHT = 247;

/** What is measured in each cell; `NaN` where there was nothing to measure. */
export interface CellFacts {
  /** Noise standard deviation in grey levels. */
  readonly sigma: Float32Array;
  /** Mean luma 0..255. */
  readonly mean: Float32Array;
  /** Mean absolute difference over three pixels, grey levels. */
  readonly texture: Float32Array;
  /** Share of pixels darker than 8 or brighter than 247. */
  readonly clipped: Float32Array;
}

export interface NoiseResidual {
  /** Robust standard units above (noisier) or below (smoother) what is expected; NaN where the cell is not judged. */
  readonly z: Float32Array;
  /** Median noise level of the picture, grey levels. */
  readonly level: number;
}

/** Sums over cells from which `cellFacts` are made. */
export interface FactSums {
  readonly histogram: Uint16Array;
  readonly sums: Float32Array;
}

export function emptyFacts(cells: Cells): FactSums {
  const n = cells.cols * cells.rows;
  return { histogram: new Uint16Array(n * BINS), sums: new Float32Array(n * 4) };
}

/** Adds every second pixel in each direction of a strip. */
export function collectFacts(strip: Strip, cells: Cells, facts: FactSums): void {
  const { width, height, data } = strip.plane;
  const { clipped } = strip;
  const { histogram, sums } = facts;
  const columns = new Int32Array(width);
  for (let x = 0; x < width; x++) columns[x] = cellColumn(cells, x);
  const last = Math.min(strip.rows, height - 3);
  for (let y = 0; y < last; y += 2) {
    const base = cellRow(cells, strip.y + y) * cells.cols;
    for (let x = y & 2 ? 1 : 0, p = y * width + x; x < width - 3; x += 2, p += 2) {
      const v = data[p];
      const cell = base + columns[x];
      const h = 0.5 * (v - data[p + 1] - data[p + width] + data[p + width + 1]);
      const bin = (Math.abs(h) * BIN_PER_LEVEL) | 0;
      histogram[cell * BINS + (bin < BINS ? bin : BINS - 1)]++;
      const s = cell * 4;
      sums[s]++;
      sums[s + 1] += v;
      sums[s + 2] += Math.abs(v - data[p + 3]) + Math.abs(v - data[p + 3 * width]);
      if (clipped[p] === 1 || v < DARK || v > BRIGHT) sums[s + 3]++;
    }
  }
}

export function cellFacts(cells: Cells, facts: FactSums): CellFacts {
  const n = cells.cols * cells.rows;
  const sigma = new Float32Array(n).fill(Number.NaN);
  const mean = new Float32Array(n).fill(Number.NaN);
  const texture = new Float32Array(n).fill(Number.NaN);
  const clipped = new Float32Array(n).fill(1);
  for (let i = 0; i < n; i++) {
    const count = facts.sums[i * 4];
    if (count < 24) continue;
    mean[i] = facts.sums[i * 4 + 1] / count;
    texture[i] = facts.sums[i * 4 + 2] / (2 * count);
    clipped[i] = facts.sums[i * 4 + 3] / count;
    let below = 0;
    for (let b = 0; b < BINS; b++) {
      const here = facts.histogram[i * BINS + b];
      if (below + here >= count / 2) {
        sigma[i] = ((b + (count / 2 - below) / here) / BIN_PER_LEVEL) * MEDIAN_TO_SIGMA;
        break;
      }
      below += here;
    }
  }
  return { sigma, mean, texture, clipped };
}

/** True where a cell has something to judge: measured, not clipped, not perfectly flat. */
export function judgeable(facts: CellFacts, cell: number): boolean {
  return facts.clipped[cell] < 0.3 && facts.texture[cell] > 0.25;
}

/** A cell's place in the lower bits of a number whose upper ones are its texture: room for more cells than there are. */
const PLACES = 2 ** 20;

/** The cells that `used` takes, smoothest first, equally smooth ones in their order. */
export function byTexture(facts: CellFacts, used: (cell: number) => boolean): Int32Array {
  const { texture } = facts;
  // the bits of positive numbers are in the order of the numbers: sorted with their places, without a comparison of ours
  const bits = new Uint32Array(texture.buffer, texture.byteOffset, texture.length);
  const keys = new Float64Array(texture.length);
  let n = 0;
  for (let i = 0; i < texture.length; i++) if (used(i)) keys[n++] = bits[i] * PLACES + i;
  return Int32Array.from(keys.subarray(0, n).sort(), (key) => key % PLACES);
}

/** The residual of each cell against the picture's own noise-level function. */
export function noiseResidual(facts: CellFacts): NoiseResidual {
  const n = facts.sigma.length;
  const z = new Float32Array(n).fill(Number.NaN);
  const used: number[] = [];
  const taken = (i: number) => judgeable(facts, i) && facts.sigma[i] > 0.05 && facts.sigma[i] < TOO_TEXTURED;
  for (let i = 0; i < n; i++) if (taken(i)) used.push(i);
  if (used.length < 24) return { z, level: Number.NaN };
  const rows = new Float64Array(used.length * TERMS);
  const target = new Float64Array(used.length);
  const rowOf = new Int32Array(n);
  for (let r = 0, at = 0; r < used.length; r++, at += TERMS) {
    const cell = used[r];
    rowOf[cell] = r;
    const m = facts.mean[cell] / 128 - 1;
    const t = Math.log2(facts.texture[cell] + SIGMA_FLOOR) - 2;
    rows[at] = 1;
    rows[at + 1] = m;
    rows[at + 2] = m * m;
    rows[at + 3] = t;
    rows[at + 4] = t * t;
    rows[at + 5] = m * t;
    target[r] = Math.log2(facts.sigma[cell] + SIGMA_FLOOR);
  }
  const residual = robustFit(rows, target);
  // the spread is wider where texture is coarse: standard units are those of cells of like texture
  const order = byTexture(facts, taken).map((cell) => rowOf[cell]);
  const bands = Math.max(1, Math.min(4, Math.floor(used.length / 40)));
  for (let band = 0; band < bands; band++) {
    const members = order.slice(
      Math.floor((band * order.length) / bands),
      Math.floor(((band + 1) * order.length) / bands),
    );
    const spread = Math.max(0.08, 1.4826 * median(Array.from(members, (r) => Math.abs(residual[r]))));
    for (const r of members) z[used[r]] = residual[r] / spread;
  }
  return { z, level: median(used.map((cell) => facts.sigma[cell])) };
}

const TERMS = 6;

/** Residuals of Huber's iteratively re-weighted least squares. */
function robustFit(rows: Float64Array, target: Float64Array): Float64Array {
  const n = target.length;
  const residual = new Float64Array(n);
  const weight = new Float64Array(n).fill(1);
  for (let iteration = 0; iteration < 5; iteration++) {
    const normal = new Float64Array(TERMS * TERMS);
    const right = new Float64Array(TERMS);
    for (let r = 0; r < n; r++) {
      for (let a = 0; a < TERMS; a++) {
        const wa = weight[r] * rows[r * TERMS + a];
        right[a] += wa * target[r];
        for (let b = 0; b < TERMS; b++) normal[a * TERMS + b] += wa * rows[r * TERMS + b];
      }
    }
    for (let a = 0; a < TERMS; a++) normal[a * TERMS + a] += 1e-3 * n;
    const beta = solve(normal, right);
    for (let r = 0; r < n; r++) {
      let fit = 0;
      for (let a = 0; a < TERMS; a++) fit += beta[a] * rows[r * TERMS + a];
      residual[r] = target[r] - fit;
    }
    const scale = Math.max(0.02, 1.4826 * median(residual.map(Math.abs)));
    for (let r = 0; r < n; r++)
      weight[r] = Math.min(1, (1.345 * scale) / Math.max(1e-9, Math.abs(residual[r])));
  }
  return residual;
}

/** Solves a small positive definite system by Gaussian elimination. */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const m = matrix.slice();
  const x = right.slice();
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(m[r * n + i]) > Math.abs(m[pivot * n + i])) pivot = r;
    if (pivot !== i) {
      for (let c = 0; c < n; c++) [m[i * n + c], m[pivot * n + c]] = [m[pivot * n + c], m[i * n + c]];
      [x[i], x[pivot]] = [x[pivot], x[i]];
    }
    const d = m[i * n + i] || 1e-12;
    for (let r = i + 1; r < n; r++) {
      const f = m[r * n + i] / d;
      if (f === 0) continue;
      for (let c = i; c < n; c++) m[r * n + c] -= f * m[i * n + c];
      x[r] -= f * x[i];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) x[i] -= m[i * n + c] * x[c];
    x[i] /= m[i * n + i] || 1e-12;
  }
  return x;
}

const MEDIAN_OF_AT_MOST = 600;

/** Median, of an even sample where there are more than 600 values; NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) return Number.NaN;
  const kept = Math.min(n, MEDIAN_OF_AT_MOST);
  const sorted = new Float64Array(kept);
  for (let i = 0; i < kept; i++) sorted[i] = values[Math.floor((i * n) / kept)];
  sorted.sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

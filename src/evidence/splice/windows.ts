/**
 * From cells to windows. Every trace is a sum over cells, so the traces of any rectangle of cells come from summed
 * tables at once. Around each cell three windows are judged (3x3, 5x5 and 9x9 cells), each against the rest of the
 * picture: is the noise other than expected, does a foreign grid stand out, is the picture's own grid missing, is the
 * picture's earlier save missing, is there a trace of another earlier save?
 */

import { GHOST_QUALITIES, type GhostSums } from './ghost.ts';
import { type GridOrigin, logTail, type Votes } from './grid.ts';
import { byTexture, type CellFacts, judgeable, median } from './noise.ts';
import type { Cells } from './strips.ts';

export const RADII = [1, 2, 4] as const;

/** Order of the numbers that describe a window; each is at least 0, larger is stranger, on a logarithmic scale. */
export const FEATURES = [
  'noisier',
  'smoother',
  'foreignGrid',
  'missingGrid',
  'missingSave',
  'otherSave',
  'missingGhost',
] as const;
export const FEATURE_COUNT = FEATURES.length;

/** Everything measured on a picture, by cell. `ghost` is null where no grid was found to align to. */
export interface Traces {
  readonly cells: Cells;
  readonly facts: CellFacts;
  readonly noise: Float32Array;
  /** Median noise level of the picture, grey levels; NaN when not judged. */
  readonly noiseLevel: number;
  readonly votes: Votes;
  readonly origin: GridOrigin;
  readonly ghost: GhostSums | null;
}

/** `values[cell * FEATURE_COUNT + feature]`, NaN throughout where too little of the window can be judged. */
export interface WindowFeatures {
  readonly radius: number;
  readonly values: Float32Array;
}

const Q = GHOST_QUALITIES.length;
const JUDGED = 0;
const NOISE = 1;
const NOISE_N = 2;
const COLUMNS = 3;
const ROWS = COLUMNS + 8;
const MISSING = ROWS + 8;
const MISSING_V = MISSING + 1;
const DQ = MISSING_V + 1;
const DQ_V = DQ + 1;
/** Two for each earlier quality: what it would have saved, and the variance of that. */
const GHOST = DQ_V + 1;
const CHANNELS = GHOST + 2 * Q;

/** A grid counts as known below this log10 number of false alarms along both axes. */
export const GRID_KNOWN = -2;
/** An older grid beneath the last one counts from this log10 number of false alarms. */
const OLDER_GRID = -4;
const LEAST_JUDGED = 0.4;
/** Summed tables that answer for any rectangle of cells. */
export interface SummedTraces {
  readonly traces: Traces;
  /** `table[corner * channels + channel]`; qualities that cannot show have no channel. */
  readonly table: Float64Array;
  readonly channels: number;
}

export function gridKnown(origin: GridOrigin): boolean {
  return origin.logNfaX < GRID_KNOWN && origin.logNfaY < GRID_KNOWN;
}

export function sumTraces(traces: Traces): SummedTraces {
  const { cols, rows } = traces.cells;
  const { ghost, votes } = traces;
  const channels = ghost ? GHOST + 2 * ghost.tried : DQ;
  const table = new Float64Array((cols + 1) * (rows + 1) * channels);
  const missing = missingVotes(traces);
  const channel = new Float64Array(channels);
  for (let y = 0; y < rows; y++) {
    const running = new Float64Array(channels);
    for (let x = 0; x < cols; x++) {
      const cell = y * cols + x;
      channel.fill(0);
      if (judgeable(traces.facts, cell)) channel[JUDGED] = 1;
      const z = traces.noise[cell];
      if (!Number.isNaN(z)) {
        channel[NOISE] = Math.max(-6, Math.min(6, z));
        channel[NOISE_N] = 1;
      }
      for (let i = 0; i < 8; i++) {
        channel[COLUMNS + i] = votes.columns[cell * 8 + i];
        channel[ROWS + i] = votes.rows[cell * 8 + i];
      }
      channel[MISSING] = missing.value[cell];
      channel[MISSING_V] = missing.variance[cell];
      if (ghost) {
        channel[DQ] = ghost.dq[cell];
        channel[DQ_V] = ghost.dqVariance[cell];
        for (let q = 0; q < ghost.tried; q++) {
          channel[GHOST + 2 * q] = ghost.ghost[cell * Q + q];
          channel[GHOST + 2 * q + 1] = ghost.ghostVariance[cell * Q + q];
        }
      }
      const at = ((y + 1) * (cols + 1) + x + 1) * channels;
      const above = (y * (cols + 1) + x + 1) * channels;
      for (let c = 0; c < channels; c++) {
        running[c] += channel[c];
        table[at + c] = table[above + c] + running[c];
      }
    }
  }
  return { traces, table, channels };
}

/**
 * By how many votes the picture's own grid is missing in each cell, against what cells of like texture give, and the
 * variance of that number.
 */
function missingVotes(traces: Traces): { value: Float32Array; variance: Float32Array } {
  const { cells, facts, votes, origin } = traces;
  const n = cells.cols * cells.rows;
  const value = new Float32Array(n);
  const variance = new Float32Array(n);
  if (!gridKnown(origin)) return { value, variance };
  const judged = byTexture(facts, (cell) => judgeable(facts, cell));
  const shared = [...sharedGrids(votes.columns, origin.x), ...sharedGrids(votes.rows, origin.y)];
  const bands = Math.max(1, Math.min(6, Math.floor(judged.length / 30)));
  for (let band = 0; band < bands; band++) {
    const from = Math.floor((band * judged.length) / bands);
    const to = Math.floor(((band + 1) * judged.length) / bands);
    for (const { counts, offset, but } of shared) {
      let hits = 1;
      let all = 8;
      for (let r = from; r < to; r++) {
        const at = judged[r] * 8;
        hits += counts[at + offset];
        all += votesBut(counts, at, but);
      }
      const rate = hits / all;
      for (let r = from; r < to; r++) {
        const at = judged[r] * 8;
        const here = votesBut(counts, at, but);
        value[judged[r]] += here * rate - counts[at + offset];
        variance[judged[r]] += here * rate * (1 - rate);
      }
    }
  }
  return { value, variance };
}

/** A grid that the picture shares, along one axis, and the offset whose votes are not counted beside it (-1: none). */
interface SharedGrid {
  readonly counts: Uint16Array;
  readonly offset: number;
  readonly but: number;
}

/** The picture's own grid and, where significant, an older one beneath it, as cropped and re-saved pictures have. */
function sharedGrids(counts: Uint16Array, own: number): SharedGrid[] {
  const grids: SharedGrid[] = [{ counts, offset: own, but: -1 }];
  const sums = new Float64Array(8);
  for (let i = 0; i < counts.length; i++) sums[i & 7] += counts[i];
  sums[own] = 0;
  let n = 0;
  let second = 0;
  for (let i = 0; i < 8; i++) {
    n += sums[i];
    if (sums[i] > sums[second]) second = i;
  }
  if (second !== own && Math.log10(64) + logTail(sums[second], n, 1 / 7) < OLDER_GRID) {
    grids.push({ counts, offset: second, but: own });
  }
  return grids;
}

/** Votes of one cell, those for the offset `but` left out. */
function votesBut(counts: Uint16Array, at: number, but: number): number {
  let sum = 0;
  for (let i = 0; i < 8; i++) if (i !== but) sum += counts[at + i];
  return sum;
}

/** Sums of all channels over the cells x0 .. x1 - 1, y0 .. y1 - 1. */
function rectangle(
  { traces, table, channels }: SummedTraces,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  out: Float64Array,
): void {
  const stride = traces.cells.cols + 1;
  const a = (y0 * stride + x0) * channels;
  const b = (y0 * stride + x1) * channels;
  const c = (y1 * stride + x0) * channels;
  const d = (y1 * stride + x1) * channels;
  for (let i = 0; i < channels; i++) out[i] = table[d + i] - table[b + i] - table[c + i] + table[a + i];
}

/** Numbers of a window before they are set against the picture's other windows. */
const RAW = 6;
/** Smallest spread of each raw number that is believed: what chance alone gives. */
const LEAST_SPREAD = [0.25, 1, 1, 1, 1, 1];

/** The features of the window of `radius` cells around every cell. */
export function windowFeatures(summed: SummedTraces, radius: number): WindowFeatures {
  const { cols, rows } = summed.traces.cells;
  const raw = new Float32Array(cols * rows * RAW).fill(Number.NaN);
  const window = new Float64Array(CHANNELS);
  const whole = new Float64Array(CHANNELS);
  rectangle(summed, 0, 0, cols, rows, whole);
  // large windows change slowly: every second one, in each direction, is enough
  const stride = radius >= 4 ? 2 : 1;
  for (let y = 0; y < rows; y += stride) {
    const y0 = Math.max(0, y - radius);
    const y1 = Math.min(rows, y + radius + 1);
    for (let x = 0; x < cols; x += stride) {
      const x0 = Math.max(0, x - radius);
      const x1 = Math.min(cols, x + radius + 1);
      rectangle(summed, x0, y0, x1, y1, window);
      if (window[JUDGED] < LEAST_JUDGED * (x1 - x0) * (y1 - y0)) continue;
      describe(summed.traces, window, whole, raw, (y * cols + x) * RAW);
    }
  }
  if (stride === 2) fillBetween(raw, cols, rows);
  return { radius, values: againstPicture(raw) };
}

/** Gives the cells that were passed over the numbers of the cell above, to the left, or both. */
function fillBetween(raw: Float32Array, cols: number, rows: number): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++) {
      if (!(x & 1) && !(y & 1)) continue;
      const from = ((y & ~1) * cols + (x & ~1)) * RAW;
      raw.copyWithin((y * cols + x) * RAW, from, from + RAW);
    }
  }
}

/**
 * How far each window stands out from the picture's windows of its size, in robust standard units, on a logarithmic
 * scale. A trace that wavers all over a picture, as content makes it, thereby counts for less.
 */
function againstPicture(raw: Float32Array): Float32Array {
  const n = raw.length / RAW;
  const values = new Float32Array(n * FEATURE_COUNT).fill(Number.NaN);
  const room = new Float32Array(n);
  for (let r = 0; r < RAW; r++) {
    let count = 0;
    for (let i = 0; i < n; i++) if (!Number.isNaN(raw[i * RAW + r])) room[count++] = raw[i * RAW + r];
    if (count === 0) continue;
    const column = room.subarray(0, count);
    const middle = median(column);
    for (let i = 0; i < count; i++) column[i] = Math.abs(column[i] - middle);
    const spread = Math.max(LEAST_SPREAD[r], 1.4826 * median(column));
    for (let i = 0; i < n; i++) {
      const v = raw[i * RAW + r];
      if (Number.isNaN(v)) continue;
      const out = (v - middle) / spread;
      const at = i * FEATURE_COUNT;
      values[at + r + 1] = Math.log1p(Math.max(0, r === 0 ? -out : out));
      if (r === 0) values[at] = Math.log1p(Math.max(0, out));
    }
  }
  return values;
}

function describe(
  traces: Traces,
  window: Float64Array,
  whole: Float64Array,
  out: Float32Array,
  at: number,
): void {
  out[at] = window[NOISE_N] > 0 ? window[NOISE] / window[NOISE_N] : 0;
  const known = gridKnown(traces.origin);
  const across = foreignRoot(window, whole, COLUMNS, known ? traces.origin.x : -1);
  const down = foreignRoot(window, whole, ROWS, known ? traces.origin.y : -1);
  out[at + 1] = Math.sqrt(across * across + down * down);
  out[at + 2] = window[MISSING] / Math.sqrt(window[MISSING_V] + 1);
  out[at + 3] = 0;
  out[at + 4] = 0;
  out[at + 5] = 0;
  const { ghost } = traces;
  if (!ghost) return;
  const trust = Math.max(0, ghost.dqStrength / (ghost.dqStrength + 0.02));
  out[at + 3] = (window[DQ] / Math.sqrt(window[DQ_V] + 1)) * trust;
  let other = 0;
  let missing = 0;
  for (let q = 0; q < ghost.tried; q++) {
    const variance = window[GHOST + 2 * q + 1];
    if (variance <= 0) continue;
    const z = window[GHOST + 2 * q] / Math.sqrt(variance + 0.05);
    if (z > other) other = z;
    if (-z > missing && ghost.ghostGlobal[q] > 0.1) missing = -z;
  }
  out[at + 4] = other;
  out[at + 5] = missing;
}

/**
 * Signed root of the likelihood ratio for one offset, other than the picture's own, being voted for more often in the
 * window than in the rest of the picture; the largest over offsets, 0 where none is.
 */
function foreignRoot(window: Float64Array, whole: Float64Array, first: number, own: number): number {
  let n = 0;
  let outside = 0;
  for (let i = 0; i < 8; i++) {
    if (i === own) continue;
    n += window[first + i];
    outside += whole[first + i] - window[first + i];
  }
  if (n < 4) return 0;
  const choices = own < 0 ? 8 : 7;
  let best = 0;
  for (let i = 0; i < 8; i++) {
    if (i === own) continue;
    const rate = (whole[first + i] - window[first + i] + 32 / choices) / (outside + 32);
    const share = window[first + i] / n;
    if (share <= rate) continue;
    const kl =
      share * Math.log(share / rate) + (share < 1 ? (1 - share) * Math.log((1 - share) / (1 - rate)) : 0);
    if (kl * n > best) best = kl * n;
  }
  return Math.sqrt(2 * best);
}

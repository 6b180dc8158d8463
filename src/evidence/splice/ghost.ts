/**
 * Traces of an earlier JPEG save at another quality, block by block. Two looks at the low-frequency DCT of luma on
 * the picture's grid:
 *
 * - ghosts (Farid, "Exposing digital forgeries from JPEG ghosts", TIFS 2009): re-quantised at a range of qualities,
 *   a block once saved at that quality loses less than chance would have it. The loss of a coefficient is counted
 *   relative to its neighbourhood in the picture's own histogram, so that texture alone does not move it;
 * - double quantisation (Lin et al. 2009; Bianchi, Piva, "Image forgery localization via block-grained analysis of
 *   JPEG artifacts", TIFS 2012), without a parametric model: the comb that an earlier save left in the histogram of
 *   each frequency, against the smooth histogram that the same picture has on a shifted grid. A block whose
 *   coefficients fall between the teeth did not go through the earlier save.
 */
import { dct8x8Low } from '../../core/dct.ts';
import { type Cells, cellColumn, cellRow, type Strip } from './strips.ts';

/** Luma table of ITU-T T.81 Annex K, natural order, 4x4 low frequencies. */
const ANNEX_K_LOW = [16, 11, 10, 16, 12, 12, 14, 19, 14, 13, 16, 24, 14, 17, 22, 29];
/** Position in the 4x4 low frequencies of the nine AC coefficients with u + v <= 3. */
const FREQUENCIES = [1, 2, 3, 4, 5, 6, 8, 9, 12];
const F = FREQUENCIES.length;
/** Levels counted: 0..LEVELS-1 in absolute value. */
const LEVELS = 160;

/** The earlier qualities looked for. */
export const GHOST_QUALITIES = [
  45, 50, 55, 60, 65, 70, 72, 75, 78, 80, 82, 85, 87, 88, 90, 92, 93, 94, 95,
] as const;
const Q = GHOST_QUALITIES.length;

/** Quantised low-frequency levels of every block, by cell. */
export interface Blocks {
  readonly count: number;
  readonly cell: Int32Array;
  /** `levels[block * 9 + f]`: |coefficient| in units of the last save's step, rounded, at most 159. */
  readonly levels: Uint8Array;
  /** Histogram on the grid, and on a grid shifted by half a block both ways: `[f * LEVELS + level]`. */
  readonly onGrid: Float64Array;
  readonly offGrid: Float64Array;
  /** The last save's step of each of the nine frequencies; 1 where none is known. */
  readonly steps: readonly number[];
}

/** What the two looks say of each cell, as sums that add up over cells. */
export interface GhostSums {
  /** Sum, and expected variance, of the double-quantisation statistic; positive: lacks the earlier save. */
  readonly dq: Float32Array;
  readonly dqVariance: Float32Array;
  /** How clearly the picture as a whole shows an earlier save on this grid: symmetric divergence per coefficient. */
  readonly dqStrength: number;
  /** `ghost[cell * qualities + q]`: centred saving at quality q, and its expected variance. */
  readonly ghost: Float32Array;
  readonly ghostVariance: Float32Array;
  /** Centred mean saving over the picture at each quality in standard units. */
  readonly ghostGlobal: Float32Array;
  /** Only so many of the qualities can show beneath the last save; of the others every number is 0. */
  readonly tried: number;
}

/** IJG luma steps of the nine frequencies at a quality 1..100. */
export function ijgLowSteps(quality: number): number[] {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return FREQUENCIES.map((i) => Math.min(255, Math.max(1, Math.floor((ANNEX_K_LOW[i] * scale + 50) / 100))));
}

/** The nine low steps of a 64-entry table in natural order. */
export function lowSteps(table: readonly number[]): number[] {
  return FREQUENCIES.map((i) => Math.max(1, table[(i >> 2) * 8 + (i & 3)]));
}

/** Transforms every whole block on the grid with origin (x, y) modulo 8. */
export function readBlocks(
  strips: readonly Strip[],
  cells: Cells,
  origin: { readonly x: number; readonly y: number },
  steps: readonly number[],
): Blocks {
  let most = 0;
  for (const s of strips) most += (Math.ceil(s.plane.height / 8) + 1) * Math.ceil(s.plane.width / 8);
  const cell = new Int32Array(most);
  const levels = new Uint8Array(most * F);
  const onGrid = new Float64Array(F * LEVELS);
  const offGrid = new Float64Array(F * LEVELS);
  const inverse = steps.map((s) => 1 / s);
  const low = new Float64Array(16);
  let count = 0;
  for (const strip of strips) {
    const { width, height, data } = strip.plane;
    const firstY = (((origin.y - strip.y) % 8) + 8) % 8;
    for (let y = firstY; y + 8 <= height && y < strip.rows; y += 8) {
      const base = cellRow(cells, strip.y + y + 4) * cells.cols;
      const shifted = y + 12 <= height;
      for (let x = origin.x; x + 8 <= width; x += 8) {
        if (isClipped(strip.clipped, y * width + x, width)) continue;
        dct8x8Low(data, y * width + x, width, low);
        cell[count] = base + cellColumn(cells, x + 4);
        const at = count * F;
        for (let f = 0; f < F; f++) {
          const level = Math.min(LEVELS - 1, (Math.abs(low[FREQUENCIES[f]]) * inverse[f] + 0.5) | 0);
          levels[at + f] = level;
          onGrid[f * LEVELS + level]++;
        }
        count++;
        if (!shifted || x + 12 > width) continue;
        dct8x8Low(data, (y + 4) * width + x + 4, width, low);
        for (let f = 0; f < F; f++) {
          const level = Math.min(LEVELS - 1, (Math.abs(low[FREQUENCIES[f]]) * inverse[f] + 0.5) | 0);
          offGrid[f * LEVELS + level]++;
        }
      }
    }
  }
  return { count, cell, levels, onGrid, offGrid, steps };
}

/** Both looks, summed by cell. */
export function ghostSums(blocks: Blocks, cells: Cells): GhostSums {
  const n = cells.cols * cells.rows;
  const dq = new Float32Array(n);
  const dqVariance = new Float32Array(n);
  const ghost = new Float32Array(n * Q);
  const ghostVariance = new Float32Array(n * Q);
  const dqTable = combTable(blocks);
  const saving = savingTable(blocks);
  const { count, cell, levels } = blocks;
  const value = dqTable.value;
  const variance = dqTable.variance;
  const tried = qualitiesTried(blocks.steps);
  for (let b = 0, at = 0; b < count; b++, at += F) {
    const c = cell[b];
    const base = c * Q;
    let sum = 0;
    let spread = 0;
    for (let f = 0; f < F; f++) {
      const level = levels[at + f];
      if (level === 0) continue;
      const entry = f * LEVELS + level;
      sum += value[entry];
      spread += variance[entry];
      for (let q = 0, e = entry * Q; q < tried; q++, e++) {
        ghost[base + q] += saving.value[e];
        ghostVariance[base + q] += saving.variance[e];
      }
    }
    dq[c] += sum;
    dqVariance[c] += spread;
  }
  return {
    dq,
    dqVariance,
    dqStrength: dqTable.strength,
    ghost,
    ghostVariance,
    ghostGlobal: saving.global,
    tried,
  };
}

/** Whether an earlier save with `step`, in units of the last save's, leaves anything to see: not one as fine as that. */
const visible = (step: number) => step > 1.001 && LEVELS >= 2 * step;

/** How many of GHOST_QUALITIES, the coarsest first, can show beneath a last save with these steps. */
function qualitiesTried(steps: readonly number[]): number {
  let tried = Q;
  while (tried > 0 && !ijgLowSteps(GHOST_QUALITIES[tried - 1]).some((s, f) => visible(s / steps[f]))) tried--;
  return tried;
}

/**
 * For each frequency and level: how much likelier that level is without the earlier save than with it (natural
 * logarithm), the slow part removed (it is content, not comb), and centred on the picture's own mean.
 */
function combTable(blocks: Blocks): { value: Float32Array; variance: Float32Array; strength: number } {
  const value = new Float32Array(F * LEVELS);
  const variance = new Float32Array(F * LEVELS);
  let divergence = 0;
  let weight = 0;
  for (let f = 0; f < F; f++) {
    const at = f * LEVELS;
    const on = blocks.onGrid.subarray(at, at + LEVELS);
    const off = blocks.offGrid.subarray(at, at + LEVELS);
    const total = sumFrom(on, 1);
    const offTotal = sumFrom(off, 1);
    if (total < 200 || offTotal < 200) continue;
    const scale = total / offTotal;
    const raw = new Float64Array(LEVELS);
    for (let k = 1; k < LEVELS - 1; k++) {
      const both = on[k] + off[k];
      const ratio = Math.log((off[k] * scale + 1) / (on[k] + 1));
      raw[k] = Math.max(-3, Math.min(3, ratio)) * (both / (both + 24));
      // what chance alone adds to the divergence at this level
      divergence -= 2 * (both / (both + 24));
    }
    // the comb's period is at most the earlier step; what varies more slowly than that is content
    const half = Math.max(3, Math.min(16, Math.round(32 / blocks.steps[f])));
    let mean = 0;
    const flat = new Float64Array(LEVELS);
    for (let k = 1; k < LEVELS - 1; k++) {
      let s = 0;
      let w = 0;
      for (let j = Math.max(1, k - half); j <= Math.min(LEVELS - 2, k + half); j++) {
        const here = on[j] + off[j] * scale + 1e-3;
        s += here * raw[j];
        w += here;
      }
      flat[k] = raw[k] - s / w;
      mean += on[k] * flat[k];
      divergence += (off[k] * scale - on[k]) * flat[k];
    }
    weight += total;
    mean /= total;
    let second = 0;
    for (let k = 1; k < LEVELS - 1; k++) second += on[k] * (flat[k] - mean) ** 2;
    second /= total;
    for (let k = 1; k < LEVELS - 1; k++) {
      value[at + k] = flat[k] - mean;
      variance[at + k] = second;
    }
  }
  return { value, variance, strength: weight > 0 ? Math.max(0, divergence / weight) : 0 };
}

/**
 * For each frequency, level and quality: 1/12 less the squared distance to the nearest multiple of the quality's
 * step (in steps), less its local mean over one step of that histogram, so that its expectation without an earlier save at
 * that quality is near zero whatever the texture.
 */
function savingTable(blocks: Blocks): { value: Float32Array; variance: Float32Array; global: Float32Array } {
  const value = new Float32Array(F * LEVELS * Q);
  const variance = new Float32Array(F * LEVELS * Q);
  const global = new Float32Array(Q);
  const sum = new Float64Array(Q);
  const spread = new Float64Array(Q);
  const total = new Float64Array(Q);
  const raw = new Float64Array(LEVELS);
  const prefix = new Float64Array(LEVELS + 1);
  const weights = new Float64Array(LEVELS + 1);
  for (let q = 0; q < Q; q++) {
    const steps = ijgLowSteps(GHOST_QUALITIES[q]);
    for (let f = 0; f < F; f++) {
      const last = blocks.steps[f];
      const step = steps[f] / last;
      if (!visible(step)) continue;
      const at = f * LEVELS;
      for (let k = 0; k < LEVELS; k++) {
        const r = k / step - Math.round(k / step);
        raw[k] = 1 / 12 - r * r;
        const w = (k === 0 ? 0 : blocks.offGrid[at + k]) + 1e-3;
        weights[k + 1] = weights[k] + w;
        prefix[k + 1] = prefix[k] + w * raw[k];
      }
      const half = Math.max(1, Math.round(step / 2));
      const first = Math.max(1, Math.ceil(step / 2));
      for (let k = first; k < LEVELS - 1; k++) {
        const from = Math.max(1, k - half);
        const to = Math.min(LEVELS - 1, k + half + 1);
        const mean = (prefix[to] - prefix[from]) / (weights[to] - weights[from]);
        const v = raw[k] - mean;
        value[(at + k) * Q + q] = v;
        const count = blocks.onGrid[at + k];
        sum[q] += count * v;
        total[q] += count;
        spread[q] += count * v * v;
      }
    }
    // centre on the picture: what counts is a part that differs from the rest
    if (total[q] < 100) continue;
    const mean = sum[q] / total[q];
    const second = Math.max(1e-6, spread[q] / total[q] - mean * mean);
    global[q] = mean / Math.sqrt(second);
    for (let f = 0; f < F; f++) {
      const step = steps[f] / blocks.steps[f];
      if (!visible(step)) continue;
      for (let k = Math.max(1, Math.ceil(step / 2)); k < LEVELS - 1; k++) {
        const e = (f * LEVELS + k) * Q + q;
        value[e] -= mean;
        variance[e] = second;
      }
    }
  }
  return { value, variance, global };
}

/** The earlier quality that fits these cells best, when it stands out (3 standard units), else null. */
export function earlierQuality(sums: GhostSums, cells: readonly number[]): number | null {
  let best = 3;
  let quality: number | null = null;
  for (let q = 0; q < Q; q++) {
    let saved = 0;
    let variance = 0;
    for (const cell of cells) {
      saved += sums.ghost[cell * Q + q];
      variance += sums.ghostVariance[cell * Q + q];
    }
    const z = variance > 0 ? saved / Math.sqrt(variance) : 0;
    if (z > best) {
      best = z;
      quality = GHOST_QUALITIES[q];
    }
  }
  return quality;
}

/** True when more than three of a block's pixels are clipped. */
function isClipped(clipped: Uint8Array, at: number, stride: number): boolean {
  let sum = 0;
  for (let y = 0, p = at; y < 8; y++, p += stride) {
    sum +=
      clipped[p] +
      clipped[p + 1] +
      clipped[p + 2] +
      clipped[p + 3] +
      clipped[p + 4] +
      clipped[p + 5] +
      clipped[p + 6] +
      clipped[p + 7];
  }
  return sum > 3;
}

function sumFrom(values: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < values.length; i++) sum += values[i];
  return sum;
}

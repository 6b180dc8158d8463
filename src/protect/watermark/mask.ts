/**
 * How strong the mark may be at each place, and the mark itself line by line. Texture hides much, flat areas little, a
 * lone edge nothing beyond its own line (the root of the deviation is averaged, so that one edge in a flat surrounding
 * does not count as texture). Pictures and frames of a video differ only in where their luma comes from and to which
 * samples the lines are added.
 */
import type { Plane } from '../../core/image.ts';
import { boxMean } from './plane.ts';

/** Deviation (root mean square, in 8-bit levels) on a flat area, and the most anywhere. */
const FLAT = 0.95;
const MOST = 8;
const PER_TEXTURE = 0.42;
/** Mean squared error of 41.3 dB: the budget of photographs. */
const BUDGET = 255 ** 2 / 10 ** 4.13;

/** One sample a cell of so many pixels. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** Deviation of the mark, in levels, for each cell. */
  readonly strength: Float32Array;
  /** What moves black and white away from the ends of the scale, so that half of the mark is not clipped. */
  readonly bias: Float32Array;
}

/** Around how many cells, to each side, level and texture are taken; what is about a mark unit wide each. */
export const AROUND = { level: 3, texture: 4 } as const;

/** The mask for luma 0..255, one sample a cell. */
export function maskOf(
  plane: Plane,
  around: { readonly level: number; readonly texture: number } = AROUND,
): Mask {
  const { width, height } = plane;
  const smooth = boxMean(plane, around.level).data;
  const roots = new Float32Array(width * height);
  for (let i = 0; i < roots.length; i++) roots[i] = Math.sqrt(Math.abs(plane.data[i] - smooth[i]));
  const texture = boxMean({ width, height, data: roots }, around.texture).data;
  const strength = new Float32Array(width * height);
  let power = 0;
  for (let i = 0; i < strength.length; i++) {
    const s = Math.min(MOST, FLAT + PER_TEXTURE * texture[i] * texture[i]);
    strength[i] = s;
    power += s * s;
  }
  const gain = Math.min(1, Math.sqrt(BUDGET / (power / strength.length)));
  for (let i = 0; i < strength.length; i++) strength[i] *= gain;
  return { width, height, strength, bias: biases(strength, smooth) };
}

/** `biasAt` of every cell. */
export function biases(strength: Float32Array, levels: Float32Array): Float32Array {
  const out = new Float32Array(strength.length);
  for (let i = 0; i < out.length; i++) out[i] = biasAt(strength[i], levels[i]);
  return out;
}

/** How far a place whose smoothed level is `level` is moved to make room for a mark of `strength`. */
export function biasAt(strength: number, level: number): number {
  const room = 1.2 * strength;
  if (level > 255 - room) return 255 - room - level;
  return level < room ? room - level : 0;
}

/** Fixed point: bits behind the point of the tile, of strengths, of their product. */
const TILE_BITS = 10;
const STRENGTH_BITS = 8;
const BITS = TILE_BITS + STRENGTH_BITS;
/** Moves line after line of a picture by whole levels. Integers throughout: a picture of a camera has twelve million samples. */
export class MarkLines {
  readonly #tile: Int16Array;
  readonly #cells: { readonly strength: Int32Array; readonly bias: Int32Array };
  readonly #pixels: { readonly strength: Int32Array; readonly bias: Int32Array };
  #mask: Mask | null = null;
  #row = -1;

  /** `tile` of `side` by `side` samples, repeated over `width` pixels; cells of `cell` pixels. */
  constructor(
    tile: Float32Array,
    private readonly side: number,
    private readonly cell: number,
    private readonly width: number,
  ) {
    this.#tile = fixedPoint(tile);
    const pair = (n: number) => ({ strength: new Int32Array(n), bias: new Int32Array(n) });
    this.#cells = pair(Math.max(1, Math.floor(width / cell)));
    this.#pixels = pair(width);
  }

  /** Line `y` of `from`, rows of `width` pixels of three channels, moved alike, into `out`. */
  moveColours(mask: Mask, y: number, from: Uint8Array, out: Uint8ClampedArray): void {
    const { strength, bias } = this.#under(mask, y, 1);
    const { side, width } = this;
    const row = 3 * y * width;
    for (let x = 0; x < width; x += side) {
      const columns = [x, Math.min(width, x + side), (y % side) * side] as const;
      movedColours(strength, this.#tile, bias, columns, from, out, row);
    }
  }

  /** Line `y` of `luma`, rows of `width`, moved in place, by `scale` (at most 1) as much as on the full scale of 0..255. */
  moveLuma(mask: Mask, y: number, scale: number, luma: Uint8ClampedArray): void {
    const { strength, bias } = this.#under(mask, y, scale);
    const { side, width } = this;
    for (let x = 0; x < width; x += side) {
      const columns = [x, Math.min(width, x + side), (y % side) * side] as const;
      movedLuma(strength, this.#tile, bias, columns, luma, y * width);
    }
  }

  #under(mask: Mask, y: number, scale: number) {
    // Cells are small: from row to row of them nothing is interpolated.
    const row = Math.min(mask.height - 1, Math.floor(y / this.cell));
    if (row !== this.#row || mask !== this.#mask) this.#spread(mask, row, scale);
    return this.#pixels;
  }

  /** One row of cells, drawn out over the pixels' columns. */
  #spread(mask: Mask, row: number, scale: number): void {
    const { strength, bias } = this.#cells;
    const from = row * mask.width;
    for (let x = 0; x < strength.length; x++) {
      strength[x] = scale * mask.strength[from + x] * (1 << STRENGTH_BITS);
      // The half makes of cutting off, which comes last, a rounding.
      bias[x] = (scale * mask.bias[from + x] + 0.5) * (1 << BITS);
    }
    ramps(strength, this.cell, this.#pixels.strength);
    ramps(bias, this.cell, this.#pixels.bias);
    this.#mask = mask;
    this.#row = row;
  }
}

/** From the middle of one cell to the middle of the next in even steps. */
function ramps(cells: Int32Array, cell: number, out: Int32Array): void {
  const last = cells.length - 1;
  let x = 0;
  for (const half = cell >> 1; x < half; x++) out[x] = cells[0];
  for (let k = 0; k < last; k++) {
    let value = cells[k];
    const step = Math.trunc((cells[k + 1] - value) / cell);
    for (const end = x + cell; x < end; x++) {
      out[x] = value;
      value += step;
    }
  }
  for (; x < out.length; x++) out[x] = cells[last];
}

function fixedPoint(tile: Float32Array): Int16Array {
  const out = new Int16Array(tile.length);
  const one = 1 << TILE_BITS;
  for (let i = 0; i < out.length; i++) out[i] = Math.max(-32767, Math.min(32767, Math.round(tile[i] * one)));
  return out;
}

/** First column, the one after the last, and the place in the tile where the first stands. */
type Columns = readonly [from: number, to: number, at: number];

function movedColours(
  strength: Int32Array,
  tile: Int16Array,
  bias: Int32Array,
  [first, end, at]: Columns,
  from: Uint8Array,
  out: Uint8ClampedArray,
  row: number,
): void {
  for (let x = first, t = at, i = row + 3 * first; x < end; x++, t++, i += 3) {
    const levels = (Math.imul(strength[x], tile[t]) + bias[x]) >> BITS;
    out[i] = from[i] + levels;
    out[i + 1] = from[i + 1] + levels;
    out[i + 2] = from[i + 2] + levels;
  }
}

function movedLuma(
  strength: Int32Array,
  tile: Int16Array,
  bias: Int32Array,
  [first, end, at]: Columns,
  luma: Uint8ClampedArray,
  row: number,
): void {
  for (let x = first, t = at, i = row + first; x < end; x++, t++, i++) {
    luma[i] += (Math.imul(strength[x], tile[t]) + bias[x]) >> BITS;
  }
}

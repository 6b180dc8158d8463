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
  const bias = strength.map((value, i) => biasAt(value, smooth[i]));
  return { width, height, strength, bias };
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
/** No line moves a sample by more than this many levels. */
export const MOST_LEVELS = 127;

/** Whole levels by which line after line of a picture is moved. Integers throughout: a video has two million a frame. */
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
    const one = 1 << TILE_BITS;
    this.#tile = Int16Array.from(tile, (v) => Math.max(-32767, Math.min(32767, Math.round(v * one))));
    const pair = (n: number) => ({ strength: new Int32Array(n), bias: new Int32Array(n) });
    this.#cells = pair(Math.max(1, Math.floor(width / cell)));
    this.#pixels = pair(width);
  }

  /**
   * Line `y` under `mask` into `out`: `width` whole levels, at most `MOST_LEVELS` up or down, each `scale` (at most 1) as
   * large as on the full scale of 0..255.
   */
  draw(mask: Mask, y: number, scale: number, out: Int32Array): void {
    const { strength, bias } = this.#under(mask, y, scale);
    const { side, width } = this;
    const first = (y % side) * side;
    for (let from = 0; from < width; from += side) {
      drawn(strength, this.#tile, bias, first, out, from, Math.min(width, from + side));
    }
  }

  /** Line `y` of `luma`, rows of `width`, moved by what `draw` would draw, and held within 0..255. */
  move(mask: Mask, y: number, scale: number, luma: Uint8Array): void {
    const { strength, bias } = this.#under(mask, y, scale);
    const { side, width } = this;
    const first = (y % side) * side;
    const row = luma.subarray(y * width, (y + 1) * width);
    for (let from = 0; from < width; from += side) {
      moved(strength, this.#tile, bias, first, row, from, Math.min(width, from + side));
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

/** What a level becomes when it is moved: at `level + delta + MOST_LEVELS`. */
export const HELD = Uint8Array.from({ length: 256 + 2 * MOST_LEVELS }, (_, i) =>
  Math.max(0, Math.min(255, i - MOST_LEVELS)),
);

/** Columns `from` up to `to`, which begin at sample `at` of the tile. */
function drawn(
  strength: Int32Array,
  tile: Int16Array,
  bias: Int32Array,
  at: number,
  out: Int32Array,
  from: number,
  to: number,
): void {
  for (let x = from, t = at; x < to; x++, t++) {
    out[x] = (Math.imul(strength[x], tile[t]) + bias[x]) >> BITS;
  }
}

function moved(
  strength: Int32Array,
  tile: Int16Array,
  bias: Int32Array,
  at: number,
  row: Uint8Array,
  from: number,
  to: number,
): void {
  for (let x = from, t = at; x < to; x++, t++) {
    row[x] = HELD[row[x] + MOST_LEVELS + ((Math.imul(strength[x], tile[t]) + bias[x]) >> BITS)];
  }
}

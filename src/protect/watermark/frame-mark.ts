/**
 * The mark on the frames of a video: the tile is drawn once for all of them, and only luma is touched. It stands upright
 * as players show it, whatever way the frames lie in the file, so that a frame is read like any picture.
 */
import type { Plane } from '../../core/image.ts';
import { carrierOf, drawTile, TILE } from './carrier.ts';
import { encode } from './code.ts';
import { type EmbedOptions, tilePx } from './embed.ts';
import { MarkLines, maskOf } from './mask.ts';

export type Rotation = 0 | 90 | 180 | 270;

/** Black, and how much of the full scale limited range takes up: what players show as 0 and 255 is 16 and 235. */
const BLACK = 16;
const SCALE = 219 / 255;

/** Cells are two mark units wide, a quarter of the work of a still picture's, and as much is looked at around them. */
const CELL_UNITS = 2;
const AROUND = { level: 2, texture: 2 } as const;

export class FrameMark {
  readonly #lines: MarkLines;
  readonly #cell: number;

  /** For frames of `width` by `height` pixels, as coded, that players turn clockwise by `rotation`. */
  constructor(
    { key, message }: EmbedOptions,
    private readonly width: number,
    private readonly height: number,
    rotation: Rotation = 0,
  ) {
    const side = tilePx(width, height);
    const upright = drawTile(carrierOf(key), encode(message), side);
    this.#cell = Math.max(1, Math.round((CELL_UNITS * side) / TILE));
    this.#lines = new MarkLines(lying(upright, side, rotation), side, this.#cell, width);
  }

  /** Moves `luma` (limited range, row by row) in place. */
  apply(luma: Uint8Array): void {
    const { width, height } = this;
    const mask = maskOf(reduced(luma, width, height, this.#cell), AROUND);
    const held = new Uint8ClampedArray(luma.buffer, luma.byteOffset, luma.length);
    for (let y = 0; y < height; y++) this.#lines.moveLuma(mask, y, SCALE, held);
  }
}

/** The square `tile` as it lies in a frame that is turned by `rotation` to stand upright. */
function lying(tile: Float32Array, side: number, rotation: Rotation): Float32Array {
  if (rotation === 0) return tile;
  const out = new Float32Array(tile.length);
  const last = side - 1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      // Turned clockwise by 90 degrees, the sample at (x, y) comes to stand at (last - y, x).
      const [u, v] =
        rotation === 90 ? [last - y, x] : rotation === 180 ? [last - x, last - y] : [y, last - x];
      out[y * side + x] = tile[v * side + u];
    }
  }
  return out;
}

/** Luma on the scale of 0..255, every `cell` by `cell` samples averaged into one. */
function reduced(luma: Uint8Array, fromWidth: number, fromHeight: number, cell: number): Plane {
  const width = Math.max(1, Math.floor(fromWidth / cell));
  const height = Math.max(1, Math.floor(fromHeight / cell));
  const data = new Float32Array(width * height);
  const scale = 1 / (SCALE * cell * cell);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (let dy = 0, k = y * cell * fromWidth + x * cell; dy < cell; dy++, k += fromWidth) {
        for (let dx = 0; dx < cell; dx++) sum += luma[k + dx];
      }
      data[at] = (sum - BLACK * cell * cell) * scale;
    }
  }
  return { width, height, data };
}

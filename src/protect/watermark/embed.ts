/**
 * Puts the mark on a picture: the tile, repeated, as strong as each place hides it. Texture hides much, flat areas
 * little, a lone edge nothing beyond its own line (the root of the deviation is averaged, so that one edge in a flat
 * surrounding does not count as texture). The scale follows the picture's size, because a large picture will be made
 * smaller on its way, and readers find any scale.
 */
import type { RgbImage } from '../../core/image.ts';
import { carrierOf, drawTile, TILE } from './carrier.ts';
import { encode } from './code.ts';
import { boxMean, reducedLuma } from './plane.ts';

/** Square root of the picture's area, in mark units: larger pictures get larger tiles. */
const SPAN = 900;
/** Deviation (root mean square, in 8-bit levels) on a flat area, and the most anywhere. */
const FLAT = 0.95;
const MOST = 8;
const PER_TEXTURE = 0.42;
/** Mean squared error of 41.3 dB: the budget of photographs. */
const BUDGET = 255 ** 2 / 10 ** 4.13;

export interface EmbedOptions {
  readonly key: string;
  /** 64 bits, 0 or 1. */
  readonly message: Uint8Array;
}

/** Pixels a mark unit takes up in a picture of this size, before it is shrunk or cropped; at least 1. */
export function unitPx(width: number, height: number): number {
  return Math.max(1, Math.sqrt(width * height) / SPAN);
}

/** Side of one tile in whole pixels. */
export function tilePx(width: number, height: number): number {
  return Math.round(TILE * unitPx(width, height));
}

/** A copy of `image` with the mark in its luma. Time is linear in its pixels. */
export function embed(image: RgbImage, options: EmbedOptions): RgbImage {
  const side = tilePx(image.width, image.height);
  const tile = drawTile(carrierOf(options.key), encode(options.message), side);
  return applyTile(image, tile, side);
}

/** As `embed`, with a tile that was drawn before (video, where every frame takes the same). */
export function applyTile(image: RgbImage, tile: Float32Array, side: number): RgbImage {
  const { width, height } = image;
  const cell = Math.max(1, Math.round(side / TILE));
  const map = strengths(image, cell);
  const columns = map.width;
  const left = new Uint32Array(width);
  const share = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const at = Math.min(columns - 1, Math.max(0, (x + 0.5) / cell - 0.5));
    left[x] = Math.min(columns - 1, Math.floor(at));
    share[x] = at - left[x];
  }
  const strength = new Float32Array(columns + 1);
  const bias = new Float32Array(columns + 1);
  const from = image.data;
  const out = new Uint8ClampedArray(from.length);
  for (let y = 0, at = 0; y < height; y++) {
    const v = Math.min(map.height - 1, Math.max(0, (y + 0.5) / cell - 0.5));
    const top = Math.floor(v);
    const below = Math.min(map.height - 1, top + 1);
    for (let x = 0; x < columns; x++) {
      const a = top * columns + x;
      const b = below * columns + x;
      strength[x] = map.strength[a] + (map.strength[b] - map.strength[a]) * (v - top);
      bias[x] = map.bias[a] + (map.bias[b] - map.bias[a]) * (v - top);
    }
    strength[columns] = strength[columns - 1];
    bias[columns] = bias[columns - 1];
    const row = (y % side) * side;
    for (let x = 0, u = 0; x < width; x++, at += 3) {
      const k = left[x];
      const f = share[x];
      const delta =
        (strength[k] + (strength[k + 1] - strength[k]) * f) * tile[row + u] +
        bias[k] +
        (bias[k + 1] - bias[k]) * f;
      out[at] = from[at] + delta;
      out[at + 1] = from[at + 1] + delta;
      out[at + 2] = from[at + 2] + delta;
      if (++u === side) u = 0;
    }
  }
  return { width, height, data: out };
}

interface Strengths {
  readonly width: number;
  readonly height: number;
  /** Deviation of the mark, in levels, for each cell. */
  readonly strength: Float32Array;
  /** What moves black and white away from the ends of the scale, so that half of the mark is not clipped. */
  readonly bias: Float32Array;
}

function strengths(image: RgbImage, cell: number): Strengths {
  const plane = reducedLuma(image, cell);
  const { width, height } = plane;
  const smooth = boxMean(plane, 3);
  const roots = new Float32Array(width * height);
  for (let i = 0; i < roots.length; i++) roots[i] = Math.sqrt(Math.abs(plane.data[i] - smooth.data[i]));
  const texture = boxMean({ width, height, data: roots }, 4).data;
  const strength = new Float32Array(width * height);
  let power = 0;
  for (let i = 0; i < strength.length; i++) {
    const s = Math.min(MOST, FLAT + PER_TEXTURE * texture[i] * texture[i]);
    strength[i] = s;
    power += s * s;
  }
  const gain = Math.min(1, Math.sqrt(BUDGET / (power / strength.length)));
  const bias = new Float32Array(width * height);
  for (let i = 0; i < strength.length; i++) {
    strength[i] *= gain;
    const room = 1.2 * strength[i];
    const level = smooth.data[i];
    if (level > 255 - room) bias[i] = 255 - room - level;
    else if (level < room) bias[i] = room - level;
  }
  return { width, height, strength, bias };
}

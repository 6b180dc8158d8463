/**
 * Puts the mark on a picture: the tile, repeated, as strong as each place hides it. The scale follows the picture's size,
 * because a large picture will be made smaller on its way, and readers find any scale.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { calmMask } from './calm.ts';
import { carrierOf, drawTile, TILE } from './carrier.ts';
import { encode } from './code.ts';
import type { LearnedMark } from './learned.ts';
import { MarkLines, type Mask, maskOf } from './mask.ts';
import { bytesOf, reducedLuma } from './plane.ts';

/** Square root of the picture's area, in mark units: larger pictures get larger tiles. */
const SPAN = 900;

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

/** Throws HuoyanError `bad-argument` where a picture of this size has no room for a mark. */
export function checkRoom(width: number, height: number): void {
  const tile = tilePx(width, height);
  if (Math.min(width, height) >= tile) return;
  throw new HuoyanError(
    'bad-argument',
    { en: `${width}x${height} is too small for a mark`, zh: `${width}x${height} 过小，无法嵌入水印` },
    { en: `each side needs at least ${tile} pixels`, zh: `每边至少需要 ${tile} 像素` },
  );
}

/** A copy of `image` with the mark in its luma, as strong as the rule of `mask.ts` has it. Time is linear in its pixels. */
export function embed(image: RgbImage, options: EmbedOptions): RgbImage {
  return under(maskOf(reducedLuma(image, cellPx(image))), image, options);
}

/** As `embed`; where the rule alone would be seen, the learned encoder moves strength to where it is not. */
export async function embedCalmly(
  image: RgbImage,
  options: EmbedOptions,
  learned: LearnedMark,
): Promise<RgbImage> {
  const cell = cellPx(image);
  return under(await calmMask(reducedLuma(image, cell), cell, learned), image, options);
}

/** Pixels a cell of the mask takes up: about one mark unit. */
const cellPx = ({ width, height }: RgbImage) => Math.max(1, Math.round(tilePx(width, height) / TILE));

function under(mask: Mask, image: RgbImage, { key, message }: EmbedOptions): RgbImage {
  const { width, height } = image;
  const side = tilePx(width, height);
  const cell = cellPx(image);
  const lines = new MarkLines(drawTile(carrierOf(key), encode(message), side), side, cell, width);
  const from = bytesOf(image);
  const data = new Uint8ClampedArray(from.length);
  for (let y = 0; y < height; y++) lines.moveColours(mask, y, from, data);
  return { width, height, data };
}

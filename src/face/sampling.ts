/**
 * Pixels taken from a picture through a transform. Bilinear where the picture is enlarged or kept; where it is
 * reduced, the region needed is first averaged down by a whole factor, so that nothing aliases and a 48-megapixel
 * photograph costs one pass over the pixels that matter.
 */
import type { Box, RgbImage } from '../core/image.ts';
import { type Affine, apply, boundsOf, invert, type Point, scaleOf } from './geometry.ts';

export interface WarpOptions {
  /** Size of the result in pixels. */
  readonly width: number;
  readonly height: number;
  /** What lies outside the picture: black, or its edge drawn out. Default `black`. */
  readonly outside?: 'black' | 'edge';
  /** The result is `pixel * gain + bias`. Default 1 and 0, so 0..255. */
  readonly gain?: number;
  readonly bias?: number;
}

/** Adds one line of `length` pixels to the sums of its cells, `factor` pixels each; the last cell may be shorter. */
function addLine(
  pixels: RgbImage['data'],
  from: number,
  length: number,
  factor: number,
  sums: Uint32Array,
): void {
  const end = from + length * 3;
  const whole = from + Math.floor(length / factor) * factor * 3;
  let p = from;
  let o = 0;
  // By far the commonest, unrolled.
  if (factor === 2) {
    for (; p < whole; p += 6, o += 3) {
      sums[o] += pixels[p] + pixels[p + 3];
      sums[o + 1] += pixels[p + 1] + pixels[p + 4];
      sums[o + 2] += pixels[p + 2] + pixels[p + 5];
    }
  }
  while (p < end) {
    const stop = Math.min(end, p + factor * 3);
    let r = 0;
    let g = 0;
    let b = 0;
    for (; p < stop; p += 3) {
      r += pixels[p];
      g += pixels[p + 1];
      b += pixels[p + 2];
    }
    sums[o] += r;
    sums[o + 1] += g;
    sums[o + 2] += b;
    o += 3;
  }
}

/** The part of `image` within `box` (clipped), averaged over squares of `factor` pixels; and where it begins. */
export function shrinkRegion(
  image: RgbImage,
  box: Box,
  factor: number,
): { image: RgbImage; x: number; y: number } {
  const x0 = Math.max(0, Math.floor(box.x));
  const y0 = Math.max(0, Math.floor(box.y));
  const x1 = Math.min(image.width, Math.ceil(box.x + box.width));
  const y1 = Math.min(image.height, Math.ceil(box.y + box.height));
  const width = Math.max(1, Math.ceil((x1 - x0) / factor));
  const height = Math.max(1, Math.ceil((y1 - y0) / factor));
  const data = new Uint8Array(width * height * 3);
  const sums = new Uint32Array(width * 3);
  const pixels = image.data;
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    const top = y0 + row * factor;
    const bottom = Math.min(y1, top + factor);
    for (let y = top; y < bottom; y++) addLine(pixels, (y * image.width + x0) * 3, x1 - x0, factor, sums);
    for (let column = 0, o = row * width * 3; column < width; column++, o += 3) {
      const cells = Math.min(factor, x1 - x0 - column * factor) * (bottom - top);
      data[o] = sums[o - row * width * 3] / cells + 0.5;
      data[o + 1] = sums[o - row * width * 3 + 1] / cells + 0.5;
      data[o + 2] = sums[o - row * width * 3 + 2] / cells + 0.5;
    }
  }
  return { image: { width, height, data }, x: x0, y: y0 };
}

/**
 * The picture seen through `toTarget` (source pixels to target pixels), as interleaved R G B numbers of
 * `width * height * 3`.
 */
export function warp(image: RgbImage, toTarget: Affine, options: WarpOptions): Float32Array {
  const { width, height, outside = 'black', gain = 1, bias = 0 } = options;
  const toSource = invert(toTarget);
  const factor = Math.floor(1 / scaleOf(toTarget) + 1e-9);
  let source = image;
  let { a, b, c, d, tx, ty } = toSource;
  if (factor >= 2) {
    const corners: Point[] = [
      { x: 0, y: 0 },
      { x: width, y: 0 },
      { x: 0, y: height },
      { x: width, y: height },
    ].map((p) => apply(toSource, p));
    const needed = boundsOf(corners);
    const around = { x: needed.x - 2, y: needed.y - 2, width: needed.width + 4, height: needed.height + 4 };
    const inside =
      around.x < image.width &&
      around.y < image.height &&
      around.x + around.width > 0 &&
      around.y + around.height > 0;
    if (inside) {
      const small = shrinkRegion(image, around, factor);
      source = small.image;
      [a, b, c, d] = [a / factor, b / factor, c / factor, d / factor];
      tx = (tx - small.x) / factor;
      ty = (ty - small.y) / factor;
    }
  }

  const out = new Float32Array(width * height * 3);
  const { data } = source;
  const lastX = source.width - 1;
  const lastY = source.height - 1;
  for (let row = 0, o = 0; row < height; row++) {
    for (let column = 0; column < width; column++, o += 3) {
      // Pixel centres lie at half coordinates.
      const sx = a * (column + 0.5) + b * (row + 0.5) + tx - 0.5;
      const sy = c * (column + 0.5) + d * (row + 0.5) + ty - 0.5;
      if (outside === 'black' && (sx <= -1 || sy <= -1 || sx >= lastX + 1 || sy >= lastY + 1)) {
        out[o] = bias;
        out[o + 1] = bias;
        out[o + 2] = bias;
        continue;
      }
      const x = sx < 0 ? 0 : Math.min(sx, lastX);
      const y = sy < 0 ? 0 : Math.min(sy, lastY);
      const x0 = x | 0;
      const y0 = y | 0;
      const fx = x - x0;
      const fy = y - y0;
      const p = (y0 * source.width + x0) * 3;
      const right = x0 < lastX ? 3 : 0;
      const down = y0 < lastY ? source.width * 3 : 0;
      for (let channel = 0; channel < 3; channel++) {
        const q = p + channel;
        const upper = data[q] + (data[q + right] - data[q]) * fx;
        const lower = data[q + down] + (data[q + down + right] - data[q + down]) * fx;
        out[o + channel] = (upper + (lower - upper) * fy) * gain + bias;
      }
    }
  }
  return out;
}

/** Interleaved numbers 0..255 as an 8-bit picture. */
export function toImage(values: Float32Array, width: number, height: number): RgbImage {
  // Writing into clamped bytes rounds and clamps, and is far faster than mapping.
  const data = new Uint8ClampedArray(values.length);
  data.set(values);
  return { width, height, data };
}

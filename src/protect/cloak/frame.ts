/**
 * The face of a picture on the square canvas a cloak is made on, and a cloak carried from there back into the picture:
 * smoothly, so that what a manipulator of few pixels averages down again is what was made, whatever the size of the
 * photograph.
 */
import type { Box, RgbImage } from '../../core/image.ts';
import { alignFace } from '../../face/align.ts';
import type { Face } from '../../face/face.ts';
import { type Affine, apply, boundsOf, scaleOf } from '../../face/geometry.ts';
import { CANVAS, TIGHT } from './channel.ts';

export interface Frame {
  /** [3, CANVAS, CANVAS] in 0..1. */
  readonly canvas: Float32Array;
  /** Picture pixels to canvas places. */
  readonly toCanvas: Affine;
  /** Pixels of the picture that may change. */
  readonly box: Box;
  /** Pixels of the picture in one place of the canvas, squared side by side. */
  readonly pixelsPerPlace: number;
}

/** Places at the rim over which a cloak fades out. */
const FADE = 12;

export function frameOf(image: RgbImage, face: Face): Frame {
  const margin = (CANVAS - TIGHT) / 2 / CANVAS;
  const { image: square, toCrop, toPicture } = alignFace(image, face, { size: CANVAS, margin });
  const plane = CANVAS * CANVAS;
  const canvas = Float32Array.from(
    { length: 3 * plane },
    (_, i) => square.data[(i % plane) * 3 + Math.floor(i / plane)] / 255,
  );
  const around = boundsOf(
    [0, 1, 2, 3].map((k) => apply(toPicture, { x: k & 1 ? CANVAS : 0, y: k & 2 ? CANVAS : 0 })),
  );
  const x = Math.max(0, Math.floor(around.x));
  const y = Math.max(0, Math.floor(around.y));
  const box = {
    ...{ x, y },
    width: Math.min(image.width, Math.ceil(around.x + around.width)) - x,
    height: Math.min(image.height, Math.ceil(around.y + around.height)) - y,
  };
  return { canvas, toCanvas: toCrop, box, pixelsPerPlace: scaleOf(toPicture) ** 2 };
}

/** [CANVAS, CANVAS]: 1 on the face, falling to 0 at the rim. */
export function fade(): Float32Array {
  const along = (i: number) => {
    const inside = Math.min(i + 0.5, CANVAS - i - 0.5) / FADE;
    return inside >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * inside);
  };
  return Float32Array.from(
    { length: CANVAS * CANVAS },
    (_, i) => along(i % CANVAS) * along(Math.floor(i / CANVAS)),
  );
}

/** `image` with `share` times the cloak [3, CANVAS, CANVAS] (samples 0..1) added to its face, rounded to bytes. */
export function worn(image: RgbImage, frame: Frame, cloak: Float32Array, share = 1): RgbImage {
  const { box, toCanvas } = frame;
  const data = Uint8ClampedArray.from(image.data);
  const plane = CANVAS * CANVAS;
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const at = apply(toCanvas, { x: x + 0.5, y: y + 0.5 });
      const [u, v] = [at.x - 0.5, at.y - 0.5];
      if (u < 0 || v < 0 || u > CANVAS - 1 || v > CANVAS - 1) continue;
      const [left, top] = [Math.min(CANVAS - 2, Math.floor(u)), Math.min(CANVAS - 2, Math.floor(v))];
      const [fx, fy] = [u - left, v - top];
      const p = top * CANVAS + left;
      const q = (y * image.width + x) * 3;
      for (let c = 0; c < 3; c++) {
        const o = c * plane + p;
        const upper = cloak[o] * (1 - fx) + cloak[o + 1] * fx;
        const lower = cloak[o + CANVAS] * (1 - fx) + cloak[o + CANVAS + 1] * fx;
        data[q + c] = image.data[q + c] + 255 * share * (upper * (1 - fy) + lower * fy);
      }
    }
  }
  return { width: image.width, height: image.height, data };
}

/** A picture before and after, as this browser draws them, and the difference made visible. */

export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Shots {
  readonly before: ImageData;
  readonly after: ImageData;
  readonly difference: ImageData;
}

/** Longest side of what is drawn, in pixels. */
const MOST = 1024;
/** How many times as strong a difference is shown. */
const TIMES = 8;

/** The same part of two pictures of one size. */
export function shotsOf(one: ImageBitmap, other: ImageBitmap, part: Part): Shots {
  const scale = Math.min(1, MOST / Math.max(part.width, part.height));
  const size = {
    width: Math.max(1, Math.round(part.width * scale)),
    height: Math.max(1, Math.round(part.height * scale)),
  };
  const before = drawn(one, part, size);
  const after = drawn(other, part, size);
  const difference = new ImageData(size.width, size.height);
  for (let i = 0; i < difference.data.length; i++)
    difference.data[i] = i % 4 === 3 ? 255 : 128 + TIMES * (after.data[i] - before.data[i]);
  return { before, after, difference };
}

function drawn(
  picture: ImageBitmap,
  { x, y, width, height }: Part,
  size: { width: number; height: number },
): ImageData {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, x, y, width, height, 0, 0, size.width, size.height);
  return context.getImageData(0, 0, size.width, size.height);
}

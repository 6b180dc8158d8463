/**
 * What happens to a picture between its maker and its reader, as named, repeatable steps: the verdict's stability
 * ladder and the benchmarks travel the same roads.
 */
import { type Box, crop, type RgbImage } from '../core/image.ts';
import { encodeJpeg, encodeWebp, resize } from './pixels.node.ts';

const scaled = (image: RgbImage, factor: number) =>
  resize(image, {
    width: Math.max(1, Math.round(image.width * factor)),
    height: Math.max(1, Math.round(image.height * factor)),
    kernel: 'lanczos3',
  });

/** The middle 80 % of each side, off the 8x8 grid. */
function middle(image: { readonly width: number; readonly height: number }): Box {
  const width = Math.max(1, Math.round(image.width * 0.8));
  const height = Math.max(1, Math.round(image.height * 0.8));
  const x = Math.min(image.width - width, Math.floor((image.width - width) / 2) | 1);
  const y = Math.min(image.height - height, Math.floor((image.height - height) / 2) | 1);
  return { x, y, width, height };
}

const STEPS = {
  jpeg96: (image: RgbImage) => encodeJpeg(image, { quality: 96 }),
  jpeg75: (image: RgbImage) => encodeJpeg(image, { quality: 75 }),
  jpeg50: (image: RgbImage) => encodeJpeg(image, { quality: 50 }),
  webp80: (image: RgbImage) => encodeWebp(image, { quality: 80 }),
  /** Half the sides, saved as JPEG 90, as a messenger does. */
  half: async (image: RgbImage) => encodeJpeg(await scaled(image, 0.5), { quality: 90 }),
  /** Shown at three quarters of its size, captured without loss, then shared as JPEG 85. */
  screenshot: async (image: RgbImage) => encodeJpeg(await scaled(image, 0.75), { quality: 85 }),
  crop: (image: RgbImage) => encodeJpeg(crop(image, middle(image)), { quality: 90 }),
} as const;

export type Reshipping = keyof typeof STEPS;

export const RESHIPPINGS = Object.keys(STEPS) as readonly Reshipping[];

/** The file that arrives after `step`. Deterministic. */
export function reship(image: RgbImage, step: Reshipping): Promise<Uint8Array> {
  return STEPS[step](image);
}

/** Where a point of the picture lies after `step`: scaled, then shifted, in pixels. */
export function movedBy(
  step: Reshipping,
  image: { readonly width: number; readonly height: number },
): { readonly scale: number; readonly dx: number; readonly dy: number } {
  if (step === 'half') return { scale: 0.5, dx: 0, dy: 0 };
  if (step === 'screenshot') return { scale: 0.75, dx: 0, dy: 0 };
  if (step === 'crop') {
    const { x, y } = middle(image);
    return { scale: 1, dx: -x, dy: -y };
  }
  return { scale: 1, dx: 0, dy: 0 };
}

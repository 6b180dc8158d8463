/**
 * What happens to a picture between its maker and its reader, as named, repeatable steps: the verdict's stability
 * ladder and the benchmarks travel the same roads.
 */
import { type Box, crop, type RgbImage } from '../core/image.ts';

/** What re-shipping needs of the place where it happens. */
export interface Shipping {
  /** As JPEG, 4:2:0; `quality` 1..100. */
  jpeg(image: RgbImage, quality: number): Promise<Uint8Array>;
  webp(image: RgbImage, quality: number): Promise<Uint8Array>;
  /** Scaled to that size by Lanczos' kernel of three lobes, widened when reducing. */
  resize(image: RgbImage, size: { readonly width: number; readonly height: number }): Promise<RgbImage>;
}

const scaled = ({ resize }: Shipping, image: RgbImage, factor: number) =>
  resize(image, {
    width: Math.max(1, Math.round(image.width * factor)),
    height: Math.max(1, Math.round(image.height * factor)),
  });

/** The middle 80 % of each side, off the 8x8 grid. */
function middle(image: { readonly width: number; readonly height: number }): Box {
  const width = Math.max(1, Math.round(image.width * 0.8));
  const height = Math.max(1, Math.round(image.height * 0.8));
  const x = Math.min(image.width - width, Math.floor((image.width - width) / 2) | 1);
  const y = Math.min(image.height - height, Math.floor((image.height - height) / 2) | 1);
  return { x, y, width, height };
}

type Step = (image: RgbImage, by: Shipping) => Promise<Uint8Array>;

const STEPS = {
  jpeg96: (image, by) => by.jpeg(image, 96),
  jpeg75: (image, by) => by.jpeg(image, 75),
  jpeg50: (image, by) => by.jpeg(image, 50),
  webp80: (image, by) => by.webp(image, 80),
  /** Half the sides, saved as JPEG 90, as a messenger does. */
  half: async (image, by) => by.jpeg(await scaled(by, image, 0.5), 90),
  /** Shown at three quarters of its size, captured without loss, then shared as JPEG 85. */
  screenshot: async (image, by) => by.jpeg(await scaled(by, image, 0.75), 85),
  crop: (image, by) => by.jpeg(crop(image, middle(image)), 90),
} as const satisfies Record<string, Step>;

export type Reshipping = keyof typeof STEPS;

export const RESHIPPINGS = Object.keys(STEPS) as readonly Reshipping[];

/** The steps of the verdict's stability ladder, mildest first. */
export const LADDER: readonly Reshipping[] = ['jpeg75', 'jpeg50', 'half', 'crop'];

/** The file that arrives after `step`. */
export function reshipBy(by: Shipping, image: RgbImage, step: Reshipping): Promise<Uint8Array> {
  return STEPS[step](image, by);
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

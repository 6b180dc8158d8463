/** Re-shippings made by libvips: the same bytes each time. */
import type { RgbImage } from '../core/image.ts';
import { encodeJpeg, encodeWebp, resize } from './pixels.node.ts';
import { type Reshipping, reshipBy, type Shipping } from './reshipping.ts';

export { movedBy, RESHIPPINGS, type Reshipping } from './reshipping.ts';

const LIBVIPS: Shipping = {
  jpeg: (image, quality) => encodeJpeg(image, { quality }),
  webp: (image, quality) => encodeWebp(image, { quality }),
  resize: (image, size) => resize(image, { ...size, kernel: 'lanczos3' }),
};

/** The file that arrives after `step`. Deterministic. */
export function reship(image: RgbImage, step: Reshipping): Promise<Uint8Array> {
  return reshipBy(LIBVIPS, image, step);
}

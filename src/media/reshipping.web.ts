/** Re-shippings made by a browser: its own encoders, which are not those of Node to the last bit. */
import type { RgbImage } from '../core/image.ts';
import { resizeLanczos } from './lanczos.ts';
import { encode } from './pixels.web.ts';
import { type Reshipping, reshipBy, type Shipping } from './reshipping.ts';

const BROWSER: Shipping = {
  jpeg: (image, quality) => encode(image, 'image/jpeg', quality),
  webp: (image, quality) => encode(image, 'image/webp', quality),
  resize: async (image, size) => resizeLanczos(image, size),
};

/** The file that arrives after `step`. */
export function reship(image: RgbImage, step: Reshipping): Promise<Uint8Array> {
  return reshipBy(BROWSER, image, step);
}

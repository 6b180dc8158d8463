/** A picture as a file, in the formats that a picture which was worked on is handed out in. */
import type { RgbImage } from '../core/image.ts';
import { encodeJpeg, encodePng, encodeWebp } from './pixels.node.ts';

/** High enough that a mark or a cloak is what the picture loses least of. */
const QUALITY = 95;

export type WrittenFormat = 'png' | 'jpeg' | 'webp';

/** PNG without loss, JPEG (4:4:4) and WebP at quality 95. */
export const WRITE: Readonly<Record<WrittenFormat, (image: RgbImage) => Promise<Uint8Array>>> = {
  png: (image) => encodePng(image),
  jpeg: (image) => encodeJpeg(image, { quality: QUALITY, subsampling: '4:4:4' }),
  webp: (image) => encodeWebp(image, { quality: QUALITY }),
};

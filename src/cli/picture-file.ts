/** In which format a picture is written: by the name the user gave the file. */
import { extname } from 'node:path';
import type { RgbImage } from '../core/image.ts';
import { encodeJpeg, encodePng, encodeWebp } from '../media/index.node.ts';
import { usageError } from './failure.ts';

/** PNG without loss, JPEG (4:4:4) and WebP at quality 95. Throws a usage failure for another name. */
export function encoderFor(path: string): (image: RgbImage) => Promise<Uint8Array> {
  const name = extname(path).toLowerCase();
  if (name === '.png') return (image) => encodePng(image);
  if (name === '.jpg' || name === '.jpeg') {
    return (image) => encodeJpeg(image, { quality: 95, subsampling: '4:4:4' });
  }
  if (name === '.webp') return (image) => encodeWebp(image, { quality: 95 });
  throw usageError(
    { en: `"${path}" has no known picture format`, zh: `“${path}”不是已知的图片格式` },
    { en: 'name it .png, .jpg or .webp', zh: '请以 .png、.jpg 或 .webp 结尾' },
  );
}

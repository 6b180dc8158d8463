/** What happens to a cloaked portrait before somebody manipulates it. */
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { blur, decodePixels, encodeJpeg, resize } from '../../src/media/index.node.ts';

export type Road = (image: RgbImage) => Promise<RgbImage>;

const jpeg =
  (quality: number): Road =>
  async (image) =>
    decodePixels(await encodeJpeg(image, { quality }));

/** The way of those who would clean a picture first: grain over it, the grain smoothed away, saved anew. */
const purified: Road = async (image) => {
  const random = new Random(3);
  const data = Uint8ClampedArray.from(image.data, (value) => value + 8 * random.normal());
  return jpeg(60)(await blur({ ...image, data }, 2));
};

const sized = (image: RgbImage, { width, height }: { readonly width: number; readonly height: number }) =>
  resize(image, { width, height, kernel: 'linear' });

/** Sizes are kept, so that what is clean and what is cloaked can be laid side by side. */
export const ROADS: Readonly<Record<string, Road>> = {
  'as stored': async (image) => image,
  'JPEG 95': jpeg(95),
  'JPEG 75': jpeg(75),
  'JPEG 50': jpeg(50),
  'half the size and back': async (image) =>
    sized(await sized(image, { width: image.width >> 1, height: image.height >> 1 }), image),
  'blur, sigma 1.5': (image) => blur(image, 1.5),
  purified,
};

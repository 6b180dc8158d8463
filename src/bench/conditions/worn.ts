/** What a picture loses on the way without being re-encoded: sharpness to a cheap lens or a careless resize, calm to a dark room. */
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { blur } from '../../media/index.node.ts';
import { copied } from './overlay.ts';

/** Out of focus: a Gaussian of a 300th of the shorter side, at least 0.8 pixels. */
export function blurred(image: RgbImage): Promise<RgbImage> {
  return blur(image, Math.max(0.8, Math.min(image.width, image.height) / 300));
}

/** Sensor noise as in poor light: Gaussian, of 4 to 8 grey levels, each sample its own; from a seed. */
export function noisy(image: RgbImage, seed: number): RgbImage {
  const random = new Random(seed);
  const deviation = random.uniform(4, 8);
  const out = copied(image);
  for (let i = 0; i < out.data.length; i++) {
    const v = Math.round(image.data[i] + deviation * random.normal());
    out.data[i] = Math.min(255, Math.max(0, v));
  }
  return out;
}

/** Pictures for contract tests, made from a seed. */
import type { RgbImage } from '../src/core/image.ts';
import { Random } from '../src/core/random.ts';

/** A smooth gradient with shapes and grain, `width` x `height`. */
export function picture(seed: number, width: number, height: number): RgbImage {
  const random = new Random(seed);
  const phase = [random.uniform(0, 6), random.uniform(0, 6), random.uniform(0, 6)];
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, i++) {
        const smooth = 60 * Math.sin(x / 37 + phase[c]) + 50 * Math.cos(y / 23 - phase[c]);
        const edge = (x >> 5) % 3 === 0 && (y >> 5) % 2 === 0 ? 30 : 0;
        data[i] = 128 + smooth + edge + 4 * random.normal();
      }
    }
  }
  return { width, height, data };
}

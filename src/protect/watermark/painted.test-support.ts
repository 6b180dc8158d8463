/** For tests: a picture with flat areas, edges, gradients and texture, made from a seed. */
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';

/** `width` by `height`: a sky, blobs in front of it, and grain in its lower half. */
export function painted(width: number, height: number, seed: number): RgbImage {
  const random = new Random(seed);
  const blobs = Array.from({ length: 14 }, () => ({
    x: random.uniform(0, width),
    y: random.uniform(0, height),
    r: random.uniform(0.04, 0.2) * width,
    colour: [random.below(256), random.below(256), random.below(256)],
  }));
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const blob = blobs.find((b) => Math.hypot(x - b.x, y - b.y) < b.r);
      const grain = y > height / 2 ? random.normal() * 9 : 0;
      for (let c = 0; c < 3; c++) {
        const base = blob ? blob.colour[c] : 90 + (100 * y) / height + 20 * c;
        data[at + c] = base + grain + 10 * Math.sin(x / (9 + c)) * (blob ? 1 : 0);
      }
    }
  }
  return { width, height, data };
}

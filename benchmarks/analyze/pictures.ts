/**
 * Pictures for the benchmark, made on the spot: photograph-like enough to cost what photographs cost (a 1/f spectrum,
 * flat areas, edges, sensor grain), and different in every file.
 */
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { resize } from '../../src/media/index.node.ts';

/** A `width` x `height` picture: octaves of smooth noise, a few flat shapes with hard edges, and grain. */
export async function scene(seed: number, width: number, height: number): Promise<RgbImage> {
  const random = new Random(seed);
  const sum = new Float32Array(width * height * 3);
  for (let cells = 3, strength = 70; strength > 4; cells *= 2, strength *= 0.6) {
    const w = Math.min(width, cells);
    const h = Math.min(height, Math.max(2, Math.round((cells * height) / width)));
    const coarse = new Uint8Array(w * h * 3).map(() => random.below(256));
    const { data } = await resize({ width: w, height: h, data: coarse }, { width, height, kernel: 'cubic' });
    for (let i = 0; i < sum.length; i++) sum[i] += (data[i] - 127.5) * (strength / 127.5);
  }
  for (let shape = 0; shape < 12; shape++) {
    const [cx, cy, radius] = [random.below(width), random.below(height), random.uniform(0.03, 0.15) * width];
    const colour = [0, 1, 2].map(() => random.uniform(-80, 80));
    for (let y = Math.max(0, Math.ceil(cy - radius)); y < Math.min(height, cy + radius); y++) {
      const half = Math.sqrt(radius * radius - (y - cy) ** 2);
      for (let x = Math.max(0, Math.ceil(cx - half)); x < Math.min(width, cx + half); x++) {
        for (let c = 0; c < 3; c++)
          sum[(y * width + x) * 3 + c] = 0.4 * sum[(y * width + x) * 3 + c] + colour[c];
      }
    }
  }
  return grained({ width, height, data: new Uint8ClampedArray(sum.map((v) => v + 127.5)) }, seed, 3);
}

/** `image` enlarged to `width` x `height` with fresh grain, so that the large picture is not merely smooth. */
export async function enlarged(
  image: RgbImage,
  width: number,
  height: number,
  seed: number,
): Promise<RgbImage> {
  return grained(await resize(image, { width, height, kernel: 'cubic' }), seed, 6);
}

/** Adds roughly normal noise of standard deviation `sigma` (grey levels); one table, entered at random places. */
function grained(image: RgbImage, seed: number, sigma: number): RgbImage {
  const random = new Random(seed ^ 0x5eed);
  const table = Int8Array.from({ length: 65_521 }, () => Math.round(sigma * random.normal()));
  const data = new Uint8ClampedArray(image.data);
  const row = image.width * 3;
  for (let y = 0; y < image.height; y++) {
    let at = random.below(table.length);
    for (let i = y * row; i < (y + 1) * row; i++) {
      data[i] += table[at];
      if (++at === table.length) at = 0;
    }
  }
  return { ...image, data };
}

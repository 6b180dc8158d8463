/** Pictures that never were JPEG: cloudy textures, shaded shapes and sensor noise, drawn from a seed. */
import type { RgbImage } from '../../src/core/image.ts';
import type { Random } from '../../src/core/random.ts';

/** Smooth noise in 0..1 with about `cells` features across, bilinear between random values. */
function valueNoise(width: number, height: number, cells: number, random: Random): Float32Array {
  const grid = Float32Array.from({ length: (cells + 2) * (cells + 2) }, () => random.uniform());
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const gy = (y / height) * cells;
    const iy = Math.floor(gy);
    for (let x = 0; x < width; x++) {
      const gx = (x / width) * cells;
      const ix = Math.floor(gx);
      const at = iy * (cells + 2) + ix;
      const top = grid[at] + (gx - ix) * (grid[at + 1] - grid[at]);
      const low = grid[at + cells + 2] + (gx - ix) * (grid[at + cells + 3] - grid[at + cells + 2]);
      out[y * width + x] = top + (gy - iy) * (low - top);
    }
  }
  return out;
}

/** A picture of `width` x `height`: 1/f clouds in colour, a few ellipses with shading, noise of random strength. */
export function render(width: number, height: number, random: Random): RgbImage {
  const planes = [0, 1, 2].map(() => new Float32Array(width * height).fill(random.uniform(60, 190)));
  const roughness = random.uniform(0.45, 0.8);
  for (let cells = 2, weight = random.uniform(60, 140); cells < width / 2; cells *= 2, weight *= roughness) {
    const shared = valueNoise(width, height, cells, random);
    const tint = [random.uniform(0.6, 1.2), random.uniform(0.6, 1.2), random.uniform(0.6, 1.2)];
    planes.forEach((plane, c) => {
      for (let i = 0; i < plane.length; i++) plane[i] += weight * tint[c] * (shared[i] - 0.5);
    });
  }
  const shapes = random.below(14);
  for (let s = 0; s < shapes; s++) {
    const [cx, cy] = [random.uniform(0, width), random.uniform(0, height)];
    const [rx, ry] = [random.uniform(4, width / 3), random.uniform(4, height / 3)];
    const colour = [random.uniform(0, 255), random.uniform(0, 255), random.uniform(0, 255)];
    const edge = random.uniform(0.002, 0.2);
    const slope = random.uniform(-60, 60);
    for (let y = Math.max(0, Math.floor(cy - 1.3 * ry)); y < Math.min(height, cy + 1.3 * ry); y++) {
      for (let x = Math.max(0, Math.floor(cx - 1.3 * rx)); x < Math.min(width, cx + 1.3 * rx); x++) {
        const d = Math.hypot((x - cx) / rx, (y - cy) / ry);
        const cover = Math.min(1, Math.max(0, (1 - d) / edge));
        if (cover === 0) continue;
        const shade = (slope * (x - cx)) / rx;
        planes.forEach((plane, c) => {
          const i = y * width + x;
          plane[i] += cover * (0.8 * (colour[c] + shade - plane[i]));
        });
      }
    }
  }
  const sigma = random.chance(0.2) ? 0 : random.uniform(0.3, 6);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = Math.round(planes[c][i] + (sigma > 0 ? sigma * random.normal() : 0));
  }
  return { width, height, data };
}

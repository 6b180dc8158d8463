/** Pictures of made-up sources for tests: soft colour fields, each source with a grain of its own. */
import type { RgbImage } from '../core/image.ts';
import { Random } from '../core/random.ts';

export type Painter = 'camera' | 'doubled' | 'checkered';

/** `camera`: independent noise; `doubled`: noise enlarged twofold; `checkered`: a faint grid, as some up-sampling leaves. */
export function painted(painter: Painter, seed: number, side = 160): RgbImage {
  const random = new Random(seed);
  const data = new Uint8ClampedArray(side * side * 3);
  const [fx, fy, base] = [random.uniform(0.01, 0.06), random.uniform(0.01, 0.06), random.uniform(60, 160)];
  const half = Math.ceil(side / 2);
  const coarse = Float32Array.from({ length: half * half }, () => random.normal() * 9);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const grain =
        painter === 'doubled'
          ? coarse[(y >> 1) * half + (x >> 1)] + random.normal()
          : random.normal() * 5 + (painter === 'checkered' && (x + y) % 2 ? 5 : 0);
      for (let c = 0; c < 3; c++)
        data[(y * side + x) * 3 + c] = base + 50 * Math.sin(x * fx + c) * Math.cos(y * fy) + grain;
    }
  }
  return { width: side, height: side, data };
}

/**
 * Pictures bent a little by chance: a face-swapping auto-encoder is shown the bent picture and gives back the straight
 * one, so that its code holds the pose and not the pixels.
 */
import type { Random } from '../../core/random.ts';

/** Displacements are drawn at GRID by GRID points and run smoothly between them. */
const GRID = 5;

/**
 * Planar pictures [count, 3, size, size] with each place taken from up to about `reach` (a share of the side) away,
 * bilinear, edges repeated.
 */
export function warped(random: Random, pictures: Uint8Array, size: number, reach: number): Uint8Array {
  const plane = size * size;
  const count = pictures.length / (3 * plane);
  const out = new Uint8Array(pictures.length);
  for (let n = 0; n < count; n++) {
    const [dx, dy] = [bend(random, size, reach), bend(random, size, reach)];
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const at = y * size + x;
        const across = place(x + dx[at], size);
        const down = place(y + dy[at], size);
        for (let c = 0; c < 3; c++) {
          const start = (n * 3 + c) * plane;
          const row = (line: number) => {
            const left = pictures[start + line * size + across.low];
            return left + (pictures[start + line * size + across.high] - left) * across.share;
          };
          const top = row(down.low);
          out[start + at] = Math.round(top + (row(down.high) - top) * down.share);
        }
      }
  }
  return out;
}

/** The two whole places around `at`, and how far it is from the lower to the higher. */
function place(at: number, size: number): { low: number; high: number; share: number } {
  const inside = Math.min(size - 1, Math.max(0, at));
  const low = Math.floor(inside);
  return { low, high: Math.min(size - 1, low + 1), share: inside - low };
}

/** A displacement in pixels for every place, standard deviation half of `reach` at the grid's points. */
function bend(random: Random, size: number, reach: number): Float32Array {
  const points = Float32Array.from({ length: GRID * GRID }, () => (random.normal() * reach * size) / 2);
  const out = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    const down = place((y / (size - 1)) * (GRID - 1), GRID);
    for (let x = 0; x < size; x++) {
      const across = place((x / (size - 1)) * (GRID - 1), GRID);
      const row = (line: number) => {
        const left = points[line * GRID + across.low];
        return left + (points[line * GRID + across.high] - left) * across.share;
      };
      const top = row(down.low);
      out[y * size + x] = top + (row(down.high) - top) * down.share;
    }
  }
  return out;
}

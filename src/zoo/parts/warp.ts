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
  const last = size - 1;
  const out = new Uint8Array(pictures.length);
  for (let n = 0; n < count; n++) {
    const dx = bend(random, size, reach);
    const dy = bend(random, size, reach);
    for (let y = 0, at = 0; y < size; y++)
      for (let x = 0; x < size; x++, at++) {
        const fromX = Math.min(last, Math.max(0, x + dx[at]));
        const fromY = Math.min(last, Math.max(0, y + dy[at]));
        const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
        const right = Math.min(last, left + 1);
        const bottom = Math.min(last, top + 1);
        for (let c = 0; c < 3; c++) {
          const start = (n * 3 + c) * plane;
          const [upper, lower] = [start + top * size, start + bottom * size];
          const above = between(pictures[upper + left], pictures[upper + right], fromX - left);
          const below = between(pictures[lower + left], pictures[lower + right], fromX - left);
          out[start + at] = Math.round(between(above, below, fromY - top));
        }
      }
  }
  return out;
}

const between = (a: number, b: number, share: number): number => a + (b - a) * share;

/** A displacement in pixels for every place, standard deviation half of `reach` at the grid's points. */
function bend(random: Random, size: number, reach: number): Float32Array {
  const points = Float32Array.from({ length: GRID * GRID }, () => (random.normal() * reach * size) / 2);
  const out = new Float32Array(size * size);
  const pitch = (GRID - 1) / (size - 1);
  for (let y = 0, at = 0; y < size; y++) {
    const row = Math.min(GRID - 2, Math.floor(y * pitch));
    for (let x = 0; x < size; x++, at++) {
      const column = Math.min(GRID - 2, Math.floor(x * pitch));
      const corner = row * GRID + column;
      const across = x * pitch - column;
      const above = between(points[corner], points[corner + 1], across);
      const below = between(points[corner + GRID], points[corner + GRID + 1], across);
      out[at] = between(above, below, y * pitch - row);
    }
  }
  return out;
}

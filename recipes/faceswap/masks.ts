/**
 * Masks of faces: the hull of mesh points, bent a little and softened, as a swap's own mask is. Values 0..1 over a square
 * crop, row-major.
 */
import type { Random } from '../../src/core/random.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The convex hull, anticlockwise (Andrew's monotone chain). Fewer than three points give themselves. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((p, q) => p.x - q.x || p.y - q.y);
  if (sorted.length < 3) return sorted;
  const cross = (o: Point, a: Point, b: Point) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  const half = (list: readonly Point[]) => {
    const chain: Point[] = [];
    for (const p of list) {
      while (chain.length >= 2 && cross(chain[chain.length - 2], chain[chain.length - 1], p) <= 0)
        chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** 1 within the convex polygon, 0 outside. */
export function fillHull(hull: readonly Point[], side: number): Float32Array {
  const mask = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    const at = y + 0.5;
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    hull.forEach((p, i) => {
      const q = hull[(i + 1) % hull.length];
      if (p.y > at === q.y > at) return;
      const x = p.x + ((at - p.y) / (q.y - p.y)) * (q.x - p.x);
      left = Math.min(left, x);
      right = Math.max(right, x);
    });
    const from = Math.max(0, Math.round(left));
    const to = Math.min(side, Math.round(right));
    if (to > from) mask.fill(1, y * side + from, y * side + to);
  }
  return mask;
}

/** Three box blurs, near enough a Gaussian of `sigmaPx`. */
export function soften(mask: Float32Array, side: number, sigmaPx: number): Float32Array {
  const radius = Math.max(1, Math.round(Math.sqrt((12 * sigmaPx * sigmaPx) / 3 + 1) / 2 - 0.5));
  let now = mask;
  for (let pass = 0; pass < 3; pass++) {
    now = boxRows(now, side, radius);
    now = boxRows(now, side, radius);
  }
  return now;
}

/** A box blur along rows, transposed: done twice it has blurred both ways and stands upright again. */
function boxRows(from: Float32Array, side: number, radius: number): Float32Array {
  const to = new Float32Array(from.length);
  const norm = 1 / (2 * radius + 1);
  const last = side - 1;
  for (let y = 0; y < side; y++) {
    const row = y * side;
    let sum = 0;
    for (let x = -radius; x <= radius; x++) sum += from[row + Math.min(last, Math.max(0, x))];
    for (let x = 0; x < side; x++) {
      to[x * side + y] = sum * norm;
      sum += from[row + Math.min(last, x + radius + 1)] - from[row + Math.max(0, x - radius)];
    }
  }
  return to;
}

/** Moves every place by up to a few pixels, smoothly (the elastic transform of SBI on a coarse grid). */
function bend(mask: Float32Array, side: number, amplitudePx: number, random: Random): Float32Array {
  const cells = 6;
  const grid = Float32Array.from({ length: (cells + 1) ** 2 * 2 }, () => random.normal() * amplitudePx);
  const to = new Float32Array(mask.length);
  for (let y = 0; y < side; y++) {
    const gy = (y / side) * cells;
    const cy = gy | 0;
    const fy = gy - cy;
    for (let x = 0; x < side; x++) {
      const gx = (x / side) * cells;
      const cx = gx | 0;
      const fx = gx - cx;
      const at = (cy * (cells + 1) + cx) * 2;
      const below = at + (cells + 1) * 2;
      const mix = (c: number) =>
        (grid[at + c] * (1 - fx) + grid[at + 2 + c] * fx) * (1 - fy) +
        (grid[below + c] * (1 - fx) + grid[below + 2 + c] * fx) * fy;
      const sx = Math.min(side - 1, Math.max(0, Math.round(x + mix(0))));
      const sy = Math.min(side - 1, Math.max(0, Math.round(y + mix(1))));
      to[y * side + x] = mask[sy * side + sx];
    }
  }
  return to;
}

/** Mesh points by which a mask is drawn: the whole face, from the brows down, from the eyes down, or a part of it. */
function chosen(mesh: Float32Array, side: number, random: Random): Point[] {
  const points = Array.from({ length: mesh.length / 2 }, (_, i) => ({ x: mesh[2 * i], y: mesh[2 * i + 1] }));
  const eyes = (points[33].y + points[263].y) / 2;
  const kind = random.uniform();
  if (kind < 0.45) return points;
  if (kind < 0.7) return points.filter((p) => p.y > eyes - 0.09 * side);
  if (kind < 0.85) return points.filter((p) => p.y > eyes + 0.06 * side);
  return Array.from({ length: 10 + random.below(14) }, () => random.pick(points));
}

/** A mask for one face, 0..1, after steps 2, 4 and 5 of SBI (Shiohara and Yamasaki 2022, arXiv:2204.08376). */
export function faceMask(mesh: Float32Array, side: number, random: Random): Float32Array {
  let mask = fillHull(convexHull(chosen(mesh, side, random)), side);
  mask = bend(mask, side, random.uniform(0.5, 3.5), random);
  // Shrunk inwards first, so that the seam lies inside the hull as often as on it.
  const inner = soften(mask, side, random.uniform(1, 5)).map((v) => Math.max(0, 2 * v - 1));
  const soft = soften(inner, side, random.uniform(0.8, 7));
  let most = 1e-6;
  for (const v of soft) most = Math.max(most, v);
  return soft.map((v) => v / most);
}

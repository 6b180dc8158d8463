/**
 * Plane geometry of faces: points, boxes, and the similarity transforms (turn, scale, shift) that carry a face as
 * photographed onto a canonical one. Least squares after Umeyama (1991), in closed form for two dimensions.
 */
import type { Box } from '../core/image.ts';

/** Pixels of the displayed picture; x to the right, y down; (0, 0) is the corner of the first pixel, not its centre. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `x' = a x + b y + tx`, `y' = c x + d y + ty`. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly tx: number;
  readonly ty: number;
}

export function apply(t: Affine, p: Point): Point {
  return { x: t.a * p.x + t.b * p.y + t.tx, y: t.c * p.x + t.d * p.y + t.ty };
}

/** The transform that undoes `t`. Throws RangeError when `t` flattens the plane. */
export function invert(t: Affine): Affine {
  const det = t.a * t.d - t.b * t.c;
  if (!Number.isFinite(1 / det)) throw new RangeError('a transform without inverse');
  const a = t.d / det;
  const b = -t.b / det;
  const c = -t.c / det;
  const d = t.a / det;
  return { a, b, c, d, tx: -(a * t.tx + b * t.ty), ty: -(c * t.tx + d * t.ty) };
}

/** Length ratio of `t`: how many target pixels one source pixel becomes. */
export function scaleOf(t: Affine): number {
  return Math.sqrt(Math.abs(t.a * t.d - t.b * t.c));
}

/**
 * The similarity (no mirroring) that carries `from` onto `to` with the smallest sum of squared distances.
 * Throws RangeError for fewer than two pairs or when all of `from` is one point.
 */
export function similarityBetween(from: readonly Point[], to: readonly Point[]): Affine {
  const n = from.length;
  if (n < 2 || to.length !== n) throw new RangeError(`${n} and ${to.length} points give no similarity`);
  const mean = (points: readonly Point[]) => ({
    x: points.reduce((sum, p) => sum + p.x, 0) / n,
    y: points.reduce((sum, p) => sum + p.y, 0) / n,
  });
  const f = mean(from);
  const t = mean(to);
  let cosine = 0;
  let sine = 0;
  let spread = 0;
  for (let i = 0; i < n; i++) {
    const fx = from[i].x - f.x;
    const fy = from[i].y - f.y;
    const gx = to[i].x - t.x;
    const gy = to[i].y - t.y;
    cosine += fx * gx + fy * gy;
    sine += fx * gy - fy * gx;
    spread += fx * fx + fy * fy;
  }
  if (!(spread > 0)) throw new RangeError('all points are one');
  const a = cosine / spread;
  const c = sine / spread;
  return { a, b: -c, c, d: a, tx: t.x - (a * f.x - c * f.y), ty: t.y - (c * f.x + a * f.y) };
}

export function centreOf(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The smallest upright box around the points. */
export function boundsOf(points: readonly Point[]): Box {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function intersection(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0..1. */
export function overlap(a: Box, b: Box): number {
  const common = intersection(a, b);
  const union = a.width * a.height + b.width * b.height - common;
  return union > 0 ? common / union : 0;
}

/** How much of the smaller box lies within the other, 0..1. */
export function containment(a: Box, b: Box): number {
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  return smaller > 0 ? intersection(a, b) / smaller : 0;
}

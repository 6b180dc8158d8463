/**
 * The border of a screen, a sheet or a print, without corner marks from the user: straight edges by a Hough transform
 * that lets each pixel vote only along its own gradient, four of them joined to the quadrilaterals whose sides are best
 * covered by edges, each side then fitted to a part of a pixel.
 */
import type { Plane } from '../../core/image.ts';
import { boxMean, fromUnitSquare, type Homography, type Point } from './plane.ts';

export interface Flattening {
  /** From the flattened view to the picture, in samples. */
  readonly toView: Homography;
  readonly width: number;
  readonly height: number;
}

/** Longest side of the plane lines are sought in. */
const SEARCHED = 420;
const LINES = 22;
const ANGLES = 180;
/** Quadrilaterals returned, and the least share of the picture one takes up. */
const MOST = 5;
const LEAST_AREA = 0.06;
/** Opposite sides converge by at most 58 degrees, neighbours meet at 35 or more (cosines). */
const OPPOSITE = 0.53;
const ADJACENT = 0.82;
/** Longest side of a flattened view, in samples. */
const LONGEST = 1400;

interface Line {
  /** Normal and distance: nx x + ny y = d. */
  readonly nx: number;
  readonly ny: number;
  readonly d: number;
  readonly votes: number;
}

/** The likeliest quadrilaterals, best first, made rectangular at about the picture's own resolution. */
export function quadrilaterals(plane: Plane): Flattening[] {
  const factor = Math.max(1, Math.max(plane.width, plane.height) / SEARCHED);
  const small = shrunk(plane, factor);
  const edges = gradients(small);
  const lines = houghLines(edges);
  const found: { corners: Point[]; score: number }[] = [];
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length; j++) {
      if (Math.abs(along(lines[i], lines[j])) < OPPOSITE) continue;
      for (let k = 0; k < lines.length; k++) {
        if (k === i || k === j || Math.abs(along(lines[i], lines[k])) > ADJACENT) continue;
        for (let l = k + 1; l < lines.length; l++) {
          if (l === i || l === j || k === l) continue;
          if (i > k) continue;
          if (Math.abs(along(lines[k], lines[l])) < OPPOSITE) continue;
          const corners = ordered([
            meet(lines[i], lines[k]),
            meet(lines[k], lines[j]),
            meet(lines[j], lines[l]),
            meet(lines[l], lines[i]),
          ]);
          if (!corners) continue;
          const score = support(corners, edges);
          if (score > 0) found.push({ corners, score });
        }
      }
    }
  }
  found.sort((a, b) => b.score - a.score);
  const kept: Point[][] = [];
  for (const { corners } of found) {
    if (kept.length >= MOST) break;
    const same = kept.some((other) =>
      corners.every((p, i) => Math.hypot(p.x - other[i].x, p.y - other[i].y) < 0.03 * SEARCHED),
    );
    if (!same) kept.push(corners);
  }
  return kept.map((corners) => flattening(fitted(corners, plane, factor)));
}

function shrunk(plane: Plane, factor: number): Plane {
  const smooth = factor > 1.5 ? boxMean(plane, Math.max(1, Math.round(factor / 2))) : plane;
  const width = Math.max(8, Math.floor(plane.width / factor));
  const height = Math.max(8, Math.floor(plane.height / factor));
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.min(plane.height - 1, Math.round((y + 0.5) * factor - 0.5)) * plane.width;
    for (let x = 0; x < width; x++) {
      data[y * width + x] =
        smooth.data[row + Math.min(plane.width - 1, Math.round((x + 0.5) * factor - 0.5))];
    }
  }
  return { width, height, data };
}

interface Edges {
  readonly width: number;
  readonly height: number;
  readonly gx: Float32Array;
  readonly gy: Float32Array;
  /** 0..1: edge strength against the local contrast of the picture. */
  readonly size: Float32Array;
}

function gradients({ width, height, data }: Plane): Edges {
  const gx = new Float32Array(width * height);
  const gy = new Float32Array(width * height);
  const size = new Float32Array(width * height);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const dx =
        data[i + 1] * 2 -
        data[i - 1] * 2 +
        data[i + 1 - width] -
        data[i - 1 - width] +
        data[i + 1 + width] -
        data[i - 1 + width];
      const dy =
        data[i + width] * 2 -
        data[i - width] * 2 +
        data[i + width - 1] -
        data[i - width - 1] +
        data[i + width + 1] -
        data[i - width + 1];
      const magnitude = Math.hypot(dx, dy) / 8;
      if (magnitude < 1.5) continue;
      gx[i] = dx / 8 / magnitude;
      gy[i] = dy / 8 / magnitude;
      size[i] = Math.min(1, magnitude / 12);
    }
  }
  return { width, height, gx, gy, size };
}

function houghLines(edges: Edges): Line[] {
  const { width, height, gx, gy, size } = edges;
  const reach = Math.ceil(Math.hypot(width, height));
  const votes = new Float32Array(ANGLES * 2 * reach);
  const cos = Float64Array.from({ length: ANGLES }, (_, i) => Math.cos((i * Math.PI) / ANGLES));
  const sin = Float64Array.from({ length: ANGLES }, (_, i) => Math.sin((i * Math.PI) / ANGLES));
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (size[i] === 0) continue;
      const angle = Math.atan2(gy[i], gx[i]);
      const centre = Math.round((angle / Math.PI) * ANGLES);
      for (let k = centre - 3; k <= centre + 3; k++) {
        const a = ((k % ANGLES) + ANGLES) % ANGLES;
        const d = Math.round(x * cos[a] + y * sin[a]) + reach;
        votes[a * 2 * reach + d] += size[i];
      }
    }
  }
  const lines: Line[] = [];
  const taken = votes;
  for (let n = 0; n < LINES; n++) {
    let best = -1;
    let most = 0.12 * Math.min(width, height);
    for (let i = 0; i < taken.length; i++) {
      if (taken[i] > most) {
        most = taken[i];
        best = i;
      }
    }
    if (best < 0) break;
    const a = Math.floor(best / (2 * reach));
    const d = (best % (2 * reach)) - reach;
    lines.push({ nx: cos[a], ny: sin[a], d, votes: most });
    for (let da = -4; da <= 4; da++) {
      const wrapped = a + da;
      const turn = wrapped < 0 || wrapped >= ANGLES;
      const at = ((wrapped % ANGLES) + ANGLES) % ANGLES;
      for (let dd = -4; dd <= 4; dd++) {
        const rho = (turn ? -d : d) + dd + reach;
        if (rho >= 0 && rho < 2 * reach) taken[at * 2 * reach + rho] = 0;
      }
    }
  }
  return lines;
}

const along = (a: Line, b: Line) => a.nx * b.nx + a.ny * b.ny;

function meet(a: Pick<Line, 'nx' | 'ny' | 'd'>, b: Pick<Line, 'nx' | 'ny' | 'd'>): Point {
  const det = a.nx * b.ny - a.ny * b.nx;
  return { x: (a.d * b.ny - b.d * a.ny) / det, y: (a.nx * b.d - b.nx * a.d) / det };
}

/** Clockwise as seen, the corner nearest the top left first; null when they cross or are not finite. */
function ordered(corners: Point[]): Point[] | null {
  let area = 0;
  let sign = 0;
  for (let i = 0; i < 4; i++) {
    const p = corners[i];
    const q = corners[(i + 1) % 4];
    const r = corners[(i + 2) % 4];
    if (!Number.isFinite(p.x) || !Number.isFinite(p.y)) return null;
    area += (p.x * q.y - q.x * p.y) / 2;
    const turn = Math.sign((q.x - p.x) * (r.y - q.y) - (q.y - p.y) * (r.x - q.x));
    if (turn === 0 || (sign !== 0 && turn !== sign)) return null;
    sign = turn;
  }
  const list = area > 0 ? [...corners] : [...corners].reverse();
  const first = list.reduce((best, p, i) => (p.x + p.y < list[best].x + list[best].y ? i : best), 0);
  return [...list.slice(first), ...list.slice(0, first)];
}

/** How well the sides lie on edges; 0 when a side has none, the shape is too small or leaves the picture. */
function support(corners: readonly Point[], edges: Edges): number {
  const { width, height, gx, gy, size } = edges;
  let area = 0;
  for (let i = 0; i < 4; i++) {
    const p = corners[i];
    const q = corners[(i + 1) % 4];
    if (p.x < -0.4 * width || p.y < -0.4 * height || p.x > 1.4 * width || p.y > 1.4 * height) return 0;
    area += (p.x * q.y - q.x * p.y) / 2;
  }
  if (area < LEAST_AREA * width * height) return 0;
  let least = 1;
  let sum = 0;
  for (let i = 0; i < 4; i++) {
    const p = corners[i];
    const q = corners[(i + 1) % 4];
    const length = Math.hypot(q.x - p.x, q.y - p.y);
    const nx = (q.y - p.y) / length;
    const ny = (p.x - q.x) / length;
    const steps = Math.max(8, Math.round(length / 3));
    let covered = 0;
    let seen = 0;
    for (let s = 0; s < steps; s++) {
      const t = (s + 0.5) / steps;
      let best = 0;
      const cx = p.x + (q.x - p.x) * t;
      const cy = p.y + (q.y - p.y) * t;
      if (cx < 2 || cy < 2 || cx > width - 3 || cy > height - 3) continue;
      seen++;
      for (let off = -2; off <= 2; off++) {
        const x = Math.round(p.x + (q.x - p.x) * t + nx * off);
        const y = Math.round(p.y + (q.y - p.y) * t + ny * off);
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        const at = y * width + x;
        const fit = Math.abs(gx[at] * nx + gy[at] * ny) > 0.9 ? size[at] : 0;
        if (fit > best) best = fit;
      }
      covered += best;
    }
    if (seen < 0.35 * steps) return 0;
    least = Math.min(least, covered / seen);
    sum += (covered / seen) * Math.sqrt(seen / steps);
  }
  if (least < 0.18) return 0;
  return sum / 4 + least + 0.25 * Math.sqrt(area / (width * height));
}

/** The sides fitted again in the full plane: strongest gradient near each of many points, then a line by least squares, twice. */
function fitted(corners: readonly Point[], plane: Plane, factor: number): Point[] {
  const up = corners.map(({ x, y }) => ({ x: (x + 0.5) * factor - 0.5, y: (y + 0.5) * factor - 0.5 }));
  const reach = Math.max(3, Math.round(2.5 * factor));
  const sides = up.map((p, i) => {
    const q = up[(i + 1) % 4];
    const length = Math.hypot(q.x - p.x, q.y - p.y);
    const nx = (q.y - p.y) / length;
    const ny = (p.x - q.x) / length;
    let points: Point[] = [];
    const steps = Math.max(16, Math.round(length / 6));
    for (let s = 0; s < steps; s++) {
      const t = 0.03 + (0.94 * (s + 0.5)) / steps;
      const x = p.x + (q.x - p.x) * t;
      const y = p.y + (q.y - p.y) * t;
      if (x < 3 || y < 3 || x > plane.width - 4 || y > plane.height - 4) continue;
      let best = 2;
      let at = Number.NaN;
      for (let off = -reach; off <= reach; off++) {
        const step = Math.abs(
          sample(plane, x + nx * (off + 1), y + ny * (off + 1)) -
            sample(plane, x + nx * (off - 1), y + ny * (off - 1)),
        );
        if (step > best) {
          best = step;
          at = off;
        }
      }
      if (Number.isFinite(at)) points.push({ x: x + nx * at, y: y + ny * at });
    }
    let line = { nx, ny, d: nx * p.x + ny * p.y };
    for (let round = 0; round < 3 && points.length >= 8; round++) {
      line = leastSquares(points, line);
      const off = points.map((point) => Math.abs(line.nx * point.x + line.ny * point.y - line.d));
      const middle = [...off].sort((a, b) => a - b)[Math.floor(off.length / 2)];
      points = points.filter((_, k) => off[k] <= Math.max(0.7, 2 * middle));
    }
    return line;
  });
  const refined = sides.map((_, i) => meet(sides[(i + 3) % 4], sides[i]));
  const close = refined.every((p, i) => Math.hypot(p.x - up[i].x, p.y - up[i].y) < 4 * reach);
  return close ? refined : up;
}

function sample({ width, height, data }: Plane, x: number, y: number): number {
  const px = Math.min(width - 1, Math.max(0, Math.round(x)));
  const py = Math.min(height - 1, Math.max(0, Math.round(y)));
  return data[py * width + px];
}

type Direction = Pick<Line, 'nx' | 'ny' | 'd'>;

/** Total least squares; `like` only says which way the normal points. */
function leastSquares(points: readonly Point[], like: Direction): Direction {
  const n = points.length;
  const mx = points.reduce((s, p) => s + p.x, 0) / n;
  const my = points.reduce((s, p) => s + p.y, 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const p of points) {
    xx += (p.x - mx) ** 2;
    xy += (p.x - mx) * (p.y - my);
    yy += (p.y - my) ** 2;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  let nx = -Math.sin(angle);
  let ny = Math.cos(angle);
  if (nx * like.nx + ny * like.ny < 0) [nx, ny] = [-nx, -ny];
  return { nx, ny, d: nx * mx + ny * my };
}

function flattening(corners: Point[]): Flattening {
  const [p, q, r, s] = corners;
  const across = Math.max(apart(p, q), apart(s, r));
  const down = Math.max(apart(p, s), apart(q, r));
  const scale = Math.min(1, LONGEST / Math.max(across, down));
  const width = Math.max(64, Math.round(across * scale));
  const height = Math.max(64, Math.round(down * scale));
  const unit = fromUnitSquare([p, q, r, s]);
  const toView = unit.map((value, i) => (i % 3 === 0 ? value / width : i % 3 === 1 ? value / height : value));
  return { toView: toView as unknown as Homography, width, height };
}

const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

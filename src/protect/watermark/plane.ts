/** What embedding and reading do with planes: area reduction straight from pixels, running means, warps. */
import type { Plane, RgbImage } from '../../core/image.ts';

/** Samples of `image` as plain bytes, not copied: loops over arrays of one kind alone run twice as fast. */
export function bytesOf({ data }: RgbImage): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

/** Luma 0..255 (BT.601), every `factor` by `factor` pixels averaged into one sample; a rest at the right and bottom is dropped. */
export function reducedLuma(image: RgbImage, factor: number): Plane {
  const width = Math.max(1, Math.floor(image.width / factor));
  const height = Math.max(1, Math.floor(image.height / factor));
  const data = new Float32Array(width * height);
  const across = Math.min(factor, image.width);
  const down = Math.min(factor, image.height);
  const pixels = bytesOf(image);
  const scale = 1 / (1000 * across * down);
  for (let y = 0; y < height; y++) {
    for (let dy = 0; dy < down; dy++) {
      let from = (y * factor + dy) * image.width * 3;
      for (let x = 0, at = y * width; x < width; x++, at++) {
        let sum = 0;
        for (let dx = 0; dx < across; dx++, from += 3) {
          sum += 299 * pixels[from] + 587 * pixels[from + 1] + 114 * pixels[from + 2];
        }
        data[at] += sum * scale;
      }
    }
  }
  return { width, height, data };
}

/** `plane` with every `factor` by `factor` samples averaged into one; a rest at the right and bottom is dropped. */
export function reducedPlane(plane: Plane, factor: number): Plane {
  if (factor === 1) return plane;
  const width = Math.max(1, Math.floor(plane.width / factor));
  const height = Math.max(1, Math.floor(plane.height / factor));
  const across = Math.min(factor, plane.width);
  const down = Math.min(factor, plane.height);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let dy = 0; dy < down; dy++) {
      let from = (y * factor + dy) * plane.width;
      for (let x = 0, at = y * width; x < width; x++, at++, from += factor) {
        for (let dx = 0; dx < across; dx++) data[at] += plane.data[from + dx] / (across * down);
      }
    }
  }
  return { width, height, data };
}

/** Mean over the (2 radius + 1) square around each sample; at the borders over the part that exists. */
export function boxMean({ width, height, data }: Plane, radius: number): Plane {
  const rows = new Float32Array(width * height);
  for (let y = 0; y < height; y++) rowMeans(data, y * width, width, radius, rows);
  const out = new Float32Array(width * height);
  const sums = new Float32Array(width);
  const enters = (y: number) => addRow(rows, y * width, sums);
  for (let y = 0; y < Math.min(radius, height); y++) enters(y);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [y - radius, y + radius];
    if (bottom < height && top > 0) slide(rows, bottom * width, (top - 1) * width, sums);
    else if (bottom < height) enters(bottom);
    else if (top > 0) removeRow(rows, (top - 1) * width, sums);
    const scale = 1 / (Math.min(height - 1, bottom) - Math.max(0, top) + 1);
    for (let x = 0, at = y * width; x < width; x++, at++) out[at] = sums[x] * scale;
  }
  return { width, height, data: out };
}

/** Means along one row, which begins at `at`: over the part that exists, the whole, the part that exists. */
function rowMeans(data: Float32Array, at: number, width: number, radius: number, out: Float32Array): void {
  const side = 2 * radius + 1;
  let sum = 0;
  for (let x = 0; x < Math.min(radius, width); x++) sum += data[at + x];
  let x = 0;
  for (; x < width && x <= radius; x++) {
    if (x + radius < width) sum += data[at + x + radius];
    out[at + x] = sum / (Math.min(width - 1, x + radius) + 1);
  }
  for (let i = at + x; x + radius < width; x++, i++) {
    sum += data[i + radius];
    sum -= data[i - radius - 1];
    out[i] = sum / side;
  }
  for (; x < width; x++) {
    sum -= data[at + x - radius - 1];
    out[at + x] = sum / (width - x + radius);
  }
}

function addRow(rows: Float32Array, at: number, sums: Float32Array): void {
  for (let x = 0, i = at; x < sums.length; x++, i++) sums[x] += rows[i];
}

function removeRow(rows: Float32Array, at: number, sums: Float32Array): void {
  for (let x = 0, i = at; x < sums.length; x++, i++) sums[x] -= rows[i];
}

/** One row enters the sums, one leaves. */
function slide(rows: Float32Array, enter: number, leave: number, sums: Float32Array): void {
  for (let x = 0; x < sums.length; x++) sums[x] = Math.fround(sums[x] + rows[enter + x]) - rows[leave + x];
}

/** A place in a picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Projective map, row-major: (x, y) goes to ((a x + b y + c) / w, (d x + e y + f) / w), w = g x + h y + i. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** `map` at (x, y). */
export function project(map: Homography, x: number, y: number): Point {
  const w = map[6] * x + map[7] * y + map[8];
  return { x: (map[0] * x + map[1] * y + map[2]) / w, y: (map[3] * x + map[4] * y + map[5]) / w };
}

/** First `second`, then `first`. */
export function compose(first: Homography, second: Homography): Homography {
  const out = new Array<number>(9).fill(0);
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 3; c++)
      for (let k = 0; k < 3; k++) out[r * 3 + c] += first[r * 3 + k] * second[k * 3 + c];
  return out as unknown as Homography;
}

/** The map back. Entries are not finite when there is none. */
export function inverse(m: Homography): Homography {
  const [a, b, c, d, e, f, g, h, i] = m;
  const A = e * i - f * h;
  const B = f * g - d * i;
  const C = d * h - e * g;
  const det = a * A + b * B + c * C;
  return [
    A / det,
    (c * h - b * i) / det,
    (b * f - c * e) / det,
    B / det,
    (a * i - c * g) / det,
    (c * d - a * f) / det,
    C / det,
    (b * g - a * h) / det,
    (a * e - b * d) / det,
  ];
}

/** The projective map that takes the unit square's corners (0,0) (1,0) (1,1) (0,1) to `corners` in that order. */
export function fromUnitSquare(corners: readonly [Point, Point, Point, Point]): Homography {
  const [p, q, r, s] = corners;
  const dx1 = q.x - r.x;
  const dx2 = s.x - r.x;
  const dx3 = p.x - q.x + r.x - s.x;
  const dy1 = q.y - r.y;
  const dy2 = s.y - r.y;
  const dy3 = p.y - q.y + r.y - s.y;
  const det = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / det;
  const h = (dx1 * dy3 - dx3 * dy1) / det;
  return [
    q.x - p.x + g * q.x,
    s.x - p.x + h * s.x,
    p.x,
    q.y - p.y + g * q.y,
    s.y - p.y + h * s.y,
    p.y,
    g,
    h,
    1,
  ];
}

/** Any map of the plane. */
export type Mapping = (x: number, y: number) => Point;

export interface Area {
  readonly x0: number;
  readonly y0: number;
  readonly width: number;
  readonly height: number;
}

export interface Warped {
  readonly plane: Plane;
  /** 1 where the sample lay inside the source, else 0. */
  readonly inside: Uint8Array;
}

/** The mapping is asked at the corners of cells of so many samples and is taken for bilinear within. */
const CELL = 16;

/**
 * One sample for each whole place of `area`: `source` at `toSource(x, y)`, bilinear; outside the source its border
 * continues. The source must not be much finer than the samples: nothing is averaged.
 */
export function warp(source: Plane, toSource: Mapping, area: Area): Warped {
  const { width, height } = area;
  const data = new Float32Array(width * height);
  const inside = new Uint8Array(width * height);
  const lastX = source.width - 1;
  const lastY = source.height - 1;
  const from = source.data;
  for (let cy = 0; cy < height; cy += CELL) {
    for (let cx = 0; cx < width; cx += CELL) {
      const p = toSource(area.x0 + cx, area.y0 + cy);
      const q = toSource(area.x0 + cx + CELL, area.y0 + cy);
      const r = toSource(area.x0 + cx, area.y0 + cy + CELL);
      const s = toSource(area.x0 + cx + CELL, area.y0 + cy + CELL);
      const endY = Math.min(CELL, height - cy);
      const endX = Math.min(CELL, width - cx);
      for (let y = 0; y < endY; y++) {
        const v = y / CELL;
        let sx = p.x + (r.x - p.x) * v;
        let sy = p.y + (r.y - p.y) * v;
        const stepX = (q.x + (s.x - q.x) * v - sx) / CELL;
        const stepY = (q.y + (s.y - q.y) * v - sy) / CELL;
        let at = (cy + y) * width + cx;
        for (let x = 0; x < endX; x++, at++, sx += stepX, sy += stepY) {
          let px = sx;
          let py = sy;
          if (px >= 0 && py >= 0 && px <= lastX && py <= lastY) inside[at] = 1;
          else {
            px = px > 0 ? (px < lastX ? px : lastX) : 0;
            py = py > 0 ? (py < lastY ? py : lastY) : 0;
          }
          const left = px | 0;
          const top = py | 0;
          const fx = px - left;
          const i = top * source.width + left;
          const right = left < lastX ? 1 : 0;
          const below = top < lastY ? source.width : 0;
          const upper = from[i] + (from[i + right] - from[i]) * fx;
          const lower = from[i + below] + (from[i + below + right] - from[i + below]) * fx;
          data[at] = upper + (lower - upper) * (py - top);
        }
      }
    }
  }
  return { plane: { width, height, data }, inside };
}

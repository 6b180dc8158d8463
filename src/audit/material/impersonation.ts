/**
 * Impersonations for one's own consenting gallery, where no published fakes of these people exist: the face of one
 * photo is warped onto the features of another, coloured alike and blended in under a soft mask, as self-blended
 * images are made (Shiohara and Yamasaki, arXiv 2204.08376). No network: what it makes convinces a recogniser now and
 * then, and no person who looks twice.
 */
import type { RgbImage } from '../../core/image.ts';
import type { Random } from '../../core/random.ts';
import type { Face } from '../../face/face.ts';
import { boundsOf, type Point } from '../../face/geometry.ts';

/** `swap` takes the whole appearance of the source, `blend` a half to three quarters of it. */
export const METHODS = ['swap', 'blend'] as const;
export type ImpersonationMethod = (typeof METHODS)[number];

/** Around the face in MediaPipe's mesh, in order. */
const OVAL = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
] as const;
/** Brows, eyes, nose and lips. */
const FEATURES = [
  70, 105, 107, 300, 334, 336, 33, 133, 159, 145, 263, 362, 386, 374, 168, 1, 4, 98, 327, 61, 291, 13, 14, 0,
  17,
] as const;

export interface Portrait {
  readonly image: RgbImage;
  /** With its mesh. */
  readonly face: Face;
}

/** Whether the mesh was fitted, which the warp needs. */
export function usable(face: Face): boolean {
  return face.mesh !== undefined;
}

/**
 * `base` with the face of `source`, as large as `base`. `soften` blurs a mask (0..255, three equal channels) by so many
 * pixels. Throws RangeError when a mesh is missing.
 */
export async function impersonate(
  base: Portrait,
  source: Portrait,
  method: ImpersonationMethod,
  random: Random,
  soften: (mask: RgbImage, sigmaPx: number) => Promise<RgbImage>,
): Promise<RgbImage> {
  const [to, from] = [pointsOf(base.face), pointsOf(source.face)];
  const { width, height } = base.image;
  const oval = to.slice(0, OVAL.length);
  const faceWidth = boundsOf(oval).width;
  const shrink = random.uniform(0.88, 0.97);
  const hard = polygonMask(oval, shrink, width, height);
  const sigma = Math.max(0.5, faceWidth * random.uniform(0.025, 0.06));
  const mask = await soften(hard, sigma);
  const ratio = method === 'swap' ? 1 : random.uniform(0.5, 0.75);

  const warped = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3;
      if (mask.data[i] > 0) sample(source.image, deform({ x, y }, to, from), warped, i);
    }
  }
  const colour = colourOf(base.image, warped, mask);
  const data = Uint8Array.from(base.image.data);
  for (let i = 0; i < data.length; i++) {
    const share = (mask.data[i] / 255) * ratio;
    if (share === 0) continue;
    const { gain, bias } = colour[i % 3];
    data[i] = Math.min(255, Math.max(0, Math.round(data[i] + share * (warped[i] * gain + bias - data[i]))));
  }
  return { width, height, data };
}

function pointsOf({ mesh }: Face): Point[] {
  if (!mesh) throw new RangeError('a face without its mesh');
  return [...OVAL, ...FEATURES].map((i) => ({ x: mesh[i * 3], y: mesh[i * 3 + 1] }));
}

/** Where `v` goes when the points `from` are drawn to `to`: moving least squares, affine (Schaefer et al. 2006). */
export function deform(v: Point, from: readonly Point[], to: readonly Point[]): Point {
  let [sum, px, py, qx, qy] = [0, 0, 0, 0, 0];
  const weights = new Float64Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const distance = (from[i].x - v.x) ** 2 + (from[i].y - v.y) ** 2;
    const w = 1 / (distance + 1e-6);
    weights[i] = w;
    sum += w;
    px += w * from[i].x;
    py += w * from[i].y;
    qx += w * to[i].x;
    qy += w * to[i].y;
  }
  px /= sum;
  py /= sum;
  qx /= sum;
  qy /= sum;
  let [a, b, d, ex, ey, fx, fy] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < from.length; i++) {
    const w = weights[i];
    const [x, y] = [from[i].x - px, from[i].y - py];
    const [s, t] = [to[i].x - qx, to[i].y - qy];
    a += w * x * x;
    b += w * x * y;
    d += w * y * y;
    ex += w * x * s;
    ey += w * x * t;
    fx += w * y * s;
    fy += w * y * t;
  }
  const determinant = a * d - b * b;
  if (!(Math.abs(determinant) > 1e-9)) return { x: qx, y: qy };
  const [dx, dy] = [v.x - px, v.y - py];
  const u = (dx * d - dy * b) / determinant;
  const w = (dy * a - dx * b) / determinant;
  return { x: qx + u * ex + w * fx, y: qy + u * ey + w * fy };
}

/** 255 inside the polygon drawn towards its centre, 0 outside. */
function polygonMask(polygon: readonly Point[], shrink: number, width: number, height: number): RgbImage {
  const centre = {
    x: polygon.reduce((sum, p) => sum + p.x, 0) / polygon.length,
    y: polygon.reduce((sum, p) => sum + p.y, 0) / polygon.length,
  };
  const points = polygon.map(({ x, y }) => ({
    x: centre.x + (x - centre.x) * shrink,
    y: centre.y + (y - centre.y) * shrink,
  }));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const crossings: number[] = [];
    points.forEach((p, i) => {
      const q = points[(i + 1) % points.length];
      if (p.y <= y !== q.y <= y) crossings.push(p.x + ((y - p.y) * (q.x - p.x)) / (q.y - p.y));
    });
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i]));
      const to = Math.min(width - 1, Math.floor(crossings[i + 1]));
      if (to >= from) data.fill(255, (y * width + from) * 3, (y * width + to + 1) * 3);
    }
  }
  return { width, height, data };
}

/** Bilinear, the edge drawn out. */
function sample({ width, height, data }: RgbImage, at: Point, out: Float32Array, i: number): void {
  const x = Math.min(width - 1, Math.max(0, at.x));
  const y = Math.min(height - 1, Math.max(0, at.y));
  const x0 = Math.min(width - 2, Math.floor(x));
  const y0 = Math.min(height - 2, Math.floor(y));
  const [u, v] = [x - x0, y - y0];
  for (let c = 0; c < 3; c++) {
    const p = (y0 * width + x0) * 3 + c;
    const top = data[p] * (1 - u) + data[p + 3] * u;
    const bottom = data[p + width * 3] * (1 - u) + data[p + width * 3 + 3] * u;
    out[i + c] = top * (1 - v) + bottom * v;
  }
}

/** By channel, what makes mean and spread of the warped face those of the base under the mask. */
function colourOf(base: RgbImage, warped: Float32Array, mask: RgbImage): { gain: number; bias: number }[] {
  return [0, 1, 2].map((c) => {
    let [n, b, bb, s, ss] = [0, 0, 0, 0, 0];
    for (let i = c; i < warped.length; i += 3) {
      const w = mask.data[i] / 255;
      n += w;
      b += w * base.data[i];
      bb += w * base.data[i] ** 2;
      s += w * warped[i];
      ss += w * warped[i] ** 2;
    }
    if (n === 0) return { gain: 1, bias: 0 };
    const spread = (sum: number, squares: number) => Math.sqrt(Math.max(1, squares / n - (sum / n) ** 2));
    const gain = Math.min(1.6, Math.max(0.6, spread(b, bb) / spread(s, ss)));
    return { gain, bias: b / n - gain * (s / n) };
  });
}

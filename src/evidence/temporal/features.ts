/**
 * What changes between successive frames of a face and should not. The face is held still by one smoothed transform a
 * frame, so that what flickers is the picture: texture inside the hull against its surroundings, the seam between them,
 * landmarks that tremble against each other, what is left after the best small motion is undone.
 */
import type { RgbImage } from '../../core/image.ts';
import type { Face } from '../../face/face.ts';
import { type Affine, apply } from '../../face/geometry.ts';
import { rollOf } from '../../face/mesh.ts';
import { toImage, warp } from '../../face/sampling.ts';
import { steadied } from '../../face/track.ts';
import { viewTransform } from '../faceswap/view.ts';
import type { Run, RunFrame } from '../watch/watched.ts';

/** Side of the steadied face in pixels. */
const SIDE = 96;
/** The hull fills two thirds of it, so that there are surroundings. */
const ROOM = 1.5;
/** Fewer successive frames with the face tell nothing. */
export const LEAST_FRAMES = 16;
/** More are not needed. */
const MOST_FRAMES = 120;

export const FEATURES = [
  'textureFlicker',
  'seamFlicker',
  'lightFlicker',
  'warpError',
  'rigidJitter',
  'innerJitter',
  'noiseLevel',
  'noiseMemory',
] as const;
export type TemporalFeatures = Readonly<Record<(typeof FEATURES)[number], number>>;

interface Still {
  readonly time: number;
  /** Luma of the steadied view. */
  readonly luma: Float32Array;
  /** Mesh in view pixels, x and y. */
  readonly points: Float32Array;
}

/** The features of the followed face, or null where it was seen in too few successive frames. */
export function temporalFeatures(run: Run): TemporalFeatures | null {
  const seen = run.frames
    .filter((frame) => frame.mesh !== null && frame.region !== null)
    .slice(0, MOST_FRAMES);
  if (seen.length < LEAST_FRAMES) return null;
  const still = heldStill(seen);
  const masks = zones(still);
  const highs = still.map(({ luma }) => highPass(luma));
  const ratios = {
    texture: [] as number[],
    seam: [] as number[],
    light: [] as number[],
    warp: [] as number[],
  };
  const level: number[] = [];
  const memory: number[] = [];
  for (let t = 1; t < still.length; t++) {
    const change = absolute(highs[t], highs[t - 1]);
    const light = absolute(still[t].luma, still[t - 1].luma);
    const inside = over(change, masks.inside);
    const outside = over(change, masks.outside);
    ratios.texture.push(Math.log((inside + 0.1) / (outside + 0.1)));
    ratios.seam.push(Math.log((over(change, masks.seam) + 0.1) / (inside + 0.1)));
    ratios.light.push(Math.log((over(light, masks.inside) + 0.3) / (over(light, masks.outside) + 0.3)));
    const undone = undoneMotion(still[t - 1].luma, still[t].luma);
    ratios.warp.push(Math.log((over(undone, masks.inside) + 0.3) / (over(undone, masks.outside) + 0.3)));
    const size = over(magnitude(highs[t]), masks.inside);
    level.push(Math.log(size + 0.1));
    memory.push(correlationOver(highs[t], highs[t - 1], masks.inside));
  }
  const { rigid, inner } = jitter(still);
  return {
    textureFlicker: median(ratios.texture),
    seamFlicker: median(ratios.seam),
    lightFlicker: median(ratios.light),
    warpError: median(ratios.warp),
    rigidJitter: Math.log(rigid + 1e-3),
    innerJitter: Math.log((inner + 1e-3) / (rigid + 1e-3)),
    noiseLevel: median(level),
    noiseMemory: median(memory),
  };
}

/** The face of a frame as far as the view needs it. */
function faceOf({ mesh }: RunFrame): Face {
  const m = mesh ?? new Float32Array(0);
  const point = (i: number) => ({ x: m[3 * i], y: m[3 * i + 1] });
  const [rightEye, leftEye] = [point(33), point(263)];
  const landmarks = {
    rightEye,
    leftEye,
    noseTip: point(1),
    mouth: point(13),
    rightEar: point(234),
    leftEar: point(454),
  };
  return { box: { x: 0, y: 0, width: 1, height: 1 }, score: 1, landmarks, mesh: m, roll: rollOf(landmarks) };
}

function heldStill(frames: readonly RunFrame[]): Still[] {
  const times = frames.map(({ time }) => time);
  const transforms = steadied(
    frames.map((frame) => viewTransform(faceOf(frame), SIDE, ROOM)),
    times,
  );
  return frames.flatMap((frame, i) => {
    if (!frame.mesh || !frame.region) return [];
    const t = transforms[i];
    const { image, x, y } = frame.region;
    // The region begins at x, y of the frame.
    const local: Affine = { ...t, tx: t.tx + t.a * x + t.b * y, ty: t.ty + t.c * x + t.d * y };
    const view = toImage(warp(image, local, { width: SIDE, height: SIDE, outside: 'edge' }), SIDE, SIDE);
    const points = new Float32Array((frame.mesh.length / 3) * 2);
    for (let k = 0; k < points.length / 2; k++) {
      const p = apply(t, { x: frame.mesh[3 * k], y: frame.mesh[3 * k + 1] });
      points.set([p.x, p.y], 2 * k);
    }
    return [{ time: frame.time, luma: lumaOf(view), points }];
  });
}

function lumaOf({ data }: RgbImage): Float32Array {
  const out = new Float32Array(SIDE * SIDE);
  for (let i = 0, j = 0; i < out.length; i++, j += 3)
    out[i] = 0.299 * data[j] + 0.587 * data[j + 1] + 0.114 * data[j + 2];
  return out;
}

/** Inside the hull, on its edge, and around it: an ellipse fitted to the mean mesh, which is what a hull amounts to here. */
function zones(still: readonly Still[]): { inside: Uint8Array; seam: Uint8Array; outside: Uint8Array } {
  let [left, right, top, bottom] = [SIDE, 0, SIDE, 0];
  for (const { points } of still) {
    for (let i = 0; i < points.length; i += 2) {
      left = Math.min(left, points[i]);
      right = Math.max(right, points[i]);
      top = Math.min(top, points[i + 1]);
      bottom = Math.max(bottom, points[i + 1]);
    }
  }
  const [cx, cy] = [(left + right) / 2, (top + bottom) / 2];
  const [rx, ry] = [Math.max(4, (right - left) / 2), Math.max(4, (bottom - top) / 2)];
  const inside = new Uint8Array(SIDE * SIDE);
  const seam = new Uint8Array(SIDE * SIDE);
  const outside = new Uint8Array(SIDE * SIDE);
  // The outermost pixels have no neighbours to be compared with.
  for (let y = 2; y < SIDE - 2; y++) {
    for (let x = 2; x < SIDE - 2; x++) {
      const r = Math.hypot((x - cx) / rx, (y - cy) / ry);
      const i = y * SIDE + x;
      if (r < 0.8) inside[i] = 1;
      else if (r < 1.05) seam[i] = 1;
      else outside[i] = 1;
    }
  }
  return { inside, seam, outside };
}

/** Each pixel minus the mean of its four neighbours. */
function highPass(luma: Float32Array): Float32Array {
  const out = new Float32Array(luma.length);
  for (let y = 1; y < SIDE - 1; y++) {
    for (let i = y * SIDE + 1; i < (y + 1) * SIDE - 1; i++)
      out[i] = luma[i] - 0.25 * (luma[i - 1] + luma[i + 1] + luma[i - SIDE] + luma[i + SIDE]);
  }
  return out;
}

const absolute = (a: Float32Array, b: Float32Array) => a.map((v, i) => Math.abs(v - b[i]));
const magnitude = (a: Float32Array) => a.map(Math.abs);

function over(values: Float32Array, mask: Uint8Array): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]) {
      sum += values[i];
      n++;
    }
  }
  return n ? sum / n : 0;
}

function correlationOver(a: Float32Array, b: Float32Array, mask: Uint8Array): number {
  let ab = 0;
  let aa = 1e-9;
  let bb = 1e-9;
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

/** What is left of the change of each 8x8 block after the best shift of at most two pixels. */
function undoneMotion(before: Float32Array, after: Float32Array): Float32Array {
  const out = new Float32Array(SIDE * SIDE);
  for (let by = 8; by < SIDE - 8; by += 8) {
    for (let bx = 8; bx < SIDE - 8; bx += 8) {
      let best = Number.POSITIVE_INFINITY;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          let sum = 0;
          for (let y = by; y < by + 8 && sum < best; y++) {
            const row = y * SIDE;
            const other = (y + dy) * SIDE + dx;
            for (let x = bx; x < bx + 8; x++) sum += Math.abs(after[row + x] - before[other + x]);
          }
          best = Math.min(best, sum);
        }
      }
      for (let y = by; y < by + 8; y++) out.fill(best / 64, y * SIDE + bx, y * SIDE + bx + 8);
    }
  }
  return out;
}

/** Points of bone rather than muscle: corners of the eyes, bridge and wings of the nose, temples. */
const RIGID = [33, 133, 263, 362, 6, 168, 197, 48, 278, 127, 356] as const;
const INNER = [13, 14, 61, 291, 78, 308, 159, 145, 386, 374, 0, 17] as const;

/** Second differences in time of landmarks, in pixels of the view, mean over points: trembling, not motion. */
function jitter(still: readonly Still[]): { rigid: number; inner: number } {
  const of = (indices: readonly number[]) => {
    const values: number[] = [];
    for (let t = 1; t < still.length - 1; t++) {
      const [p, q, r] = [still[t - 1].points, still[t].points, still[t + 1].points];
      // What all of the points share is the head's own motion and the steadying.
      const bend = indices.map((i) => ({
        x: p[2 * i] - 2 * q[2 * i] + r[2 * i],
        y: p[2 * i + 1] - 2 * q[2 * i + 1] + r[2 * i + 1],
      }));
      const mx = bend.reduce((sum, v) => sum + v.x, 0) / bend.length;
      const my = bend.reduce((sum, v) => sum + v.y, 0) / bend.length;
      values.push(bend.reduce((sum, v) => sum + Math.hypot(v.x - mx, v.y - my), 0) / bend.length);
    }
    return median(values);
  };
  return { rigid: of(RIGID), inner: of(INNER) };
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * A followed face held still: one smoothed transform a frame, so that what changes between two views is the picture and
 * not the head. And the zones of such views that are compared.
 */
import type { RgbImage } from '../../core/image.ts';
import type { Face } from '../../face/face.ts';
import { type Affine, apply } from '../../face/geometry.ts';
import { rollOf } from '../../face/mesh.ts';
import { toImage, warp } from '../../face/sampling.ts';
import { steadied } from '../../face/track.ts';
import { viewTransform } from '../faceswap/view.ts';
import type { RunFrame } from '../watch/watched.ts';

/** Side of the steadied face in pixels. */
export const SIDE = 96;
/** The hull fills two thirds of it, so that there are surroundings. */
const ROOM = 1.5;

export interface Still {
  readonly time: number;
  /** Luma of the steadied view. */
  readonly luma: Float32Array;
  /** Mesh in view pixels, x and y. */
  readonly points: Float32Array;
}

/** The face of a frame as far as the view needs it. */
export function faceOf({ mesh }: Pick<RunFrame, 'mesh'>): Face {
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

export function heldStill(frames: readonly RunFrame[]): Still[] {
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
export function zones(still: readonly Still[]): {
  inside: Uint8Array;
  seam: Uint8Array;
  outside: Uint8Array;
} {
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

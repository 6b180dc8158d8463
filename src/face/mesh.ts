/**
 * The face mesh: 468 points fitted to one found face, and how sure the network is that there is a face at all, which
 * is a second opinion on the detector. The crop is turned upright and taken 1.5 times as large as the box, as the
 * network was trained (Kartynnik et al. 2019).
 */
import type { RgbImage } from '../core/image.ts';
import type { Session } from '../nn/runtime.ts';
import type { Face, FaceLandmarks } from './face.ts';
import { type Affine, apply, boundsOf, centreOf, invert, type Point, scaleOf } from './geometry.ts';
import { NETWORKS } from './networks.ts';
import { warp } from './sampling.ts';

const { size: SIZE, input: INPUT } = NETWORKS.facemesh;
const MARGIN = 1.5;
const COUNT = 468;

/** Indices in the mesh: corners and lids of the eyes, nose tip, lips, the edge of the face before the ears. */
const INDEX = {
  rightEye: [33, 133, 159, 145],
  leftEye: [263, 362, 386, 374],
  noseTip: [1],
  mouth: [13, 14],
  rightEar: [234],
  leftEar: [454],
  mouthRight: [61],
  mouthLeft: [291],
} as const;

/** The similarity that puts a face upright and centred into the network's input. */
function toInput(face: Face): Affine {
  const centre = centreOf(face.box);
  const scale = SIZE / (MARGIN * Math.max(face.box.width, face.box.height));
  const a = Math.cos(-face.roll) * scale;
  const c = Math.sin(-face.roll) * scale;
  const half = SIZE / 2;
  return {
    a,
    b: -c,
    c,
    d: a,
    tx: half - (a * centre.x - c * centre.y),
    ty: half - (c * centre.x + a * centre.y),
  };
}

/** The tilt of the line through the eyes, in radians, clockwise positive; 0 when the eyes are one point. */
export function rollOf(landmarks: Pick<FaceLandmarks, 'rightEye' | 'leftEye'>): number {
  return Math.atan2(landmarks.leftEye.y - landmarks.rightEye.y, landmarks.leftEye.x - landmarks.rightEye.x);
}

/**
 * The face with mesh, presence, and landmarks taken from the mesh; box as the bounds of the mesh. Where presence is
 * below `minPresence` the detector's own box and landmarks are kept, because the fitted points mean nothing then.
 */
export async function fitMesh(
  session: Session,
  image: RgbImage,
  face: Face,
  minPresence: number,
): Promise<Face> {
  const transform = toInput(face);
  const data = warp(image, transform, { width: SIZE, height: SIZE, gain: 1 / 255, outside: 'edge' });
  const outputs = await session.run({ [INPUT]: { dims: [1, SIZE, SIZE, 3], data } });
  const raw = outputs.output_mesh?.data;
  const flag = outputs.output_faceflag?.data;
  if (!(raw instanceof Float32Array && flag instanceof Float32Array && raw.length === COUNT * 3)) {
    throw new RangeError('the face mesh network gave something else');
  }
  const presence = flag[0];
  if (!(presence >= minPresence)) return { ...face, presence };

  const back = invert(transform);
  const scale = scaleOf(back);
  const mesh = new Float32Array(COUNT * 3);
  const points: Point[] = [];
  for (let i = 0; i < COUNT; i++) {
    const p = apply(back, { x: raw[i * 3], y: raw[i * 3 + 1] });
    points.push(p);
    mesh.set([p.x, p.y, raw[i * 3 + 2] * scale], i * 3);
  }
  const mean = (indices: readonly number[]): Point => ({
    x: indices.reduce((sum, i) => sum + points[i].x, 0) / indices.length,
    y: indices.reduce((sum, i) => sum + points[i].y, 0) / indices.length,
  });
  const landmarks = Object.fromEntries(
    Object.entries(INDEX).map(([name, indices]) => [name, mean(indices)]),
  ) as Record<keyof typeof INDEX, Point>;
  return { box: boundsOf(points), score: face.score, presence, landmarks, mesh, roll: rollOf(landmarks) };
}

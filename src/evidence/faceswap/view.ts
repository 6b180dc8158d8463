/**
 * The face as the network sees it: upright, centred, the whole hull of the mesh with a little of its surroundings,
 * because the seam of a swap lies on the hull or just inside it. Tighter than what recognisers take, which spend half
 * of the square on hair and background.
 */
import type { RgbImage } from '../../core/image.ts';
import type { Face } from '../../face/face.ts';
import { type Affine, apply, boundsOf, invert, type Point, scaleOf } from '../../face/geometry.ts';
import { toImage, warp } from '../../face/sampling.ts';

/** Side of the network's input in pixels. */
export const FACE_SIDE = 128;
/** Side of the square in parts of the longer side of the face's hull. */
export const ROOM = 1.28;

export interface FaceView {
  readonly image: RgbImage;
  /** Picture pixels to view pixels. */
  readonly toView: Affine;
  /** View pixels to picture pixels. */
  readonly toPicture: Affine;
}

/** From picture to a square of `side` pixels that is `room` times as large as the upright hull of `face`. */
export function viewTransform(face: Face, side: number = FACE_SIDE, room: number = ROOM): Affine {
  const cos = Math.cos(-face.roll);
  const sin = Math.sin(-face.roll);
  const upright: Affine = { a: cos, b: -sin, c: sin, d: cos, tx: 0, ty: 0 };
  const hull = boundsOf(points(face).map((p) => apply(upright, p)));
  const scale = side / (room * Math.max(hull.width, hull.height, 1));
  const x = hull.x + hull.width / 2;
  const y = hull.y + hull.height / 2;
  return {
    a: cos * scale,
    b: -sin * scale,
    c: sin * scale,
    d: cos * scale,
    tx: side / 2 - x * scale,
    ty: side / 2 - y * scale,
  };
}

/** The mesh, or where none was fitted the corners of the box. */
function points({ mesh, box }: Face): Point[] {
  if (mesh)
    return Array.from({ length: mesh.length / 3 }, (_, i) => ({ x: mesh[3 * i], y: mesh[3 * i + 1] }));
  const { x, y, width, height } = box;
  return [
    { x, y },
    { x: x + width, y },
    { x, y: y + height },
    { x: x + width, y: y + height },
  ];
}

/** The upright square around `face`; what lies outside the picture is its edge drawn out. */
export function faceView(
  image: RgbImage,
  face: Face,
  side: number = FACE_SIDE,
  room: number = ROOM,
): FaceView {
  const toView = viewTransform(face, side, room);
  const values = warp(image, toView, { width: side, height: side, outside: 'edge' });
  return { image: toImage(values, side, side), toView, toPicture: invert(toView) };
}

/** Width in picture pixels of what one pixel of the view shows; above 1 the view has lost detail, below it has invented some. */
export function pixelsPerCell(view: FaceView): number {
  return scaleOf(view.toPicture);
}

/** The view as planes R, G, B, as the network wants it, into `out` from `offset` on. */
export function intoPlanes({ data, width, height }: RgbImage, out: Uint8Array, offset = 0): void {
  const plane = width * height;
  for (let i = 0; i < plane; i++) {
    out[offset + i] = data[i * 3];
    out[offset + plane + i] = data[i * 3 + 1];
    out[offset + 2 * plane + i] = data[i * 3 + 2];
  }
}

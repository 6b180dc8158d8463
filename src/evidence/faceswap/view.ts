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
  return viewThrough(image, viewTransform(face, side, room), side);
}

/**
 * The square around `face` in a still picture, put where a coarse grid has it. What finds faces computes a little
 * differently on every processor (a mesh of 200 pixels lies 0.0002 apart between Node and a browser), which rounds a dozen of
 * the view's 49,152 numbers otherwise, which moves the score in the third digit. On the grid it is the same view to the last bit.
 */
export function steadyFaceView(image: RgbImage, face: Face): FaceView {
  return viewThrough(image, onGrid(viewTransform(face)), FACE_SIDE);
}

/** Steps of the grid: of scale in parts, of tilt in radians, of place in pixels of the view. All of it moves a pixel by less than 0.25. */
const SCALE_STEP = 1 / 512;
const TILT_STEP = 1 / 512;
const PLACE_STEP = 1 / 8;

/** The zero of a grid has no sign. */
const snap = (value: number, step: number) => Math.round(value / step) * step + 0;

/** The similarity of the grid that is nearest to `toView`: what it shows in the middle stays there within half a step. */
export function onGrid(toView: Affine, side: number = FACE_SIDE): Affine {
  const tilt = snap(Math.atan2(toView.c, toView.a), TILT_STEP);
  const scale = 2 ** snap(Math.log2(scaleOf(toView)), SCALE_STEP);
  // Rounded, so that no last digit of a sine tells one machine from another.
  const a = Math.fround(Math.cos(tilt) * scale);
  const c = Math.fround(Math.sin(tilt) * scale);
  const middle = apply(invert(toView), { x: side / 2, y: side / 2 });
  return {
    a,
    b: -c,
    c,
    d: a,
    tx: snap(side / 2 - (a * middle.x - c * middle.y), PLACE_STEP),
    ty: snap(side / 2 - (c * middle.x + a * middle.y), PLACE_STEP),
  };
}

function viewThrough(image: RgbImage, toView: Affine, side: number): FaceView {
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

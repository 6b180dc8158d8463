/**
 * A face as photographed, carried upright and centred onto a square of fixed size: what recognisers were trained on,
 * what face-swap evidence compares, what a report shows. Landmarks are matched to a template by a similarity; the
 * way back is kept, so that a map or a box found in the crop can be drawn on the picture.
 */
import type { Box, RgbImage } from '../core/image.ts';
import type { Face, FaceLandmarks } from './face.ts';
import { type Affine, apply, boundsOf, invert, type Point, similarityBetween } from './geometry.ts';
import { toImage, warp } from './sampling.ts';

export interface AlignOptions {
  /** Side of the crop in pixels. Default 112. */
  readonly size?: number;
  /** Room around the face as a part of the crop on each side, 0 .. 0.45; 0 is the tight crop of recognisers. Default 0. */
  readonly margin?: number;
  /** What lies outside the picture. Default `edge`. */
  readonly outside?: 'black' | 'edge';
}

export interface AlignedFace {
  readonly image: RgbImage;
  /** Picture pixels to crop pixels. */
  readonly toCrop: Affine;
  /** Crop pixels to picture pixels. */
  readonly toPicture: Affine;
}

/**
 * Where eyes, nose tip and mouth stand in a tight square of side 1: the template of ArcFace and its kin (Deng et al.
 * 2019, 112x112), in parts of the side.
 */
const TEMPLATE = {
  rightEye: { x: 38.2946 / 112, y: 51.6963 / 112 },
  leftEye: { x: 73.5318 / 112, y: 51.5014 / 112 },
  noseTip: { x: 56.0252 / 112, y: 71.7366 / 112 },
  mouthRight: { x: 41.5493 / 112, y: 92.3655 / 112 },
  mouthLeft: { x: 70.7299 / 112, y: 92.2041 / 112 },
  mouth: { x: 56.1396 / 112, y: 92.2848 / 112 },
} as const satisfies Partial<Record<keyof FaceLandmarks, Point>>;

/** The similarity from picture to crop; uses the corners of the mouth where they are known, its middle elsewhere. */
export function alignment(landmarks: FaceLandmarks, size: number, margin = 0): Affine {
  if (!(size >= 8 && size <= 4096) || !(margin >= 0 && margin <= 0.45)) {
    throw new RangeError(`a crop of ${size} pixels with margin ${margin}`);
  }
  const names: (keyof typeof TEMPLATE)[] =
    landmarks.mouthRight && landmarks.mouthLeft
      ? ['rightEye', 'leftEye', 'noseTip', 'mouthRight', 'mouthLeft']
      : ['rightEye', 'leftEye', 'noseTip', 'mouth'];
  const inner = size * (1 - 2 * margin);
  const place = (p: Point): Point => ({ x: size * margin + p.x * inner, y: size * margin + p.y * inner });
  return similarityBetween(
    names.map((name) => landmarks[name] as Point),
    names.map((name) => place(TEMPLATE[name])),
  );
}

/** The upright crop of `face`. Throws RangeError for a size outside 8..4096 or a margin outside 0..0.45. */
export function alignFace(image: RgbImage, face: Face, options: AlignOptions = {}): AlignedFace {
  const { size = 112, margin = 0, outside = 'edge' } = options;
  const toCrop = alignment(face.landmarks, size, margin);
  const values = warp(image, toCrop, { width: size, height: size, outside });
  return { image: toImage(values, size, size), toCrop, toPicture: invert(toCrop) };
}

/** The upright box in the picture around a box of the crop. */
export function boxInPicture(aligned: AlignedFace, box: Box): Box {
  const corners = [
    { x: box.x, y: box.y },
    { x: box.x + box.width, y: box.y },
    { x: box.x, y: box.y + box.height },
    { x: box.x + box.width, y: box.y + box.height },
  ];
  return boundsOf(corners.map((p) => apply(aligned.toPicture, p)));
}

/**
 * Whether manipulating a cloaked picture failed: what a program makes of it beside what it makes of the clean one. Both
 * have gone the same road before, and the face is looked for anew in each, as whoever manipulates pictures has to.
 */
import { ssim } from '../../core/fidelity.ts';
import { grouped } from '../../core/group.ts';
import type { RgbImage } from '../../core/image.ts';
import { alignFace } from '../../face/align.ts';
import type { FaceFinder } from '../../face/detect.ts';
import type { Face } from '../../face/face.ts';
import type { Look } from './channel.ts';
import { colourDistance } from './lab.ts';
import type { Outcome, Surrogate } from './surrogate.ts';

/** Mean square difference, samples in -1..1, above which a manipulation counts as failed (Ruiz et al., arXiv 2003.01279). */
const FAILED = 0.05;
/** Seen at a glance: the mean pixel moves by four just noticeable differences, and the structure is another. */
const VISIBLE_COLOUR = 10;
const VISIBLE_SSIM = 0.8;

/** The largest face of `image`, which is about where and as large as `known`; that one where none is found. */
export async function faceAgain(image: RgbImage, finder: FaceFinder, known: Face): Promise<Face> {
  const size = Math.max(known.box.width, known.box.height);
  const faces = await finder.find(image, { minFacePx: 0.7 * size });
  const middle = (face: Face) => [face.box.x + face.box.width / 2, face.box.y + face.box.height / 2];
  const [x, y] = middle(known);
  const away = (face: Face) => Math.hypot(middle(face)[0] - x, middle(face)[1] - y);
  const near = faces.filter((face) => away(face) < size / 2).sort((p, q) => away(p) - away(q));
  return near[0] ?? known;
}

/** A face as somebody looks at it: [3, side, side] in 0..1. */
export function viewOf(image: RgbImage, face: Face, { side, reach }: Look): Float32Array {
  const square = alignFace(image, face, { size: side, margin: (1 - 1 / reach) / 2 }).image;
  const plane = side * side;
  return Float32Array.from(
    { length: 3 * plane },
    (_, i) => square.data[(i % plane) * 3 + Math.floor(i / plane)] / 255,
  );
}

export interface Trial extends Outcome {
  readonly name: string;
}

/** A picture and where its face is. */
export interface Placed {
  readonly image: RgbImage;
  readonly face: Face;
}

/** What each of `surrogates` makes of the cloaked face beside the clean one. */
export async function tried(
  clean: Placed,
  cloaked: Placed,
  surrogates: readonly Surrogate[],
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const alike of grouped(surrogates, ({ side, reach }) => `${side} ${reach}`).values()) {
    const [before, after] = [clean, cloaked].map(({ image, face }) => viewOf(image, face, alike[0]));
    for (const surrogate of alike) {
      trials.push({ name: surrogate.name, ...(await surrogate.judge(after, before)) });
    }
  }
  return trials;
}

/** Two manipulated faces [3, side, side] in 0..1. */
export function compare(one: Float32Array, other: Float32Array, side: number): Outcome {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] - other[i]) ** 2;
  const gap = (4 * sum) / one.length;
  const [a, b] = [pictureOf(one, side), pictureOf(other, side)];
  let colour = 0;
  for (let i = 0; i < a.data.length; i += 3) colour += colourDistance(a.data, b.data, i);
  const visible = colour / (side * side) > VISIBLE_COLOUR && ssim(a, b) < VISIBLE_SSIM;
  return { gap, over: gap > FAILED, visible };
}

/** Samples [3, side, side] in 0..1 as bytes. */
export function pictureOf(planes: Float32Array, side: number): RgbImage {
  const data = new Uint8ClampedArray(3 * side * side);
  const plane = side * side;
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) data[3 * i + c] = 255 * planes[c * plane + i];
  return { width: side, height: side, data };
}

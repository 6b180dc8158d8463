/**
 * What lies between a portrait and a manipulator, drawn at random: saved as JPEG, blurred, shrunk, or none of these, and
 * then cut out a little beside where we would cut it and averaged down to the manipulator's few pixels. A cloak made
 * through many such draws holds for more than one pixel grid (expectation over transformation, Athalye et al.,
 * arXiv 1707.07397; spread-spectrum blurs, Ruiz et al., arXiv 2003.01279).
 *
 * All of it can be walked back by a gradient.
 */
import type { Random } from '../../core/random.ts';
import { type Axis, areaAxis, gaussianAxis, linearAxis, returned, through } from './separable.ts';
import { softJpeg } from './soft-jpeg.ts';

/** Side of the square a cloak is made on, and of the tight face in its middle (alignFace with margin 0). */
export const CANVAS = 160;
export const TIGHT = 128;

export interface Draw {
  /** On the way: `jpeg` has a quality, `blur` a sigma in places of the canvas, `shrink` the side shrunk to. */
  readonly road: { readonly kind: 'kept' } | Jpeg | Blur | Shrink;
  /** Where the cut lies off the tight square, in parts of its side; and how much larger it is. */
  readonly shiftX: number;
  readonly shiftY: number;
  readonly scale: number;
  /** How softly it is averaged down, 0..1, see `areaAxis`. */
  readonly spread: number;
}

interface Jpeg {
  readonly kind: 'jpeg';
  readonly quality: number;
}
interface Blur {
  readonly kind: 'blur';
  readonly sigma: number;
}
interface Shrink {
  readonly kind: 'shrink';
  readonly side: number;
}

/** Nothing on the way and the cut where it should be. */
export const STRAIGHT: Draw = { road: { kind: 'kept' }, shiftX: 0, shiftY: 0, scale: 1, spread: 0.7 };

export function drawChannel(random: Random): Draw {
  const kind = random.pick(['kept', 'jpeg', 'jpeg', 'blur', 'shrink'] as const);
  const road: Draw['road'] =
    kind === 'jpeg'
      ? { kind, quality: 45 + random.below(51) }
      : kind === 'blur'
        ? { kind, sigma: random.uniform(0.6, 2.5) }
        : kind === 'shrink'
          ? { kind, side: 64 + random.below(65) }
          : { kind };
  return {
    ...{ road, shiftX: random.uniform(-0.02, 0.02), shiftY: random.uniform(-0.02, 0.02) },
    ...{ scale: random.uniform(0.97, 1.03), spread: random.uniform() },
  };
}

export interface Arrived {
  /** [3, side, side], 0..1 where the canvas was, not clamped. */
  readonly view: Float32Array;
  /** The gradient by the canvas, of the gradient by the view. */
  back(gradient: Float32Array): Float32Array;
}

/** How somebody looks at a face: the side in pixels, and `reach`, the side of the cut beside the tight square's. */
export interface Look {
  readonly side: number;
  readonly reach: number;
}

/** The canvas [3, CANVAS, CANVAS] as it is looked at after all that. */
export function arrive(canvas: Float32Array, draw: Draw, { side, reach }: Look): Arrived {
  const cut = TIGHT * reach * draw.scale;
  const from = (shift: number) => (CANVAS - cut) / 2 + shift * TIGHT;
  const [y, x] = [draw.shiftY, draw.shiftX].map((shift) =>
    areaAxis(CANVAS, side, from(shift), cut, draw.spread),
  );
  const road = travelled(canvas, draw.road);
  return {
    view: through(road.planes, y, x),
    back: (gradient) => road.back(returned(gradient, y, x)),
  };
}

function travelled(canvas: Float32Array, road: Draw['road']) {
  if (road.kind === 'jpeg') return softJpeg(canvas, CANVAS, road.quality);
  if (road.kind === 'kept') return { planes: canvas, back: (gradient: Float32Array) => gradient };
  const axes: readonly Axis[] =
    road.kind === 'blur'
      ? [gaussianAxis(CANVAS, road.sigma)]
      : [areaAxis(CANVAS, road.side), linearAxis(road.side, CANVAS)];
  return {
    planes: axes.reduce((planes, axis) => through(planes, axis, axis), canvas),
    back: (gradient: Float32Array) => axes.reduceRight((by, axis) => returned(by, axis, axis), gradient),
  };
}

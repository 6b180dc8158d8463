/**
 * A portrait cloaked: its face found, a change searched that makes manipulators fail on it (after Ruiz et al.,
 * arXiv 2003.01279, against an ensemble as CMUA does, arXiv 2105.10872), and put back into the picture within a budget.
 *
 * It is no guarantee. How often it held, and against what, is in docs/measured/protect.md; whoever trains a manipulator
 * on cloaked pictures, or cleans them first, may get through (arXiv 2510.03747, 2603.13028).
 */
import { HuoyanError } from '../../core/errors.ts';
import type { Box, RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import type { FaceFinder } from '../../face/detect.ts';
import type { Face } from '../../face/face.ts';
import { scaleOf } from '../../face/geometry.ts';
import { type Budget, type Cost, radiusOf, wornWithin } from './budget.ts';
import { TIGHT } from './channel.ts';
import { climb } from './climb.ts';
import { type Frame, fade, frameOf } from './frame.ts';
import type { Surrogate } from './surrogate.ts';
import type { Threat } from './threats.ts';
import type { Venom } from './venom.ts';

export interface CloakOptions {
  readonly budget: Budget;
  readonly surrogates: readonly Surrogate[];
  readonly seed: number;
  /** Default 20; more gain next to nothing. */
  readonly steps?: number;
  /** Draws of the channel each step; default 2. */
  readonly draws?: number;
  /** A cloak [3, CANVAS, CANVAS] of any size to begin with; default noise. */
  readonly start?: Float32Array;
  readonly signal?: AbortSignal;
}

export type QuickOptions = Pick<CloakOptions, 'budget' | 'surrogates' | 'seed' | 'signal'> & {
  readonly threats: readonly Threat[];
  readonly venom: Venom;
};

export interface Cloaked {
  readonly image: RgbImage;
  readonly cost: Cost;
  /** Pixels of the picture that may differ. */
  readonly changed: Box;
}

const QUICK = { steps: 3, draws: 1 };

/** Side of the smallest tight face that is cloaked, in pixels. */
export const SMALLEST = 64;

/**
 * The face that is cloaked, the largest, and how many there are. Throws HuoyanError `bad-argument` when there is none or
 * it is too small, `component-missing` when the networks that find faces are not installed.
 */
export async function faceToCloak(
  image: RgbImage,
  finder: FaceFinder,
  signal?: AbortSignal,
): Promise<{ readonly face: Face; readonly faces: number }> {
  const faces = await finder.find(image, { signal });
  if (faces.length === 0) {
    throw new HuoyanError(
      'bad-argument',
      { en: 'there is no face in the picture', zh: '图片中没有人脸' },
      {
        en: 'name a portrait; turned away, covered or very small faces are not found',
        zh: '请指定人像；侧转、遮挡或过小的人脸无法找到',
      },
    );
  }
  const side = TIGHT / scaleOf(frameOf(image, faces[0]).toCanvas);
  if (side < SMALLEST) {
    throw new HuoyanError(
      'bad-argument',
      {
        en: `the face is too small: ${Math.round(side)} pixels`,
        zh: `人脸过小：${Math.round(side)} 像素`,
      },
      { en: `it needs ${SMALLEST} pixels from brow to chin`, zh: `从眉到下巴至少需要 ${SMALLEST} 像素` },
    );
  }
  return { face: faces[0], faces: faces.length };
}

/** The cloak [3, CANVAS, CANVAS] of a framed face. */
export function searchCloak(image: RgbImage, frame: Frame, options: CloakOptions): Promise<Float32Array> {
  const { budget, surrogates, seed, steps = 20, draws = 2, start, signal } = options;
  return climb(frame.canvas, surrogates, {
    ...{ steps, draws, start, signal, random: new Random(seed), weight: fade() },
    radius: radiusOf(image, frame, budget),
  });
}

/** As {@link searchCloak}, in a fraction of the time and holding less: from what the network makes at once, a few steps. */
export async function quickCloak(
  image: RgbImage,
  frame: Frame,
  { threats, venom, ...options }: QuickOptions,
): Promise<Float32Array> {
  const start = await venom(frame.canvas, threats);
  return searchCloak(image, frame, { ...options, ...QUICK, start });
}

/** `image` with its `face` cloaked. Throws the signal's reason when cancelled. */
export async function cloaked(image: RgbImage, face: Face, options: CloakOptions): Promise<Cloaked> {
  const frame = frameOf(image, face);
  const cloak = await searchCloak(image, frame, options);
  return { ...wornWithin(image, frame, cloak, options.budget), changed: frame.box };
}

/** The same by {@link quickCloak}. Throws HuoyanError `model-missing` too. */
export async function cloakedQuickly(image: RgbImage, face: Face, options: QuickOptions): Promise<Cloaked> {
  const frame = frameOf(image, face);
  const cloak = await quickCloak(image, frame, options);
  return { ...wornWithin(image, frame, cloak, options.budget), changed: frame.box };
}

/**
 * How much a cloak may change: the picture as a whole by PSNR, the face alone by PSNR (so that a small face in a large
 * picture is not ruined for it), and the colours of the face by what the eye makes of them. All three hold at once.
 */
import { type Box, crop, type RgbImage } from '../../core/image.ts';
import { CANVAS } from './channel.ts';
import { type Frame, worn } from './frame.ts';
import { colourDistance } from './lab.ts';

export interface Budget {
  /** Least PSNR of the picture and of the square around its face, dB. */
  readonly pictureDb: number;
  readonly faceDb: number;
  /** Most that the mean colour of a pixel of that square may move, in units of L*a*b*. */
  readonly colour: number;
}

export const STRENGTHS = {
  light: { pictureDb: 42, faceDb: 36, colour: 2.5 },
  medium: { pictureDb: 40, faceDb: 34, colour: 3.5 },
  strong: { pictureDb: 38, faceDb: 32, colour: 5 },
} as const satisfies Record<string, Budget>;
export type Strength = keyof typeof STRENGTHS;

export interface Cost {
  readonly pictureDb: number;
  readonly faceDb: number;
  readonly colour: number;
}

/** What `changed` costs; `box` is where alone it may differ. */
export function costOf(image: RgbImage, changed: RgbImage, box: Box): Cost {
  const [a, b] = [crop(image, box).data, crop(changed, box).data];
  let [squares, colour] = [0, 0];
  for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) ** 2;
  for (let i = 0; i < a.length; i += 3) colour += colourDistance(a, b, i);
  const decibels = (samples: number) => 10 * Math.log10((255 ** 2 * samples) / squares);
  return {
    pictureDb: decibels(image.data.length),
    faceDb: decibels(a.length),
    colour: (3 * colour) / a.length,
  };
}

/** The root of the sum of squares that a cloak [3, CANVAS, CANVAS] may have, samples in 0..1. */
export function radiusOf({ width, height }: RgbImage, frame: Frame, budget: Budget): number {
  const noise = (db: number, samples: number) => samples * 10 ** (-db / 10);
  const inPicture = noise(budget.pictureDb, 3 * width * height) / frame.pixelsPerPlace;
  return Math.sqrt(Math.min(inPicture, noise(budget.faceDb, 3 * CANVAS * CANVAS)));
}

const HALVINGS = 7;

/** `image` in as much of the cloak as the budget allows, at most one and a quarter of it. */
export function wornWithin(
  image: RgbImage,
  frame: Frame,
  cloak: Float32Array,
  budget: Budget,
): { readonly image: RgbImage; readonly cost: Cost } {
  let [low, high] = [0, 1.25];
  const kept = crop(image, { x: 0, y: 0, width: image.width, height: image.height });
  let best: { image: RgbImage; cost: Cost } = { image: kept, cost: costOf(image, kept, frame.box) };
  for (let k = 0; k < HALVINGS; k++) {
    const share = k === 0 ? high : (low + high) / 2;
    const tried = worn(image, frame, cloak, share);
    const cost = costOf(image, tried, frame.box);
    const fits =
      cost.pictureDb >= budget.pictureDb && cost.faceDb >= budget.faceDb && cost.colour <= budget.colour;
    if (fits) best = { image: tried, cost };
    if (fits && k === 0) break;
    if (fits) low = share;
    else high = share;
  }
  return best;
}

/**
 * The raw score behind the synthesis evidence, before calibration: a small network on the residual statistics of tiles,
 * pooled, and what a second discriminant says of their mean: a generator's habits show in every part of its picture, and
 * one part alone is a noisy witness of them. The network exists five times: fitted on all sources, which is what is used, and once for each fold of the
 * sources without that fold, which is what is measured and calibrated on: a picture is only ever judged by one that
 * has not seen its source.
 */
import { type Box, crop, type RgbImage } from '../../core/image.ts';
import { STATISTICS, statistics } from '../../core/residuals/index.ts';
import { tiles } from '../../core/tiles.ts';
import type { Models } from '../../nn/models.ts';

/** Folds of the sources. */
export const FOLDS = 4;

/** The network fitted on all sources, or without one fold of them. */
export function modelName(leftOut: number | null): string {
  return leftOut === null ? 'synthesis' : `synthesis-without-${leftOut}`;
}

/** Softness of the pooling, in units of the score: 0 would take the largest tile, infinity the mean. */
const SOFTNESS = 0.5;

export interface ScoredTile extends Box {
  readonly score: number;
}

/** What the discriminant for whole pictures counts for, and how far it may go: statistics of noise know no bounds. */
const WHOLE_WEIGHT = 1.5;
const WHOLE_LIMIT = 6;

/**
 * Scores a picture whose sides are at least `MIN_SIDE`, tile by tile, each with what speaks for or against the picture as
 * a whole. `leftOut` asks the network that was fitted without that fold.
 */
export async function scoreTiles(
  image: RgbImage,
  models: Models,
  leftOut: number | null = null,
): Promise<ScoredTile[]> {
  const { scored, whole } = await run(image, tiles(image.width, image.height), models, leftOut);
  const shift = WHOLE_WEIGHT * Math.max(-WHOLE_LIMIT, Math.min(WHOLE_LIMIT, whole));
  return scored.map((tile) => ({ ...tile, score: tile.score + shift }));
}

/** Scores the given parts of a picture, each at least `MIN_SIDE` wide and high, each for itself. */
export async function scoreBoxes(
  image: RgbImage,
  boxes: readonly Box[],
  models: Models,
): Promise<ScoredTile[]> {
  return (await run(image, boxes, models, null)).scored;
}

async function run(
  image: RgbImage,
  boxes: readonly Box[],
  models: Models,
  leftOut: number | null,
): Promise<{ scored: ScoredTile[]; whole: number }> {
  const data = new Float32Array(boxes.length * STATISTICS);
  boxes.forEach((box, i) => {
    data.set(statistics(crop(image, box)), i * STATISTICS);
  });
  const session = await models.session(modelName(leftOut));
  const { score, whole } = await session.run({ statistics: { dims: [boxes.length, STATISTICS], data } });
  return {
    scored: boxes.map((box, i) => ({ ...box, score: Number(score.data[i]) })),
    whole: boxes.reduce((sum, _, i) => sum + Number(whole.data[i]), 0) / boxes.length,
  };
}

/**
 * The picture's score from its tiles: a soft maximum (mean of exponentials), because a generator shows itself where
 * there is texture, and a blurred background says nothing either way.
 */
export function pool(scores: readonly number[]): number {
  const most = Math.max(...scores);
  const sum = scores.reduce((s, v) => s + Math.exp((v - most) / SOFTNESS), 0);
  return most + SOFTNESS * Math.log(sum / scores.length);
}

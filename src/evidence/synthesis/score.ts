/**
 * The raw score behind the synthesis evidence, before calibration: a small network on the residual statistics of tiles,
 * pooled. The network exists five times: fitted on all sources, which is what is used, and once for each fold of the
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

/**
 * Scores a picture whose sides are at least `MIN_SIDE`, tile by tile. `leftOut` asks the network that was fitted
 * without that fold.
 */
export function scoreTiles(
  image: RgbImage,
  models: Models,
  leftOut: number | null = null,
): Promise<ScoredTile[]> {
  return scoreBoxes(image, tiles(image.width, image.height), models, leftOut);
}

/** Scores the given parts of a picture, each at least `MIN_SIDE` wide and high. */
export async function scoreBoxes(
  image: RgbImage,
  boxes: readonly Box[],
  models: Models,
  leftOut: number | null = null,
): Promise<ScoredTile[]> {
  const data = new Float32Array(boxes.length * STATISTICS);
  boxes.forEach((box, i) => {
    data.set(statistics(crop(image, box)), i * STATISTICS);
  });
  const session = await models.session(modelName(leftOut));
  const { score } = await session.run({ statistics: { dims: [boxes.length, STATISTICS], data } });
  return boxes.map((box, i) => ({ ...box, score: Number(score.data[i]) }));
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

/**
 * The raw score behind the synthesis evidence, before calibration: a linear discriminant on residual statistics of
 * tiles. It exists as members, one for each fold of the sources that was left out when it was fitted. In use all
 * members are asked and averaged; in measurement only the one that has never seen the picture's source is.
 */
import { type Box, crop, type RgbImage } from '../../core/image.ts';
import type { Models } from '../../nn/models.ts';
import { STATISTICS, statistics } from './statistics/index.ts';
import { tiles } from './tiles.ts';

/** Members of the ensemble. */
export const MEMBERS = 4;
/** Tiles looked at, at most. */
export const TILE_LIMIT = 6;
export const MODEL = 'synthesis-statistics';

export interface ScoredTile extends Box {
  /** Mean raw score of the members asked. */
  readonly score: number;
}

/**
 * Scores a picture whose sides are at least `MIN_SIDE`, tile by tile. The picture's score is the mean. `member`
 * restricts the ensemble to one.
 */
export async function scoreTiles(image: RgbImage, models: Models, member?: number): Promise<ScoredTile[]> {
  const boxes = tiles(image.width, image.height, TILE_LIMIT);
  const data = new Float32Array(boxes.length * STATISTICS);
  boxes.forEach((box, i) => {
    data.set(statistics(crop(image, box)), i * STATISTICS);
  });
  const session = await models.session(MODEL);
  const { scores } = await session.run({ statistics: { dims: [boxes.length, STATISTICS], data } });
  return boxes.map((box, i) => {
    const all = Array.from({ length: MEMBERS }, (_, m) => Number(scores.data[i * MEMBERS + m]));
    return { ...box, score: member === undefined ? mean(all) : all[member] };
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

/**
 * Was the picture, as a whole, made by a generator? Looks at what a camera's sensor and processing leave in the fine
 * texture and a generator's last layers do not. Measured on sources and generators that it was not fitted on; where
 * those figures are weak, so is its weight.
 */
import type { Evidence, EvidenceMap, Region } from '../../core/evidence.ts';
import type { RgbImage } from '../../core/image.ts';
import type { ImageMedia } from '../../core/media.ts';
import type { Text } from '../../core/text.ts';
import { MIN_SIDE } from '../../core/tiles.ts';
import type { Detector, ExamineContext } from '../detector.ts';
import { type Calibration, falsePositiveRate, llrInterval, llrOf } from './calibration.ts';
import { CALIBRATION } from './fitted.ts';
import { pool, type ScoredTile, scoreTiles } from './score.ts';
import { MAP_MEANING, MEASURED_ON, NOT_A_PHOTOGRAPH, summaryOf, TOO_SMALL } from './words.ts';

const NAME = 'synthesis';
const VERSION = '1.1.0';
/** From this log-likelihood ratio the status is `detected`. */
const DETECT_FROM = 1;
/** A picture with a larger share of flat cells is no photograph. */
const FLAT_AT_MOST = 0.6;

export const synthesis: Detector<'image'> = {
  name: NAME,
  version: VERSION,
  kinds: ['image'],
  async examine(media: ImageMedia, { models }: ExamineContext): Promise<Evidence> {
    const image = media.pixels;
    if (Math.min(image.width, image.height) < MIN_SIDE) return notApplicable('too-small', TOO_SMALL);
    const flat = flatShare(image);
    if (flat > FLAT_AT_MOST) return notApplicable('not-a-photograph', NOT_A_PHOTOGRAPH);
    return synthesisEvidence(image, await scoreTiles(image, models));
  },
};

function notApplicable(reason: string, summary: Text): Evidence {
  return { status: 'notApplicable', detector: NAME, version: VERSION, reason, summary, details: {} };
}

/** The evidence that scored tiles of `image` amount to. */
export function synthesisEvidence(
  image: RgbImage,
  tiles: readonly ScoredTile[],
  calibration: Calibration = CALIBRATION,
): Evidence {
  const score = pool(tiles.map((tile) => tile.score));
  const llr = llrOf(score, calibration);
  const detected = llr >= DETECT_FROM;
  return {
    status: detected ? 'detected' : 'notDetected',
    detector: NAME,
    version: VERSION,
    claim: 'synthetic',
    summary: summaryOf(llr),
    llr,
    llrInterval: llrInterval(score, calibration),
    regions: detected ? regionsOf(tiles, calibration) : [],
    map: mapOf(image, tiles, calibration),
    measuredOn: MEASURED_ON,
    details: {
      score,
      falsePositiveRate: falsePositiveRate(score, calibration),
      tiles: tiles.map(({ x, y, width, height, score: s }) => ({ x, y, width, height, score: s })),
    },
  };
}

const strength = (score: number, calibration: Calibration) => 1 / (1 + Math.exp(-llrOf(score, calibration)));

/** The tiles that speak most clearly for a generator, at most three. */
function regionsOf(tiles: readonly ScoredTile[], calibration: Calibration): Region[] {
  return tiles
    .map(({ x, y, width, height, score }) => ({ x, y, width, height, score: strength(score, calibration) }))
    .filter((region) => region.score > 0.5)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3);
}

/** Longest side of the map in cells. */
const MAP_SIDE = 24;

/** Each cell takes the mean of the tiles that touch it; where none does, the detector has not looked. */
function mapOf(image: RgbImage, tiles: readonly ScoredTile[], calibration: Calibration): EvidenceMap {
  const cell = Math.max(16, Math.ceil(Math.max(image.width, image.height) / MAP_SIDE));
  const width = Math.ceil(image.width / cell);
  const height = Math.ceil(image.height / cell);
  const sums = new Float32Array(width * height);
  const counts = new Float32Array(width * height);
  for (const tile of tiles) {
    const right = Math.min(width - 1, Math.floor((tile.x + tile.width - 1) / cell));
    const bottom = Math.min(height - 1, Math.floor((tile.y + tile.height - 1) / cell));
    for (let y = Math.floor(tile.y / cell); y <= bottom; y++) {
      for (let x = Math.floor(tile.x / cell); x <= right; x++) {
        sums[y * width + x] += strength(tile.score, calibration);
        counts[y * width + x]++;
      }
    }
  }
  const data = sums.map((sum, i) => (counts[i] ? sum / counts[i] : Number.NaN));
  return { width, height, data, meaning: MAP_MEANING };
}

/** Share of 8x8 cells without any variation, over a sample of at most 4,096 cells. */
export function flatShare(image: RgbImage): number {
  const columns = Math.floor(image.width / 8);
  const rows = Math.floor(image.height / 8);
  const stride = Math.max(1, Math.ceil((columns * rows) / 4096));
  let flat = 0;
  let seen = 0;
  for (let index = 0; index < columns * rows; index += stride) {
    if (isFlat(image, (index % columns) * 8, Math.floor(index / columns) * 8)) flat++;
    seen++;
  }
  return seen ? flat / seen : 1;
}

function isFlat({ width, data }: RgbImage, x0: number, y0: number): boolean {
  const first = data[(y0 * width + x0) * 3 + 1];
  for (let y = y0; y < y0 + 8; y++) {
    for (let x = x0; x < x0 + 8; x++) if (Math.abs(data[(y * width + x) * 3 + 1] - first) > 1) return false;
  }
  return true;
}

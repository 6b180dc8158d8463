/**
 * Does every part of the picture share one history? Local inconsistency of noise, JPEG grid and earlier saves, as a
 * map that abstains where nothing can be said. Tuned to be quiet: what users of such maps complain of is alarms on
 * real photographs, so a weak finding weighs about nothing.
 */
import type { Evidence, EvidenceMap, Region } from '../../core/evidence.ts';
import type { RgbImage } from '../../core/image.ts';
import type { Json } from '../../core/json.ts';
import type { ImageMedia } from '../../core/media.ts';
import type { Text } from '../../core/text.ts';
import type { Detector } from '../detector.ts';
import { type Calibration, llrInterval, llrOf } from './calibration.ts';
import { CALIBRATION } from './fitted.ts';
import {
  boxOf,
  type CellRegion,
  type CellScores,
  contourOf,
  cueShares,
  pictureScore,
  pictureTerms,
  regionsAbove,
  scoreCells,
} from './fuse.ts';
import { earlierQuality } from './ghost.ts';
import { logTail } from './grid.ts';
import { type CellFacts, judgeable } from './noise.ts';
import { type LastSave, lastSave, readTraces } from './traces.ts';
import { gridKnown, RADII, sumTraces, type Traces, type WindowFeatures, windowFeatures } from './windows.ts';
import {
  CUE_TEXT,
  type Cue,
  detectedText,
  MAP_MEANING,
  MEASURED_ON,
  NOT_DETECTED,
  NOTHING_TO_JUDGE,
  TOO_SMALL,
} from './words.ts';

const NAME = 'splice';
const VERSION = '1.0.0';
/** Pictures with a side shorter than this are not judged. */
export const LEAST_SIDE_PX = 128;
const REGIONS_AT_MOST = 5;
const REGION_CELLS_AT_LEAST = 4;
/** A second cue is named when it carries at least this share of the log odds. */
const SECOND_CUE = 0.25;

/** What was measured on one picture, before it is put into words. */
export type SpliceFindings =
  | { readonly status: 'too-small' | 'nothing-to-judge' }
  | {
      readonly status: 'judged';
      readonly traces: Traces;
      readonly windows: readonly WindowFeatures[];
      readonly scores: CellScores;
      /** Uncalibrated; see Calibration. */
      readonly score: number;
      readonly llr: number;
      readonly detected: boolean;
    };

/** Measures `image`; `save` is its last JPEG save, as far as the container tells, else null. */
export function findSplice(
  image: RgbImage,
  save: LastSave | null,
  calibration: Calibration = CALIBRATION,
): SpliceFindings {
  if (Math.min(image.width, image.height) < LEAST_SIDE_PX) return { status: 'too-small' };
  const traces = readTraces(image, save);
  const summed = sumTraces(traces);
  const windows = RADII.map((radius) => windowFeatures(summed, radius));
  const scores = scoreCells(traces.cells, windows, calibration);
  const terms = pictureTerms(scores, calibration.regionThreshold);
  if (!terms) return { status: 'nothing-to-judge' };
  const score = pictureScore(terms, calibration.picture);
  const llr = llrOf(score, calibration.curve);
  return { status: 'judged', traces, windows, scores, score, llr, detected: score >= calibration.detectFrom };
}

/**
 * Strength 0..1 of "treated differently" by cell, NaN where the detector abstains: the odds of the windows around the
 * cell, paler where the picture as a whole gives no reason for suspicion.
 */
export function strengthMap(
  scores: CellScores,
  facts: CellFacts,
  llr: number,
  detected: boolean,
  calibration: Calibration = CALIBRATION,
): EvidenceMap {
  const { cols, rows } = scores.cells;
  const ceiling = detected ? 1 : 1 / (1 + Math.exp(-llr));
  const contour = contourOf(scores, calibration.regionThreshold);
  const data = scores.logOdds.map((v, cell) =>
    judgeable(facts, cell) ? ceiling / (1 + Math.exp(contour - v)) : Number.NaN,
  );
  return { width: cols, height: rows, data, meaning: MAP_MEANING };
}

function notApplicable(reason: 'too-small' | 'nothing-to-judge', summary: Text): Evidence {
  return { detector: NAME, version: VERSION, status: 'notApplicable', reason, summary, details: {} };
}

/** The evidence for one decoded picture; what `spliceDetector` does, for whoever has pixels and no file. */
export function spliceEvidence(image: RgbImage, save: LastSave | null): Evidence {
  const findings = findSplice(image, save);
  if (findings.status !== 'judged') {
    return findings.status === 'too-small'
      ? notApplicable('too-small', TOO_SMALL)
      : notApplicable('nothing-to-judge', NOTHING_TO_JUDGE);
  }
  const { traces, windows, scores, score, llr, detected } = findings;
  const map = strengthMap(scores, traces.facts, llr, detected);
  const found = detected
    ? regionsAbove(scores, contourOf(scores, CALIBRATION.regionThreshold))
        .filter((r) => r.cells.length >= REGION_CELLS_AT_LEAST)
        .slice(0, REGIONS_AT_MOST)
    : [];
  const cues = found.map((region) => cueShares(region, windows, CALIBRATION));
  const regions: Region[] = found.map((region, i) => ({
    ...boxOf(region, traces.cells),
    score: meanStrength(region, map),
    label: CUE_TEXT[cues[i][0].cue],
  }));
  const judged = scores.logOdds.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0);
  const details: Record<string, Json> = {
    score: round(score),
    judgedShare: round(judged / scores.logOdds.length),
    cellPx: traces.cells.side,
    grid: gridKnown(traces.origin)
      ? { x: traces.origin.x, y: traces.origin.y, from: save ? 'container' : 'votes' }
      : null,
    noiseLevel: Number.isNaN(traces.noiseLevel) ? null : round(traces.noiseLevel),
    regions: found.map((region, i) => regionDetails(region, traces, cues[i])),
  };
  const weighed = {
    detector: NAME,
    version: VERSION,
    llr,
    llrInterval: llrInterval(score, CALIBRATION),
    claim: 'manipulated' as const,
    map,
    measuredOn: MEASURED_ON,
    details,
  };
  if (!detected || regions.length === 0) {
    return { ...weighed, status: 'notDetected', regions: [], summary: NOT_DETECTED };
  }
  const [first, second] = cues[0];
  return {
    ...weighed,
    status: 'detected',
    regions,
    summary: detectedText(
      regions.length,
      first.cue,
      second && second.share >= SECOND_CUE ? second.cue : null,
    ),
  };
}

function meanStrength(region: CellRegion, map: EvidenceMap): number {
  let sum = 0;
  let n = 0;
  for (const cell of region.cells) {
    if (Number.isNaN(map.data[cell])) continue;
    sum += map.data[cell];
    n++;
  }
  return n === 0 ? 0 : Math.min(1, sum / n);
}

/** What stands behind a region, in numbers: the cues, the grid it votes for, the earlier quality it fits best. */
function regionDetails(
  region: CellRegion,
  traces: Traces,
  cues: readonly { readonly cue: Cue; readonly share: number }[],
): Json {
  const windowsTried = traces.cells.cols * traces.cells.rows * RADII.length;
  const across = regionVotes(region, traces.votes.columns, traces.origin.x);
  const down = regionVotes(region, traces.votes.rows, traces.origin.y);
  return {
    cells: region.cells.length,
    cues: cues.slice(0, 3).map(({ cue, share }) => ({ cue, share: round(share) })),
    foreignGrid: {
      x: across.offset,
      y: down.offset,
      // a contrario: below 0 such agreement is not expected even once by chance
      log10FalseAlarms: round(Math.log10(64 * windowsTried) + across.logTail + down.logTail),
    },
    earlierQuality: traces.ghost ? earlierQuality(traces.ghost, region.cells) : null,
  };
}

/** The offset most voted for in a region besides the picture's own, and log10 of the tail among the seven others. */
function regionVotes(
  region: CellRegion,
  counts: Uint16Array,
  own: number,
): { offset: number; logTail: number } {
  const sums = new Float64Array(8);
  for (const cell of region.cells) for (let i = 0; i < 8; i++) sums[i] += counts[cell * 8 + i];
  sums[own] = 0;
  let n = 0;
  let best = own === 0 ? 1 : 0;
  for (let i = 0; i < 8; i++) {
    n += sums[i];
    if (i !== own && sums[i] > sums[best]) best = i;
  }
  return { offset: best, logTail: logTail(sums[best], n, 1 / 7) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export const spliceDetector: Detector<'image'> = {
  name: NAME,
  version: VERSION,
  kinds: ['image'],
  async examine(media: ImageMedia): Promise<Evidence> {
    return spliceEvidence(media.pixels, lastSave(media.container));
  },
};

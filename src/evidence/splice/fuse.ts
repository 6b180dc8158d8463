/**
 * From window features to a map, regions and one number for the picture. A window's features become the log odds
 * of "pasted" by a logistic whose few numbers are fitted by recipes/splice; the picture's number weighs the strangest
 * windows and the largest coherent region against how strange the picture is throughout: content that is odd everywhere
 * is not a splice.
 */
import type { Box } from '../../core/image.ts';
import type { Calibration } from './calibration.ts';
import type { Cells } from './strips.ts';
import { FEATURE_COUNT, FEATURES, type WindowFeatures } from './windows.ts';

/** A window's features with their squares: what the logistic weighs. */
export const WINDOW_TERMS = 2 * FEATURE_COUNT;
/** Order of the numbers that describe a picture. */
export const PICTURE_TERMS = ['peak3', 'peak5', 'peak9', 'mass', 'throughout', 'spread', 'size'] as const;

/** Log odds of "pasted" by cell, NaN where the detector abstains. */
export interface CellScores {
  readonly cells: Cells;
  /** Mean over the three windows around the cell. */
  readonly logOdds: Float32Array;
  /** Of each window size on its own. */
  readonly byWindow: readonly Float32Array[];
}

/** Connected cells whose log odds are above a threshold. */
export interface CellRegion {
  readonly cells: readonly number[];
  /** Sum of log odds above the threshold. */
  readonly mass: number;
}

export function windowLogOdds(features: WindowFeatures, weights: readonly number[]): Float32Array {
  const n = features.values.length / FEATURE_COUNT;
  const out = new Float32Array(n);
  for (let cell = 0; cell < n; cell++) {
    let sum = weights[WINDOW_TERMS];
    for (let f = 0; f < FEATURE_COUNT; f++) {
      const v = features.values[cell * FEATURE_COUNT + f];
      sum += v * (weights[f] + v * weights[FEATURE_COUNT + f]);
    }
    out[cell] = sum;
  }
  return out;
}

export function scoreCells(
  cells: Cells,
  windows: readonly WindowFeatures[],
  calibration: Pick<Calibration, 'windows'>,
): CellScores {
  const byWindow = windows.map((w, i) => windowLogOdds(w, calibration.windows[i]));
  const logOdds = new Float32Array(cells.cols * cells.rows);
  for (let cell = 0; cell < logOdds.length; cell++) {
    let sum = 0;
    for (const scores of byWindow) sum += scores[cell];
    logOdds[cell] = sum / byWindow.length;
  }
  return { cells, logOdds, byWindow };
}

/** Coherent regions (8-connected) above `threshold`, heaviest first. */
export function regionsAbove(scores: CellScores, threshold: number): CellRegion[] {
  const { cols, rows } = scores.cells;
  const seen = new Uint8Array(cols * rows);
  const regions: CellRegion[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !(scores.logOdds[start] > threshold)) continue;
    const members = [start];
    seen[start] = 1;
    let mass = 0;
    for (let i = 0; i < members.length; i++) {
      const cell = members[i];
      mass += scores.logOdds[cell] - threshold;
      const x = cell % cols;
      const y = (cell - x) / cols;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(cols - 1, x + 1); nx++) {
          const next = ny * cols + nx;
          if (seen[next] || !(scores.logOdds[next] > threshold)) continue;
          seen[next] = 1;
          members.push(next);
        }
      }
    }
    regions.push({ cells: members, mass });
  }
  return regions.sort((a, b) => b.mass - a.mass);
}

/** Windows half inside a paste already see it: its outline is drawn at this share of the peak. */
const CONTOUR = 0.4;

/** Log odds at which the map is half bright and regions are cut out: never below `least`. */
export function contourOf(scores: CellScores, least: number): number {
  let peak = 0;
  for (const v of scores.logOdds) if (v > peak) peak = v;
  return Math.max(least, CONTOUR * peak);
}

/** Which features carry a region's log odds, largest share first; shares of what speaks for it sum to 1. */
export function cueShares(
  region: CellRegion,
  windows: readonly WindowFeatures[],
  calibration: Pick<Calibration, 'windows'>,
): { cue: (typeof FEATURES)[number]; share: number }[] {
  const sums = new Float64Array(FEATURE_COUNT);
  windows.forEach((window, i) => {
    const weights = calibration.windows[i];
    for (const cell of region.cells) {
      for (let f = 0; f < FEATURE_COUNT; f++) {
        const v = window.values[cell * FEATURE_COUNT + f];
        if (!Number.isNaN(v)) sums[f] += v * (weights[f] + v * weights[FEATURE_COUNT + f]);
      }
    }
  });
  let total = 0;
  for (const v of sums) total += Math.max(0, v);
  return FEATURES.map((cue, f) => ({ cue, share: Math.max(0, sums[f]) / (total || 1) })).sort(
    (a, b) => b.share - a.share,
  );
}

/** The smallest box of picture pixels that holds a region's cells. */
export function boxOf(region: CellRegion, cells: Cells): Box {
  let x0 = cells.cols;
  let y0 = cells.rows;
  let x1 = 0;
  let y1 = 0;
  for (const cell of region.cells) {
    const x = cell % cells.cols;
    const y = (cell - x) / cells.cols;
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x + 1);
    y1 = Math.max(y1, y + 1);
  }
  const px = (c: number) => Math.round((c * cells.width) / cells.cols);
  const py = (c: number) => Math.round((c * cells.height) / cells.rows);
  return { x: px(x0), y: py(y0), width: px(x1) - px(x0), height: py(y1) - py(y0) };
}

/** The picture's own numbers in the order of PICTURE_TERMS; null when fewer than a sixth of its cells can be judged. */
export function pictureTerms(scores: CellScores, regionThreshold: number): number[] | null {
  const judged = scores.logOdds.filter((v) => !Number.isNaN(v)).sort();
  if (judged.length < 12 || judged.length < scores.logOdds.length / 6) return null;
  const peaks = scores.byWindow.map((s) => {
    let most = Number.NEGATIVE_INFINITY;
    for (const v of s) if (v > most) most = v;
    return Math.min(12, most);
  });
  const at = (q: number) => judged[Math.min(judged.length - 1, Math.floor(q * judged.length))];
  const heaviest = regionsAbove(scores, regionThreshold)[0];
  return [...peaks, Math.log1p(heaviest?.mass ?? 0), at(0.5), at(0.9) - at(0.5), Math.log2(judged.length)];
}

/** Log odds of the picture before calibration. */
export function pictureScore(terms: readonly number[], weights: readonly number[]): number {
  let sum = weights[terms.length];
  for (let i = 0; i < terms.length; i++) sum += weights[i] * terms[i];
  return sum;
}

/**
 * Where a clip is cut, from a few small frames: two neighbours whose colours are distributed quite differently have a
 * cut between them. Slow enough motion and light changes stay below; a fade is found as one cut somewhere within it.
 */
import type { Frame } from '../../core/media.ts';

export interface Shot {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

/** Colours in 4x4x4 bins for each of 2x2 quarters of the picture; sums to 1 within a quarter. */
export function colours({ pixels: { width, height, data } }: Pick<Frame, 'pixels'>): Float32Array {
  const bins = new Float32Array(4 * 64);
  const counts = [0, 0, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      const quarter = (2 * y >= height ? 2 : 0) + (2 * x >= width ? 1 : 0);
      bins[quarter * 64 + (data[i] >> 6) * 16 + (data[i + 1] >> 6) * 4 + (data[i + 2] >> 6)]++;
      counts[quarter]++;
    }
  }
  return bins.map((n, i) => n / Math.max(1, counts[i >> 6]));
}

/** Share of the picture whose colours differ, 0..1. */
export function difference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / 8;
}

const CUT = 0.5;
/** How much larger than what is usual in this clip a difference must be. */
const UNUSUAL = 2.5;

/**
 * Shots of a clip of `duration` seconds, which they cover without gaps, from the colours of frames at ascending `times`.
 * A boundary lies at the later of the two frames that differ: taken at key frames, that is where coders put cuts.
 */
export function shotsOf(times: readonly number[], seen: readonly Float32Array[], duration: number): Shot[] {
  const steps = seen.slice(1).map((now, i) => difference(seen[i], now));
  const sorted = [...steps].sort((a, b) => a - b);
  const usual = sorted[sorted.length >> 1] ?? 0;
  const bar = Math.max(CUT, UNUSUAL * usual);
  const cuts = steps.flatMap((step, i) => (step > bar ? [times[i + 1]] : []));
  const edges = [0, ...cuts, duration];
  return edges.slice(1).map((end, i) => ({ start: edges[i], end }));
}

/**
 * `count` times spread over shots in proportion to their length, at least one in each; of more shots than `count`, the
 * longest ones. Ascending, none twice.
 */
export function spreadOver(shots: readonly Shot[], count: number): number[] {
  const length = ({ start, end }: Shot) => end - start;
  const chosen = [...shots].sort((a, b) => length(b) - length(a)).slice(0, Math.max(1, count));
  const total = chosen.reduce((sum, shot) => sum + length(shot), 0);
  const spare = Math.max(0, count - chosen.length);
  const times = chosen.flatMap((shot) => {
    const n = 1 + Math.floor((spare * length(shot)) / Math.max(total, 1e-9));
    return Array.from({ length: n }, (_, i) => shot.start + (length(shot) * (i + 0.5)) / n);
  });
  return [...new Set(times)].sort((a, b) => a - b);
}

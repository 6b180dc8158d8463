/**
 * Finds the pilots in the spectrum of a flat (not tilted) view: any two peaks may be any two pilots; each such guess
 * predicts where the other four must stand, and the guess whose six places hold most wins. Scale, rotation and shear
 * follow in closed form.
 */
import { PowerSpectrum } from '../../core/fft.ts';
import type { Plane } from '../../core/image.ts';
import { type Pilot, TILE } from './carrier.ts';
import { boxMean } from './plane.ts';

/** Linear map from samples of the view to mark units: u = a x + b y, v = c x + d y. */
export interface Linear {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export interface Guess {
  readonly linear: Linear;
  /** Sum over the pilots of power above the surroundings; six for nothing but noise at fixed places. */
  readonly score: number;
}

/** What a view shows of any key's pilots. */
export interface Peaks {
  /** Power over its surroundings at every frequency, zero frequency at index 0. */
  readonly map: Float32Array;
  /** Its side: the window of the spectrum, a power of two. */
  readonly size: number;
  readonly peaks: readonly Peak[];
}

export interface SearchOptions {
  /** Largest ratio of the two stretches (1: only turned and scaled). */
  readonly maxStretch: number;
  /** Most guesses returned. */
  readonly count: number;
}

const PEAKS = 44;
/** One pilot counts at most this much, so that one line of the picture is not taken for a mark. */
const CAP = 40;
/** Samples a unit of the view: beyond, there is nothing to read. */
const MIN_UNITS = 1 / 6;
const MAX_UNITS = 2.4;

/** The peaks of `view` (whitened), by windows of `size`, a power of two. */
export function peaksOf(view: Plane, size: number): Peaks {
  const map = prominence(view, size);
  return { map, size, peaks: findPeaks(map, size) };
}

function prominence(view: Plane, size: number): Float32Array {
  const power = new Float64Array(size * size);
  const spectrum = new PowerSpectrum(size);
  const block = new Float32Array(size * size);
  const window = Float32Array.from({ length: size }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / size));
  const starts = (length: number) =>
    length <= size
      ? [0]
      : Array.from({ length: Math.ceil((length - size) / (size / 2)) + 1 }, (_, i) =>
          Math.min(length - size, (i * size) / 2),
        );
  for (const y0 of starts(view.height)) {
    for (const x0 of starts(view.width)) {
      const w = Math.min(size, view.width);
      const h = Math.min(size, view.height);
      block.fill(0);
      for (let y = 0; y < h; y++) {
        const wy = h < size ? Math.sin((Math.PI * (y + 0.5)) / h) : window[y];
        const from = (y0 + y) * view.width + x0;
        for (let x = 0; x < w; x++) {
          const wx = w < size ? Math.sin((Math.PI * (x + 0.5)) / w) : window[x];
          block[y * size + x] = view.data[from + x] * wx * wy;
        }
      }
      spectrum.accumulate(block, power);
    }
  }
  const data = Float32Array.from(power);
  const around = boxMean({ width: size, height: size, data }, 7).data;
  for (let i = 0; i < data.length; i++) data[i] /= around[i] + 1e-12;
  return data;
}

interface Peak {
  readonly fx: number;
  readonly fy: number;
  readonly value: number;
}

function findPeaks(map: Float32Array, size: number): Peak[] {
  const peaks: Peak[] = [];
  const half = size / 2;
  const edge = Math.max(3, Math.round(size * 0.012));
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < size; x++) {
      const fx = x < half ? x : x - size;
      const value = map[y * size + x];
      if (value < 3 || Math.abs(fx) < edge || y < edge || Math.hypot(fx, y) > 0.46 * size) continue;
      let highest = true;
      for (let dy = -1; dy <= 1 && highest; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (map[((y + dy + size) % size) * size + ((x + dx + size) % size)] > value) highest = false;
        }
      }
      if (highest) peaks.push({ fx: fx / size, fy: y / size, value });
    }
  }
  return peaks.sort((a, b) => b.value - a.value).slice(0, PEAKS);
}

/** Largest value of the three by three bins around a frequency; 0 beyond the spectrum. */
function strongest(map: Float32Array, size: number, fx: number, fy: number): number {
  if (Math.abs(fx) > 0.49 || Math.abs(fy) > 0.49) return 0;
  const x = Math.round(fx * size);
  const y = Math.round(fy * size);
  let best = 0;
  for (let dy = -1; dy <= 1; dy++) {
    const row = ((y + dy + size) & (size - 1)) * size;
    for (let dx = -1; dx <= 1; dx++) {
      const value = map[row + ((x + dx + size) & (size - 1))];
      if (value > best) best = value;
    }
  }
  return best;
}

/** The likeliest linear maps, best first; each stands for itself and for the half turn of it. */
export function searchPilots(
  { map, size, peaks }: Peaks,
  pilots: readonly Pilot[],
  { maxStretch, count }: SearchOptions,
): Guess[] {
  const guesses: Guess[] = [];
  for (let i = 0; i < pilots.length; i++) {
    for (let j = i + 1; j < pilots.length; j++) {
      for (const sign of [1, -1]) {
        const p = pilots[i];
        const q = { kx: sign * pilots[j].kx, ky: sign * pilots[j].ky };
        const det = p.kx * q.ky - q.kx * p.ky;
        for (const s of peaks) {
          for (const t of peaks) {
            if (s === t) continue;
            // [fx; fy] = L^T k / TILE, for both pilots.
            const a = ((s.fx * q.ky - t.fx * p.ky) * TILE) / det;
            const c = ((t.fx * p.kx - s.fx * q.kx) * TILE) / det;
            const b = ((s.fy * q.ky - t.fy * p.ky) * TILE) / det;
            const d = ((t.fy * p.kx - s.fy * q.kx) * TILE) / det;
            if (!plausible(a, b, c, d, maxStretch)) continue;
            let score = 0;
            for (const { kx, ky } of pilots) {
              score += Math.min(
                CAP,
                strongest(map, size, (a * kx + c * ky) / TILE, (b * kx + d * ky) / TILE),
              );
            }
            if (guesses.length < 400 || score > guesses[guesses.length - 1].score) {
              guesses.push({ linear: { a, b, c, d }, score });
              if (guesses.length > 800) {
                guesses.sort((g, h) => h.score - g.score);
                guesses.length = 400;
              }
            }
          }
        }
      }
    }
  }
  guesses.sort((g, h) => h.score - g.score);
  const kept: Guess[] = [];
  for (const guess of guesses) {
    if (kept.length >= count) break;
    const sharpened = sharpen(map, size, pilots, guess);
    if (!kept.some((other) => alike(other.linear, sharpened.linear))) kept.push(sharpened);
  }
  return kept.sort((g, h) => h.score - g.score);
}

/** Not mirrored, of a readable scale, not stretched beyond the limit. */
function plausible(a: number, b: number, c: number, d: number, maxStretch: number): boolean {
  const det = a * d - b * c;
  if (det < MIN_UNITS ** 2 || det > MAX_UNITS ** 2) return false;
  // Ratio r of the singular values: r + 1/r = |L|^2 / det.
  return (a * a + b * b + c * c + d * d) / det <= maxStretch + 1 / maxStretch;
}

/** Up to a half turn. */
function alike(l: Linear, m: Linear): boolean {
  const apart = (s: number) =>
    Math.abs(l.a - s * m.a) + Math.abs(l.b - s * m.b) + Math.abs(l.c - s * m.c) + Math.abs(l.d - s * m.d);
  return Math.min(apart(1), apart(-1)) < 0.012;
}

/** The linear map that fits best the exact places (parabola through three bins) of the peaks near the predicted ones. */
function sharpen(map: Float32Array, size: number, pilots: readonly Pilot[], guess: Guess): Guess {
  let { a, b, c, d } = guess.linear;
  let score = guess.score;
  for (let round = 0; round < 2; round++) {
    let xx = 0;
    let xy = 0;
    let yy = 0;
    let fxx = 0;
    let fxy = 0;
    let fyx = 0;
    let fyy = 0;
    score = 0;
    for (const { kx, ky } of pilots) {
      const peak = exactPeak(map, size, (a * kx + c * ky) / TILE, (b * kx + d * ky) / TILE);
      score += Math.min(CAP, peak.value);
      const weight = Math.max(0, Math.min(CAP, peak.value) - 2);
      xx += weight * kx * kx;
      xy += weight * kx * ky;
      yy += weight * ky * ky;
      fxx += weight * peak.fx * kx;
      fxy += weight * peak.fx * ky;
      fyx += weight * peak.fy * kx;
      fyy += weight * peak.fy * ky;
    }
    const det = xx * yy - xy * xy;
    if (!(det > 1e-9)) break;
    a = (TILE * (fxx * yy - fxy * xy)) / det;
    c = (TILE * (fxy * xx - fxx * xy)) / det;
    b = (TILE * (fyx * yy - fyy * xy)) / det;
    d = (TILE * (fyy * xx - fyx * xy)) / det;
  }
  return { linear: { a, b, c, d }, score };
}

function exactPeak(map: Float32Array, size: number, fx: number, fy: number): Peak {
  if (Math.abs(fx) > 0.48 || Math.abs(fy) > 0.48) return { fx, fy, value: 0 };
  const value = (x: number, y: number) => map[((y + size) & (size - 1)) * size + ((x + size) & (size - 1))];
  let x = Math.round(fx * size);
  let y = Math.round(fy * size);
  let [bx, by] = [x, y];
  for (let dy = -1; dy <= 1; dy++)
    for (let dx = -1; dx <= 1; dx++) if (value(x + dx, y + dy) > value(bx, by)) [bx, by] = [x + dx, y + dy];
  [x, y] = [bx, by];
  const middle = value(x, y);
  const offset = (before: number, after: number) => {
    const [l, m, r] = [before, middle, after].map((v) => Math.log(v + 1e-9));
    const bend = l - 2 * m + r;
    return bend < -1e-9 ? Math.max(-0.5, Math.min(0.5, (l - r) / (2 * bend))) : 0;
  };
  return {
    fx: (x + offset(value(x - 1, y), value(x + 1, y))) / size,
    fy: (y + offset(value(x, y - 1), value(x, y + 1))) / size,
    value: middle,
  };
}

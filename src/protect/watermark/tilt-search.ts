/**
 * Which plane is the camera looking at? In a tilted view no part is large enough to show the pilots by itself, but all
 * parts together do, once they agree on a plane: each plane in front of a pinhole predicts, block by block, where the
 * pilots stand in the spectrum, and the plane under which most power stands there is the one. All planes of a coarse
 * grid are asked (scale, roll, tilt and its direction; the vanishing line follows from the tilt and the angle of view),
 * the best are climbed from, first on blurred spectra, then on sharp ones, with the vanishing line and the lens free.
 */
import { PowerSpectrum } from '../../core/fft.ts';
import type { Plane } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { type Pilot, TILE } from './carrier.ts';
import { type Area, boxMean, type Mapping } from './plane.ts';

/**
 * From samples of the view to mark units, by centred coordinates X, Y in half diagonals of the view: the lens moves them
 * by 1 + k (X^2 + Y^2), then u = (a X + b Y) / w, v = (c X + d Y) / w with w = 1 + g X + h Y.
 */
export interface Sight {
  /** a, b, c, d (units a half diagonal), g, h, k. */
  readonly terms: Float64Array;
  /** Power at the predicted places, in deviations above what noise would have there. */
  readonly score: number;
}

const [A, B, C, D, G, H, K] = [0, 1, 2, 3, 4, 5, 6];
const TERMS = 7;
/** Side of a block, and from one to the next. */
const SIZE = 256;
const HOP = 128;
const AREA = SIZE * SIZE;
/** Reach of what counts as a frequency's surroundings, in bins. */
const AROUND = 9;
/** Width of the rings of frequency that are levelled, in bins. */
const RING = 4;
/** Most that one place counts, and the frequency (periods a sample) below which pictures have too many waves of their own. */
const CAP = 6;
const LOWEST = 0.03;
/** Scales tried, in units a sample, and the step: two bins at the outer pilots, which the blur of the coarse spectra bridges. */
const LEAST_SCALE = 0.42;
const MOST_SCALE = 1.75;
const STEP = 0.05;
/** Focal length of the coarse grid in half diagonals: a telephone's, or a little longer. */
const FOCAL = 1.4;
/** Tilts of the coarse grid, degrees. */
const TILTS = [0, 17, 25, 31, 36, 40, 44, 48];
/** Least depth, against the centre's, of what is still looked at. */
const HORIZON = 0.3;
/** The finest waves are some five units long. */
const MOST_UNITS_A_SAMPLE = 1.6;
/** Blocks asked in the sweep, for its shortlist, and at last. */
const FEW = 48;
const SOME = 100;
const ALL = 400;
/** Planes the sweep keeps, and those different enough that are climbed from. */
const SHORTLIST = 1500;
const CLIMBED = 90;

/**
 * Deviations above noise, all pilots together, none counting much more than the middle ones: a plane is where all stand,
 * and a fence or a mesh in the picture holds up one or two.
 */
function balanced(sums: Float64Array, counts: Float64Array, deviation: number): number {
  for (let p = 0; p < sums.length; p++) {
    if (counts[p] < 2) sums[p] = 0;
    else sums[p] = (sums[p] - counts[p]) / (deviation * Math.sqrt(counts[p]));
  }
  const sorted = sums.sort();
  const most = 1.3 * Math.max(0.4, (sorted[1] + sorted[2]) / 2);
  let score = 0;
  for (const value of sorted) score += Math.min(most, value);
  return score;
}

/** Prominence (power over its surroundings) in every block of the view. */
class Spectra {
  readonly #deviation: number;
  readonly #sums = new Float64Array(6);
  readonly #counts = new Float64Array(6);

  private constructor(
    /** A map of SIZE by SIZE for each block, in which noise is 1. */
    readonly maps: Float32Array,
    /** Centres of the blocks, in half diagonals from the view's centre. */
    readonly X: Float64Array,
    readonly Y: Float64Array,
    /** Half the diagonal of the view, in samples. */
    readonly half: number,
  ) {
    this.#deviation = levelled(maps);
  }

  static of(view: Plane): Spectra {
    const xs = starts(view.width);
    const ys = starts(view.height);
    const half = Math.hypot(view.width, view.height) / 2;
    const maps = new Float32Array(xs.length * ys.length * AREA);
    const X = new Float64Array(xs.length * ys.length);
    const Y = new Float64Array(xs.length * ys.length);
    const spectrum = new PowerSpectrum(SIZE);
    const block = new Float32Array(AREA);
    const power = new Float64Array(AREA);
    const window = Float32Array.from({ length: SIZE }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / SIZE));
    const right = Math.min(SIZE, view.width);
    const bottom = Math.min(SIZE, view.height);
    let n = 0;
    for (const y0 of ys) {
      for (const x0 of xs) {
        block.fill(0);
        for (let y = 0; y < bottom; y++) {
          const from = (y0 + y) * view.width + x0;
          for (let x = 0; x < right; x++) block[y * SIZE + x] = view.data[from + x] * window[x] * window[y];
        }
        power.fill(0);
        spectrum.accumulate(block, power);
        const data = Float32Array.from(power);
        const all = boxMean({ width: SIZE, height: SIZE, data }, AROUND).data;
        // The surroundings without the lines in them.
        const clipped = data.map((value, i) => Math.min(value, 2 * all[i]));
        const around = boxMean({ width: SIZE, height: SIZE, data: clipped }, AROUND).data;
        const map = maps.subarray(n * AREA, (n + 1) * AREA);
        for (let i = 0; i < AREA; i++) map[i] = Math.min(CAP, data[i] / (around[i] + 1e-9));
        X[n] = (x0 + SIZE / 2 - view.width / 2) / half;
        Y[n++] = (y0 + SIZE / 2 - view.height / 2) / half;
      }
    }
    return new Spectra(maps, X, Y, half);
  }

  /** Every place the mean of the three by three around it: half the sharpness for a coarse grid, with most of the power. */
  smoothed(): Spectra {
    const maps = new Float32Array(this.maps.length);
    for (let from = 0; from < maps.length; from += AREA) {
      const data = this.maps.subarray(from, from + AREA);
      maps.set(boxMean({ width: SIZE, height: SIZE, data }, 1).data, from);
    }
    return new Spectra(maps, this.X, this.Y, this.half);
  }

  /** The `count` blocks nearest the centre, where a wrong vanishing line does least. */
  central(count: number): Uint32Array {
    const off = (n: number) => this.X[n] ** 2 + this.Y[n] ** 2;
    const order = Array.from(this.X.keys()).sort((m, n) => off(m) - off(n));
    return Uint32Array.from(order.slice(0, count));
  }

  /** Deviations above noise of the power at the places `terms` predicts in `blocks`; `exact` interpolates. */
  score(terms: Float64Array, pilots: Float64Array, blocks: Uint32Array, exact: boolean): number {
    const { maps, X, Y } = this;
    const mask = SIZE - 1;
    // Periods a tile to bins of the block.
    const scale = SIZE / TILE / this.half;
    const limit = 0.47 * SIZE;
    const floor = LOWEST * SIZE;
    const sums = this.#sums.fill(0);
    const counts = this.#counts.fill(0);
    for (let n = 0; n < blocks.length; n++) {
      const block = blocks[n];
      const x0 = X[block];
      const y0 = Y[block];
      const bent = terms[K] * (x0 * x0 + y0 * y0);
      const x = x0 * (1 + bent);
      const y = y0 * (1 + bent);
      const w = 1 + terms[G] * x + terms[H] * y;
      if (w < HORIZON) continue;
      const u = (terms[A] * x + terms[B] * y) / w;
      const v = (terms[C] * x + terms[D] * y) / w;
      const ux = (terms[A] - terms[G] * u) / w;
      const uy = (terms[B] - terms[H] * u) / w;
      const vx = (terms[C] - terms[G] * v) / w;
      const vy = (terms[D] - terms[H] * v) / w;
      const cross = 2 * terms[K] * x0 * y0;
      const xx = 1 + bent + 2 * terms[K] * x0 * x0;
      const yy = 1 + bent + 2 * terms[K] * y0 * y0;
      const a = (ux * xx + uy * cross) * scale;
      const b = (ux * cross + uy * yy) * scale;
      const c = (vx * xx + vy * cross) * scale;
      const d = (vx * cross + vy * yy) * scale;
      const base = block * AREA;
      for (let p = 0; p < pilots.length; p += 2) {
        const fx = a * pilots[p] + c * pilots[p + 1];
        const fy = b * pilots[p] + d * pilots[p + 1];
        if (fx > limit || fx < -limit || fy > limit || fy < -limit) continue;
        if (fx < floor && fx > -floor && fy < floor && fy > -floor) continue;
        counts[p >> 1]++;
        if (!exact) {
          sums[p >> 1] += maps[base + ((Math.round(fy) & mask) * SIZE + (Math.round(fx) & mask))];
          continue;
        }
        const left = Math.floor(fx);
        const top = Math.floor(fy);
        const l = left & mask;
        const r = (left + 1) & mask;
        const upper = base + (top & mask) * SIZE;
        const lower = base + ((top + 1) & mask) * SIZE;
        const sx = fx - left;
        const up = maps[upper + l] + (maps[upper + r] - maps[upper + l]) * sx;
        const low = maps[lower + l] + (maps[lower + r] - maps[lower + l]) * sx;
        sums[p >> 1] += up + (low - up) * (fy - top);
      }
    }
    return balanced(sums, counts, this.#deviation);
  }
}

function starts(length: number): number[] {
  if (length <= SIZE) return [0];
  const count = Math.ceil((length - SIZE) / HOP) + 1;
  return Array.from({ length: count }, (_, i) => Math.round(((length - SIZE) * i) / (count - 1)));
}

/**
 * Divides every block by its mean at each distance from zero frequency, which whitening and what is seen there leave
 * uneven: 1 is noise. Returns the deviation.
 */
function levelled(maps: Float32Array): number {
  const rings = new Uint8Array(AREA);
  for (let i = 0; i < AREA; i++) {
    const x = i % SIZE;
    const y = (i - x) / SIZE;
    rings[i] = Math.hypot(Math.min(x, SIZE - x), Math.min(y, SIZE - y)) / RING;
  }
  const count = new Float32Array(SIZE / RING);
  for (const ring of rings) count[ring]++;
  let squares = 0;
  for (let from = 0; from < maps.length; from += AREA) {
    const gain = new Float32Array(SIZE / RING);
    for (let i = 0; i < AREA; i++) gain[rings[i]] += maps[from + i];
    for (let r = 0; r < gain.length; r++) gain[r] = gain[r] > 0 ? count[r] / gain[r] : 0;
    for (let i = 0; i < AREA; i++) {
      maps[from + i] *= gain[rings[i]];
      squares += maps[from + i] ** 2;
    }
  }
  return Math.sqrt(Math.max(1e-6, squares / maps.length - 1));
}

/** The likeliest planes of `view` (whitened), best first, at most `count`. */
export function searchTilt(view: Plane, pilots: readonly Pilot[], count: number): Sight[] {
  const waves = Float64Array.from(pilots.flatMap(({ kx, ky }) => [kx, ky]));
  const fine = Spectra.of(view);
  const coarse = fine.smoothed();
  const random = new Random(7);
  let sights = sweep(coarse, waves);
  for (const [spectra, blocks, bins, rounds, kept] of [
    [coarse, SOME, 0.6, 300, 50],
    [fine, SOME, 0.4, 300, 8],
    [fine, ALL, 0.3, 400, count],
    [fine, ALL, 0.15, 1200, count],
  ] as const) {
    sights = distinct(
      sights.map((sight) => climb(sight, spectra, waves, { blocks, bins, rounds }, random)),
    ).slice(0, kept);
  }
  return sights;
}

/** The coarse grid. */
function sweep(spectra: Spectra, waves: Float64Array): Sight[] {
  const { half } = spectra;
  const some = spectra.central(SOME);
  const few = some.filter((_, i) => i % Math.ceil(some.length / FEW) === 0);
  let kept: Sight[] = [];
  let least = Number.NEGATIVE_INFINITY;
  const terms = new Float64Array(TERMS);
  for (const tilt of TILTS) {
    const t = (tilt * Math.PI) / 180;
    const stretch = 1 / Math.cos(t) - 1;
    const directions = tilt === 0 ? 1 : Math.round(6 + tilt / 3);
    for (let direction = 0; direction < directions; direction++) {
      const towards = (2 * Math.PI * direction) / directions;
      const px = Math.cos(towards);
      const py = Math.sin(towards);
      terms[G] = (Math.tan(t) / FOCAL) * px;
      terms[H] = (Math.tan(t) / FOCAL) * py;
      const xx = 1 + stretch * px * px;
      const xy = stretch * px * py;
      const yy = 1 + stretch * py * py;
      for (let scale = LEAST_SCALE; scale < MOST_SCALE; scale += STEP) {
        const rolls = Math.max(6, Math.round((Math.PI * scale) / STEP));
        for (let i = 0; i < rolls; i++) {
          const cr = scale * half * Math.cos((Math.PI * i) / rolls);
          const sr = scale * half * Math.sin((Math.PI * i) / rolls);
          terms[A] = cr * xx - sr * xy;
          terms[B] = cr * xy - sr * yy;
          terms[C] = sr * xx + cr * xy;
          terms[D] = sr * xy + cr * yy;
          const score = spectra.score(terms, waves, few, false);
          if (score <= least) continue;
          kept.push({ terms: terms.slice(), score });
          if (kept.length < 2 * SHORTLIST) continue;
          kept = kept.sort((p, q) => q.score - p.score).slice(0, SHORTLIST);
          least = kept[SHORTLIST - 1].score;
        }
      }
    }
  }
  const everywhere = kept.map(({ terms }) => ({ terms, score: spectra.score(terms, waves, some, false) }));
  return distinct(everywhere).slice(0, CLIMBED);
}

/** Ascent by random steps that grow on success and shrink on failure. */
function climb(
  sight: Sight,
  spectra: Spectra,
  waves: Float64Array,
  { blocks: count, bins, rounds }: { blocks: number; bins: number; rounds: number },
  random: Random,
): Sight {
  const blocks = spectra.central(count);
  let terms = sight.terms;
  let score = spectra.score(terms, waves, blocks, true);
  // One bin at the edge of the view, in each term.
  const bin = TILE / SIZE / 20;
  const scale = Math.hypot(terms[A], terms[B], terms[C], terms[D]) * 0.7;
  const per = [scale, scale, scale, scale, 0.7, 0.7, 0.25].map((value) => value * bin);
  let step = bins;
  for (let round = 0; round < rounds; round++) {
    const next = terms.slice();
    for (let i = 0; i < TERMS; i++) next[i] += per[i] * step * random.normal();
    const value = spectra.score(next, waves, blocks, true);
    if (value > score) {
      terms = next;
      score = value;
      step = Math.min(1, step * 1.35);
    } else step = Math.max(0.01, step * 0.93);
  }
  return { terms, score };
}

/** Best first, those that say the same left out. */
function distinct(sights: readonly Sight[]): Sight[] {
  const kept: Sight[] = [];
  for (const sight of [...sights].sort((p, q) => q.score - p.score)) {
    const scale = Math.hypot(sight.terms[A], sight.terms[B]);
    const same = kept.some(({ terms }) =>
      [1, -1].some(
        (sign) =>
          [A, B, C, D].every((i) => Math.abs(terms[i] - sign * sight.terms[i]) < 0.03 * scale) &&
          [G, H].every((i) => Math.abs(terms[i] - sight.terms[i]) < 0.04),
      ),
    );
    if (!same) kept.push(sight);
  }
  return kept;
}

/** From mark units to samples of a view of `width` by `height`. */
export function wayBack({ terms }: Sight, width: number, height: number): Mapping {
  const half = Math.hypot(width, height) / 2;
  const [a, b, c, d, g, h, k] = terms;
  return (u, v) => {
    // u (1 + g X + h Y) = a X + b Y, and alike for v.
    const p = a - g * u;
    const q = b - h * u;
    const r = c - g * v;
    const s = d - h * v;
    const det = p * s - q * r;
    const x = (u * s - q * v) / det;
    const y = (p * v - u * r) / det;
    let lens = 1;
    for (let i = 0; i < 6; i++) lens = 1 + (k * (x * x + y * y)) / (lens * lens);
    return { x: (x / lens) * half + width / 2, y: (y / lens) * half + height / 2 };
  };
}

/**
 * The rectangle, in mark units, that holds what a view of `width` by `height` shows of the plane, as far as its samples
 * still tell the waves apart: towards the horizon a sample holds ever more units, and nothing of them.
 */
export function unitsSeen({ terms }: Sight, width: number, height: number): Area {
  const half = Math.hypot(width, height) / 2;
  /** Square units a sample, in the middle of the view. */
  const area = Math.abs(terms[A] * terms[D] - terms[B] * terms[C]) / half ** 2;
  // What stands in the middle is looked at in any case.
  const most = Math.max(MOST_UNITS_A_SAMPLE ** 2, 1.5 * area);
  const us: number[] = [];
  const vs: number[] = [];
  for (let i = 0; i <= 12; i++) {
    for (let j = 0; j <= 12; j++) {
      const x = ((i / 12 - 0.5) * width) / half;
      const y = ((j / 12 - 0.5) * height) / half;
      const w = 1 + terms[G] * x + terms[H] * y;
      if (w < HORIZON || area / w ** 3 > most) continue;
      us.push((terms[A] * x + terms[B] * y) / w);
      vs.push((terms[C] * x + terms[D] * y) / w);
    }
  }
  const x0 = Math.floor(Math.min(...us));
  const y0 = Math.floor(Math.min(...vs));
  return { x0, y0, width: Math.ceil(Math.max(...us)) - x0, height: Math.ceil(Math.max(...vs)) - y0 };
}

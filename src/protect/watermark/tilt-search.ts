/**
 * Which plane is the camera looking at? In a tilted view no part is large enough to show the pilots by itself, but all
 * parts together do, once they agree on a plane: each plane in front of a pinhole predicts, block by block, where the
 * pilots stand in the spectrum, and the plane under which most power stands there is the one. All planes of a coarse
 * grid are asked (scale, roll, tilt and its direction; the vanishing line follows from the tilt and the angle of view),
 * the best are climbed from, first on blurred spectra, then on sharp ones, with the vanishing line and the lens free. A
 * close-up is looked at in a view of half the size, where a block holds more of its tiles.
 */
import { PowerSpectrum } from '../../core/fft.ts';
import type { Plane } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { type Pilot, TILE } from './carrier.ts';
import { type Area, boxMean, type Mapping, reducedPlane } from './plane.ts';
import { whiten } from './whiten.ts';

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
/** Reach of what counts as a frequency's surroundings, in bins: wider ones take the slopes of a picture's spectrum for peaks. */
const AROUND = 4;
/** Width of the rings of frequency that are levelled, in bins. */
const RING = 4;
/** Most that one place counts, and the frequency (periods a sample) below which pictures have too many waves of their own. */
const CAP = 6;
const LOWEST = 0.03;
/** Scales tried, in units a sample, and the step: two bins at the outer pilots, which the blur of the coarse spectra bridges. */
const LEAST_SCALE = 0.42;
const MOST_SCALE = 1.75;
/** The least of a view of which half the size is looked at as well. */
const LEAST_OF_TWO = 0.8;
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

  /**
   * Deviations above noise, as `score` without interpolation has them in `blocks`, under one vanishing line for each of
   * `turned`: six waves (12 numbers) in periods a half diagonal of a plane whose middle `line` maps. Block by block, so
   * that one map at a time is looked at.
   */
  scores(line: Float64Array, turned: Float64Array, blocks: Uint32Array, into: Float64Array): void {
    const sums = new Float64Array(turned.length / 2);
    const counts = new Float64Array(turned.length / 2);
    for (const block of blocks) {
      const around = jacobian(line, this.X[block], this.Y[block], SIZE);
      if (around) gather(this.maps.subarray(block * AREA, (block + 1) * AREA), around, turned, sums, counts);
    }
    for (let i = 0; i < into.length; i++) {
      for (let p = 0; p < 6; p++) {
        this.#sums[p] = sums[6 * i + p];
        this.#counts[p] = counts[6 * i + p];
      }
      into[i] = balanced(this.#sums, this.#counts, this.#deviation);
    }
  }

  /** Deviations above noise of the power at the places `terms` predicts for `waves` in `blocks`. */
  score(terms: Float64Array, waves: Float64Array, blocks: Uint32Array): number {
    const sums = this.#sums.fill(0);
    const counts = this.#counts.fill(0);
    for (const block of blocks) {
      const around = jacobian(terms, this.X[block], this.Y[block], SIZE / TILE / this.half);
      if (around) interpolate(this.maps, block * AREA, around, waves, sums, counts);
    }
    return balanced(sums, counts, this.#deviation);
  }
}

/** Derivatives of u and v by a sample at (x0, y0), times `scale`: ux, uy, vx, vy. Null beyond the horizon. */
type Around = readonly [number, number, number, number];

function jacobian(terms: Float64Array, x0: number, y0: number, scale: number): Around | null {
  const bent = terms[K] * (x0 * x0 + y0 * y0);
  const x = x0 * (1 + bent);
  const y = y0 * (1 + bent);
  const w = 1 + terms[G] * x + terms[H] * y;
  if (w < HORIZON) return null;
  const u = (terms[A] * x + terms[B] * y) / w;
  const v = (terms[C] * x + terms[D] * y) / w;
  const ux = (terms[A] - terms[G] * u) / w;
  const uy = (terms[B] - terms[H] * u) / w;
  const vx = (terms[C] - terms[G] * v) / w;
  const vy = (terms[D] - terms[H] * v) / w;
  const cross = 2 * terms[K] * x0 * y0;
  const xx = 1 + bent + 2 * terms[K] * x0 * x0;
  const yy = 1 + bent + 2 * terms[K] * y0 * y0;
  return [
    (ux * xx + uy * cross) * scale,
    (ux * cross + uy * yy) * scale,
    (vx * xx + vy * cross) * scale,
    (vx * cross + vy * yy) * scale,
  ];
}

const MASK = SIZE - 1;
/** Frequencies, in bins, beyond which and below which nothing is looked at. */
const LIMIT = 0.47 * SIZE;
const FLOOR = LOWEST * SIZE;

/** Adds what stands at the nearest bin of each of `turned`. */
function gather(
  map: Float32Array,
  [a, b, c, d]: Around,
  turned: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
): void {
  for (let i = 0, p = 0; p < turned.length; i++, p += 2) {
    const fx = a * turned[p] + c * turned[p + 1];
    const fy = b * turned[p] + d * turned[p + 1];
    if (fx > LIMIT || fx < -LIMIT || fy > LIMIT || fy < -LIMIT) continue;
    if (fx < FLOOR && fx > -FLOOR && fy < FLOOR && fy > -FLOOR) continue;
    counts[i]++;
    // Cutting off rounds once nothing is negative.
    sums[i] += map[((fy + SIZE + 0.5) & MASK) * SIZE + ((fx + SIZE + 0.5) & MASK)];
  }
}

/** Adds what stands between the bins around each of `waves` in the map that begins at `base`. */
function interpolate(
  maps: Float32Array,
  base: number,
  [a, b, c, d]: Around,
  waves: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
): void {
  for (let p = 0; p < waves.length; p += 2) {
    const fx = a * waves[p] + c * waves[p + 1];
    const fy = b * waves[p] + d * waves[p + 1];
    if (fx > LIMIT || fx < -LIMIT || fy > LIMIT || fy < -LIMIT) continue;
    if (fx < FLOOR && fx > -FLOOR && fy < FLOOR && fy > -FLOOR) continue;
    counts[p >> 1]++;
    const left = Math.floor(fx);
    const top = Math.floor(fy);
    const l = left & MASK;
    const r = (left + 1) & MASK;
    const upper = base + (top & MASK) * SIZE;
    const lower = base + ((top + 1) & MASK) * SIZE;
    const sx = fx - left;
    const up = maps[upper + l] + (maps[upper + r] - maps[upper + l]) * sx;
    const low = maps[lower + l] + (maps[lower + r] - maps[lower + l]) * sx;
    sums[p >> 1] += up + (low - up) * (fy - top);
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

/** What a view shows of any key's pilots: its spectra, of half its size as well where it is large enough. */
export interface TiltSpectra {
  readonly whole: SpectraPair;
  readonly half: SpectraPair | null;
}

interface SpectraPair {
  readonly fine: Spectra;
  readonly coarse: Spectra;
}

/** The spectra of `view`, luma 0..255. */
export function tiltSpectra(view: Plane): TiltSpectra {
  const pair = (luma: Plane): SpectraPair => {
    const fine = Spectra.of(whiten(luma));
    return { fine, coarse: fine.smoothed() };
  };
  const small = Math.min(view.width, view.height) < 2 * SIZE;
  return { whole: pair(view), half: small ? null : pair(reducedPlane(view, 2)) };
}

/** The likeliest planes, best first, at most `count`. */
export function searchTilt({ whole, half }: TiltSpectra, pilots: readonly Pilot[], count: number): Sight[] {
  const waves = Float64Array.from(pilots.flatMap(({ kx, ky }) => [kx, ky]));
  const random = new Random(7);
  if (!half) return searched(whole, waves, LEAST_SCALE, count, random);
  const near = searched(half, waves, LEAST_SCALE, count, random).map((sight) => {
    const { terms } = climb(sight, whole.fine, waves, { blocks: ALL, bins: 0.3, rounds: 400 }, random);
    return { terms, score: sight.score };
  });
  return distinct([...searched(whole, waves, LEAST_OF_TWO, count, random), ...near]).slice(0, count);
}

function searched(
  { fine, coarse }: SpectraPair,
  waves: Float64Array,
  least: number,
  count: number,
  random: Random,
): Sight[] {
  let sights = sweep(coarse, waves, least);
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

/** A plane that fills the view, scaled and turned: `cos` and `sin` in units a sample. */
interface Turn {
  readonly cos: number;
  readonly sin: number;
}

function turns(least: number): Turn[] {
  const all: Turn[] = [];
  for (let scale = least; scale < MOST_SCALE; scale += STEP) {
    const rolls = Math.max(6, Math.round((Math.PI * scale) / STEP));
    for (let i = 0; i < rolls; i++) {
      const angle = (Math.PI * i) / rolls;
      all.push({ cos: scale * Math.cos(angle), sin: scale * Math.sin(angle) });
    }
  }
  return all;
}

/** Planes that are tilted, neither scaled nor turned: terms for a half diagonal of one unit. */
function tilts(): Float64Array[] {
  return TILTS.flatMap((degrees) => {
    const tilt = (degrees * Math.PI) / 180;
    const stretch = 1 / Math.cos(tilt) - 1;
    const directions = degrees === 0 ? 1 : Math.round(6 + degrees / 3);
    return Array.from({ length: directions }, (_, i) => {
      const px = Math.cos((2 * Math.PI * i) / directions);
      const py = Math.sin((2 * Math.PI * i) / directions);
      const line = Math.tan(tilt) / FOCAL;
      const cross = stretch * px * py;
      return Float64Array.of(
        1 + stretch * px * px,
        cross,
        cross,
        1 + stretch * py * py,
        line * px,
        line * py,
        0,
      );
    });
  });
}

/** The coarse grid. */
function sweep(spectra: Spectra, waves: Float64Array, least: number): Sight[] {
  const some = spectra.central(SOME);
  const few = some.filter((_, i) => i % Math.ceil(some.length / FEW) === 0);
  const scaled = turns(least);
  // What turns the plane turns the waves back.
  const turned = Float64Array.from(
    scaled.flatMap(({ cos, sin }) =>
      Array.from(
        waves,
        (k, i) => (i & 1 ? cos * k - sin * waves[i - 1] : cos * k + sin * waves[i + 1]) / TILE,
      ),
    ),
  );
  const scores = new Float64Array(scaled.length);
  let kept: Sight[] = [];
  let worst = Number.NEGATIVE_INFINITY;
  for (const tilted of tilts()) {
    spectra.scores(tilted, turned, few, scores);
    for (const [i, score] of scores.entries()) {
      if (score <= worst) continue;
      kept.push({ terms: scaledBy(tilted, scaled[i], spectra.half), score });
      if (kept.length < 2 * SHORTLIST) continue;
      kept = kept.sort((p, q) => q.score - p.score).slice(0, SHORTLIST);
      worst = kept[SHORTLIST - 1].score;
    }
  }
  const everywhere = kept.map(({ terms }) => ({ terms, score: spectra.score(terms, waves, some) }));
  return distinct(everywhere).slice(0, CLIMBED);
}

function scaledBy([a, b, c, d, ...line]: Float64Array, { cos, sin }: Turn, half: number): Float64Array {
  const [x, y] = [half * cos, half * sin];
  return Float64Array.of(x * a - y * c, x * b - y * d, y * a + x * c, y * b + x * d, ...line);
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
  let score = spectra.score(terms, waves, blocks);
  // One bin at the edge of the view, in each term.
  const bin = TILE / SIZE / 20;
  const scale = Math.hypot(terms[A], terms[B], terms[C], terms[D]) * 0.7;
  const per = [scale, scale, scale, scale, 0.7, 0.7, 0.25].map((value) => value * bin);
  let step = bins;
  for (let round = 0; round < rounds; round++) {
    const next = terms.slice();
    for (let i = 0; i < TERMS; i++) next[i] += per[i] * step * random.normal();
    const value = spectra.score(next, waves, blocks);
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

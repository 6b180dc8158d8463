/**
 * How a view is stretched from place to place. A tilted plane has no one scale; but in each patch of it the pilots stand
 * at frequencies of their own, and how those run over the picture says how it is tilted. Patches that show nothing do
 * not vote, so a mark seen in one corner is enough to begin with, and the next round, flatter, sees more.
 */
import type { Plane } from '../../core/image.ts';
import type { Bend } from './bend.ts';
import { type Pilot, TILE } from './carrier.ts';
import { prominence } from './pilot-search.ts';

const WINDOW = 256;
const HOP = 112;
/** Largest stretch sought, and its step: one bin of the window at the highest pilot. */
const REACH = 0.14;
const STEP = 0.028;
const CAP = 30;
/** Sum over the pilots that noise reaches as the best of all stretches tried. */
const NOISE = 40;

export interface Stretch {
  /** Centre of the patch, in units. */
  readonly x: number;
  readonly y: number;
  /** Derivatives of the displacement: du/dx, du/dy, dv/dx, dv/dy. */
  readonly by: readonly [number, number, number, number];
  readonly weight: number;
}

/** The stretch of each patch of `view` (whitened, about one sample a unit) in which the pilots show. */
export function stretches(view: Plane, inside: Uint8Array, pilots: readonly Pilot[]): Stretch[] {
  const found: Stretch[] = [];
  for (const y0 of starts(view.height)) {
    for (const x0 of starts(view.width)) {
      const width = Math.min(WINDOW, view.width);
      const height = Math.min(WINDOW, view.height);
      const data = new Float32Array(width * height);
      let within = 0;
      for (let y = 0; y < height; y++) {
        const from = (y0 + y) * view.width + x0;
        data.set(view.data.subarray(from, from + width), y * width);
        for (let x = 0; x < width; x += 8) within += inside[from + x];
      }
      if (within < 0.5 * height * Math.ceil(width / 8)) continue;
      const map = widened(prominence({ width, height, data }, WINDOW));
      const best = bestStretch(map, pilots);
      if (best.score > NOISE + 6) {
        found.push({ x: x0 + width / 2, y: y0 + height / 2, by: best.by, weight: best.score - NOISE });
      }
    }
  }
  return found;
}

function starts(length: number): number[] {
  if (length <= WINDOW) return [0];
  const count = Math.ceil((length - WINDOW) / HOP) + 1;
  return Array.from({ length: count }, (_, i) => Math.round(((length - WINDOW) * i) / (count - 1)));
}

/** Each bin the largest of itself and its eight neighbours. */
function widened(map: Float32Array): Float32Array {
  const out = new Float32Array(map.length);
  const mask = WINDOW - 1;
  const rows = new Float32Array(map.length);
  for (let i = 0; i < map.length; i++) {
    const row = i & ~mask;
    rows[i] = Math.max(map[row | ((i - 1) & mask)], map[i], map[row | ((i + 1) & mask)]);
  }
  for (let i = 0; i < map.length; i++) {
    const x = i & mask;
    const y = i >> 8;
    out[i] = Math.min(
      CAP,
      Math.max(rows[(((y - 1) & mask) << 8) | x], rows[i], rows[(((y + 1) & mask) << 8) | x]),
    );
  }
  return out;
}

function bestStretch(
  map: Float32Array,
  pilots: readonly Pilot[],
): { by: [number, number, number, number]; score: number } {
  const n = Math.round(REACH / STEP);
  const mask = WINDOW - 1;
  const scale = WINDOW / TILE;
  let best: [number, number, number, number] = [0, 0, 0, 0];
  let most = -1;
  // A pilot's place depends on two of the four along x and on the other two along y.
  const columns = pilots.map(({ kx, ky }) => {
    const at = new Int32Array((2 * n + 1) ** 2);
    for (let i = -n, o = 0; i <= n; i++)
      for (let j = -n; j <= n; j++, o++)
        at[o] = Math.round((kx * (1 + i * STEP) + ky * j * STEP) * scale) & mask;
    return at;
  });
  const rows = pilots.map(({ kx, ky }) => {
    const at = new Int32Array((2 * n + 1) ** 2);
    for (let i = -n, o = 0; i <= n; i++)
      for (let j = -n; j <= n; j++, o++)
        at[o] = (Math.round((kx * i * STEP + ky * (1 + j * STEP)) * scale) & mask) << 8;
    return at;
  });
  const cells = (2 * n + 1) ** 2;
  for (let c = 0; c < cells; c++) {
    for (let r = 0; r < cells; r++) {
      let score = 0;
      for (let p = 0; p < pilots.length; p++) score += map[rows[p][r] | columns[p][c]];
      if (score > most) {
        most = score;
        const w = 2 * n + 1;
        // f = (I + E)^T k: along x it takes du/dx and dv/dx, along y du/dy and dv/dy.
        best = [
          (Math.floor(c / w) - n) * STEP,
          (Math.floor(r / w) - n) * STEP,
          ((c % w) - n) * STEP,
          ((r % w) - n) * STEP,
        ];
      }
    }
  }
  return { by: best, score: most };
}

/**
 * The displacement whose derivatives agree best with the stretches seen, by least squares in which outliers lose their
 * weight; null when fewer than three patches showed one. `width` and `height` of the view, in units.
 */
export function bendOf(seen: readonly Stretch[], width: number, height: number): Bend | null {
  if (seen.length < 3) return null;
  const half = Math.max(width, height) / 2;
  // The two projective terms need patches well apart; with few, only the linear ones are fitted.
  const spread =
    Math.max(...seen.map((s) => s.x)) - Math.min(...seen.map((s) => s.x)) > 100 &&
    Math.max(...seen.map((s) => s.y)) - Math.min(...seen.map((s) => s.y)) > 100;
  const terms = spread ? 6 : 4;
  let weights = seen.map((s) => s.weight);
  let solution = new Float64Array(7);
  for (let round = 0; round < 6; round++) {
    const A = Array.from({ length: terms }, () => new Float64Array(terms + 1));
    seen.forEach((s, n) => {
      equations(s, width, height, half).forEach(({ row, value }) => {
        for (let i = 0; i < terms; i++) {
          for (let j = 0; j < terms; j++) A[i][j] += weights[n] * row[i] * row[j];
          A[i][terms] += weights[n] * row[i] * value;
        }
      });
    });
    for (let i = 0; i < terms; i++) A[i][i] += 1e-9;
    solution = solve(A);
    weights = seen.map((s) => {
      const off = equations(s, width, height, half).reduce((sum, { row, value }) => {
        let fit = 0;
        for (let i = 0; i < terms; i++) fit += row[i] * solution[i];
        return sum + (fit - value) ** 2;
      }, 0);
      return s.weight / (1 + off / (2 * STEP) ** 2);
    });
  }
  return {
    cx: width / 2,
    cy: height / 2,
    half,
    terms: solution,
    score: seen.reduce((sum, s) => sum + s.weight, 0),
  };
}

/** The four derivatives of the displacement at a patch as linear functions of its terms. */
function equations(
  s: Stretch,
  width: number,
  height: number,
  half: number,
): { row: number[]; value: number }[] {
  const X = (s.x - width / 2) / half;
  const Y = (s.y - height / 2) / half;
  const k = 1 / half;
  return [
    { row: [k, 0, 0, 0, 2 * X * k, Y * k], value: s.by[0] },
    { row: [0, k, 0, 0, 0, X * k], value: s.by[1] },
    { row: [0, 0, k, 0, Y * k, 0], value: s.by[2] },
    { row: [0, 0, 0, k, X * k, 2 * Y * k], value: s.by[3] },
  ];
}

/** Gauss's elimination with pivots; the last column is the right side. */
function solve(A: Float64Array[]): Float64Array<ArrayBuffer> {
  const n = A.length;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(A[r][i]) > Math.abs(A[pivot][i])) pivot = r;
    [A[i], A[pivot]] = [A[pivot], A[i]];
    for (let r = 0; r < n; r++) {
      if (r === i) continue;
      const f = A[r][i] / A[i][i];
      for (let c = i; c <= n; c++) A[r][c] -= f * A[i][c];
    }
  }
  const out = new Float64Array(7);
  for (let i = 0; i < n; i++) out[i] = A[i][n] / A[i][i];
  return out;
}

/**
 * The last few units of error. A view that was flattened roughly still has its pilots out of step from one end to the
 * other; their phases, block by block, say by how much. A small projective and radial displacement is sought that
 * brings the blocks into step: first within neighbourhoods, wherever in the view they are, then within larger and larger
 * ones, so that a wave is never counted twice and no place must be better than the others.
 */
import type { Plane } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { type Pilot, TILE } from './carrier.ts';

const BLOCK = 40;
/** Coefficients: four linear ones, two projective, one radial, each the displacement in units at the edge. */
const TERMS = 7;

export interface Bend {
  /** Centre and half extent of the coordinates the coefficients are for, in units. */
  readonly cx: number;
  readonly cy: number;
  readonly half: number;
  readonly terms: Float64Array;
  /** Power in step over power out of step, summed over the pilots: six for noise. */
  readonly score: number;
}

/** Displacement in units at (x, y). */
export function displacement({ cx, cy, half, terms }: Bend, x: number, y: number): { x: number; y: number } {
  const X = (x - cx) / half;
  const Y = (y - cy) / half;
  const common = terms[4] * X + terms[5] * Y + terms[6] * (X * X + Y * Y);
  return { x: terms[0] * X + terms[1] * Y + X * common, y: terms[2] * X + terms[3] * Y + Y * common };
}

/** Block correlations with one pilot: complex. */
interface Blocks {
  readonly X: Float64Array;
  readonly Y: Float64Array;
  /** For each pilot, re and im of each block. */
  readonly values: readonly Float64Array[];
  readonly pilots: readonly Pilot[];
}

function correlate(view: Plane, pilots: readonly Pilot[], half: number): Blocks {
  const across = Math.floor(view.width / BLOCK);
  const down = Math.floor(view.height / BLOCK);
  const cos = Float64Array.from({ length: TILE }, (_, i) => Math.cos((2 * Math.PI * i) / TILE));
  const sin = Float64Array.from({ length: TILE }, (_, i) => Math.sin((2 * Math.PI * i) / TILE));
  const X = new Float64Array(across * down);
  const Y = new Float64Array(across * down);
  const values = pilots.map(() => new Float64Array(across * down * 2));
  for (let by = 0, n = 0; by < down; by++) {
    for (let bx = 0; bx < across; bx++, n++) {
      X[n] = (bx * BLOCK + BLOCK / 2 - view.width / 2) / half;
      Y[n] = (by * BLOCK + BLOCK / 2 - view.height / 2) / half;
      pilots.forEach(({ kx, ky }, p) => {
        let re = 0;
        let im = 0;
        const step = ((kx % TILE) + TILE) % TILE;
        for (let y = 0; y < BLOCK; y++) {
          const row = by * BLOCK + y;
          let phase = (((kx * bx * BLOCK + ky * row) % TILE) + TILE) % TILE;
          let at = row * view.width + bx * BLOCK;
          for (let x = 0; x < BLOCK; x++, at++) {
            re += view.data[at] * cos[phase];
            im -= view.data[at] * sin[phase];
            phase += step;
            if (phase >= TILE) phase -= TILE;
          }
        }
        values[p][2 * n] = re;
        values[p][2 * n + 1] = im;
      });
    }
  }
  return { X, Y, values, pilots };
}

/** The blocks of each neighbourhood of `side` units. */
function neighbourhoods({ X, Y }: Blocks, half: number, side: number): Uint32Array[] {
  const groups = new Map<string, number[]>();
  for (let n = 0; n < X.length; n++) {
    // Counted from the middle, so that the one in the middle is whole.
    const at = [X[n], Y[n]].map((value) => Math.round((value * half) / side)).join();
    const group = groups.get(at);
    if (group) group.push(n);
    else groups.set(at, [n]);
  }
  return [...groups.values()].map((group) => Uint32Array.from(group));
}

/**
 * Sum over pilots and neighbourhoods of the power in step, over what blocks out of step would give; `slope` receives its
 * derivatives by the terms.
 */
function inStep(
  { X, Y, values, pilots }: Blocks,
  groups: readonly Uint32Array[],
  terms: Float64Array,
  slope: Float64Array,
): number {
  let score = 0;
  slope.fill(0);
  const dRe = new Float64Array(TERMS);
  const dIm = new Float64Array(TERMS);
  const [t0, t1, t2, t3, t4, t5, t6] = terms;
  for (let p = 0; p < pilots.length; p++) {
    const kx = (2 * Math.PI * pilots[p].kx) / TILE;
    const ky = (2 * Math.PI * pilots[p].ky) / TILE;
    const v = values[p];
    let power = 1e-9;
    for (const value of v) power += value * value;
    for (const group of groups) {
      let re = 0;
      let im = 0;
      dRe.fill(0);
      dIm.fill(0);
      for (const n of group) {
        const x = X[n];
        const y = Y[n];
        const square = x * x + y * y;
        const common = t4 * x + t5 * y + t6 * square;
        const angle = kx * (t0 * x + t1 * y + x * common) + ky * (t2 * x + t3 * y + y * common);
        const c = Math.cos(angle);
        const s = Math.sin(angle);
        const a = v[2 * n];
        const b = v[2 * n + 1];
        // Turned back by the angle; its derivative by the angle is (i, -r).
        const r = a * c + b * s;
        const i = b * c - a * s;
        re += r;
        im += i;
        const out = kx * x + ky * y;
        const d0 = kx * x;
        const d1 = kx * y;
        const d2 = ky * x;
        const d3 = ky * y;
        const d4 = out * x;
        const d5 = out * y;
        const d6 = out * square;
        dRe[0] += i * d0;
        dIm[0] -= r * d0;
        dRe[1] += i * d1;
        dIm[1] -= r * d1;
        dRe[2] += i * d2;
        dIm[2] -= r * d2;
        dRe[3] += i * d3;
        dIm[3] -= r * d3;
        dRe[4] += i * d4;
        dIm[4] -= r * d4;
        dRe[5] += i * d5;
        dIm[5] -= r * d5;
        dRe[6] += i * d6;
        dIm[6] -= r * d6;
      }
      score += (re * re + im * im) / power;
      for (let k = 0; k < TERMS; k++) slope[k] += (2 * (re * dRe[k] + im * dIm[k])) / power;
    }
  }
  return score;
}

/** Sides of the neighbourhoods, in units, stage by stage; at last the whole view. */
const STAGES = [280, 440, 720, Number.POSITIVE_INFINITY];

/**
 * The displacement that brings the pilots of `view` (one sample a unit, whitened) into step. `tilt` is the widest error
 * sought, in units at the edge.
 */
export function findBend(view: Plane, pilots: readonly Pilot[], tilt: number, seed = 1): Bend {
  const half = Math.max(view.width, view.height) / 2;
  const blocks = correlate(view, pilots, half);
  const random = new Random(seed);
  const widths = [tilt, tilt, tilt, tilt, tilt, tilt, tilt / 3];
  let best = new Float64Array(TERMS);
  let score = 0;
  for (const [stage, side] of STAGES.entries()) {
    const groups = neighbourhoods(blocks, half, Math.min(side, 4 * half));
    const reach = Math.min(1, side / 2 / half);
    const origin = best;
    score = -1;
    const starts = stage === 0 ? 8 : 4;
    for (let start = 0; start < starts; start++) {
      const from = Float64Array.from(origin);
      if (start > 0) {
        for (let i = 0; i < TERMS; i++) from[i] += random.normal() * widths[i] * (stage === 0 ? 0.5 : 0.2);
      }
      const climbed = climb(blocks, groups, from, reach);
      if (climbed.score > score) {
        score = climbed.score;
        best = climbed.terms;
      }
    }
  }
  return { cx: view.width / 2, cy: view.height / 2, half, terms: best, score };
}

/** Ascent by the signs of the slopes, each term with a step of its own (Riedmiller's Rprop). */
function climb(
  blocks: Blocks,
  groups: readonly Uint32Array[],
  from: Float64Array,
  reach: number,
): { terms: Float64Array<ArrayBuffer>; score: number } {
  let terms = Float64Array.from(from);
  let best = terms;
  let bestScore = -1;
  const step = new Float64Array(TERMS).fill(0.3 / reach);
  const before = new Float64Array(TERMS);
  const slope = new Float64Array(TERMS);
  for (let round = 0; round < 28; round++) {
    const score = inStep(blocks, groups, terms, slope);
    if (score > bestScore) {
      bestScore = score;
      best = terms;
    }
    terms = Float64Array.from(terms);
    for (let i = 0; i < TERMS; i++) {
      const same = slope[i] * before[i];
      if (same > 0) step[i] = Math.min(1.5 / reach, step[i] * 1.25);
      else if (same < 0) step[i] *= 0.5;
      terms[i] += Math.sign(slope[i]) * step[i];
      before[i] = slope[i];
    }
  }
  return { terms: best, score: bestScore };
}

/**
 * JPEG that a gradient can go back through: the real one's colours, halved chroma, 8x8 cosine transform and tables, and
 * in place of rounding `round(v) + (v - round(v))^3`, which is nearly as flat as rounding and has a slope (Shin and Song
 * 2017, "JPEG-resistant adversarial images"). What is too small to survive a save gets almost no slope, so that effort
 * goes where it lasts.
 */
import { dct8x8, idct8x8 } from '../../core/dct.ts';
import { CHROMA_BASE, LUMA_BASE, scaledTable } from '../../media/jpeg/quality.ts';

const TO_YCC = [
  [0.299, 0.587, 0.114],
  [-0.168736, -0.331264, 0.5],
  [0.5, -0.418688, -0.081312],
];
const TO_RGB = [
  [1, 0, 1.402],
  [1, -0.344136, -0.714136],
  [1, 1.772, 0],
];
/** The middle grey that the transform is taken about; constant, so that no gradient sees it. */
const MIDDLE = 128;

export interface Saved {
  /** [3, S, S] in 0..1, not clamped. */
  readonly planes: Float32Array;
  /** The gradient by what was saved, of the gradient by `planes`. */
  back(gradient: Float32Array): Float32Array;
}

/**
 * `planes` [3, side, side] in 0..1 saved at `quality` 1..100. Throws RangeError when the side is no multiple of 16.
 */
export function softJpeg(planes: Float32Array, side: number, quality: number): Saved {
  if (side % 16 !== 0) throw new RangeError(`side ${side} is no multiple of 16`);
  const tables = [scaledTable(LUMA_BASE, quality), scaledTable(CHROMA_BASE, quality)];
  const ycc = mixed(planes, TO_YCC);
  for (let i = 0; i < ycc.length; i++) ycc[i] = ycc[i] * 255 - (i < side * side ? MIDDLE : 0);
  const channels = [0, 1, 2].map((c) => {
    const plane = ycc.subarray(c * side * side, (c + 1) * side * side);
    return quantised(c === 0 ? plane : halved(plane, side), c === 0 ? side : side / 2, tables[c ? 1 : 0]);
  });
  const shown = new Float32Array(planes.length);
  channels.forEach(({ plane }, c) => {
    shown.set(c === 0 ? plane.map((v) => v + MIDDLE) : doubled(plane, side / 2), c * side * side);
  });
  const rgb = mixed(shown, TO_RGB).map((v) => v / 255);
  return {
    planes: rgb,
    back(gradient) {
      const byShown = mixed(gradient, turned(TO_RGB));
      const byYcc = new Float32Array(planes.length);
      channels.forEach(({ slopes }, c) => {
        const part = byShown.subarray(c * side * side, (c + 1) * side * side);
        // Doubling and halving are each other's way back but for a factor of four.
        const inner = c === 0 ? part : halved(part, side).map((v) => 4 * v);
        const by = sloped(inner, c === 0 ? side : side / 2, slopes);
        byYcc.set(c === 0 ? by : doubled(by, side / 2).map((v) => v / 4), c * side * side);
      });
      return mixed(byYcc, turned(TO_YCC));
    },
  };
}

function turned(matrix: readonly (readonly number[])[]): number[][] {
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => matrix[j][i]));
}

function mixed(planes: Float32Array, matrix: readonly (readonly number[])[]): Float32Array {
  const n = planes.length / 3;
  const out = new Float32Array(planes.length);
  matrix.forEach(([p, q, s], c) => {
    for (let i = 0; i < n; i++) out[c * n + i] = p * planes[i] + q * planes[n + i] + s * planes[2 * n + i];
  });
  return out;
}

/** Means of every two by two samples. */
function halved(plane: Float32Array, side: number): Float32Array {
  const half = side / 2;
  return Float32Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * side + 2 * (i % half);
    return (plane[at] + plane[at + 1] + plane[at + side] + plane[at + side + 1]) / 4;
  });
}

function doubled(plane: Float32Array, side: number): Float32Array {
  const out = new Float32Array(4 * side * side);
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [i % (2 * side), Math.floor(i / (2 * side))];
    out[i] = plane[(y >> 1) * side + (x >> 1)];
  }
  return out;
}

const block = new Float64Array(64);
const samples = new Float64Array(64);

/** Every block of `plane` through the transform, changed by `change(coefficient, place in the block)`, and back. */
function blockwise(
  plane: Float32Array,
  side: number,
  change: (value: number, place: number, at: number) => number,
): Float32Array {
  const out = new Float32Array(plane.length);
  for (let y = 0, at = 0; y < side; y += 8) {
    for (let x = 0; x < side; x += 8, at += 64) {
      dct8x8(plane, y * side + x, side, block);
      for (let k = 0; k < 64; k++) block[k] = change(block[k], k, at + k);
      idct8x8(block, samples);
      for (let k = 0; k < 64; k++) out[(y + (k >> 3)) * side + x + (k & 7)] = samples[k];
    }
  }
  return out;
}

function quantised(plane: Float32Array, side: number, table: readonly number[]) {
  const slopes = new Float32Array(plane.length);
  const saved = blockwise(plane, side, (value, k, at) => {
    const whole = Math.round(value / table[k]);
    const rest = value / table[k] - whole;
    slopes[at] = 3 * rest * rest;
    return (whole + rest * rest * rest) * table[k];
  });
  return { plane: saved, slopes };
}

/** The transform is orthonormal, so the way back of "there, weigh, return" is itself. */
function sloped(gradient: Float32Array, side: number, slopes: Float32Array): Float32Array {
  return blockwise(gradient, side, (value, _, at) => value * slopes[at]);
}

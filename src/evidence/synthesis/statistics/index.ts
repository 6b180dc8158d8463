/**
 * A picture, or a tile of one, as a fixed list of residual statistics: the hand-made half of the synthesis detector.
 * Learned networks need hours to find such statistics; a small head on top of these learns in a minute and errs on
 * other pictures than a convolution does, so the two are fused.
 */
import { luma, type Plane, type RgbImage } from '../../../core/image.ts';
import { MIN_SIDE } from '../tiles.ts';
import { BLOCK_FEATURES, blocks } from './blocks.ts';
import { COLOUR_FEATURES, colours, NEIGHBOUR_FEATURES, neighbours, quantise } from './cooccurrence.ts';
import { RESIDUALS, residual, spread } from './residuals.ts';
import { SPECTRUM_FEATURES, spectrum } from './spectrum.ts';

const SHIFTS: readonly (readonly [number, number])[] = [
  [1, 0],
  [2, 0],
  [3, 0],
  [4, 0],
  [7, 0],
  [8, 0],
  [0, 1],
  [0, 2],
  [0, 3],
  [0, 4],
  [0, 7],
  [0, 8],
  [1, 1],
  [1, -1],
  [2, 2],
  [2, 1],
];
const FIXED_STEP = 2;

interface Group {
  readonly name: string;
  readonly size: number;
}

const GROUPS: readonly Group[] = [
  { name: 'luma-cooccurrence', size: RESIDUALS.length * 2 * NEIGHBOUR_FEATURES },
  { name: 'chroma-cooccurrence', size: 4 * NEIGHBOUR_FEATURES },
  { name: 'colour-cooccurrence', size: 2 * COLOUR_FEATURES },
  { name: 'half-cooccurrence', size: RESIDUALS.length * NEIGHBOUR_FEATURES },
  { name: 'spread', size: 4 * (2 * RESIDUALS.length + 4) },
  { name: 'correlation', size: 2 * SHIFTS.length + 6 },
  { name: 'spectrum', size: 3 * SPECTRUM_FEATURES },
  { name: 'blocks', size: 2 * BLOCK_FEATURES },
];

/** Length of the vector {@link statistics} returns. */
export const STATISTICS = GROUPS.reduce((n, g) => n + g.size, 0);

/** Where each named group of numbers starts and ends in the vector. */
export function statisticsGroups(): Record<string, readonly [number, number]> {
  let at = 0;
  return Object.fromEntries(
    GROUPS.map((g) => {
      at += g.size;
      return [g.name, [at - g.size, at] as const];
    }),
  );
}

/** Half-size plane by 2x2 averages. */
function halve(plane: Plane): Plane {
  const width = plane.width >> 1;
  const height = plane.height >> 1;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = 2 * y * plane.width + 2 * x;
      data[y * width + x] =
        (plane.data[i] + plane.data[i + 1] + plane.data[i + plane.width] + plane.data[i + plane.width + 1]) /
        4;
    }
  }
  return { width, height, data };
}

function channels({ width, height, data }: RgbImage): [Plane, Plane, Plane] {
  const n = width * height;
  const r = new Float32Array(n);
  const g = new Float32Array(n);
  const b = new Float32Array(n);
  for (let i = 0, j = 0; i < n; i++, j += 3) {
    r[i] = data[j];
    g[i] = data[j + 1];
    b[i] = data[j + 2];
  }
  return [r, g, b].map((plane) => ({ width, height, data: plane })) as [Plane, Plane, Plane];
}

function difference(a: Plane, b: Plane): Plane {
  const data = new Float32Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = a.data[i] - b.data[i];
  return { width: a.width, height: a.height, data };
}

/** Correlation of a zero-mean plane with itself shifted by (dx, dy). */
function selfCorrelation({ width, height, data }: Plane, dx: number, dy: number): number {
  let sum = 0;
  let energy = 1e-6;
  for (let y = 0; y < height - Math.max(0, dy); y++) {
    if (y + dy < 0) continue;
    const a = y * width;
    const b = (y + dy) * width + dx;
    for (let x = 0; x < width - dx; x++) {
      const v = data[a + x];
      sum += v * data[b + x];
      energy += v * v;
    }
  }
  return sum / energy;
}

function crossCorrelation(a: Float32Array, b: Float32Array): number {
  let ab = 0;
  let aa = 1e-6;
  let bb = 1e-6;
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

/**
 * The statistics of one tile, both sides at least {@link MIN_SIDE} and meant to be at most about 256.
 * Returns {@link STATISTICS} finite numbers, in the order of {@link statisticsGroups}. Throws RangeError when too small.
 */
export function statistics(tile: RgbImage): Float32Array {
  if (Math.min(tile.width, tile.height) < MIN_SIDE) {
    throw new RangeError(`tile ${tile.width}x${tile.height} is smaller than ${MIN_SIDE}`);
  }
  const out = new Float32Array(STATISTICS);
  const light = luma(tile);
  const [r, g, b] = channels(tile);
  const spreads: number[] = [];
  const note = (values: Float32Array) => {
    const s = spread(values);
    spreads.push(Math.log(s.sd + 0.05), s.tail, s.meanAbs / s.sd, s.zeros);
    return s;
  };
  let at = 0;

  const ofLight = RESIDUALS.map((name) => residual(light, name));
  const q = new Uint8Array(ofLight[0].data.length);
  for (const plane of ofLight) {
    const s = note(plane.data);
    for (const step of [FIXED_STEP, Math.max(0.25, s.meanAbs)]) {
      quantise(plane.data, step, q);
      at = neighbours(q, plane.width, plane.height, out, at);
    }
  }
  for (const chroma of [difference(r, g), difference(b, g)]) {
    for (const name of ['first', 'square'] as const) {
      const plane = residual(chroma, name);
      const s = note(plane.data);
      quantise(plane.data, Math.max(0.25, s.meanAbs), q);
      at = neighbours(q, plane.width, plane.height, out, at);
    }
  }
  const squares = [r, g, b].map((plane) => residual(plane, 'square').data);
  const qr = new Uint8Array(q.length);
  const qg = new Uint8Array(q.length);
  for (const adaptive of [false, true]) {
    const step = adaptive ? Math.max(0.25, spread(squares[1]).meanAbs) : FIXED_STEP;
    quantise(squares[0], step, qr);
    quantise(squares[1], step, qg);
    quantise(squares[2], step, q);
    at = colours(qr, qg, q, out, at);
  }
  const half = halve(light);
  const ofHalf = RESIDUALS.map((name) => residual(half, name));
  const qh = new Uint8Array(ofHalf[0].data.length);
  for (const plane of ofHalf) {
    const s = note(plane.data);
    quantise(plane.data, Math.max(0.25, s.meanAbs), qh);
    at = neighbours(qh, plane.width, plane.height, out, at);
  }
  out.set(spreads, at);
  at += spreads.length;

  for (const plane of [ofLight[2], ofHalf[2]]) {
    for (const [dx, dy] of SHIFTS) out[at++] = selfCorrelation(plane, dx, dy);
  }
  const firsts = [r, g, b].map((plane) => residual(plane, 'first').data);
  for (const set of [squares, firsts]) {
    out[at++] = crossCorrelation(set[0], set[1]);
    out[at++] = crossCorrelation(set[0], set[2]);
    out[at++] = crossCorrelation(set[1], set[2]);
  }

  at = spectrum(ofLight[2], 16, out, at);
  at = spectrum(light, 16, out, at);
  at = spectrum(residual(difference(r, g), 'square'), 9, out, at);

  at = blocks(light, 1024, out, at);
  at = blocks(difference(r, g), 512, out, at);

  if (at !== STATISTICS) throw new Error(`internal: ${at} statistics instead of ${STATISTICS}`);
  return out;
}

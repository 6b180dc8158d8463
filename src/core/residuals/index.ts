/**
 * A tile of a picture as a fixed list of residual statistics: what the synthesis network is fed with. With the few
 * sources there are, a small network on such statistics generalises where a convolution learns the pictures by heart
 * (docs/measured/synthesis-tried.md).
 */
import { crop, luma, type Plane, type RgbImage } from '../image.ts';
import { MIN_SIDE, tiles } from '../tiles.ts';
import { BLOCK_FEATURES, blocks } from './blocks.ts';
import { NEIGHBOUR_FEATURES, neighbours, quantise } from './cooccurrence.ts';
import { RESIDUALS, residual, spread } from './residuals.ts';
import { SPECTRUM_FEATURES, spectrum } from './spectrum.ts';

const FIXED_STEP = 2;

interface Group {
  readonly name: string;
  readonly size: number;
}

const GROUPS: readonly Group[] = [
  { name: 'luma-cooccurrence', size: RESIDUALS.length * 2 * NEIGHBOUR_FEATURES },
  { name: 'half-cooccurrence', size: RESIDUALS.length * NEIGHBOUR_FEATURES },
  { name: 'spread', size: 4 * (2 * RESIDUALS.length + 4) },
  { name: 'spectrum', size: 2 * SPECTRUM_FEATURES },
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

/** Red or blue (`channel` 0 or 2) less green. */
function lessGreen({ width, height, data }: RgbImage, channel: 0 | 2): Plane {
  const out = new Float32Array(width * height);
  for (let i = 0, j = 0; i < out.length; i++, j += 3) out[i] = data[j + channel] - data[j + 1];
  return { width, height, data: out };
}

/**
 * The statistics of one tile, both sides at least {@link MIN_SIDE}; tiles of one size, because some numbers depend on it.
 * Returns {@link STATISTICS} finite numbers, in the order of {@link statisticsGroups}. Throws RangeError when too small.
 */
export function statistics(tile: RgbImage): Float32Array {
  if (Math.min(tile.width, tile.height) < MIN_SIDE) {
    throw new RangeError(`tile ${tile.width}x${tile.height} is smaller than ${MIN_SIDE}`);
  }
  const out = new Float32Array(STATISTICS);
  const light = luma(tile);
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
  const redness = lessGreen(tile, 0);
  for (const chroma of [redness, lessGreen(tile, 2)]) {
    for (const name of ['first', 'square'] as const) note(residual(chroma, name).data);
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

  at = spectrum(ofLight[2], 16, out, at);
  at = spectrum(light, 16, out, at);

  at = blocks(light, 1024, out, at);
  at = blocks(redness, 512, out, at);

  if (at !== STATISTICS) throw new Error(`internal: ${at} statistics instead of ${STATISTICS}`);
  return out;
}

/** The mean of {@link statistics} over the tiles of a picture, both of whose sides are at least MIN_SIDE. */
export function meanStatistics(image: RgbImage): Float32Array {
  const out = new Float32Array(STATISTICS);
  const boxes = tiles(image.width, image.height);
  for (const box of boxes) {
    const values = statistics(crop(image, box));
    for (let i = 0; i < STATISTICS; i++) out[i] += values[i] / boxes.length;
  }
  return out;
}

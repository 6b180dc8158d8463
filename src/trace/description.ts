/**
 * A picture as numbers that tell generators apart: its residual statistics, averaged over tiles, and the fine structure
 * of its residual's spectrum, where up-sampling leaves its peaks. Content is subtracted before anything is counted.
 * Attribution, enrolment, clustering and search all compare these descriptions under a `Metric`.
 */
import { PowerSpectrum } from '../core/fft.ts';
import { luma, type Plane, type RgbImage } from '../core/image.ts';
import { meanStatistics, STATISTICS } from '../core/residuals/index.ts';
import { residual } from '../core/residuals/residuals.ts';
import { MIN_SIDE } from '../core/tiles.ts';

/** Side of the blocks whose spectra are averaged. */
const BLOCK = 32;
const HALF_PLANE = BLOCK * (BLOCK / 2 + 1);
/** About so many blocks across the longer side. */
const BLOCKS_ACROSS = 24;
/** Blocks with less energy than this (a clipped sky) say nothing. */
const LEAST_ENERGY = 1;
const FLOOR = 1e-4;

/** Length of a description. */
export const DESCRIPTION = STATISTICS + 2 * HALF_PLANE;

/** Smallest side of a picture that can be described, in pixels. */
export const SMALLEST = MIN_SIDE;

const transform = new PowerSpectrum(BLOCK);

/** Mean power spectrum of the blocks of a residual, each block scaled to the same energy: [BLOCK, BLOCK], zero frequency first. */
export function residualSpectrum(plane: Plane): Float64Array {
  const { width, height, data } = residual(plane, 'square');
  const total = new Float64Array(BLOCK * BLOCK);
  const block = new Float32Array(BLOCK * BLOCK);
  const step = Math.max(BLOCK / 2, Math.floor(Math.max(width, height) / BLOCKS_ACROSS));
  let blocks = 0;
  for (let y = 0; y + BLOCK <= height; y += step) {
    for (let x = 0; x + BLOCK <= width; x += step) {
      let energy = 0;
      for (let j = 0; j < BLOCK; j++) {
        for (let i = 0; i < BLOCK; i++) {
          const v = data[(y + j) * width + x + i];
          block[j * BLOCK + i] = v;
          energy += v * v;
        }
      }
      if (energy < LEAST_ENERGY) continue;
      const scale = 1 / Math.sqrt(energy);
      for (let i = 0; i < block.length; i++) block[i] *= scale;
      transform.accumulate(block, total);
      blocks++;
    }
  }
  if (blocks > 0) for (let i = 0; i < total.length; i++) total[i] /= blocks;
  return total;
}

/** Logarithm of the half plane of a spectrum that is not its mirror image. */
function logHalf(power: Float64Array, out: Float32Array, at: number): number {
  for (let y = 0; y < BLOCK; y++) {
    for (let x = 0; x <= BLOCK / 2; x++) out[at++] = Math.log(power[y * BLOCK + x] + FLOOR);
  }
  return at;
}

/** Red less green: what chroma sub-sampling and colour up-sampling leave. */
export function redLessGreen({ width, height, data }: RgbImage): Plane {
  const out = new Float32Array(width * height);
  for (let i = 0, j = 0; i < out.length; i++, j += 3) out[i] = data[j] - data[j + 1];
  return { width, height, data: out };
}

/**
 * The {@link DESCRIPTION} numbers of a picture, both sides at least {@link SMALLEST}. Throws RangeError when smaller.
 */
export function describe(image: RgbImage): Float32Array {
  if (Math.min(image.width, image.height) < SMALLEST) {
    throw new RangeError(`${image.width}x${image.height} is smaller than ${SMALLEST}`);
  }
  const out = new Float32Array(DESCRIPTION);
  out.set(meanStatistics(image));
  const at = logHalf(residualSpectrum(luma(image)), out, STATISTICS);
  logHalf(residualSpectrum(redLessGreen(image)), out, at);
  return out;
}

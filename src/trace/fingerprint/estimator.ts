/**
 * The trained fingerprint network at work: the embedding of a picture, by which sources are compared, and its
 * fingerprint, to be looked at.
 *
 * The fingerprint of a picture is what the network finds, averaged over the picture's blocks: what a generator leaves
 * repeats from block to block, content does not (as Marra et al. 2019, arXiv:1812.11842, average residuals). It is
 * without its mean and of energy one, so that neither brightness nor contrast is left in it.
 */
import { PowerSpectrum } from '../../core/fft.ts';
import { crop, type RgbImage } from '../../core/image.ts';
import { tiles } from '../../core/tiles.ts';
import { exportInference, type Weights } from '../../nn/index.ts';
import type { Runtime, Session } from '../../nn/runtime.ts';
import { EMBEDDING, estimationNetwork, fingerprintNetwork } from './network.ts';

/** Side of a block, and the smallest side of a picture that can be embedded, in pixels. */
export const BLOCK = 32;
/** Blocks across and down a picture that are embedded. */
const ACROSS = 6;
/** The network sees this much at once, and what lies near its borders is cut away; smallest side for a fingerprint. */
export const TILE = 96;
const MARGIN = 16;
const INNER = TILE - 2 * MARGIN;
/** Tiles across and down that a fingerprint is averaged over. */
const TILES_ACROSS = 5;

const PLANE = BLOCK * BLOCK;
const transform = new PowerSpectrum(BLOCK);

export interface Fingerprint {
  /** [3, BLOCK, BLOCK]: no mean, energy 1. */
  readonly pattern: Float32Array;
  /** Mean power spectrum of the blocks' luma, [BLOCK, BLOCK], zero frequency first. */
  readonly spectrum: Float64Array;
  /** How many blocks were averaged. */
  readonly blocks: number;
}

/** Pixels of `image` as planes [3, height, width], into `out` at `at`. */
export function toPlanes({ width, height, data }: RgbImage, out: Uint8Array, at = 0): void {
  const plane = width * height;
  for (let c = 0; c < 3; c++) for (let p = 0; p < plane; p++) out[at + c * plane + p] = data[p * 3 + c];
}

/** Up to `count` starts in `length`, multiples of a block, spread evenly and INNER apart. */
function starts(length: number, count: number): number[] {
  const free = Math.floor((length - TILE) / INNER);
  const used = Math.min(count, free + 1);
  return Array.from({ length: used }, (_, i) => Math.floor((free * i) / Math.max(1, used - 1)) * INNER);
}

export class FingerprintEstimator {
  private constructor(
    private readonly reader: Session,
    private readonly painter: Session,
  ) {}

  /** `sources`: how many the network was trained to tell apart. Rejects with TypeError for weights of another network. */
  static async load(runtime: Runtime, weights: Weights, sources: number): Promise<FingerprintEstimator> {
    const reader = exportInference(fingerprintNetwork(BLOCK, sources), weights, { outputs: ['embedding'] });
    const painter = exportInference(estimationNetwork(TILE), weights);
    return new FingerprintEstimator(await runtime.load(reader), await runtime.load(painter));
  }

  /** Mean embedding of a picture's blocks, [EMBEDDING]. Throws RangeError when a side is below {@link BLOCK}. */
  async embed(image: RgbImage): Promise<Float32Array> {
    if (Math.min(image.width, image.height) < BLOCK)
      throw new RangeError(`${image.width}x${image.height} is smaller than ${BLOCK}`);
    const boxes = tiles(image.width, image.height, ACROSS, BLOCK);
    const data = new Uint8Array(boxes.length * 3 * PLANE);
    boxes.forEach((box, i) => {
      toPlanes(crop(image, box), data, i * 3 * PLANE);
    });
    const { embedding } = await this.reader.run({ pixels: { dims: [boxes.length, 3, BLOCK, BLOCK], data } });
    const mean = new Float32Array(EMBEDDING);
    (embedding.data as Float32Array).forEach((v, i) => {
      mean[i % EMBEDDING] += v / boxes.length;
    });
    return mean;
  }

  /** The fingerprint of a picture. Throws RangeError when a side is below {@link TILE}. */
  async fingerprint(image: RgbImage): Promise<Fingerprint> {
    if (Math.min(image.width, image.height) < TILE)
      throw new RangeError(`${image.width}x${image.height} is smaller than ${TILE}`);
    const pattern = new Float32Array(3 * PLANE);
    const spectrum = new Float64Array(PLANE);
    const data = new Uint8Array(3 * TILE * TILE);
    const grey = new Float32Array(PLANE);
    let blocks = 0;
    for (const y of starts(image.height, TILES_ACROSS)) {
      for (const x of starts(image.width, TILES_ACROSS)) {
        toPlanes(crop(image, { x, y, width: TILE, height: TILE }), data);
        const { fingerprint } = await this.painter.run({ pixels: { dims: [1, 3, TILE, TILE], data } });
        const found = fingerprint.data as Float32Array;
        for (let v = MARGIN; v < MARGIN + INNER; v += BLOCK) {
          for (let u = MARGIN; u < MARGIN + INNER; u += BLOCK) {
            grey.fill(0);
            for (let i = 0; i < pattern.length; i++) {
              const [c, p] = [Math.floor(i / PLANE), i % PLANE];
              const value = found[(c * TILE + v + Math.floor(p / BLOCK)) * TILE + u + (p % BLOCK)];
              pattern[i] += value;
              grey[p] += value / 3;
            }
            transform.accumulate(grey, spectrum);
            blocks++;
          }
        }
      }
    }
    for (let p = 0; p < PLANE; p++) spectrum[p] /= blocks;
    return { pattern: standardised(pattern), spectrum, blocks };
  }

  async release(): Promise<void> {
    await this.reader.release();
    await this.painter.release();
  }
}

/** Planes [3, BLOCK, BLOCK] each without its mean, and all together of energy 1. */
function standardised(planes: Float32Array): Float32Array {
  const out = Float32Array.from(planes);
  for (let c = 0; c < 3; c++) {
    const plane = out.subarray(c * PLANE, (c + 1) * PLANE);
    const mean = plane.reduce((sum, v) => sum + v, 0) / PLANE;
    for (let p = 0; p < PLANE; p++) plane[p] -= mean;
  }
  const length = Math.sqrt(out.reduce((sum, v) => sum + v * v, 0)) || 1;
  return out.map((v) => v / length);
}

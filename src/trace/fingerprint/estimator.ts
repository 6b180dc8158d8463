/**
 * The trained fingerprint network at work: the fingerprint of a picture as a picture, and its embedding, by which
 * sources are compared. A picture is read in blocks of the size the network was trained on, at native resolution,
 * because resizing destroys what is looked for.
 */
import { crop, type RgbImage } from '../../core/image.ts';
import { tiles } from '../../core/tiles.ts';
import { exportInference, type Weights } from '../../nn/index.ts';
import type { Runtime, Session } from '../../nn/runtime.ts';
import { EMBEDDING, estimationNetwork, fingerprintNetwork } from './network.ts';

/** Side of a block, and the smallest side of a picture, in pixels. */
export const BLOCK = 32;
/** Blocks across and down a picture. */
const ACROSS = 6;
/** Side of the part whose fingerprint is shown. */
export const SHOWN = 128;

/** Pixels of `image` as planes [3, height, width], into `out` at `at`. */
export function toPlanes({ width, height, data }: RgbImage, out: Uint8Array, at = 0): void {
  const plane = width * height;
  for (let c = 0; c < 3; c++) for (let p = 0; p < plane; p++) out[at + c * plane + p] = data[p * 3 + c];
}

export class FingerprintEstimator {
  private constructor(
    private readonly reader: Session,
    private readonly painter: Session,
  ) {}

  /** Rejects with TypeError for weights of another network. */
  static async load(runtime: Runtime, weights: Weights): Promise<FingerprintEstimator> {
    const sources = weights['source/bias']?.data.length ?? 0;
    const reader = exportInference(fingerprintNetwork(BLOCK, sources), weights, { outputs: ['embedding'] });
    const painter = exportInference(estimationNetwork(SHOWN), weights);
    return new FingerprintEstimator(await runtime.load(reader), await runtime.load(painter));
  }

  /** Embeddings of blocks [count, 3, BLOCK, BLOCK], each [EMBEDDING]. */
  async embedBlocks(pixels: Uint8Array): Promise<Float32Array[]> {
    const count = pixels.length / (3 * BLOCK * BLOCK);
    const { embedding } = await this.reader.run({
      pixels: { dims: [count, 3, BLOCK, BLOCK], data: pixels },
    });
    const all = embedding.data as Float32Array;
    return Array.from({ length: count }, (_, i) => all.slice(i * EMBEDDING, (i + 1) * EMBEDDING));
  }

  /** Mean embedding of a picture's blocks, [EMBEDDING]; both sides at least {@link BLOCK}. */
  async embed(image: RgbImage): Promise<Float32Array> {
    const boxes = tiles(image.width, image.height, ACROSS, BLOCK);
    const pixels = new Uint8Array(boxes.length * 3 * BLOCK * BLOCK);
    boxes.forEach((box, i) => {
      toPlanes(crop(image, box), pixels, i * 3 * BLOCK * BLOCK);
    });
    const mean = new Float32Array(EMBEDDING);
    for (const row of await this.embedBlocks(pixels))
      for (let k = 0; k < EMBEDDING; k++) mean[k] += row[k] / boxes.length;
    return mean;
  }

  /**
   * The fingerprint of the picture's middle, planes [3, SHOWN, SHOWN], units of the network; both sides at least
   * {@link SHOWN}.
   */
  async fingerprint(image: RgbImage): Promise<Float32Array> {
    const x = ((image.width - SHOWN) >> 4) * 8;
    const y = ((image.height - SHOWN) >> 4) * 8;
    const data = new Uint8Array(3 * SHOWN * SHOWN);
    toPlanes(crop(image, { x, y, width: SHOWN, height: SHOWN }), data);
    const { fingerprint } = await this.painter.run({ pixels: { dims: [1, 3, SHOWN, SHOWN], data } });
    return fingerprint.data as Float32Array;
  }

  async release(): Promise<void> {
    await this.reader.release();
    await this.painter.release();
  }
}

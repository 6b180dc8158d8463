/** How much a generator's pictures differ from each other: the first thing that goes when a GAN collapses. */
import type { Weights } from '../../src/nn/index.ts';
import type { PictureSource, ZooModel } from '../../src/zoo/declaration.ts';
import { sampleFrom } from '../../src/zoo/sampling.node.ts';

const SAMPLES = 24;

/** Below this a generator counts as collapsed; photographs of faces have about 0.2. */
export const LEAST_VARIETY = 0.04;

/** Mean over pixels of the standard deviation over pictures, in units of 0..1. */
export async function variety(model: ZooModel, weights: Weights, pictures: PictureSource): Promise<number> {
  let sum: Float64Array | undefined;
  let square = new Float64Array(0);
  for await (const { data } of sampleFrom(model, weights, { count: SAMPLES, seed: 3, pictures })) {
    if (!sum) [sum, square] = [new Float64Array(data.length), new Float64Array(data.length)];
    for (let i = 0; i < data.length; i++) {
      sum[i] += data[i] / 255 / SAMPLES;
      square[i] += (data[i] / 255) ** 2 / SAMPLES;
    }
  }
  if (!sum) return 0;
  const mean = sum;
  return square.reduce((s, v, i) => s + Math.sqrt(Math.max(0, v - mean[i] ** 2)), 0) / mean.length;
}

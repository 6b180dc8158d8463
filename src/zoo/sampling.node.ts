/** Pictures from a generator and its weights, in batches, the same from the same seed. */
import type { RgbImage } from '../core/image.ts';
import { Random } from '../core/random.ts';
import { exportInference, type Weights } from '../nn/index.ts';
import { nodeRuntime } from '../nn/runtime.node.ts';
import type { PictureSource, ZooModel } from './declaration.ts';

export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  /** What generators that start from a picture start from. */
  readonly pictures: PictureSource;
  /** Side in pixels, a multiple of 8, for generators that `takesSize`; others have the declared one, as by default. */
  readonly size?: number;
  readonly threads?: number;
}

/** Can it make pictures of another side than it was trained on? Only without layers that know every place. */
export function takesSize(model: ZooModel): boolean {
  return model.needsPictures && model.declaration.family !== 'face-swap';
}

/** At most so many pictures at once; a picture does not depend on how many come with it in a batch of this size. */
const TOGETHER = 50;

/** Float pictures [3, size, size] in 0..1 as 8-bit pixels. */
export function toImage(data: Float32Array, size: number): RgbImage {
  const out = new Uint8ClampedArray(size * size * 3);
  const plane = size * size;
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) out[i * 3 + c] = Math.round(data[c * plane + i] * 255);
  return { width: size, height: size, data: out };
}

/** One after the other; the networks are loaded once and let go at the end. */
export async function* sampleFrom(
  model: ZooModel,
  weights: Weights,
  { count, seed, pictures, size: wanted, threads = 1 }: SampleOptions,
): AsyncGenerator<RgbImage> {
  const size = takesSize(model) ? (wanted ?? model.declaration.size) : model.declaration.size;
  const runtime = await nodeRuntime();
  const sessions = new Map<string, Awaited<ReturnType<typeof runtime.load>>>();
  try {
    for (const [name, network] of Object.entries(model.networks)) {
      const scale = size / model.declaration.size;
      const shapes = Object.fromEntries(
        Object.entries(network.inputs).map(([input, spec]) => {
          const shape = 'shape' in spec ? spec.shape : spec;
          return [input, shape.length === 3 ? [shape[0], shape[1] * scale, shape[2] * scale] : shape];
        }),
      );
      const bytes = exportInference(network, weights, { shapes });
      sessions.set(name, await runtime.load(bytes, { threads }));
    }
    for (let from = 0; from < count; from += TOGETHER) {
      const batch = Math.min(TOGETHER, count - from);
      const data = await model.sample({
        run: (name, inputs) => sessions.get(name)!.run(inputs),
        random: new Random(seed * 1_000_003 + from),
        ...{ pictures, count: batch, size },
      });
      const each = 3 * size * size;
      for (let i = 0; i < batch; i++) yield toImage(data.subarray(i * each, (i + 1) * each), size);
    }
  } finally {
    for (const session of sessions.values()) await session.release();
  }
}

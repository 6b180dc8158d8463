/**
 * Learned detectors declared in `nn`: one batch in, log-odds of fake and their gradient by the input out. The same file
 * serves the benchmark, which asks for the first, and the attacks, which need both.
 */
import type { RgbImage } from '../../core/image.ts';
import { exportInference, type Network, type Weights } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';

/** Something that can be attacked from inside. Pictures are [3, side, side] in 0..1. */
export interface Differentiable {
  readonly name: string;
  readonly side: number;
  /** `data` holds any number of pictures; one logit each. */
  logits(data: Float32Array): Promise<Float32Array>;
  /** Of each picture's logit by its own samples; the shape of `data`. */
  gradient(data: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens a network with input `x` and outputs `logit` and `gradient`. */
export async function differentiable(net: Network, weights: Weights, side: number): Promise<Differentiable> {
  const runtime = await nodeRuntime();
  const load = (output: string) =>
    runtime.load(exportInference(net, weights, { half: false, outputs: [output] }), { threads: 1 });
  const forward = await load('logit');
  let backward: ReturnType<typeof load> | undefined;
  const input = (data: Float32Array) => ({
    x: { dims: [data.length / (3 * side * side), 3, side, side], data },
  });
  return {
    ...{ name: net.name, side },
    logits: async (data) => (await forward.run(input(data))).logit.data as Float32Array,
    async gradient(data) {
      // Only attacks need it.
      backward ??= load('gradient');
      return (await (await backward).run(input(data))).gradient.data as Float32Array;
    },
    async close() {
      await forward.release();
      if (backward) await (await backward).release();
    },
  };
}

/** Samples 0..1, channel after channel. */
export function planesOf({ width, height, data }: RgbImage): Float32Array {
  const out = new Float32Array(3 * width * height);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) out[c * width * height + i] = data[3 * i + c] / 255;
  return out;
}

/** The picture nearest to samples 0..1 of a square of `side`. */
export function imageOf(planes: Float32Array, side: number): RgbImage {
  const data = new Uint8Array(3 * side * side);
  for (let i = 0; i < side * side; i++) {
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = Math.min(255, Math.max(0, Math.round(255 * planes[c * side * side + i])));
  }
  return { width: side, height: side, data };
}

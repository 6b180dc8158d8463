/**
 * Meso4 and MesoInception4 (Afchar, Nozick, Yamagishi and Echizen, MesoNet, arXiv 1809.00888), built from the paper so
 * that the weights its authors published run here and can be attacked here. Those are stored as Keras has them: kernels
 * [height, width, in, out], rows of a dense layer by height, width, channel; the network's own output is P(real).
 */
import type { Tensor } from '../../core/tensor.ts';
import type { Builder, Network, Value, Weights } from '../../nn/index.ts';
import { network } from '../../nn/index.ts';

export type MesoName = 'meso4' | 'mesoinception4';

/** Side of the input, pixels in 0..1. */
export const MESO_SIDE = 256;
/** Keras' default of the batch normalisation. */
const EPSILON = 1e-3;

const norm = (b: Builder, x: Value) => b.batchNorm(x, { epsilon: EPSILON });
const convRelu = (b: Builder, x: Value, channels: number, kernel: number, dilation = 1) =>
  b.relu(b.conv(x, channels, { kernel, dilation }));
const pool = (b: Builder, x: Value, size: number) => b.maxPool(x, { size });

function meso4(b: Builder, x: Value): Value {
  let h = pool(b, norm(b, convRelu(b, x, 8, 3)), 2);
  h = pool(b, norm(b, convRelu(b, h, 8, 5)), 2);
  h = pool(b, norm(b, convRelu(b, h, 16, 5)), 2);
  return pool(b, norm(b, convRelu(b, h, 16, 5)), 4);
}

/** Four ways of looking side by side: 1x1, and 3x3 at dilation 1, 2 and 3. */
function inception(b: Builder, x: Value, [a, c, d, e]: readonly number[]): Value {
  const first = convRelu(b, x, a, 1);
  const others = [c, d, e].map((channels, i) => convRelu(b, convRelu(b, x, channels, 1), channels, 3, i + 1));
  return b.concat([first, ...others]);
}

function mesoInception4(b: Builder, x: Value): Value {
  let h = pool(b, norm(b, inception(b, x, [1, 4, 4, 2])), 2);
  h = pool(b, norm(b, inception(b, h, [2, 4, 4, 2])), 2);
  h = pool(b, norm(b, convRelu(b, h, 16, 5)), 2);
  return pool(b, norm(b, convRelu(b, h, 16, 5)), 4);
}

/**
 * The network: `x` [3, 256, 256] in 0..1 to `logit` [1], the log-odds of fake, and its `gradient` by x, [3, 256, 256].
 */
export function mesoNetwork(name: MesoName): Network {
  const logit = (b: Builder, x: Value) => {
    const h = name === 'meso4' ? meso4(b, x) : mesoInception4(b, x);
    const flat = b.reshape(h, [h.shape[0], 1024]);
    return b.neg(b.linear(b.leakyRelu(b.linear(flat, 16), 0.1), 1));
  };
  return network({
    ...{ name, seed: 1, inputs: { x: [3, MESO_SIDE, MESO_SIDE] } },
    build: (b, { x }) => ({
      logit: b.tied('net', () => logit(b, x)),
      gradient: b.inputGradient(x, (v) => b.sum(b.tied('net', () => logit(b, v)))),
    }),
  });
}

/** Keras numbers its layers over the whole program: these are where each published file begins. */
const KERAS: Readonly<Record<MesoName, { conv: number; norm: number; dense: number }>> = {
  meso4: { conv: 5, norm: 5, dense: 3 },
  mesoinception4: { conv: 1, norm: 1, dense: 1 },
};

/** Published weights as those of {@link mesoNetwork}. Throws RangeError when one is missing or has another size. */
export function mesoWeights(name: MesoName, tensors: Readonly<Record<string, Tensor>>): Weights {
  const net = mesoNetwork(name);
  const first = KERAS[name];
  const published = (layer: string, leaf: string): Tensor => {
    const tensor = tensors[`${layer}/${layer}/${leaf}:0`];
    if (!tensor) throw new RangeError(`no ${layer}/${leaf} in the weights of ${name}`);
    return tensor;
  };
  const LEAVES: Readonly<Record<string, string>> = {
    ...{ weight: 'kernel', bias: 'bias', scale: 'gamma', shift: 'beta' },
    ...{ mean: 'moving_mean', variance: 'moving_variance' },
  };
  return Object.fromEntries(
    [...net.parameters, ...net.statistics].map(({ name: full, shape }) => {
      const [, kind, number, leaf] = /(conv|batchNorm|linear)(\d+)\/(\w+)$/.exec(full) ?? [];
      const layer =
        kind === 'conv'
          ? `conv2d_${first.conv + Number(number) - 1}`
          : kind === 'batchNorm'
            ? `batch_normalization_${first.norm + Number(number) - 1}`
            : `dense_${first.dense + Number(number) - 1}`;
      const { data, dims } = published(layer, LEAVES[leaf]);
      const size = shape.reduce((product, d) => product * d, 1);
      if (data.length !== size)
        throw new RangeError(`${layer}/${leaf}: ${dims.join('x')} is not ${shape.join('x')}`);
      const values = data as Float32Array;
      const turned =
        shape.length === 4
          ? kernels(values, shape)
          : leaf === 'weight'
            ? rows(values, shape)
            : Float32Array.from(values);
      return [full, { dims: shape, data: turned }];
    }),
  );
}

/** [H, W, I, O] to [O, I, H, W]. */
function kernels(from: Float32Array, [outer, inner, height, width]: readonly number[]): Float32Array {
  const to = new Float32Array(from.length);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          to[((o * inner + i) * height + y) * width + x] = from[((y * width + x) * inner + i) * outer + o];
  return to;
}

/** [in, out] to [out, in]; the 1024 numbers of an 8x8 map with 16 channels lie channel first here, channel last there. */
function rows(from: Float32Array, [outer, inner]: readonly number[]): Float32Array {
  const to = new Float32Array(from.length);
  const channels = inner === 1024 ? 16 : inner;
  const places = inner / channels;
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < places; p++) to[o * inner + c * places + p] = from[(p * channels + c) * outer + o];
  return to;
}

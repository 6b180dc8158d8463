/** Pooling over windows and over the whole plane. x is [B, C, H, W] throughout. */
import type { Graph, Value } from '../graph.ts';
import { relu, sqrt } from './activation.ts';
import { add, mul, scale, sub } from './arithmetic.ts';
import { dimensionsOf } from './shape.ts';

export interface PoolOptions {
  /** Side of the window. */
  readonly size: number;
  /** Default: `size`. */
  readonly stride?: number;
  /** Places around the picture on every side; default 0. For averages they count as zeros. */
  readonly pad?: number;
}

function plan(x: Value, { size, stride = size, pad = 0 }: PoolOptions) {
  const [b, c, h, w] = x.shape;
  if (pad * 2 > size) throw new TypeError(`pad ${pad} is more than half of the window ${size}`);
  const oh = Math.floor((h + 2 * pad - size) / stride) + 1;
  const ow = Math.floor((w + 2 * pad - size) / stride) + 1;
  if (oh < 1 || ow < 1) throw new TypeError(`window ${size} larger than [${x.shape}]`);
  const attributes = { kernel_shape: [size, size], strides: [stride, stride], pads: [pad, pad, pad, pad] };
  return { b, c, h, w, oh, ow, stride, pad, attributes, shape: [b, c, oh, ow] };
}

/** Mean of each window. */
export function averagePool(g: Graph, x: Value, options: PoolOptions): Value {
  const { b, c, h, w, oh, ow, stride, pad, attributes, shape } = plan(x, options);
  const { size } = options;
  const y = g.node('AveragePool', [x], shape, { attributes: { ...attributes, count_include_pad: 1 } });
  return g.rule(y, [x], (d) => {
    // Transposed convolution of every plane by itself with a constant kernel.
    const planes = g.node('Reshape', [d, g.ints([-1, 1, oh, ow])], [b * c, 1, oh, ow]);
    const kernel = g.constant(new Float32Array(size * size).fill(1 / (size * size)), [1, 1, size, size]);
    const spare = (full: number, out: number) => full + 2 * pad - ((out - 1) * stride + size);
    const spread = g.node('ConvTranspose', [planes, kernel], [b * c, 1, h, w], {
      attributes: {
        strides: [stride, stride],
        pads: [pad, pad, pad - spare(h, oh), pad - spare(w, ow)].map((p) => Math.max(0, p)),
        output_padding: [Math.max(0, spare(h, oh) - pad), Math.max(0, spare(w, ow) - pad)],
      },
    });
    return [g.node('Reshape', [spread, g.ints([-1, c, h, w])], x.shape)];
  });
}

/** Maximum of each window; the gradient goes to the first maximum. */
export function maxPool(g: Graph, x: Value, options: PoolOptions): Value {
  const { attributes, shape } = plan(x, options);
  const [y, places] = g.multi('MaxPool', [x], [{ shape }, { shape, type: 'int64' }], { attributes });
  return g.rule(y, [x], (d) => {
    // The places count through the whole tensor, so one flat scatter-add brings everything home.
    const count = x.shape.reduce((p, v) => p * v, 1);
    const flat = (v: Value) => g.node('Reshape', [v, g.ints([-1])], [d.shape.reduce((p, q) => p * q, 1)]);
    const size = g.node('ReduceProd', [dimensionsOf(g, x)], [1], {
      type: 'int64',
      attributes: { keepdims: 1 },
    });
    const zeros = g.node('ConstantOfShape', [size], [count], { type: 'float32' });
    const scattered = g.node('ScatterElements', [zeros, flat(places), flat(d)], [count], {
      attributes: { axis: 0, reduction: 'add' },
    });
    return [g.node('Reshape', [scattered, dimensionsOf(g, x)], x.shape)];
  });
}

/** Mean over the plane: [B, C]. */
export function globalMean(g: Graph, x: Value): Value {
  const [b, c, h, w] = x.shape;
  const pooled = g.node('GlobalAveragePool', [x], [b, c, 1, 1]);
  const y = g.node('Reshape', [pooled, g.ints([b, c])], [b, c]);
  return g.rule(y, [x], (d) => {
    const part = g.node('Mul', [d, g.scalar(1 / (h * w))], d.shape);
    const wide = g.node('Reshape', [part, g.ints([b, c, 1, 1])], [b, c, 1, 1]);
    return [g.node('Expand', [wide, dimensionsOf(g, x)], x.shape)];
  });
}

/** Sum of squares over the plane divided by its size: [B, C]. */
function globalMeanSquare(g: Graph, x: Value): Value {
  const [b, c, h, w] = x.shape;
  const sum = g.node('ReduceSumSquare', [x, g.ints([2, 3])], [b, c], { attributes: { keepdims: 0 } });
  const y = g.node('Mul', [sum, g.scalar(1 / (h * w))], [b, c]);
  return g.rule(y, [x], (d) => {
    const part = g.node('Mul', [d, g.scalar(2 / (h * w))], d.shape);
    const wide = g.node('Reshape', [part, g.ints([b, c, 1, 1])], [b, c, 1, 1]);
    return [g.node('Mul', [x, wide], x.shape)];
  });
}

/** Standard deviation over the plane (of the population), sqrt(variance + epsilon): [B, C]. */
export function globalStd(g: Graph, x: Value, epsilon = 1e-5): Value {
  const mean = globalMean(g, x);
  const variance = relu(g, sub(g, globalMeanSquare(g, x), mul(g, mean, mean)));
  return sqrt(g, add(g, variance, g.scalar(epsilon)));
}

/** Sum over the plane: [B, C]. */
export function globalSum(g: Graph, x: Value): Value {
  return scale(g, globalMean(g, x), x.shape[2] * x.shape[3]);
}

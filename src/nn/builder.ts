/**
 * The hand that builds a network: layers (which own parameters) and operators (which do not), on one graph.
 * `network.ts` calls a declaration with it three ways: to learn the parameters, to train, to export.
 */
import type { Graph, Shape, Value } from './graph.ts';
import { hashName, type Initial } from './initial.ts';
import * as activation from './ops/activation.ts';
import * as arithmetic from './ops/arithmetic.ts';
import { batchNormInference, batchNormTraining } from './ops/batch-norm.ts';
import { conv2d } from './ops/conv.ts';
import type { ConvShape } from './ops/conv-plan.ts';
import { type ConvTransposeShape, convTranspose2d } from './ops/conv-transpose.ts';
import * as crossEntropy from './ops/cross-entropy.ts';
import { type DftOptions, dftMagnitude } from './ops/dft.ts';
import { dropout } from './ops/dropout.ts';
import { embedding } from './ops/embedding.ts';
import * as matrices from './ops/matmul.ts';
import { groupNorm, layerNorm } from './ops/normalise.ts';
import { pixelShuffle, pixelUnshuffle } from './ops/pixel-shuffle.ts';
import * as pooling from './ops/pool.ts';
import * as reduction from './ops/reduce.ts';
import { type ResizeMode, resize } from './ops/resize.ts';
import * as shapes from './ops/shape.ts';
import { attention, softmax } from './ops/softmax.ts';
import { takeAlong } from './ops/take-along.ts';

/** A parameter (trained) or a statistic (kept by the network itself, such as a running mean). */
export interface Declared {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
  /** Does weight decay apply? (Not to biases, nor to the gains of normalisation.) */
  readonly decay: boolean;
}

export interface Named {
  /** Name of the layer, unique in its scope; default its kind and a running number. */
  readonly name?: string;
}

export interface ConvOptions extends ConvShape, Named {
  /** Side of the kernel, default 3. */
  readonly kernel?: number | readonly [number, number];
  /** Default true; switch it off in front of a normalisation. */
  readonly bias?: boolean;
  readonly initial?: Initial;
}

/** Where the builder gets a declared tensor from. */
export interface Source {
  parameter(declared: Declared): Value;
  statistic(declared: Declared): Value;
  /** int64 [1], the number of the step; null outside training. */
  readonly step: Value | null;
  /** Batch normalisation uses its running moments in training too, and leaves them as they are. */
  readonly settled?: boolean;
}

export class Builder {
  readonly parameters = new Map<string, { declared: Declared; value: Value }>();
  readonly statistics = new Map<string, { declared: Declared; value: Value; next: Value | null }>();
  readonly #counts = new Map<string, number>();
  #frozen = false;

  constructor(
    readonly graph: Graph,
    readonly source: Source,
    readonly seed: number,
  ) {}

  get training(): boolean {
    return this.graph.training;
  }

  /** Names of layers inside `body` start with `name/`. */
  scope<T>(name: string, body: () => T): T {
    return this.graph.scoped(name, body);
  }

  /**
   * As `scope`, but running numbers of layers start anew, so that a second call with the same name ties the weights.
   * `frozen`: gradients pass through the layers of `body` without reaching their weights, and their running statistics
   * stay as they are (a critic as its generator sees it).
   */
  tied<T>(name: string, body: () => T, { frozen = this.#frozen }: { frozen?: boolean } = {}): T {
    const stem = `${this.graph.path(name)}/`;
    for (const key of this.#counts.keys()) if (key.startsWith(stem)) this.#counts.delete(key);
    const before = this.#frozen;
    this.#frozen = frozen;
    try {
      return this.graph.scoped(name, body);
    } finally {
      this.#frozen = before;
    }
  }

  /** A trained tensor. The same full name gives the same tensor (tied weights). */
  parameter(name: string, shape: Shape, initial: Initial = 'kaiming', decay = shape.length > 1): Value {
    const full = this.graph.path(name);
    const known = this.parameters.get(full);
    if (known) {
      if (known.declared.shape.join() !== shape.join())
        throw new TypeError(`${full} declared with two shapes`);
      return this.#frozen ? { ...known.value, differentiable: false } : known.value;
    }
    const declared = { name: full, shape, initial, decay };
    const value = this.source.parameter(declared);
    this.parameters.set(full, { declared, value });
    return this.#frozen ? { ...value, differentiable: false } : value;
  }

  /** A tensor that the network keeps up to date itself while training. */
  statistic(name: string, shape: Shape, initial: Initial): Value {
    const full = this.graph.path(name);
    const known = this.statistics.get(full);
    if (known) return known.value;
    const declared = { name: full, shape, initial, decay: false };
    const value = this.source.statistic(declared);
    this.statistics.set(full, { declared, value, next: null });
    return value;
  }

  /** What the statistic will be after this step. */
  updateStatistic(name: string, next: Value): void {
    if (!this.#frozen) this.statistics.get(this.graph.path(name))!.next = next;
  }

  #layer<T>(kind: string, name: string | undefined, body: () => T): T {
    const stem = this.graph.path(kind);
    const count = (this.#counts.get(stem) ?? 0) + 1;
    this.#counts.set(stem, count);
    return this.graph.scoped(name ?? `${kind}${count}`, body);
  }

  // ---- layers ----

  /** x [B, C, H, W] to [B, channels, H', W']; `groups: C` makes it depthwise. Weights `NAME/weight`, `NAME/bias`. */
  conv(x: Value, channels: number, options: ConvOptions = {}): Value {
    const { kernel = 3, bias = true, initial = 'kaiming', groups = 1 } = options;
    const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
    return this.#layer('conv', options.name, () => {
      const weight = this.parameter('weight', [channels, x.shape[1] / groups, kh, kw], initial);
      const shift = bias ? this.parameter('bias', [channels], 'zeros') : null;
      return conv2d(this.graph, x, weight, shift, options);
    });
  }

  /** One kernel per channel. */
  depthwise(x: Value, options: Omit<ConvOptions, 'groups'> = {}): Value {
    return this.conv(x, x.shape[1], { ...options, groups: x.shape[1] });
  }

  /** x [B, C, H, W] to [B, channels, H * stride, W * stride] by default (kernel 4, stride 2). */
  convTranspose(
    x: Value,
    channels: number,
    options: ConvTransposeShape & Named & { kernel?: number; bias?: boolean; initial?: Initial } = {},
  ): Value {
    const { kernel = 4, bias = true, initial } = options;
    return this.#layer('convTranspose', options.name, () => {
      // Every result sees kernel^2 / stride^2 places of every input channel.
      const fanIn = (x.shape[1] * kernel ** 2) / (options.stride ?? 2) ** 2;
      const start = initial ?? { normal: Math.sqrt(2 / fanIn) };
      const weight = this.parameter('weight', [x.shape[1], channels, kernel, kernel], start);
      const shift = bias ? this.parameter('bias', [channels], 'zeros') : null;
      return convTranspose2d(this.graph, x, weight, shift, options);
    });
  }

  /** A table of `count` vectors of `size`, read at int64 `indices` [B, ..]: [B, .., size]. */
  embedding(indices: Value, count: number, size: number, options: Named = {}): Value {
    return this.#layer('embedding', options.name, () =>
      embedding(this.graph, indices, this.parameter('table', [count, size], { normal: 0.02 }, false)),
    );
  }

  /**
   * Multi-head attention with its four projections: x [B, T, D] looks at `context` [B, S, E] (default itself); [B, T, D].
   */
  attention(x: Value, options: Named & { heads: number; context?: Value }): Value {
    const { heads, context = x } = options;
    const size = x.shape[x.shape.length - 1];
    return this.#layer('attention', options.name, () => {
      const to = (from: Value, name: string) => this.linear(from, size, { name, initial: 'xavier' });
      const [q, k, v] = [to(x, 'query'), to(context, 'key'), to(context, 'value')];
      return to(attention(this.graph, q, k, v, heads), 'output');
    });
  }

  /** x [B, .., I] to [B, .., size]. */
  linear(x: Value, size: number, options: Named & { bias?: boolean; initial?: Initial } = {}): Value {
    return this.#layer('linear', options.name, () => {
      const weight = this.parameter(
        'weight',
        [size, x.shape[x.shape.length - 1]],
        options.initial ?? 'kaiming',
      );
      const bias = options.bias === false ? null : this.parameter('bias', [size], 'zeros');
      return matrices.linear(this.graph, x, weight, bias);
    });
  }

  /**
   * Batch normalisation of x [B, C, ..]. `momentum` is the share of the new batch in the running moments (PyTorch's
   * convention). Weights `NAME/scale`, `NAME/shift`; statistics `NAME/mean`, `NAME/variance`.
   */
  batchNorm(x: Value, options: Named & { epsilon?: number; momentum?: number } = {}): Value {
    const { epsilon = 1e-5, momentum = 0.1 } = options;
    const c = x.shape[1];
    const g = this.graph;
    return this.#layer('batchNorm', options.name, () => {
      const gamma = this.parameter('scale', [c], 'ones');
      const beta = this.parameter('shift', [c], 'zeros');
      const mean = this.statistic('mean', [c], 'zeros');
      const variance = this.statistic('variance', [c], 'ones');
      if (!this.training) return batchNormInference(g, x, gamma, beta, mean, variance, epsilon);
      if (this.source.settled) {
        const across = [1, c, ...x.shape.slice(2).map(() => 1)];
        const rate = this.div(gamma, this.sqrt(this.add(variance, epsilon)));
        const shift = this.sub(beta, this.mul(mean, rate));
        return this.add(this.mul(x, this.reshape(rate, across)), this.reshape(shift, across));
      }
      const { output, moments } = batchNormTraining(g, x, gamma, beta, epsilon);
      const blend = (old: Value, now: Value, share: number) =>
        g.node(
          'Add',
          [g.node('Mul', [old, g.scalar(1 - momentum)], [c]), g.node('Mul', [now, g.scalar(share)], [c])],
          [c],
        );
      const unbiased = moments.count > 1 ? moments.count / (moments.count - 1) : 1;
      this.updateStatistic('mean', blend(mean, moments.mean, momentum));
      this.updateStatistic('variance', blend(variance, moments.variance, momentum * unbiased));
      return output;
    });
  }

  /** Group normalisation of x [B, C, ..]; `groups` = C is instance normalisation. */
  groupNorm(x: Value, groups: number, options: Named & { epsilon?: number } = {}): Value {
    return this.#layer('groupNorm', options.name, () => {
      const gain = this.parameter('scale', [x.shape[1]], 'ones');
      const shift = this.parameter('shift', [x.shape[1]], 'zeros');
      return groupNorm(this.graph, x, groups, gain, shift, options.epsilon ?? 1e-5);
    });
  }

  instanceNorm(x: Value, options: Named & { epsilon?: number } = {}): Value {
    return this.#layer('instanceNorm', options.name, () => {
      const gain = this.parameter('scale', [x.shape[1]], 'ones');
      const shift = this.parameter('shift', [x.shape[1]], 'zeros');
      return groupNorm(this.graph, x, x.shape[1], gain, shift, options.epsilon ?? 1e-5);
    });
  }

  /** Layer normalisation of the last dimension of x [B, .., D]. */
  layerNorm(x: Value, options: Named & { epsilon?: number } = {}): Value {
    const size = x.shape[x.shape.length - 1];
    return this.#layer('layerNorm', options.name, () => {
      const gain = this.parameter('scale', [size], 'ones');
      const shift = this.parameter('shift', [size], 'zeros');
      return layerNorm(this.graph, x, gain, shift, options.epsilon ?? 1e-5);
    });
  }

  /** Zeroes numbers with probability `rate` while training; nothing in inference. */
  dropout(x: Value, rate: number, options: Named = {}): Value {
    return this.#layer('dropout', options.name, () => {
      const seed = (this.seed ^ hashName(this.graph.path('mask'))) >>> 0;
      return dropout(this.graph, x, rate, this.source.step, seed);
    });
  }

  // ---- constants ----

  constant(data: Float32Array | readonly number[], shape: Shape): Value {
    return this.graph.constant(data, shape);
  }
  scalar(value: number): Value {
    return this.graph.scalar(value);
  }

  // ---- operators; a plain number may stand for a second tensor ----

  #value(v: Value | number): Value {
    return typeof v === 'number' ? this.graph.scalar(v) : v;
  }
  add(a: Value, b: Value | number): Value {
    return arithmetic.add(this.graph, a, this.#value(b));
  }
  sub(a: Value, b: Value | number): Value {
    return arithmetic.sub(this.graph, a, this.#value(b));
  }
  mul(a: Value, b: Value | number): Value {
    return arithmetic.mul(this.graph, a, this.#value(b));
  }
  div(a: Value, b: Value | number): Value {
    return arithmetic.div(this.graph, a, this.#value(b));
  }
  max(a: Value, b: Value | number): Value {
    return arithmetic.maximum(this.graph, a, this.#value(b));
  }
  min(a: Value, b: Value | number): Value {
    return arithmetic.minimum(this.graph, a, this.#value(b));
  }
  matmul(a: Value, b: Value): Value {
    return matrices.matmul(this.graph, a, b);
  }

  relu(x: Value): Value {
    return activation.relu(this.graph, x);
  }
  leakyRelu(x: Value, slope = 0.01): Value {
    return activation.leakyRelu(this.graph, x, slope);
  }
  elu(x: Value, alpha = 1): Value {
    return activation.elu(this.graph, x, alpha);
  }
  silu(x: Value): Value {
    return activation.silu(this.graph, x);
  }
  gelu(x: Value): Value {
    return activation.gelu(this.graph, x);
  }
  sigmoid(x: Value): Value {
    return activation.sigmoid(this.graph, x);
  }
  tanh(x: Value): Value {
    return activation.tanh(this.graph, x);
  }
  softplus(x: Value): Value {
    return activation.softplus(this.graph, x);
  }
  exp(x: Value): Value {
    return activation.exp(this.graph, x);
  }
  log(x: Value): Value {
    return activation.log(this.graph, x);
  }
  sqrt(x: Value): Value {
    return activation.sqrt(this.graph, x);
  }
  square(x: Value): Value {
    return activation.square(this.graph, x);
  }
  abs(x: Value): Value {
    return activation.abs(this.graph, x);
  }
  neg(x: Value): Value {
    return activation.neg(this.graph, x);
  }
  clip(x: Value, low: number, high: number): Value {
    return activation.clip(this.graph, x, low, high);
  }
  /** Pixels or labels as float32. */
  toFloat(x: Value): Value {
    return activation.toFloat(this.graph, x);
  }
  stopGradient(x: Value): Value {
    return activation.stopGradient(this.graph, x);
  }

  sum(x: Value, options?: reduction.ReduceOptions): Value {
    return reduction.reduceSum(this.graph, x, options);
  }
  mean(x: Value, options?: reduction.ReduceOptions): Value {
    return reduction.reduceMean(this.graph, x, options);
  }
  maxOver(x: Value, options?: reduction.ReduceOptions): Value {
    return reduction.reduceMax(this.graph, x, options);
  }

  reshape(x: Value, shape: Shape): Value {
    return shapes.reshape(this.graph, x, shape);
  }
  transpose(x: Value, permutation: readonly number[]): Value {
    return shapes.transpose(this.graph, x, permutation);
  }
  slice(x: Value, ranges: readonly shapes.SliceRange[]): Value {
    return shapes.slice(this.graph, x, ranges);
  }
  concat(parts: readonly Value[], axis = 1): Value {
    return shapes.concat(this.graph, parts, axis);
  }
  /** `[top, left, bottom, right]` around the last two dimensions. */
  pad(x: Value, pads: readonly [number, number, number, number], mode?: 'zero' | 'reflect' | 'edge'): Value {
    return shapes.pad2d(this.graph, x, pads, mode);
  }
  pixelShuffle(x: Value, factor: number): Value {
    return pixelShuffle(this.graph, x, factor);
  }
  /** Space to depth: [B, C, H, W] to [B, C*factor^2, H/factor, W/factor]. */
  pixelUnshuffle(x: Value, factor: number): Value {
    return pixelUnshuffle(this.graph, x, factor);
  }
  /** Convolution with given weights (for fixed filters); for a trained layer see `conv`. */
  convWith(x: Value, weight: Value, bias: Value | null, options?: ConvShape): Value {
    return conv2d(this.graph, x, weight, bias, options);
  }

  /** x [B, C, H, W] to [B, C, height, width]. */
  resize(x: Value, height: number, width: number, mode: ResizeMode = 'bilinear'): Value {
    return resize(this.graph, x, height, width, mode);
  }
  /** int64 [..]: where the last dimension of x [.., K] is largest; no gradient. */
  argMax(x: Value): Value {
    return reduction.argMax(this.graph, x);
  }
  /** Rows of `table` [V, D] by int64 `indices` [..]: [.., D]. */
  rows(table: Value, indices: Value): Value {
    return embedding(this.graph, indices, table);
  }
  /** Along the last dimension of x [.., N], the numbers at int64 `places` [.., M]: [.., M]. */
  takeAlong(x: Value, places: Value): Value {
    return takeAlong(this.graph, x, places);
  }
  /** Along the last dimension. */
  softmax(x: Value): Value {
    return softmax(this.graph, x);
  }
  /** |F| / sqrt(H*W) of x [B, C, H, W]. */
  dftMagnitude(x: Value, options?: DftOptions): Value {
    return dftMagnitude(this.graph, x, options);
  }

  averagePool(x: Value, options: pooling.PoolOptions): Value {
    return pooling.averagePool(this.graph, x, options);
  }
  maxPool(x: Value, options: pooling.PoolOptions): Value {
    return pooling.maxPool(this.graph, x, options);
  }
  /** [B, C, H, W] to [B, C]. */
  globalMean(x: Value): Value {
    return pooling.globalMean(this.graph, x);
  }
  /** [B, C, H, W] to [B, C]. */
  globalStd(x: Value, epsilon?: number): Value {
    return pooling.globalStd(this.graph, x, epsilon);
  }

  /**
   * The gradient of `total(x)` by x, of x's shape, as a part of the network: in training, in Node and in the browser
   * (saliency, adversarial pictures). `total` gives one number; a sum over the batch keeps samples apart. Weights inside
   * it are constants, and no gradient flows through the result. Throws TypeError when `total(x)` is not one number or
   * does not depend on x.
   */
  inputGradient(x: Value, total: (x: Value) => Value): Value {
    const before = this.#frozen;
    this.#frozen = true;
    try {
      return this.graph.recorded(() => {
        const source = { ...this.graph.node('Identity', [x], x.shape), differentiable: true };
        const [gradient] = this.graph.backward(total(source), [source]);
        if (!gradient) throw new TypeError(`no gradient flows back to ${x.name}`);
        return activation.stopGradient(this.graph, gradient);
      });
    } finally {
      this.#frozen = before;
    }
  }

  // ---- losses ----

  /** Mean over the batch; `target` 0..1 of the logit's shape, `weight` [B] optional. */
  sigmoidCrossEntropy(logit: Value, target: Value, weight?: Value): Value {
    return crossEntropy.sigmoidCrossEntropy(this.graph, logit, target, weight);
  }
  /** logits [B, K]; target int64 [B] or float32 [B, K]; `weight` [B] optional. */
  softmaxCrossEntropy(logits: Value, target: Value, weight?: Value): Value {
    return crossEntropy.softmaxCrossEntropy(this.graph, logits, target, weight);
  }
  /** Mean of `values` [B, ..], weighed by `weight` [B]. */
  weighedMean(values: Value, weight?: Value): Value {
    return crossEntropy.weighedMean(this.graph, values, weight);
  }
}

/**
 * Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167), written for few passes over large tensors: mean and
 * second moment are two reductions, and every per-channel affine a*x + b is one pass. Written as elementwise primitives
 * it costs a third of a training step.
 */
import type { Graph, Value } from '../graph.ts';

/**
 * scale * x + shift per channel (axis 1), without a gradient rule of its own. For pictures it is a depthwise 1x1
 * convolution, which ONNX Runtime spreads over its threads and fuses with a ReLU behind it; otherwise one
 * `BatchNormalization` node with mean 0 and variance 1.
 */
export function channelAffine(g: Graph, x: Value, scale: Value, shift: Value): Value {
  const c = x.shape[1];
  if (x.shape.length === 4) {
    const kernel = g.node('Reshape', [scale, g.ints([c, 1, 1, 1])], [c, 1, 1, 1]);
    const attributes = { group: c, kernel_shape: [1, 1] };
    return g.node('Conv', [x, kernel, shift], x.shape, { attributes, name: 'affine' });
  }
  const zero = g.constant(new Float32Array(c), [c]);
  const one = g.constant(new Float32Array(c).fill(1), [c]);
  return g.node('BatchNormalization', [x, scale, shift, zero, one], x.shape, {
    attributes: { epsilon: { float: 0 } },
    name: 'affine',
  });
}

export interface BatchMoments {
  readonly mean: Value;
  /** Of the population (divided by n). */
  readonly variance: Value;
  /** How many numbers each channel's moments are made of. */
  readonly count: number;
}

/**
 * Training: x [B, C, ..] normalised by the moments of this batch. The variance is E[x^2] - E[x]^2 in float32, which is
 * exact enough while the mean is not thousands of standard deviations away from zero.
 */
export function batchNormTraining(
  g: Graph,
  x: Value,
  gamma: Value,
  beta: Value,
  epsilon: number,
): { output: Value; moments: BatchMoments } {
  const c = x.shape[1];
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  const n = axes.reduce((product, a) => product * x.shape[a], 1);
  const keep = { attributes: { keepdims: 0 } };
  const mean = g.node('ReduceMean', [x, g.ints(axes)], [c], keep);
  const power = g.node('ReduceSumSquare', [x, g.ints(axes)], [c], keep);
  const second = g.node('Mul', [power, g.scalar(1 / n)], [c]);
  const spread = g.node('Sub', [second, g.node('Mul', [mean, mean], [c])], [c]);
  const variance = g.node('Relu', [spread], [c], { name: 'variance' });
  const deviation = g.node('Sqrt', [g.node('Add', [variance, g.scalar(epsilon)], [c])], [c]);
  const rstd = g.node('Div', [g.scalar(1), deviation], [c]);
  const scale = g.node('Mul', [gamma, rstd], [c]);
  const shift = g.node('Sub', [beta, g.node('Mul', [mean, scale], [c])], [c]);
  const y = channelAffine(g, x, scale, shift);
  const output = g.rule(y, [x, gamma, beta], (d) => {
    const sum = g.node('ReduceSum', [d, g.ints(axes)], [c], keep);
    const product = g.node('ReduceSum', [g.node('Mul', [d, x], x.shape), g.ints(axes)], [c], keep);
    const centred = g.node('Sub', [product, g.node('Mul', [mean, sum], [c])], [c]);
    const dGamma = g.node('Mul', [rstd, centred], [c]);
    if (!x.differentiable) return [null, dGamma, sum];
    // dx = s*d + b*x + c with b = -s*rstd*dGamma/n and c = -s*sum/n - b*mean
    const b = g.node(
      'Mul',
      [g.node('Mul', [scale, rstd], [c]), g.node('Mul', [dGamma, g.scalar(-1 / n)], [c])],
      [c],
    );
    const fromSum = g.node('Mul', [scale, g.node('Mul', [sum, g.scalar(1 / n)], [c])], [c]);
    const offset = g.node('Neg', [g.node('Add', [fromSum, g.node('Mul', [b, mean], [c])], [c])], [c]);
    const zero = g.constant(new Float32Array(c), [c]);
    const left = channelAffine(g, d, scale, offset);
    const right = channelAffine(g, x, b, zero);
    return [g.node('Add', [left, right], x.shape), dGamma, sum];
  });
  return { output, moments: { mean, variance, count: n } };
}

/** Inference: normalised by the running moments, which are constants as scale and shift are; the gradient is by x only. */
export function batchNormInference(
  g: Graph,
  x: Value,
  gamma: Value,
  beta: Value,
  mean: Value,
  variance: Value,
  epsilon: number,
): Value {
  const y = g.node('BatchNormalization', [x, gamma, beta, mean, variance], x.shape, {
    attributes: { epsilon: { float: epsilon } },
  });
  return g.rule(y, [x], (d) => {
    const c = x.shape[1];
    const deviation = g.node('Sqrt', [g.node('Add', [variance, g.scalar(epsilon)], [c])], [c]);
    const zero = g.constant(new Float32Array(c), [c]);
    return [channelAffine(g, d, g.node('Div', [gamma, deviation], [c]), zero)];
  });
}

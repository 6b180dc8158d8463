/** Elementwise functions of one tensor: activations and plain mathematics. */
import type { Graph, Value } from '../graph.ts';

/**
 * ReLU. The gradient's mask is HardSigmoid(1e30 * y): 0 at 0 and 1 above, in one vectorised pass, where Sign takes
 * three times as long and Greater + Cast + Mul three passes.
 */
export function relu(g: Graph, x: Value): Value {
  const y = g.node('Relu', [x], x.shape);
  return g.rule(y, [x], (d) => {
    const steep = { alpha: { float: 1e30 }, beta: { float: 0 } };
    const mask = g.node('HardSigmoid', [y], y.shape, { attributes: steep, name: 'mask' });
    return [g.node('Mul', [d, mask], y.shape)];
  });
}

export function leakyRelu(g: Graph, x: Value, slope = 0.01): Value {
  const y = g.node('LeakyRelu', [x], x.shape, { attributes: { alpha: { float: slope } } });
  return g.rule(y, [x], (d) => {
    // LeakyRelu of the sign is 1, 0 or -slope; its absolute value is the derivative.
    const sign = g.node('Sign', [x], x.shape);
    const mask = g.node(
      'Abs',
      [g.node('LeakyRelu', [sign], x.shape, { attributes: { alpha: { float: slope } } })],
      x.shape,
    );
    return [g.node('Mul', [d, mask], x.shape)];
  });
}

/** ELU: x above 0, alpha * (exp(x) - 1) below. */
export function elu(g: Graph, x: Value, alpha = 1): Value {
  const y = g.node('Elu', [x], x.shape, { attributes: { alpha: { float: alpha } } });
  return g.rule(y, [x], (d) => {
    const positive = g.node('Greater', [x, g.scalar(0)], x.shape, { type: 'bool' });
    const below = g.node('Add', [y, g.scalar(alpha)], x.shape);
    const slope = g.node('Where', [positive, g.scalar(1), below], x.shape, { type: 'float32' });
    return [g.node('Mul', [d, slope], x.shape)];
  });
}

export function sigmoid(g: Graph, x: Value): Value {
  const y = g.node('Sigmoid', [x], x.shape);
  return g.rule(y, [x], (d) => {
    const slope = g.node('Mul', [y, g.node('Sub', [g.scalar(1), y], x.shape)], x.shape);
    return [g.node('Mul', [d, slope], x.shape)];
  });
}

/** SiLU (swish): x * sigmoid(x). */
export function silu(g: Graph, x: Value): Value {
  const s = g.node('Sigmoid', [x], x.shape);
  const y = g.node('Mul', [x, s], x.shape);
  return g.rule(y, [x], (d) => {
    // s * (1 + x * (1 - s)) = s * (1 + x - y)
    const inner = g.node('Sub', [g.node('Add', [x, g.scalar(1)], x.shape), y], x.shape);
    return [g.node('Mul', [d, g.node('Mul', [s, inner], x.shape)], x.shape)];
  });
}

export function tanh(g: Graph, x: Value): Value {
  const y = g.node('Tanh', [x], x.shape);
  return g.rule(y, [x], (d) => {
    const slope = g.node('Sub', [g.scalar(1), g.node('Mul', [y, y], x.shape)], x.shape);
    return [g.node('Mul', [d, slope], x.shape)];
  });
}

/** log(1 + exp(x)), safe for large |x|: ONNX Runtime computes it as max(x, 0) + log1p(exp(-|x|)). */
export function softplus(g: Graph, x: Value): Value {
  const y = g.node('Softplus', [x], x.shape);
  return g.rule(y, [x], (d) => [g.node('Mul', [d, g.node('Sigmoid', [x], x.shape)], x.shape)]);
}

/** x * Phi(x), by the error function. */
export function gelu(g: Graph, x: Value): Value {
  const erf = g.node('Erf', [g.node('Mul', [x, g.scalar(Math.SQRT1_2)], x.shape)], x.shape);
  const phi = g.node('Mul', [g.node('Add', [erf, g.scalar(1)], x.shape), g.scalar(0.5)], x.shape);
  const y = g.node('Mul', [x, phi], x.shape);
  return g.rule(y, [x], (d) => {
    const square = g.node('Mul', [x, x], x.shape);
    const bell = g.node('Exp', [g.node('Mul', [square, g.scalar(-0.5)], x.shape)], x.shape);
    const density = g.node('Mul', [bell, g.scalar(1 / Math.sqrt(2 * Math.PI))], x.shape);
    const slope = g.node('Add', [phi, g.node('Mul', [x, density], x.shape)], x.shape);
    return [g.node('Mul', [d, slope], x.shape)];
  });
}

export function exp(g: Graph, x: Value): Value {
  const y = g.node('Exp', [x], x.shape);
  return g.rule(y, [x], (d) => [g.node('Mul', [d, y], x.shape)]);
}

export function log(g: Graph, x: Value): Value {
  const y = g.node('Log', [x], x.shape);
  return g.rule(y, [x], (d) => [g.node('Div', [d, x], x.shape)]);
}

export function sqrt(g: Graph, x: Value): Value {
  const y = g.node('Sqrt', [x], x.shape);
  return g.rule(y, [x], (d) => [g.node('Div', [d, g.node('Mul', [y, g.scalar(2)], x.shape)], x.shape)]);
}

export function square(g: Graph, x: Value): Value {
  const y = g.node('Mul', [x, x], x.shape, { name: 'square' });
  return g.rule(y, [x], (d) => [g.node('Mul', [d, g.node('Mul', [x, g.scalar(2)], x.shape)], x.shape)]);
}

export function abs(g: Graph, x: Value): Value {
  const y = g.node('Abs', [x], x.shape);
  return g.rule(y, [x], (d) => [g.node('Mul', [d, g.node('Sign', [x], x.shape)], x.shape)]);
}

export function neg(g: Graph, x: Value): Value {
  const y = g.node('Neg', [x], x.shape);
  return g.rule(y, [x], (d) => [g.node('Neg', [d], x.shape)]);
}

/** x limited to [low, high]; no gradient outside. */
export function clip(g: Graph, x: Value, low: number, high: number): Value {
  const y = g.node('Clip', [x, g.scalar(low), g.scalar(high)], x.shape);
  return g.rule(y, [x], (d) => {
    const inside = g.node('Equal', [x, y], x.shape, { type: 'bool' });
    return [g.node('Where', [inside, d, g.scalar(0)], x.shape, { type: 'float32' })];
  });
}

/** Any integer tensor (pixels, labels) as float32; no gradient. */
export function toFloat(g: Graph, x: Value): Value {
  if (x.type === 'float32') return x;
  return g.node('Cast', [x], x.shape, { attributes: { to: 1 }, type: 'float32' });
}

/** The same numbers, cut off from the gradient. */
export function stopGradient(g: Graph, x: Value): Value {
  return { ...g.node('Identity', [x], x.shape), differentiable: false };
}

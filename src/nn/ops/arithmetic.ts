/** Sum, difference, product, quotient, minimum and maximum of two tensors, with NumPy's broadcasting. */
import { type Graph, type Shape, sizeOf, type Value } from '../graph.ts';

/** The shape two shapes broadcast to. Throws TypeError when they do not fit. */
export function broadcastShape(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new TypeError(`shapes [${a}] and [${b}] do not broadcast`);
    out.push(x === 1 ? y : x);
  }
  return out;
}

/** `gradient` summed over the dimensions along which a tensor of `shape` was repeated. */
export function sumTo(g: Graph, gradient: Value, shape: Shape): Value {
  if (gradient.shape.join() === shape.join()) return gradient;
  const lead = gradient.shape.length - shape.length;
  const axes: number[] = [];
  gradient.shape.forEach((d, i) => {
    if (i < lead || (shape[i - lead] === 1 && d !== 1)) axes.push(i);
  });
  let out = gradient;
  if (axes.length > 0) {
    const kept = gradient.shape.map((d, i) => (axes.includes(i) ? 1 : d));
    out = g.node('ReduceSum', [gradient, g.ints(axes)], kept, { attributes: { keepdims: 1 } });
  }
  if (out.shape.join() === shape.join()) return out;
  return g.node('Reshape', [out, g.ints(shape)], shape);
}

export function add(g: Graph, a: Value, b: Value): Value {
  const y = g.node('Add', [a, b], broadcastShape(a.shape, b.shape));
  return g.rule(y, [a, b], (d) => [
    a.differentiable ? sumTo(g, d, a.shape) : null,
    b.differentiable ? sumTo(g, d, b.shape) : null,
  ]);
}

export function sub(g: Graph, a: Value, b: Value): Value {
  const y = g.node('Sub', [a, b], broadcastShape(a.shape, b.shape));
  return g.rule(y, [a, b], (d) => [
    a.differentiable ? sumTo(g, d, a.shape) : null,
    b.differentiable ? sumTo(g, g.node('Neg', [d], d.shape), b.shape) : null,
  ]);
}

export function mul(g: Graph, a: Value, b: Value): Value {
  const y = g.node('Mul', [a, b], broadcastShape(a.shape, b.shape));
  return g.rule(y, [a, b], (d) => [
    a.differentiable ? sumTo(g, g.node('Mul', [d, b], y.shape), a.shape) : null,
    b.differentiable ? sumTo(g, g.node('Mul', [d, a], y.shape), b.shape) : null,
  ]);
}

export function div(g: Graph, a: Value, b: Value): Value {
  const y = g.node('Div', [a, b], broadcastShape(a.shape, b.shape));
  return g.rule(y, [a, b], (d) => {
    const da = g.node('Div', [d, b], y.shape);
    return [
      a.differentiable ? sumTo(g, da, a.shape) : null,
      b.differentiable ? sumTo(g, g.node('Neg', [g.node('Mul', [da, y], y.shape)], y.shape), b.shape) : null,
    ];
  });
}

/** Where both are equal, the gradient goes to `a`. */
export function maximum(g: Graph, a: Value, b: Value): Value {
  return extremum(g, 'Max', 'GreaterOrEqual', a, b);
}

/** Where both are equal, the gradient goes to `a`. */
export function minimum(g: Graph, a: Value, b: Value): Value {
  return extremum(g, 'Min', 'LessOrEqual', a, b);
}

function extremum(g: Graph, op: 'Max' | 'Min', compare: string, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  const y = g.node(op, [a, b], shape);
  return g.rule(y, [a, b], (d) => {
    const first = g.node(compare, [a, b], shape, { type: 'bool' });
    const zero = g.scalar(0);
    const to = (yes: Value, no: Value) => g.node('Where', [first, yes, no], shape, { type: 'float32' });
    return [
      a.differentiable ? sumTo(g, to(d, zero), a.shape) : null,
      b.differentiable ? sumTo(g, to(zero, d), b.shape) : null,
    ];
  });
}

/** `x * factor`, a plain number. */
export function scale(g: Graph, x: Value, factor: number): Value {
  return mul(g, x, g.scalar(factor));
}

/** The mean's divisor and the like need known sizes. Throws TypeError when the batch is unknown. */
export function knownSize(shape: Shape): number {
  const size = sizeOf(shape);
  if (size === 0) throw new TypeError('the batch is not known in an inference graph');
  return size;
}

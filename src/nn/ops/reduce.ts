/** Sum, mean, maximum along axes. */
import type { Graph, Shape, Value } from '../graph.ts';
import { knownSize } from './arithmetic.ts';
import { dimensionsOf } from './shape.ts';

export interface ReduceOptions {
  /** Default: all. Negative counts from the last. */
  readonly axes?: readonly number[];
  /** Keep reduced dimensions as 1; default false. */
  readonly keepDims?: boolean;
}

function plan(x: Value, options: ReduceOptions): { axes: number[]; kept: number[]; shape: number[] } {
  const rank = x.shape.length;
  const axes = (options.axes ?? x.shape.map((_, i) => i))
    .map((a) => (a < 0 ? a + rank : a))
    .sort((a, b) => a - b);
  for (const a of axes) if (a < 0 || a >= rank) throw new TypeError(`axis ${a} outside rank ${rank}`);
  const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const shape = options.keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
  return { axes, kept, shape };
}

/** `d`, shaped like the reduced tensor, repeated to the shape of `x` before. */
function spread(g: Graph, d: Value, kept: Shape, x: Value): Value {
  const wide = d.shape.join() === kept.join() ? d : g.node('Reshape', [d, g.ints(kept)], kept);
  return g.node('Expand', [wide, dimensionsOf(g, x)], x.shape);
}

export function reduceSum(g: Graph, x: Value, options: ReduceOptions = {}): Value {
  const { axes, kept, shape } = plan(x, options);
  const attributes = { keepdims: options.keepDims ? 1 : 0 };
  const y = g.node('ReduceSum', [x, g.ints(axes)], shape, { attributes });
  return g.rule(y, [x], (d) => [spread(g, d, kept, x)]);
}

export function reduceMean(g: Graph, x: Value, options: ReduceOptions = {}): Value {
  const { axes, kept, shape } = plan(x, options);
  const attributes = { keepdims: options.keepDims ? 1 : 0 };
  const y = g.node('ReduceMean', [x, g.ints(axes)], shape, { attributes });
  return g.rule(y, [x], (d) => {
    const n = knownSize(axes.map((a) => x.shape[a]));
    return [spread(g, g.node('Mul', [d, g.scalar(1 / n)], d.shape), kept, x)];
  });
}

/** Maximum; among equal maxima the gradient is shared. */
export function reduceMax(g: Graph, x: Value, options: ReduceOptions = {}): Value {
  const { axes, kept, shape } = plan(x, options);
  const attributes = { keepdims: options.keepDims ? 1 : 0 };
  const y = g.node('ReduceMax', [x, g.ints(axes)], shape, { attributes });
  return g.rule(y, [x], (d) => {
    const top = spread(g, y, kept, x);
    const equal = g.node('Equal', [x, top], x.shape, { type: 'bool' });
    const mask = g.node('Cast', [equal], x.shape, { attributes: { to: 1 }, type: 'float32' });
    const count = g.node('ReduceSum', [mask, g.ints(axes)], kept, { attributes: { keepdims: 1 } });
    return [g.node('Mul', [g.node('Div', [mask, count], x.shape), spread(g, d, kept, x)], x.shape)];
  });
}

/** Where along the last dimension x is largest (the first such place): int64, that dimension gone; no gradient. */
export function argMax(g: Graph, x: Value): Value {
  const y = g.node('ArgMax', [x], x.shape.slice(0, -1), {
    attributes: { axis: -1, keepdims: 0 },
    type: 'int64',
  });
  return { ...y, differentiable: false };
}

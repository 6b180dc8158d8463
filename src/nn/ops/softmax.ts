/** Softmax along the last dimension, and attention made of it (Vaswani et al. 2017, arXiv:1706.03762). */
import type { Graph, Value } from '../graph.ts';
import { scale } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { reshape, transpose } from './shape.ts';

export function softmax(g: Graph, x: Value): Value {
  const y = g.node('Softmax', [x], x.shape, { attributes: { axis: -1 } });
  return g.rule(y, [x], (d) => {
    const product = g.node('Mul', [d, y], x.shape);
    const kept = [...x.shape.slice(0, -1), 1];
    const sum = g.node('ReduceSum', [product, g.ints([-1])], kept, { attributes: { keepdims: 1 } });
    return [g.node('Mul', [y, g.node('Sub', [d, sum], x.shape)], x.shape)];
  });
}

/**
 * Scaled dot-product attention of `heads` heads. query [B, T, D], key and value [B, S, D]; result [B, T, D].
 * D divides by `heads`.
 */
export function attention(g: Graph, query: Value, key: Value, value: Value, heads: number): Value {
  const [b, t, d] = query.shape;
  const s = key.shape[1];
  if (d % heads !== 0) throw new TypeError(`${d} does not divide into ${heads} heads`);
  const size = d / heads;
  const split = (v: Value, n: number, perm: readonly number[]) =>
    transpose(g, reshape(g, v, [b, n, heads, size]), perm);
  const q = split(query, t, [0, 2, 1, 3]);
  const k = split(key, s, [0, 2, 3, 1]);
  const v = split(value, s, [0, 2, 1, 3]);
  const weights = softmax(g, scale(g, matmul(g, q, k), 1 / Math.sqrt(size)));
  return reshape(g, transpose(g, matmul(g, weights, v), [0, 2, 1, 3]), [b, t, d]);
}

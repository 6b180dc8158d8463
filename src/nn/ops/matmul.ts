/** Matrix products: batched `matmul`, and `linear` (a fully connected layer) as one Gemm. */
import type { Graph, Value } from '../graph.ts';
import { add, broadcastShape, sumTo } from './arithmetic.ts';
import { transpose } from './shape.ts';

function swapLast(g: Graph, x: Value): Value {
  const rank = x.shape.length;
  const perm = x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
  return g.node(
    'Transpose',
    [x],
    perm.map((p) => x.shape[p]),
    { attributes: { perm } },
  );
}

/** [.., M, K] x [.., K, N] to [.., M, N], leading dimensions broadcast; both of rank 2 or more. */
export function matmul(g: Graph, a: Value, b: Value): Value {
  const [m, k] = a.shape.slice(-2);
  const [k2, n] = b.shape.slice(-2);
  if (a.shape.length < 2 || b.shape.length < 2 || k !== k2) {
    throw new TypeError(`cannot multiply [${a.shape}] by [${b.shape}]`);
  }
  const y = g.node('MatMul', [a, b], [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n]);
  return g.rule(y, [a, b], (d) => {
    const lead = d.shape.slice(0, -2);
    return [
      a.differentiable ? sumTo(g, g.node('MatMul', [d, swapLast(g, b)], [...lead, m, k]), a.shape) : null,
      b.differentiable ? sumTo(g, g.node('MatMul', [swapLast(g, a), d], [...lead, k, n]), b.shape) : null,
    ];
  });
}

/** x [B, .., I], weight [O, I], bias [O] or null: x * weight^T + bias, [B, .., O]. */
export function linear(g: Graph, x: Value, weight: Value, bias: Value | null): Value {
  const inner = x.shape[x.shape.length - 1];
  const [outer, inner2] = weight.shape;
  if (x.shape.length < 2 || inner !== inner2)
    throw new TypeError(`linear: [${x.shape}] by [${weight.shape}]`);
  if (x.shape.length > 2) {
    const product = matmul(g, x, transpose(g, weight, [1, 0]));
    return bias ? add(g, product, bias) : product;
  }
  const y = g.node('Gemm', [x, weight, bias], [x.shape[0], outer], { attributes: { transB: 1 } });
  return g.rule(y, [x, weight, bias], (d) => [
    x.differentiable ? g.node('Gemm', [d, weight], x.shape) : null,
    weight.differentiable ? g.node('Gemm', [d, x], weight.shape, { attributes: { transA: 1 } }) : null,
    bias?.differentiable ? sumTo(g, d, bias.shape) : null,
  ]);
}

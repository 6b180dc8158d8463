/** Cross-entropies on logits, numerically safe, with a weight per sample. */
import type { Graph, Value } from '../graph.ts';
import { softplus } from './activation.ts';
import { mul } from './arithmetic.ts';
import { reduceMean, reduceSum } from './reduce.ts';
import { reshape } from './shape.ts';

/**
 * Mean of -target*log(p) - (1-target)*log(1-p), p = sigmoid(logit). `target` (0..1) and `logit` have one shape;
 * `weight` [B] (or the same shape) weighs samples: the result is sum(weight*loss) / sum(weight).
 */
export function sigmoidCrossEntropy(g: Graph, logit: Value, target: Value, weight?: Value): Value {
  const goal = target.shape.join() === logit.shape.join() ? target : reshape(g, target, logit.shape);
  const raw = g.node('Sub', [softplus(g, logit), mul(g, logit, goal)], logit.shape, { name: 'crossEntropy' });
  const loss = g.rule(raw, [logit], (d) => {
    const error = g.node('Sub', [g.node('Sigmoid', [logit], logit.shape), goal], logit.shape);
    return [g.node('Mul', [d, error], logit.shape)];
  });
  return weighedMean(g, loss, weight);
}

/** Mean of `values` [B, ..]; with `weight` [B], weighed by it. */
export function weighedMean(g: Graph, values: Value, weight?: Value): Value {
  if (!weight) return reduceMean(g, values);
  const wide = [values.shape[0], ...values.shape.slice(1).map(() => 1)];
  const w = weight.shape.length === values.shape.length ? weight : reshape(g, weight, wide);
  const repeats = values.shape.reduce((p, n, i) => p * (w.shape[i] === n ? 1 : n), 1);
  const total = g.node(
    'Mul',
    [g.node('ReduceSum', [w], [], { attributes: { keepdims: 0 } }), g.scalar(repeats)],
    [],
  );
  const safe = g.node('Max', [total, g.scalar(1e-12)], []);
  const sum = reduceSum(g, mul(g, values, w));
  const y = g.node('Div', [sum, safe], []);
  return g.rule(y, [sum], (d) => [g.node('Div', [d, safe], [])]);
}

/**
 * Mean of -sum(target * log softmax(logits)). logits [B, K]; `target` is int64 [B] (class numbers) or float32 [B, K]
 * (shares, which need not add up to 1); `weight` [B] weighs samples.
 */
export function softmaxCrossEntropy(g: Graph, logits: Value, target: Value, weight?: Value): Value {
  const [batch, classes] = logits.shape;
  let goal = target;
  if (target.type === 'int64') {
    const values = g.constant([0, 1], [2]);
    const depth = g.constant(BigInt64Array.of(BigInt(classes)), []);
    goal = g.node('OneHot', [target, depth, values], [batch, classes], {
      attributes: { axis: -1 },
      type: 'float32',
    });
  }
  const keep = { attributes: { keepdims: 0 } };
  const logarithms = g.node('LogSoftmax', [logits], logits.shape, { attributes: { axis: -1 } });
  const product = g.node('Mul', [goal, logarithms], logits.shape);
  const sum = g.node('ReduceSum', [product, g.ints([1])], [batch], keep);
  const raw = g.node('Neg', [sum], [batch], { name: 'crossEntropy' });
  const loss = g.rule(raw, [logits], (d) => {
    const mass = g.node('ReduceSum', [goal, g.ints([1])], [batch, 1], { attributes: { keepdims: 1 } });
    const expected = g.node('Mul', [g.node('Exp', [logarithms], logits.shape), mass], logits.shape);
    const error = g.node('Sub', [expected, goal], logits.shape);
    const column = g.node('Reshape', [d, g.ints([batch, 1])], [batch, 1]);
    return [g.node('Mul', [error, column], logits.shape)];
  });
  return weighedMean(g, loss, weight);
}

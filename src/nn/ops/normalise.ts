/**
 * Instance, group and layer normalisation: all normalise groups of numbers of one sample, and differ in what a group is
 * (Ulyanov et al. arXiv:1607.08022, Wu and He arXiv:1803.08494, Ba et al. arXiv:1607.06450). Moments are those of the
 * sample at hand, while training and after.
 */
import type { Graph, Value } from '../graph.ts';
import { add, mul } from './arithmetic.ts';
import { reshape } from './shape.ts';

/** x [B, G, N]: every row of N numbers to mean 0 and variance 1 (with `epsilon` added to the variance). */
function normaliseRows(g: Graph, x: Value, epsilon: number): Value {
  const [, groups, n] = x.shape;
  const one = g.constant(new Float32Array(groups).fill(1), [groups]);
  const zero = g.constant(new Float32Array(groups), [groups]);
  const attributes = { epsilon: { float: epsilon } };
  const y = g.node('InstanceNormalization', [x, one, zero], x.shape, { attributes });
  return g.rule(y, [x], (d) => {
    const row = [x.shape[0], groups, 1];
    const keep = { attributes: { keepdims: 1 } };
    const axes = g.ints([2]);
    const mean = g.node('ReduceMean', [x, axes], row, keep);
    const centred = g.node('Sub', [x, mean], x.shape);
    const power = g.node('ReduceSumSquare', [centred, axes], row, keep);
    const variance = g.node('Mul', [power, g.scalar(1 / n)], row);
    const deviation = g.node('Sqrt', [g.node('Add', [variance, g.scalar(epsilon)], row)], row);
    // dx = (d - mean(d) - y * mean(d * y)) / deviation
    const meanD = g.node('ReduceMean', [d, axes], row, keep);
    const meanDY = g.node('ReduceMean', [g.node('Mul', [d, y], x.shape), axes], row, keep);
    const rest = g.node(
      'Sub',
      [g.node('Sub', [d, meanD], x.shape), g.node('Mul', [y, meanDY], x.shape)],
      x.shape,
    );
    return [g.node('Div', [rest, deviation], x.shape)];
  });
}

/** x [B, C, H, W] in `groups` groups of channels; gain and shift [C]. `groups` = C is instance normalisation. */
export function groupNorm(
  g: Graph,
  x: Value,
  groups: number,
  gain: Value,
  shift: Value,
  epsilon: number,
): Value {
  const [b, c, ...plane] = x.shape;
  if (c % groups !== 0) throw new TypeError(`${c} channels do not divide into ${groups} groups`);
  const n = (c / groups) * plane.reduce((p, d) => p * d, 1);
  const normal = reshape(g, normaliseRows(g, reshape(g, x, [b, groups, n]), epsilon), x.shape);
  const wide = [c, ...plane.map(() => 1)];
  return add(g, mul(g, normal, reshape(g, gain, wide)), reshape(g, shift, wide));
}

/** x [B, .., D], every vector of the last dimension by itself; gain and shift [D]. */
export function layerNorm(g: Graph, x: Value, gain: Value, shift: Value, epsilon: number): Value {
  const [b, ...rest] = x.shape;
  const size = rest[rest.length - 1];
  const rows = rest.slice(0, -1).reduce((p, d) => p * d, 1);
  const normal = reshape(g, normaliseRows(g, reshape(g, x, [b, rows, size]), epsilon), x.shape);
  return add(g, mul(g, normal, gain), shift);
}

/**
 * The network on residual statistics, declared once: a linear discriminant (fitted in closed form) plus the mean of
 * three small perceptrons for each tile, and a second discriminant that is meant for the mean over a picture's tiles.
 * Standardisation is part of the network, so that whoever runs it feeds raw statistics.
 */
import { STATISTICS } from '../../src/core/residuals/index.ts';
import { type Builder, type Network, network, type Value } from '../../src/nn/index.ts';

export interface Scaling {
  readonly mean: Float32Array;
  /** 1 / standard deviation. */
  readonly rate: Float32Array;
}

/** Standardised statistics beyond this many standard deviations count no further. */
export const CLIP = 5;
export const PERCEPTRONS = 3;
const HIDDEN = 128;

function perceptron(b: Builder, x: Value, index: number): Value {
  const hidden = b.relu(b.linear(b.dropout(x, 0.2), HIDDEN, { name: `hidden${index}` }));
  return b.linear(b.dropout(hidden, 0.5), 1, { name: `out${index}` });
}

/** One perceptron on standardised statistics, as it is trained. */
export function perceptronNetwork(index: number): Network {
  return network({
    name: `synthesis-perceptron-${index}`,
    seed: 101 + index,
    inputs: { x: [STATISTICS] },
    build: (b, { x }) => ({ logit: perceptron(b, x, index) }),
  });
}

/**
 * Everything, as it is used: `statistics` [batch, STATISTICS] of tiles to `score` [batch, 1], and to `whole` [batch, 1],
 * whose mean over the tiles of a picture is the second discriminant's answer about it (which is why it clips nothing).
 */
export function headNetwork(name: string, tile: Scaling, whole: Scaling): Network {
  return network({
    name,
    seed: 1,
    inputs: { statistics: [STATISTICS] },
    build(b, { statistics }) {
      const standard = ({ mean, rate }: Scaling) =>
        b.mul(
          b.sub(statistics, b.graph.constant(mean, [1, STATISTICS])),
          b.graph.constant(rate, [1, STATISTICS]),
        );
      const x = b.clip(standard(tile), -CLIP, CLIP);
      let score = b.linear(x, 1, { name: 'discriminant' });
      for (let i = 0; i < PERCEPTRONS; i++) score = b.add(score, b.mul(perceptron(b, x, i), 1 / PERCEPTRONS));
      return { score, whole: b.linear(standard(whole), 1, { name: 'whole' }) };
    },
  });
}

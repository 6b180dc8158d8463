/**
 * The codebook of a VQ-VAE (van den Oord et al. 2017, arXiv:1711.00937): every place of a code takes the nearest of K
 * vectors, and the gradient steps straight through the choice.
 *
 * Two things keep vectors from being left without a single taker: what the encoder says at a place is first brought to
 * mean 0 and variance 1, where the vectors start as well, and idle vectors are fetched (`idleness`).
 */
import type { Builder, Value } from '../../nn/index.ts';

export interface Quantised {
  /** The nearest vectors, [B, D, h, w]; its gradient goes to `wanted`. */
  readonly code: Value;
  /** All vectors, [K, D]. */
  readonly codebook: Value;
  /** What the encoder said, normalised, [B, h * w, D]. */
  readonly wanted: Value;
  /** The nearest vectors, [B, h * w, D]; their gradient goes to the codebook. */
  readonly nearest: Value;
  /** int64 [B, h * w]: which vectors they are. */
  readonly indices: Value;
}

/** x [B, D, h, w] to the nearest of `count` vectors of D numbers, the parameter `codebook`. */
export function quantise(b: Builder, x: Value, count: number): Quantised {
  const [batch, size, height, width] = x.shape;
  const codebook = b.parameter('codebook', [count, size], { normal: 1 }, false);
  const places = b.reshape(x, [batch, size, height * width]);
  const wanted = b.layerNorm(b.transpose(places, [0, 2, 1]));
  const indices = b.argMax(nearness(b, wanted, b.stopGradient(codebook)));
  const nearest = b.rows(codebook, indices);
  const chosen = b.training ? b.add(wanted, b.stopGradient(b.sub(nearest, wanted))) : nearest;
  const code = b.reshape(b.transpose(chosen, [0, 2, 1]), [batch, size, height, width]);
  return { code, codebook, wanted, nearest, indices };
}

/** [.., N, M]: the larger, the nearer is each of the `others` [M, D] to each of `points` [.., N, D]. */
function nearness(b: Builder, points: Value, others: Value): Value {
  // |p - o|² is |p|², the same for all others, less 2 p·o - |o|².
  const products = b.matmul(points, b.transpose(others, [1, 0]));
  return b.sub(b.mul(products, 2), b.sum(b.square(others), { axes: [1] }));
}

/**
 * Mean squared distance of every vector of the codebook to what was said nearest to it in this batch: its gradient
 * fetches the vectors that nobody takes. For training only.
 */
export function idleness(b: Builder, { codebook, wanted }: Pick<Quantised, 'codebook' | 'wanted'>): Value {
  const [batch, places, size] = wanted.shape;
  const said = b.stopGradient(b.reshape(wanted, [batch * places, size]));
  const closest = b.rows(said, b.argMax(nearness(b, b.stopGradient(codebook), said)));
  return b.mean(b.square(b.sub(codebook, closest)));
}

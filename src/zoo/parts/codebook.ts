/**
 * The codebook of a VQ-VAE (van den Oord et al. 2017, arXiv:1711.00937): every place of a code takes the nearest of K
 * vectors, and the gradient steps straight through the choice.
 *
 * What the encoder says is first brought to mean 0 and variance 1, where the vectors start as well: with both of the
 * same size from the first step, vectors are far less often left without a single taker.
 */
import type { Builder, Value } from '../../nn/index.ts';

export interface Quantised {
  /** The nearest vectors, [B, D, h, w]; its gradient goes to `wanted`. */
  readonly code: Value;
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
  const places = b.reshape(b.groupNorm(x, 1), [batch, size, height * width]);
  const wanted = b.transpose(places, [0, 2, 1]);
  // The nearest is where 2 x·e - |e|² is largest; |x|² is the same for all.
  const table = b.stopGradient(codebook);
  const nearness = b.sub(
    b.mul(b.matmul(wanted, b.transpose(table, [1, 0])), 2),
    b.sum(b.square(table), { axes: [1] }),
  );
  const indices = b.argMax(nearness);
  const nearest = b.rows(codebook, indices);
  const chosen = b.training ? b.add(wanted, b.stopGradient(b.sub(nearest, wanted))) : nearest;
  const code = b.reshape(b.transpose(chosen, [0, 2, 1]), [batch, size, height, width]);
  return { code, wanted, nearest, indices };
}

/** Critics: from a picture to features and a score, in the forms that the adversarial losses ask for. */
import type { Builder, Value } from '../../nn/index.ts';
import { type Critic, centred, normalise, widthAt } from './blocks.ts';

const WIDEST = 96;

/** A convolution of stride 2 whose weights are divided by their largest singular value, one power iteration a step. */
function spectralConv(b: Builder, x: Value, channels: number, stride: number): Value {
  return b.scope(`spectral${channels}x${x.shape[2]}s${stride}`, () => {
    const inner = x.shape[1];
    const weight = b.parameter('weight', [channels, inner, 3, 3]);
    const bias = b.parameter('bias', [channels], 'zeros');
    const u = b.statistic('u', [1, channels], { normal: 1 });
    const flat = b.reshape(weight, [channels, inner * 9]);
    const held = b.stopGradient(flat);
    const unit = (v: Value) => b.div(v, b.add(b.sqrt(b.sum(b.square(v))), 1e-8));
    const v = b.stopGradient(unit(b.matmul(u, held)));
    const next = b.stopGradient(unit(b.matmul(v, b.transpose(held, [1, 0]))));
    b.updateStatistic('u', next);
    const sigma = b.sum(b.mul(next, b.matmul(v, b.transpose(flat, [1, 0]))));
    return b.convWith(x, b.div(weight, sigma), bias, { stride });
  });
}

export interface Criticism {
  /** [B, size], no activation. */
  readonly score: Value;
  /** [B, F]. */
  readonly features: Value;
}

/** `size` numbers a picture; the last convolution's features, flattened. */
export function criticise(b: Builder, picture: Value, critic: Critic, size = 1): Criticism {
  let h = centred(b, picture);
  for (let level = 0; level < critic.depth; level++) {
    const channels = widthAt(critic.width, WIDEST, level);
    if (critic.spectral) h = spectralConv(b, h, channels, 2);
    else {
      const bias = critic.normalisation === 'none' || level === 0;
      h = b.conv(h, channels, { stride: 2, bias });
      if (level > 0) h = normalise(b, h, critic.normalisation);
    }
    h = b.leakyRelu(h, 0.2);
  }
  const [batch, c, height, width] = h.shape;
  const features = b.reshape(h, [batch, c * height * width]);
  return { score: b.linear(features, size, { name: 'score' }), features };
}

/**
 * Slope [B] of a critic on the way from generated to real pictures, where the optimal critic's gradient points
 * (proposition 1 of Gulrajani et al. 2017, arXiv:1704.00028), by a difference over a tenth of the way: a gradient
 * penalty that needs no second derivatives.
 */
export function slopeBetween(
  b: Builder,
  real: Value,
  held: Value,
  opinion: (picture: Value, frozen: boolean) => Value,
): Value {
  const way = b.sub(real, held);
  const at = (share: number) => opinion(b.add(held, b.mul(way, share)), false);
  const length = b.sqrt(b.add(b.sum(b.square(way), { axes: [1, 2, 3] }), 1e-6));
  const rise = b.reshape(b.sub(at(0.6), at(0.5)), [real.shape[0]]);
  return b.div(rise, b.mul(length, 0.1));
}

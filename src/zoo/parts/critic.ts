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

/**
 * How much the features [B, F] of a batch differ from each other, one number handed to each picture of it, [B, 1]: a
 * critic that sees it does not let a generator make one picture only (Karras et al. 2018, arXiv:1710.10196).
 */
function spreadOf(b: Builder, features: Value): Value {
  const [batch] = features.shape;
  const centre = b.mean(features, { axes: [0], keepDims: true });
  const variance = b.mean(b.square(b.sub(features, centre)), { axes: [0] });
  const spread = b.reshape(b.mean(b.sqrt(b.add(variance, 1e-6))), [1, 1]);
  return b.add(b.constant(new Float32Array(batch), [batch, 1]), spread);
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
  const seen = critic.spread ? b.concat([features, spreadOf(b, features)]) : features;
  return { score: b.linear(seen, size, { name: 'score' }), features };
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

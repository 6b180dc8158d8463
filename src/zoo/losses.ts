/**
 * Losses by name. What a generator is trained with is a list of these names, and RED's ten loss bits (Asnani et al.,
 * arXiv:2106.07873, table 2) follow from the names.
 */
import { LOSS_BITS, type LossBit } from '../core/construction.ts';
import type { Builder, Value } from '../nn/index.ts';
import type { LossName } from './declaration.ts';

/** A least-squares GAN minimises squared errors, so it sets both bits, as RED's own table has it. */
const BITS: Readonly<Record<LossName, readonly LossBit[]>> = {
  l1: ['l1'],
  l2: ['l2'],
  mse: ['mse'],
  mmd: ['mmd'],
  'bce-adversarial': ['adversarial', 'cross-entropy'],
  relativistic: ['adversarial', 'cross-entropy'],
  wgan: ['wgan'],
  'wgan-gp': ['wgan', 'l2'],
  hinge: ['hinge'],
  'least-squares': ['mse', 'least-squares'],
  began: ['l1'],
  kl: ['kl'],
  'cross-entropy': ['cross-entropy'],
};

/** Which of the ten bits a list of losses sets, in RED's order. */
export function lossBits(losses: readonly LossName[]): number[] {
  const set = new Set(losses.flatMap((name) => BITS[name]));
  return LOSS_BITS.map((bit) => (set.has(bit) ? 1 : 0));
}

/** Pixel losses between [B, 3, S, S] pictures in 0..1, each scaled to be of the order of the mean absolute error. */
export function pixelLoss(b: Builder, name: 'l1' | 'l2' | 'mse', made: Value, wanted: Value): Value {
  const error = b.sub(made, wanted);
  if (name === 'l1') return b.mean(b.abs(error));
  if (name === 'mse') return b.mul(b.mean(b.square(error)), 4);
  const perPicture = b.mean(b.square(error), { axes: [1, 2, 3] });
  return b.mean(b.sqrt(b.add(perPicture, 1e-6)));
}

export const isPixelLoss = (name: LossName): name is 'l1' | 'l2' | 'mse' =>
  name === 'l1' || name === 'l2' || name === 'mse';

export type AdversarialName = Exclude<LossName, 'l1' | 'l2' | 'mse' | 'kl' | 'cross-entropy' | 'began'>;

export const isAdversarial = (name: LossName): name is AdversarialName =>
  !isPixelLoss(name) && name !== 'kl' && name !== 'cross-entropy' && name !== 'began';

/** What a critic says. `generated` passes no gradient to the generator, `seen` none to the critic. */
export interface Opinions {
  readonly real: Value;
  readonly generated: Value;
  readonly seen: Value;
}

/** Squared maximum mean discrepancy of two batches of features [B, F], rational quadratic kernels. */
function discrepancy(b: Builder, x: Value, y: Value): Value {
  const kernel = (p: Value, q: Value) => {
    const pp = b.sum(b.square(p), { axes: [1], keepDims: true });
    const qq = b.reshape(b.sum(b.square(q), { axes: [1] }), [1, q.shape[0]]);
    const distance = b.add(b.sub(b.add(pp, qq), b.mul(b.matmul(p, b.transpose(q, [1, 0])), 2)), 1e-6);
    const parts = [0.5, 2, 8].map((a) => b.div(b.scalar(1), b.add(b.div(distance, a), 1)));
    return b.mean(parts.reduce((s, part) => b.add(s, part)));
  };
  return b.sub(b.add(kernel(x, x), kernel(y, y)), b.mul(kernel(x, y), 2));
}

/** The critic's and the generator's share of an adversarial loss, as scalars. */
export function adversarialLoss(
  b: Builder,
  name: AdversarialName,
  { real, generated, seen }: Opinions,
): { critic: Value; generator: Value } {
  switch (name) {
    case 'bce-adversarial':
      return {
        critic: b.add(b.mean(b.softplus(b.neg(real))), b.mean(b.softplus(generated))),
        generator: b.mean(b.softplus(b.neg(seen))),
      };
    case 'relativistic': {
      // Against the average of the other side (Jolicoeur-Martineau 2018, arXiv:1807.00734).
      const truth = b.sub(real, b.mean(generated));
      const lie = b.sub(generated, b.mean(real));
      const held = b.stopGradient(real);
      const truthSeen = b.sub(held, b.mean(seen));
      const lieSeen = b.sub(seen, b.mean(held));
      return {
        critic: b.add(b.mean(b.softplus(b.neg(truth))), b.mean(b.softplus(lie))),
        generator: b.add(b.mean(b.softplus(truthSeen)), b.mean(b.softplus(b.neg(lieSeen)))),
      };
    }
    case 'wgan':
    case 'wgan-gp':
      return { critic: b.sub(b.mean(generated), b.mean(real)), generator: b.neg(b.mean(seen)) };
    case 'hinge':
      return {
        critic: b.add(b.mean(b.relu(b.sub(b.scalar(1), real))), b.mean(b.relu(b.add(generated, 1)))),
        generator: b.neg(b.mean(seen)),
      };
    case 'least-squares':
      return {
        critic: b.add(b.mean(b.square(b.sub(real, 1))), b.mean(b.square(generated))),
        generator: b.mean(b.square(b.sub(seen, 1))),
      };
    case 'mmd':
      return {
        critic: b.neg(discrepancy(b, real, generated)),
        generator: discrepancy(b, b.stopGradient(real), seen),
      };
  }
}

const PENALTY = 10;

/** What WGAN-GP's critic pays for slopes [B] other than 1. */
export function slopePenalty(b: Builder, slope: Value): Value {
  return b.mul(b.mean(b.square(b.sub(slope, 1))), PENALTY);
}

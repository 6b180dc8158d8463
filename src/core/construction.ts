/**
 * How a generator is built, in the terms of RED (Asnani et al. 2021, arXiv:2106.07873): nine continuous and six discrete
 * values of architecture and ten bits of loss. The zoo reads them off its declarations, model parsing estimates them.
 */

export const CONTINUOUS = [
  'layers',
  'convolutionalLayers',
  'fullyConnectedLayers',
  'poolingLayers',
  'normalisationLayers',
  'filters',
  'blocks',
  'layersPerBlock',
  'parameters',
] as const;

/** Values of the six discrete parameters, in RED's numbering. */
export const DISCRETE = {
  normalisation: ['batch', 'instance', 'none', 'other'],
  lastActivation: ['relu', 'tanh', 'linear', 'sigmoid'],
  activation: ['elu', 'relu', 'leaky', 'other'],
  upsampling: ['interpolation or none', 'learned'],
  skip: ['no', 'yes'],
  downsampling: ['no', 'yes'],
} as const;

/** RED's ten bits of loss, in its order. */
export const LOSS_BITS = [
  'l1',
  'l2',
  'mse',
  'mmd',
  'adversarial',
  'wgan',
  'kl',
  'hinge',
  'least-squares',
  'cross-entropy',
] as const;

export type ContinuousName = (typeof CONTINUOUS)[number];
export type DiscreteName = keyof typeof DISCRETE;
export type LossBit = (typeof LOSS_BITS)[number];

export interface Construction {
  readonly continuous: Readonly<Record<ContinuousName, number>>;
  /** Index into {@link DISCRETE}. */
  readonly discrete: Readonly<Record<DiscreteName, number>>;
  readonly losses: Readonly<Record<LossBit, boolean>>;
}

/** A quantity that was estimated, in its own unit. */
export interface Interval {
  readonly value: number;
  /** The true value lies from `lo` to `hi` with a probability of about 0.9. */
  readonly lo: number;
  readonly hi: number;
}

/** What model parsing says of the generator behind a picture. */
export interface ConstructionEstimate {
  readonly continuous: Readonly<Record<ContinuousName, Interval>>;
  /** Probability of each class, in the order of {@link DISCRETE}; together 1. */
  readonly discrete: Readonly<Record<DiscreteName, readonly number[]>>;
  /** Probability that a generator was trained with each loss. */
  readonly losses: Readonly<Record<LossBit, number>>;
  /** Generators of known construction that are most alike, the most alike first; cosines, -1..1. */
  readonly nearest: readonly { readonly name: string; readonly similarity: number }[];
}

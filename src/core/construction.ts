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

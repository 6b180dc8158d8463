/** Five hundred shallow synthesis models, drawn by a seeded sampler; no two of the same construction. */
import { Random } from '../../core/random.ts';
import type { LossName, ShallowDeclaration } from '../declaration.ts';
import type { Decoder, Encoder } from '../parts/blocks.ts';

export const SHALLOW_COUNT = 512;
const SEED = 2307;

const LOSSES: readonly (readonly LossName[])[] = [
  ['l1'],
  ['l1'],
  ['mse'],
  ['mse'],
  ['l2'],
  ['l1', 'mse'],
  ['l1', 'bce-adversarial'],
  ['mse', 'hinge'],
  ['l1', 'least-squares'],
  ['l2', 'wgan-gp'],
];

function draw(random: Random): Omit<ShallowDeclaration, 'name' | 'seed'> {
  const depth = random.pick([1, 1, 1, 1, 2]);
  const upsampling = random.pick([
    'nearest',
    'bilinear',
    'transposed3',
    'transposed4',
    'transposed5',
    'shuffle',
    'unpool',
  ] as const);
  const normalisation = random.pick(['batch', 'batch', 'none', 'none', 'none', 'group', 'instance'] as const);
  const activation = random.pick(['elu', 'relu', 'leaky', 'silu'] as const);
  const kernel = random.pick([3, 3, 3, 5]);
  const width = random.pick([8, 12, 16]);
  const decoder: Decoder = {
    ...{ width, widest: 48, depth, kernel, normalisation, activation, upsampling },
    layers: random.pick([1, 2, 2]),
    residual: random.chance(0.3),
    last: random.pick(['tanh', 'sigmoid', 'linear', 'relu'] as const),
    lastKernel: random.pick([1, 3, 3, 5]),
    style: false,
  };
  // Interpolation does not tell where in a pixel of the code a pixel of the picture lies; it needs features from beside.
  const blind = upsampling === 'nearest' || upsampling === 'bilinear';
  // Unpooling needs to know where the maxima were; a decoder on a fixed code has the picture's own pixels to start from.
  const encoder: Encoder | null =
    random.chance(0.25) && upsampling !== 'unpool'
      ? null
      : {
          ...{ width, widest: 48, depth, kernel, normalisation, activation },
          layers: random.pick([1, 1, 2]),
          downsampling:
            upsampling === 'unpool' ? 'maxpool' : random.pick(['stride', 'maxpool', 'averagepool']),
        };
  return {
    family: 'shallow',
    ...{ encoder, decoder },
    across: encoder !== null && random.chance(blind || depth > 1 ? 0.7 : 0.25),
    losses: random.pick(LOSSES),
    subject: random.chance(0.5) ? 'faces' : 'textures',
    ...{ size: 32, steps: 800, batch: 8, rate: 4e-3 },
  };
}

/** The same list every time. */
export function shallowCatalogue(): ShallowDeclaration[] {
  const random = new Random(SEED);
  const seen = new Set<string>();
  const list: ShallowDeclaration[] = [];
  while (list.length < SHALLOW_COUNT) {
    const drawn = draw(random);
    const { subject: _, ...construction } = drawn;
    const key = JSON.stringify(construction);
    if (seen.has(key)) continue;
    seen.add(key);
    const number = String(list.length).padStart(3, '0');
    list.push({ ...drawn, name: `shallow-${number}`, seed: SEED + list.length });
  }
  return list;
}

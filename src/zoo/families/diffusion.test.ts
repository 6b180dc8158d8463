import { describe, expect, it } from 'vitest';
import type { HuoyanError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { DiffusionDeclaration } from '../declaration.ts';
import { gradients } from '../parts/pictures.test-support.ts';
import { ending, runner, teach } from '../parts/training.test-support.ts';
import { diffusion } from './diffusion.ts';

const SIZE = 16;
const STEPS = 50;

const declared: DiffusionDeclaration = {
  ...{ family: 'diffusion', name: 'tiny-diffusion', subject: 'textures', seed: 4, size: SIZE, steps: STEPS },
  ...{ batch: 16, rate: 8e-3, losses: ['mse'], width: 8, attention: true, upsampling: 'nearest' },
  ...{ activation: 'silu', target: 'velocity', schedule: 'cosine', sampler: 'ddim', sampleSteps: 6 },
};

const kinds: Record<string, DiffusionDeclaration> = {
  'velocity, cosine, DDIM': declared,
  'noise, linear, DDPM': {
    ...{ ...declared, target: 'noise', schedule: 'linear', sampler: 'ddpm', losses: ['l1'] },
    ...{ attention: false, upsampling: 'transposed4', activation: 'relu' },
  },
  'picture, cosine, DDPM': { ...declared, target: 'picture', sampler: 'ddpm', upsampling: 'shuffle' },
};

describe.each(Object.entries(kinds))('diffusion of %s', (_, declaration) => {
  it('learns, and makes the same pictures from the same seed, a few at a time', async () => {
    const model = diffusion(declaration);
    const { losses, weights } = await teach(model, gradients, STEPS);
    expect(ending(losses)).toBeLessThan(losses[0] * 0.6);

    const ran: string[] = [];
    const ask = (seed: number, count: number) =>
      model.sample({
        ...{ run: runner(model, weights, ran), random: new Random(seed), pictures: gradients },
        ...{ count, size: SIZE },
      });
    const [first, again, other] = [await ask(7, 3), await ask(7, 3), await ask(8, 3)];
    expect(first).toHaveLength(3 * 3 * SIZE * SIZE);
    expect(first.every((v) => v >= 0 && v <= 1)).toBe(true);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(ran).toHaveLength(3 * declaration.sampleSteps);
    expect(new Set(ran.map((name) => model.networks[name]))).toEqual(new Set([model.generator]));
    expect(await ask(7, 33)).toHaveLength(33 * 3 * SIZE * SIZE);
    expect(ran).toHaveLength(5 * declaration.sampleSteps);
  });
});

it.each<[string, Partial<DiffusionDeclaration>]>([
  ['a divergence', { losses: ['mse', 'kl'] }],
  ['no loss', { losses: [] }],
  ['a side that cannot be halved', { size: 24 }],
  ['a width that does not group', { width: 6 }],
  ['no steps', { sampleSteps: 0 }],
])('refuses a declaration with %s', (_, wrong) => {
  const build = () => diffusion({ ...declared, ...wrong });
  expect(build).toThrow(expect.objectContaining({ code: 'bad-argument' } satisfies Partial<HuoyanError>));
});

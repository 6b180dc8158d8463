import { expect, it } from 'vitest';
import type { HuoyanError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { FaceSwapDeclaration } from '../declaration.ts';
import { gradients } from '../parts/pictures.test-support.ts';
import { ending, runner, teach } from '../parts/training.test-support.ts';
import { faceSwap } from './face-swap.ts';

const SIZE = 16;
const STEPS = 60;

const declared: FaceSwapDeclaration = {
  ...{ family: 'face-swap', name: 'tiny-swap', subject: 'faces', seed: 3, size: SIZE, steps: STEPS },
  ...{ batch: 12, rate: 8e-3, losses: ['l1'], latent: 12 },
  encoder: {
    ...{ width: 8, widest: 16, depth: 2, kernel: 3, layers: 1 },
    ...{ normalisation: 'none', activation: 'leaky', downsampling: 'stride' },
  },
  decoder: {
    ...{ width: 8, widest: 16, depth: 2, kernel: 3, layers: 1, normalisation: 'none', activation: 'leaky' },
    ...{ upsampling: 'shuffle', residual: false, last: 'sigmoid', lastKernel: 3, style: false },
  },
};

/** Mean of blue less mean of red of one batch of planar pictures. */
function blueness(pictures: ArrayLike<number>): number {
  const plane = SIZE * SIZE;
  let sum = 0;
  for (let i = 0; i < pictures.length; i++) {
    const channel = Math.floor(i / plane) % 3;
    sum += (channel === 2 ? 1 : channel === 0 ? -1 : 0) * pictures[i];
  }
  return (sum * 3) / pictures.length;
}

it('learns both groups, and paints what it is shown of the first as one of the second', async () => {
  const model = faceSwap(declared);
  const { losses, weights } = await teach(model, gradients, STEPS);
  expect(ending(losses)).toBeLessThan(losses[0] * 0.6);

  const ran: string[] = [];
  const ask = (seed: number) =>
    model.sample({
      ...{ run: runner(model, weights, ran), random: new Random(seed), pictures: gradients },
      ...{ count: 4, size: SIZE },
    });
  const [first, again, other] = [await ask(7), await ask(7), await ask(8)];
  expect(first).toHaveLength(4 * 3 * SIZE * SIZE);
  expect(first.every(Number.isFinite)).toBe(true);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(new Set(ran.map((name) => model.networks[name]))).toEqual(new Set([model.generator]));

  const shown = gradients.draw(new Random(7), 'faces', SIZE, 4, 0);
  expect(blueness(shown) / 255).toBeLessThan(-0.1);
  expect(blueness(first)).toBeGreaterThan(0.1);
});

it('has no more in its network than the encoder and the decoder that paints', () => {
  const names = faceSwap(declared).generator.parameters.map((p) => p.name.split('/').slice(0, 2).join('/'));
  expect(new Set(names)).toEqual(new Set(['generator/encoder', 'generator/second']));
});

it('refuses losses it is not trained with', () => {
  const build = () => faceSwap({ ...declared, losses: ['l1', 'hinge'] });
  expect(build).toThrow(expect.objectContaining({ code: 'bad-argument' } satisfies Partial<HuoyanError>));
});

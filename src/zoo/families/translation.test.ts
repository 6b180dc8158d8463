import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import type { LossName, TranslationDeclaration } from '../declaration.ts';
import { gradients } from '../parts/pictures.test-support.ts';
import { ending, runner, teach } from '../parts/training.test-support.ts';
import { translation } from './translation.ts';

const SIZE = 16;
const STEPS = 50;
const declared: TranslationDeclaration = {
  ...{ family: 'translation', name: 'tiny-cycle', subject: 'textures', seed: 6, size: SIZE, steps: STEPS },
  ...{
    batch: 6,
    rate: 4e-3,
    losses: ['l1', 'least-squares'],
    paired: false,
    from: 'negative',
    across: false,
  },
  encoder: {
    ...{ width: 8, widest: 16, depth: 1, kernel: 3, layers: 1 },
    ...{ normalisation: 'instance', activation: 'relu', downsampling: 'stride' },
  },
  decoder: {
    ...{ width: 8, widest: 16, depth: 1, kernel: 3, layers: 1, normalisation: 'batch', activation: 'relu' },
    ...{ upsampling: 'transposed4', residual: false, last: 'tanh', lastKernel: 3, style: false },
  },
  critic: { width: 6, depth: 2, normalisation: 'none', spectral: false },
};

describe.each<LossName>(['least-squares', 'hinge', 'bce-adversarial'])('unpaired, with %s', (loss) => {
  it('learns the way round, and makes the same pictures from the same seed', async () => {
    const model = translation({ ...declared, losses: ['l1', loss] });
    const { metrics, losses, weights } = await teach(model, gradients, STEPS);
    expect(losses.every(Number.isFinite)).toBe(true);
    const around = metrics.map((m) => m.around);
    expect(ending(around)).toBeLessThan(around[0] * 0.7);

    const ran: string[] = [];
    const ask = (seed: number) =>
      model.sample({
        ...{ run: runner(model, weights, ran), random: new Random(seed), pictures: gradients },
        ...{ count: 3, size: SIZE },
      });
    const [first, again, other] = [await ask(7), await ask(7), await ask(8)];
    expect(first).toHaveLength(3 * 3 * SIZE * SIZE);
    expect(first.every(Number.isFinite)).toBe(true);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(ran.slice(0, 2)).toEqual(['spoiler', 'generator']);
  });
});

it('never shows the two sides of a pair: left and right come from different groups', () => {
  const groups: (0 | 1 | undefined)[] = [];
  translation(declared).feed(new Random(1), {
    draw(random, subject, size, count, group) {
      groups.push(group);
      return gradients.draw(random, subject, size, count, group);
    },
  });
  expect(groups).toEqual([0, 1]);
});

it('keeps the way there only', () => {
  const model = translation(declared);
  expect(model.generator.parameters.every((p) => p.name.startsWith('generator/'))).toBe(true);
  const sides = new Set(model.training().network.parameters.map((p) => p.name.split('/')[0]));
  expect(sides).toEqual(new Set(['generator', 'return', 'criticThere', 'criticBack']));
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import type { GanDeclaration, PictureSource } from '../declaration.ts';
import { runner, teach } from '../parts/training.test-support.ts';
import { gan } from './gan.ts';

const SIZE = 16;
const STEPS = 60;
const COLOUR = [200, 110, 40];

/** Orange pictures that are brighter to one side; what is to be learnt first is that they are orange. */
const orange: PictureSource = {
  draw(random, _subject, size, count) {
    const plane = size * size;
    const out = new Uint8Array(count * 3 * plane);
    for (let n = 0; n < count; n++) {
      const slope = random.uniform(-30, 30);
      for (let i = 0; i < 3 * plane; i++) {
        const shade = slope * ((i % size) / size - 0.5);
        out[n * 3 * plane + i] = COLOUR[Math.floor(i / plane)] + shade + random.normal() * 4;
      }
    }
    return out;
  },
};

const declared: GanDeclaration = {
  ...{ family: 'gan', name: 'tiny-gan', subject: 'textures', seed: 2, size: SIZE, steps: STEPS, batch: 8 },
  ...{ rate: 4e-3, losses: ['bce-adversarial'], latent: 6, classes: 0 },
  decoder: {
    ...{ width: 6, widest: 12, depth: 2, kernel: 3, layers: 1, normalisation: 'batch', activation: 'relu' },
    ...{ upsampling: 'nearest', residual: false, last: 'sigmoid', lastKernel: 3, style: false },
  },
  critic: { width: 6, depth: 2, normalisation: 'none', spectral: false },
};
const { decoder, critic } = declared;

const kinds: Record<string, GanDeclaration> = {
  dcgan: { ...declared, critic: { ...critic, normalisation: 'batch' } },
  'least squares': { ...declared, losses: ['least-squares'] },
  wasserstein: { ...declared, losses: ['wgan'], rate: 1e-2 },
  'wasserstein with a slope': { ...declared, losses: ['wgan-gp'] },
  'hinge with spectral normalisation': {
    ...{ ...declared, losses: ['hinge'], critic: { ...critic, spectral: true } },
    decoder: { ...decoder, upsampling: 'transposed4', last: 'tanh' },
  },
  relativistic: { ...declared, losses: ['relativistic'], decoder: { ...decoder, residual: true, layers: 2 } },
  began: { ...declared, losses: ['began'] },
  'mean discrepancy': { ...declared, losses: ['mmd'], critic: { ...critic, spectral: true } },
  conditional: { ...declared, losses: ['bce-adversarial', 'cross-entropy'], classes: 4 },
  style: { ...declared, decoder: { ...decoder, style: true, upsampling: 'bilinear', last: 'linear' } },
};

/** Mean distance of the three colours from orange, 0..1. */
function offColour(pictures: Float32Array): number {
  const plane = SIZE * SIZE;
  const sums = [0, 0, 0];
  for (let i = 0; i < pictures.length; i++) sums[Math.floor(i / plane) % 3] += pictures[i];
  return sums.reduce((s, v, c) => s + Math.abs((v * 3) / pictures.length - COLOUR[c] / 255) / 3, 0);
}

describe.each(Object.entries(kinds))('a %s generator', (_, declaration) => {
  it('comes to paint in the colours it is shown, the same pictures from the same seed', async () => {
    const model = gan(declaration);
    const { losses, weights } = await teach(model, orange, STEPS);
    expect(losses.every(Number.isFinite)).toBe(true);
    const ran: string[] = [];
    const ask = (seed: number, from = weights) =>
      model.sample({
        ...{ run: runner(model, from, ran), random: new Random(seed), pictures: orange },
        ...{ count: 6, size: SIZE },
      });
    const untaught = await teach(model, orange, 0);
    const [first, again, other] = [await ask(7), await ask(7), await ask(8)];
    expect(first).toHaveLength(6 * 3 * SIZE * SIZE);
    expect(first.every(Number.isFinite)).toBe(true);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(offColour(first)).toBeLessThan(0.75 * offColour(await ask(7, untaught.weights)));
    expect(new Set(ran)).toEqual(new Set(['generator']));
  });
});

it("bounds a Wasserstein critic's weights, and nobody else's", () => {
  const { network, options } = gan({ ...declared, losses: ['wgan'] }).training();
  for (const { name } of network.parameters) {
    const bound = options.limit!(name);
    if (name.startsWith('critic/')) expect(bound).toBeLessThan(0.1);
    else expect(bound).toBeGreaterThan(1e3);
  }
  expect(gan(declared).training().options.limit).toBeUndefined();
});

it('needs no picture to make one, and only its own half of what is trained', () => {
  const model = gan(declared);
  expect(model.needsPictures).toBe(false);
  expect(model.generator.parameters.every((p) => p.name.startsWith('generator/'))).toBe(true);
  expect(model.training().network.parameters.some((p) => p.name.startsWith('critic/'))).toBe(true);
});

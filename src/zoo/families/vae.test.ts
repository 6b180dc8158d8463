import { describe, expect, it } from 'vitest';
import type { HuoyanError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { exportInference, network } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import type { VaeDeclaration } from '../declaration.ts';
import { gradients } from '../parts/pictures.test-support.ts';
import { ending, runner, teach } from '../parts/training.test-support.ts';
import { divergence, shuffledColumns, vae } from './vae.ts';

const SIZE = 16;
const STEPS = 60;

const declared: VaeDeclaration = {
  ...{ family: 'vae', name: 'tiny-vae', subject: 'textures', seed: 3, size: SIZE, steps: STEPS, batch: 16 },
  ...{ rate: 8e-3, losses: ['mse', 'kl'], kind: 'plain', latent: 8, beta: 1 },
  encoder: {
    ...{ width: 8, widest: 16, depth: 2, kernel: 3, layers: 1 },
    ...{ normalisation: 'batch', activation: 'relu', downsampling: 'stride' },
  },
  decoder: {
    ...{ width: 8, widest: 16, depth: 2, kernel: 3, layers: 1, normalisation: 'batch', activation: 'relu' },
    ...{ upsampling: 'nearest', residual: false, last: 'sigmoid', lastKernel: 3, style: false },
  },
};

const kinds: Record<string, VaeDeclaration> = {
  plain: declared,
  'beta with cross-entropy': { ...declared, kind: 'beta', beta: 4, losses: ['cross-entropy', 'kl'] },
  factor: { ...declared, kind: 'factor', beta: 6, losses: ['l1', 'kl', 'bce-adversarial'] },
  vq: { ...declared, kind: 'vq', codes: 16, beta: 0.25, losses: ['l1', 'mse'] },
};

describe.each(Object.entries(kinds))('%s auto-encoder', (_, declaration) => {
  it('learns to rebuild, and makes the same pictures from the same seed', async () => {
    const model = vae(declaration);
    const { metrics, weights } = await teach(model, gradients, STEPS);
    const errors = metrics.map((m) => m.error);
    const entropy = declaration.losses.includes('cross-entropy');
    // A cross-entropy does not go below the entropy of the pixels themselves.
    expect(ending(errors)).toBeLessThan(entropy ? errors[0] - 0.03 : errors[0] * 0.6);

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
    expect(new Set(ran.map((name) => model.networks[name]))).toEqual(new Set([model.generator]));
  });
});

it('has a divergence of the closed form: 0 for the standard normal, half a squared mean', async () => {
  const net = network({
    ...{ name: 'divergence', seed: 1, inputs: { mean: [2], spread: [2] } },
    build: (b, { mean, spread }) => ({ nats: divergence(b, mean, spread) }),
  });
  const session = await (await nodeRuntime()).load(exportInference(net, {}));
  const { nats } = await session.run({
    mean: { dims: [3, 2], data: Float32Array.of(0, 0, 3, -1, 0, 0) },
    spread: { dims: [3, 2], data: Float32Array.of(0, 0, 0, 0, Math.log(4), 0) },
  });
  await session.release();
  expect(nats.data[0]).toBeCloseTo(0);
  expect(nats.data[1]).toBeCloseTo(5);
  expect(nats.data[2]).toBeCloseTo((4 - 1 - Math.log(4)) / 2);
});

it('shuffles every number of the codes among pictures, each within its column', () => {
  const order = [...shuffledColumns(new Random(1), 12, 3)].map(Number);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 36 }, (_, i) => i));
  expect(order.every((from, to) => from % 3 === to % 3)).toBe(true);
  expect(order.map((from) => Math.floor(from / 3)).some((row, to, rows) => row !== rows[to - (to % 3)])).toBe(
    true,
  );
});

it.each<[string, Partial<VaeDeclaration>]>([
  ['no divergence', { losses: ['mse'] }],
  ['no reconstruction', { losses: ['kl'] }],
  ['a critic where there is none', { losses: ['mse', 'kl', 'bce-adversarial'] }],
  ['a factor without a critic', { kind: 'factor' }],
  [
    'pixels beyond a cross-entropy',
    { losses: ['cross-entropy', 'kl'], decoder: { ...declared.decoder, last: 'relu' } },
  ],
  ['a codebook with a divergence', { kind: 'vq' }],
  [
    'a codebook and pixels beyond a cross-entropy',
    { kind: 'vq', losses: ['mse', 'cross-entropy'], decoder: { ...declared.decoder, last: 'linear' } },
  ],
  ['two depths', { kind: 'vq', losses: ['mse'], encoder: { ...declared.encoder, depth: 1 } }],
])('refuses a declaration with %s', (_, wrong) => {
  const build = () => vae({ ...declared, ...wrong });
  expect(build).toThrow(expect.objectContaining({ code: 'bad-argument' } satisfies Partial<HuoyanError>));
});

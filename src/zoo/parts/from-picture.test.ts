import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import type {
  InpaintingDeclaration,
  ShallowDeclaration,
  SuperResolutionDeclaration,
  TranslationDeclaration,
  ZooDeclaration,
} from '../declaration.ts';
import { zooModel } from '../zoo.ts';
import type { Critic, Decoder, Encoder } from './blocks.ts';
import { gradients } from './pictures.test-support.ts';
import { ending, runner, teach } from './training.test-support.ts';

const SIZE = 16;
const STEPS = 50;
const common = { subject: 'textures', seed: 4, size: SIZE, steps: STEPS, batch: 8, rate: 6e-3 } as const;
const encoder: Encoder = {
  ...{ width: 8, widest: 16, depth: 1, kernel: 3, layers: 1 },
  ...{ normalisation: 'none', activation: 'elu', downsampling: 'stride' },
};
const decoder: Decoder = {
  ...{ width: 8, widest: 16, depth: 1, kernel: 3, layers: 1, normalisation: 'none', activation: 'elu' },
  ...{ upsampling: 'shuffle', residual: false, last: 'linear', lastKernel: 3, style: false },
};
const critic: Critic = { width: 6, depth: 2, normalisation: 'none', spectral: false };
const shallow: ShallowDeclaration = {
  ...{ family: 'shallow', name: 'tiny-shallow', ...common, losses: ['l1'], across: false },
  ...{ encoder, decoder },
};
const resolution: SuperResolutionDeclaration = {
  ...{ family: 'super-resolution', name: 'tiny-sr', ...common, losses: ['mse'] },
  ...{ factor: 2, width: 8, blocks: 1, decoder, critic: null },
};
const inpainting: InpaintingDeclaration = {
  ...{ family: 'inpainting', name: 'tiny-hole', ...common, losses: ['l1', 'hinge'], across: true },
  ...{ encoder: { ...encoder, depth: 2 }, decoder: { ...decoder, depth: 2 }, critic },
};
const translation: TranslationDeclaration = {
  ...{ family: 'translation', name: 'tiny-translation', ...common, losses: ['l1', 'least-squares'] },
  ...{ paired: true, from: 'negative', encoder, decoder, across: false, critic },
};

const ways: Record<string, ZooDeclaration> = {
  'shallow, sub-pixel': shallow,
  'shallow, unpooled where maxima were': {
    ...{ ...shallow, encoder: { ...encoder, downsampling: 'maxpool' } },
    decoder: { ...decoder, upsampling: 'unpool' },
  },
  'shallow, from its own pixels': {
    ...{ ...shallow, encoder: null, losses: ['l2', 'wgan-gp'] },
    decoder: { ...decoder, upsampling: 'transposed4', normalisation: 'batch' },
  },
  'shallow, handed across around a shortcut': {
    ...{ ...shallow, across: true, losses: ['mse', 'hinge'] },
    decoder: { ...decoder, upsampling: 'nearest', residual: true, last: 'sigmoid' },
  },
  'super-resolution': resolution,
  'super-resolution fourfold, against a critic': {
    ...{ ...resolution, factor: 4, losses: ['l1', 'relativistic'], critic },
    decoder: { ...decoder, depth: 2, upsampling: 'nearest' },
  },
  inpainting,
  'translation from the negative': translation,
  'translation from grey': { ...translation, from: 'grey', losses: ['l1', 'bce-adversarial'] },
  'translation from edges': { ...translation, from: 'edges' },
  'translation from four levels': { ...translation, from: 'posterised' },
};

describe.each(Object.entries(ways))('%s', (_, declaration) => {
  it('comes nearer to the picture, and makes the same pictures from the same seed', async () => {
    const model = zooModel(declaration);
    const { metrics, losses, weights } = await teach(model, gradients, STEPS);
    expect(losses.every(Number.isFinite)).toBe(true);
    const errors = metrics.map((m) => m.error);
    expect(ending(errors)).toBeLessThan(errors[0] * 0.7);

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
    expect(ran.filter((name) => name === 'generator')).toHaveLength(3);
    expect(new Set(ran)).toEqual(new Set(Object.keys(model.networks)));
    expect(model.needsPictures).toBe(true);
  });
});

describe('a spoiler', () => {
  const spoilt = async (declaration: ZooDeclaration, shade: (c: number, x: number, y: number) => number) => {
    const model = zooModel(declaration);
    const data = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) =>
      shade(Math.floor(i / SIZE ** 2), i % SIZE, Math.floor(i / SIZE) % SIZE),
    );
    const run = runner(model, {});
    const out = (await run('spoiler', { picture: { dims: [1, 3, SIZE, SIZE], data } })).spoilt;
    return { out, data };
  };
  const ramp = (c: number, x: number) => (x / SIZE + c) / 4;

  it('averages blocks away', async () => {
    const { out, data } = await spoilt(resolution, ramp);
    expect(out.dims).toEqual([1, 3, SIZE / 2, SIZE / 2]);
    expect(Number(out.data[1])).toBeCloseTo((data[2] + data[3]) / 2, 5);
  });

  it('leaves nothing of the middle', async () => {
    const { out, data } = await spoilt(inpainting, ramp);
    const at = (x: number, y: number) => Number(out.data[y * SIZE + x]);
    expect([at(4, 4), at(11, 11), at(8, 5)]).toEqual([0.5, 0.5, 0.5]);
    for (const [x, y] of [
      [3, 4],
      [12, 8],
      [0, 0],
      [8, 12],
    ])
      expect(at(x, y)).toBeCloseTo(data[y * SIZE + x], 6);
  });

  it('takes colour, sign, levels or all but edges away', async () => {
    const plane = SIZE * SIZE;
    const grey = (await spoilt({ ...translation, from: 'grey' }, ramp)).out.data;
    const y = 0.299 * ramp(0, 5) + 0.587 * ramp(1, 5) + 0.114 * ramp(2, 5);
    for (const c of [0, 1, 2]) expect(Number(grey[c * plane + 5])).toBeCloseTo(y, 5);
    const negative = await spoilt(translation, ramp);
    expect(Number(negative.out.data[9])).toBeCloseTo(1 - negative.data[9], 6);
    const levels = (await spoilt({ ...translation, from: 'posterised' }, (_, x) => x / SIZE)).out.data;
    const rounded = [...levels.slice(0, SIZE)].map((v) => Math.round(Number(v) * 3));
    expect(rounded.filter((v, i) => i === 0 || v !== rounded[i - 1])).toEqual([0, 1, 2, 3]);
    const edges = (await spoilt({ ...translation, from: 'edges' }, (_, x) => (x < 8 ? 0 : 1))).out.data;
    const row = [...edges.slice(8 * SIZE, 9 * SIZE)].map(Number);
    expect(row.slice(1, 15).map((v) => (v > 0.5 ? 1 : 0))).toEqual([
      0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0,
    ]);
  });
});

it('settles before the end, so that a network learns to work as it will in use', () => {
  const { settleFrom } = zooModel(shallow).training();
  expect(settleFrom).toBeGreaterThan(0);
  expect(settleFrom).toBeLessThan(STEPS);
});

it('is read from the network that makes the picture, not from what spoils it', () => {
  const model = zooModel(inpainting);
  expect(Object.keys(model.networks)).toEqual(['spoiler', 'generator']);
  expect(model.networks.generator).toBe(model.generator);
  expect(Object.keys(zooModel(shallow).networks)).toEqual(['generator']);
});

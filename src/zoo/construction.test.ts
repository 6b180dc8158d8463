import { describe, expect, it } from 'vitest';
import { type Construction, DISCRETE, type DiscreteName } from '../core/construction.ts';
import { construction } from './construction.ts';
import type { GanDeclaration, ZooDeclaration } from './declaration.ts';
import type { Critic, Decoder, Encoder } from './parts/blocks.ts';
import { zooModel } from './zoo.ts';

const common = { subject: 'textures', seed: 1, size: 16, steps: 10, batch: 4, rate: 1e-3 } as const;
const critic: Critic = { width: 4, depth: 2, normalisation: 'none', spectral: false };
const decoder: Decoder = {
  ...{ width: 8, widest: 16, depth: 2, kernel: 3, layers: 1, lastKernel: 3 },
  ...{ normalisation: 'batch', activation: 'relu', upsampling: 'transposed4', last: 'tanh' },
  ...{ residual: false, style: false },
};
const encoder: Encoder = {
  ...{ width: 4, widest: 8, depth: 2, kernel: 3, layers: 2 },
  ...{ normalisation: 'instance', activation: 'elu', downsampling: 'maxpool' },
};
const dcgan: GanDeclaration = {
  ...{ family: 'gan', name: 'dcgan', ...common, losses: ['bce-adversarial'] },
  ...{ latent: 8, classes: 0, decoder, critic },
};

interface Counted {
  readonly declaration: ZooDeclaration;
  readonly continuous: Construction['continuous'];
  readonly discrete: Readonly<Record<DiscreteName, string>>;
  readonly losses: readonly string[];
}

/** Counted by hand from the declarations; numbers of weights layer by layer in the comments. */
const counted: Record<string, Counted> = {
  'a decoder as DCGAN has it': {
    declaration: dcgan,
    continuous: {
      ...{ layers: 7, convolutionalLayers: 3, fullyConnectedLayers: 1, poolingLayers: 0 },
      ...{ normalisationLayers: 3, filters: 16 + 8 + 3, blocks: 2, layersPerBlock: 2 },
      // vector to 16 planes of 4x4, its normalisation, two blocks up, colours
      parameters: 8 * 256 + 256 + 32 + (16 * 16 * 16 + 32) + (16 * 8 * 16 + 16) + (8 * 3 * 9 + 3),
    },
    discrete: {
      ...{ normalisation: 'batch', lastActivation: 'tanh', activation: 'relu' },
      ...{ upsampling: 'learned', skip: 'no', downsampling: 'no' },
    },
    losses: ['adversarial', 'cross-entropy'],
  },
  'an encoder and decoder with features handed across': {
    declaration: {
      ...{ family: 'inpainting', name: 'across', ...common, losses: ['l1', 'hinge'], across: true },
      ...{ encoder, critic },
      decoder: {
        ...{ ...decoder, width: 4, widest: 8, layers: 2, normalisation: 'instance', activation: 'elu' },
        ...{ upsampling: 'bilinear', last: 'sigmoid', lastKernel: 5 },
      },
    },
    continuous: {
      ...{ layers: 9 + 8 + 2, convolutionalLayers: 9, fullyConnectedLayers: 0, poolingLayers: 2 },
      ...{ normalisationLayers: 8, filters: 2 * (4 + 4 + 8 + 8) + 3, blocks: 4 },
      // (5 + 5 + 4 + 4) / 4, rounded
      layersPerBlock: 5,
      parameters:
        3 * 4 * 9 +
        4 * 4 * 9 +
        4 * 8 * 9 +
        8 * 8 * 9 + // down
        (8 * 8 * 9 + 16 * 8 * 9 + 8 * 4 * 9 + 8 * 4 * 9) + // up, twice as many channels where features come across
        (4 * 3 * 25 + 3) +
        2 * 2 * (4 + 4 + 8 + 8),
    },
    discrete: {
      ...{ normalisation: 'instance', lastActivation: 'sigmoid', activation: 'elu' },
      ...{ upsampling: 'interpolation or none', skip: 'yes', downsampling: 'yes' },
    },
    losses: ['l1', 'hinge'],
  },
  'a decoder steered by a style': {
    declaration: {
      ...{ ...dcgan, name: 'style', losses: ['wgan-gp'] },
      decoder: {
        ...{ ...decoder, width: 4, widest: 8, layers: 2, style: true, activation: 'leaky' },
        ...{ upsampling: 'bilinear', last: 'linear' },
      },
    },
    continuous: {
      ...{ layers: 15, convolutionalLayers: 5, fullyConnectedLayers: 6, poolingLayers: 0 },
      ...{ normalisationLayers: 4, filters: 8 + 8 + 4 + 4 + 3, blocks: 2, layersPerBlock: 6 },
      parameters:
        8 * 32 +
        32 +
        32 * 32 +
        32 + // mapping
        8 * 4 * 4 + // where it starts
        2 * (8 * 8 * 9 + 8 + 32 * 16 + 16 + 16) +
        (8 * 4 * 9 + 4 + 32 * 8 + 8 + 8) +
        (4 * 4 * 9 + 4 + 32 * 8 + 8 + 8) +
        (4 * 3 * 9 + 3),
    },
    discrete: {
      ...{ normalisation: 'instance', lastActivation: 'linear', activation: 'leaky' },
      ...{ upsampling: 'interpolation or none', skip: 'no', downsampling: 'no' },
    },
    losses: ['l2', 'wgan'],
  },
  'super-resolution by sub-pixels': {
    declaration: {
      ...{ family: 'super-resolution', name: 'subpixel', ...common, losses: ['mse'], critic: null },
      ...{ factor: 2, width: 4, blocks: 2 },
      decoder: {
        ...{ ...decoder, width: 4, widest: 4, depth: 1, normalisation: 'none' },
        ...{ upsampling: 'shuffle', last: 'linear' },
      },
    },
    continuous: {
      ...{ layers: 7, convolutionalLayers: 7, fullyConnectedLayers: 0, poolingLayers: 0 },
      ...{ normalisationLayers: 0, filters: 4 + 4 * 4 + 16 + 3, blocks: 3, layersPerBlock: 2 },
      parameters: 3 * 4 * 9 + 4 + 4 * (4 * 4 * 9 + 4) + (4 * 16 * 9 + 16) + (4 * 3 * 9 + 3),
    },
    discrete: {
      ...{ normalisation: 'none', lastActivation: 'linear', activation: 'relu' },
      ...{ upsampling: 'learned', skip: 'yes', downsampling: 'no' },
    },
    losses: ['mse'],
  },
};

describe.each(Object.entries(counted))('%s', (_, { declaration, continuous, discrete, losses }) => {
  const read = construction(zooModel(declaration));
  it('has the layers that were counted by hand', () => {
    expect(read.continuous).toEqual(continuous);
  });
  it('is of the declared kind', () => {
    const words = Object.entries(read.discrete).map(([name, index]) => [
      name,
      DISCRETE[name as DiscreteName][index],
    ]);
    expect(Object.fromEntries(words)).toEqual(discrete);
    const set = Object.entries(read.losses).filter(([, on]) => on);
    expect(set.map(([bit]) => bit)).toEqual(losses);
  });
});

it('does not read what only training needs', () => {
  const wide = construction(zooModel({ ...dcgan, critic: { ...critic, width: 16, depth: 3 } }));
  expect(wide).toEqual(construction(zooModel(dcgan)));
});

it('tells strided from pooled down-sampling only by the layers', () => {
  const of = (downsampling: Encoder['downsampling']) =>
    construction(
      zooModel({
        ...(counted['an encoder and decoder with features handed across'].declaration as ZooDeclaration & {
          family: 'inpainting';
        }),
        encoder: { ...encoder, downsampling },
      }),
    );
  expect([of('stride').discrete.downsampling, of('averagepool').discrete.downsampling]).toEqual([1, 1]);
  expect([of('stride').continuous.poolingLayers, of('averagepool').continuous.poolingLayers]).toEqual([0, 2]);
});

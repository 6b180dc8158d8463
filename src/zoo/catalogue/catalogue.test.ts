import { describe, expect, it } from 'vitest';
import { DISCRETE } from '../../core/construction.ts';
import { grouped } from '../../core/group.ts';
import { construction } from '../construction.ts';
import type { Family } from '../declaration.ts';
import { zooModel } from '../zoo.ts';
import { fullCatalogue } from './full.ts';
import { SHALLOW_COUNT, shallowCatalogue } from './shallow.ts';

const shallow = shallowCatalogue();
const full = fullCatalogue();
const FAMILIES: readonly Exclude<Family, 'shallow'>[] = [
  ...(['gan', 'vae', 'diffusion', 'autoregressive', 'flow', 'translation'] as const),
  ...(['super-resolution', 'inpainting', 'face-swap', 'attack'] as const),
];

describe('the catalogue', () => {
  it('is the same list every time', () => {
    expect(shallowCatalogue()).toEqual(shallow);
    expect(fullCatalogue()).toEqual(full);
  });

  it('has 512 shallow generators, no two declared alike', () => {
    expect(SHALLOW_COUNT).toBe(512);
    const kinds = shallow.map(({ name, seed, subject, ...rest }) => JSON.stringify(rest));
    expect(new Set(kinds).size).toBe(512);
    expect(shallow.every((d) => d.family === 'shallow')).toBe(true);
  });

  it('has at least 116 full generators of every family, mixed so that a beginning is a fair sample', () => {
    expect(full.length).toBeGreaterThanOrEqual(116);
    const families = grouped(full, (d) => d.family);
    expect([...families.keys()].sort()).toEqual([...FAMILIES].sort());
    for (const [family, list] of families) {
      const early = full.slice(0, full.length / 2).filter((d) => d.family === family).length;
      expect(Math.abs(early - list.length / 2), family).toBeLessThanOrEqual(1);
    }
  });

  it('gives every generator a name and a seed of its own', () => {
    const all = [...shallow, ...full];
    for (const own of [all.map((d) => d.name), all.map((d) => d.seed)])
      expect(new Set<string | number>(own).size).toBe(all.length);
    // Names become file names and parts of tensors' names.
    expect(all.filter((d) => !/^[a-z0-9-]+$/.test(d.name))).toEqual([]);
  });

  it('has both subjects, about as often', () => {
    for (const list of [shallow, full]) {
      const faces = list.filter((d) => d.subject === 'faces').length / list.length;
      expect(faces).toBeGreaterThan(0.4);
      expect(faces).toBeLessThan(0.65);
    }
  });
});

it('can be built to the last one', () => {
  const built = [...full, ...shallow].map((declaration) => zooModel(declaration).generator.size);
  expect(Math.min(...built)).toBeGreaterThan(100);
});

describe('a spread of it', () => {
  const spread = [...full.filter((_, i) => i % 4 === 0), ...shallow.filter((_, i) => i % 16 === 0)];
  const read = spread.map((declaration) => construction(zooModel(declaration)));

  it('can be surveyed', () => {
    read.forEach(({ continuous, discrete }, i) => {
      const { name } = spread[i];
      expect(continuous.parameters, name).toBeGreaterThan(100);
      expect(continuous.parameters, name).toBeLessThan(1_000_000);
      expect(continuous.layers, name).toBe(
        continuous.convolutionalLayers +
          continuous.fullyConnectedLayers +
          continuous.poolingLayers +
          continuous.normalisationLayers,
      );
      for (const [parameter, words] of Object.entries(DISCRETE)) {
        const index = discrete[parameter as keyof typeof DISCRETE];
        expect(words[index], `${name} ${parameter}`).toBeDefined();
      }
    });
  });

  it('shows every value of every discrete parameter, so that each can be learnt', () => {
    for (const [parameter, words] of Object.entries(DISCRETE)) {
      const shown = new Set(read.map(({ discrete }) => discrete[parameter as keyof typeof DISCRETE]));
      expect(shown.size, parameter).toBe(words.length);
    }
  });

  it('differs in construction', () => {
    const kinds = new Set(read.map((one) => JSON.stringify(one)));
    expect(kinds.size).toBeGreaterThan(read.length * 0.9);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../image.ts';
import { Random } from '../random.ts';
import { NEIGHBOUR_FEATURES } from './cooccurrence.ts';
import { STATISTICS, statistics, statisticsGroups } from './index.ts';
import { RESIDUALS } from './residuals.ts';

function noise(width: number, height: number, seed: number, sd: number): RgbImage {
  const random = new Random(seed);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = 128 + sd * random.normal();
  return { width, height, data };
}

function turned({ width, height, data }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < width * height; i++) {
    const j = width * height - 1 - i;
    for (let c = 0; c < 3; c++) out[j * 3 + c] = data[i * 3 + c];
  }
  return { width, height, data: out };
}

describe('statistics', () => {
  it('are finite for any picture, flat, clipped or wild', () => {
    const picture = fc.record({
      width: fc.integer({ min: 96, max: 140 }),
      height: fc.integer({ min: 96, max: 140 }),
      seed: fc.integer(),
      sd: fc.constantFrom(0, 0.3, 3, 60, 400),
    });
    fc.assert(
      fc.property(picture, ({ width, height, seed, sd }) => {
        const numbers = statistics(noise(width, height, seed, sd));
        expect(numbers.length).toBe(STATISTICS);
        expect(numbers.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('of co-occurrences are square roots of shares that add up to one', () => {
    const numbers = statistics(noise(128, 128, 3, 8));
    const [from] = statisticsGroups()['luma-cooccurrence'];
    let sum = 0;
    for (let i = from; i < from + 39; i++) sum += numbers[i] ** 2;
    expect(sum).toBeCloseTo(1, 4);
  });

  it('do not change when the picture is turned upside down, where the symmetry promises it', () => {
    const picture = noise(120, 104, 9, 6);
    const a = statistics(picture);
    const b = statistics(turned(picture));
    const [from] = statisticsGroups()['luma-cooccurrence'];
    const square = from + 2 * RESIDUALS.indexOf('square') * NEIGHBOUR_FEATURES;
    for (let i = square; i < square + NEIGHBOUR_FEATURES; i++) expect(b[i]).toBeCloseTo(a[i], 5);
  });

  it('see that up-sampling by two leaves a weaker residual than sensor noise', () => {
    const sharp = noise(128, 128, 5, 10);
    const smooth = new Uint8Array(sharp.data.length);
    for (let y = 0; y < 128; y++) {
      for (let x = 0; x < 128; x++) {
        for (let c = 0; c < 3; c++)
          smooth[(y * 128 + x) * 3 + c] = sharp.data[((y & ~1) * 128 + (x & ~1)) * 3 + c];
      }
    }
    const [from] = statisticsGroups().spread;
    const a = statistics(sharp)[from];
    const b = statistics({ ...sharp, data: smooth })[from];
    expect(Math.abs(a - b)).toBeGreaterThan(0.05);
  });

  it('refuse a tile that is too small', () => {
    expect(() => statistics(noise(95, 200, 1, 1))).toThrow(RangeError);
  });
});

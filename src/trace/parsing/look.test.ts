import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { DESCRIPTION } from '../description.ts';
import { painted } from '../painters.test-support.ts';
import { BLOCK, look } from './look.ts';

const noise = (width: number, height: number, seed: number): RgbImage => {
  const random = new Random(seed);
  return {
    width,
    height,
    data: Uint8ClampedArray.from({ length: 3 * width * height }, () => random.below(256)),
  };
};

describe('a look at a picture', () => {
  it('is the same length and finite for every size and content', () => {
    const side = fc.integer({ min: BLOCK, max: 3 * BLOCK });
    fc.assert(
      fc.property(side, side, fc.integer(), fc.boolean(), (width, height, seed, flat) => {
        const picture = noise(width, height, seed);
        if (flat) picture.data.fill(Math.abs(seed) % 256);
        const seen = look(picture);
        expect(seen).toHaveLength(DESCRIPTION);
        expect(seen.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('averages over blocks: the size of an even picture is not seen', () => {
    const even = (side: number) => {
      const picture = noise(side, side, 1);
      picture.data.fill(90);
      return look(picture);
    };
    const [small, large] = [even(BLOCK), even(5 * BLOCK)];
    small.forEach((v, i) => {
      expect(large[i]).toBeCloseTo(v, 3);
    });
  });

  it('differs between generators more than between pictures of one', () => {
    const far = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0);
    const at = (painter: Parameters<typeof painted>[0], seed: number) => look(painted(painter, seed, 96));
    const [one, again, other] = [at('doubled', 1), at('doubled', 2), at('camera', 1)];
    expect(far(one, again)).toBeLessThan(far(one, other));
  });

  it('refuses what is smaller than a block', () => {
    expect(() => look(noise(BLOCK - 1, BLOCK, 1))).toThrow(RangeError);
  });
});

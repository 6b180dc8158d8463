import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { psnr, ssim } from './fidelity.ts';

const picture = fc
  .uint8Array({ minLength: 16 * 14 * 3, maxLength: 16 * 14 * 3 })
  .map((data) => ({ width: 16, height: 14, data }));

describe('fidelity', () => {
  it('a picture is equal to itself, and both figures are symmetric and bounded', () => {
    fc.assert(
      fc.property(picture, picture, (a, b) => {
        expect(psnr(a, a)).toBe(Number.POSITIVE_INFINITY);
        expect(ssim(a, a)).toBeCloseTo(1, 9);
        expect(psnr(a, b)).toBe(psnr(b, a));
        expect(ssim(a, b)).toBeCloseTo(ssim(b, a), 9);
        expect(Math.abs(ssim(a, b))).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 15 },
    );
  });

  it('by hand: one level everywhere is 48.13 dB, and a constant shift changes only the luminance term', () => {
    const flat = (level: number) => ({ width: 16, height: 16, data: new Uint8Array(768).fill(level) });
    expect(psnr(flat(100), flat(101))).toBeCloseTo(48.13, 2);
    const c1 = (0.01 * 255) ** 2;
    expect(ssim(flat(100), flat(120))).toBeCloseTo((2 * 100 * 120 + c1) / (100 ** 2 + 120 ** 2 + c1), 5);
    expect(() => psnr(flat(1), { ...flat(1), width: 8 })).toThrow(RangeError);
  });
});

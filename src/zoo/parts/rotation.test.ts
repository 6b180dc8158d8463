import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { haar } from './haar.ts';
import { reversal, rotation, transposed } from './rotation.ts';

const product = (a: Float32Array, b: Float32Array, size: number) =>
  Array.from({ length: size * size }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += a[Math.floor(i / size) * size + k] * b[k * size + (i % size)];
    return sum;
  });

describe('matrices that mix channels', () => {
  it('are undone by their transpose', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 48 }), (seed, size) => {
        for (const matrix of [rotation(new Random(seed), size), reversal(size)]) {
          product(matrix, transposed(matrix), size).forEach((v, i) => {
            expect(v).toBeCloseTo(i % (size + 1) === 0 ? 1 : 0, 5);
          });
        }
      }),
      { numRuns: 30 },
    );
    for (const channels of [3, 6]) {
      const size = channels * 4;
      product(haar(channels), transposed(haar(channels)), size).forEach((v, i) => {
        expect(v).toBeCloseTo(i % (size + 1) === 0 ? 1 : 0, 6);
      });
    }
  });

  it('keep an even grey in one number', () => {
    const sums = Array.from({ length: 12 }, (_, row) =>
      haar(3)
        .subarray(row * 12, row * 12 + 12)
        .reduce((sum, v) => sum + v, 0),
    );
    sums.forEach((sum, i) => {
      expect(sum).toBeCloseTo(i === 0 ? Math.sqrt(12) : 0, 6);
    });
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
import { LANES, scanOf } from './kernel.ts';

test('a scan gives the dot products that plain arithmetic gives, at any length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 260 }),
      fc.integer({ min: 0, max: 70 }),
      fc.integer(),
      (blocks, count, seed) => {
        const numbers = blocks * LANES;
        const random = new Random(seed);
        const memory = new WebAssembly.Memory({
          initial: Math.ceil((2 * numbers * (count + 1) + 4 * count) / 65536) + 1,
        });
        const all = new Int16Array(memory.buffer, 0, numbers * (count + 1));
        // As large as rows of unit length can be: the squares of a row sum up to 2^30.
        const most = 32767 / Math.sqrt(numbers);
        for (let i = 0; i < all.length; i++) all[i] = Math.round(random.uniform(-most, most));
        const scores = 2 * all.length + (all.length % 2 ? 2 : 0);
        scanOf(memory, numbers)(0, 2 * numbers, count, scores);
        const got = new Int32Array(memory.buffer, scores, count);
        for (let row = 0; row < count; row++) {
          let sum = 0;
          for (let i = 0; i < numbers; i++) sum += all[i] * all[(row + 1) * numbers + i];
          expect(got[row]).toBe(sum);
        }
      },
    ),
    { numRuns: 60 },
  );
});

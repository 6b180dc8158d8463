import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { gradients } from './pictures.test-support.ts';
import { warped } from './warp.ts';

it('leaves pictures as they are when nothing may move', () => {
  const pictures = gradients.draw(new Random(1), 'faces', 9, 3);
  expect(warped(new Random(2), pictures, 9, 0)).toEqual(pictures);
});

it('moves places but invents no values, and the same ones from the same seed', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 4, max: 20 }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      (seed, size, reach) => {
        const pictures = gradients.draw(new Random(seed), 'faces', size, 2);
        const bent = warped(new Random(seed), pictures, size, reach);
        expect(bent).toHaveLength(pictures.length);
        expect(warped(new Random(seed), pictures, size, reach)).toEqual(bent);
        const plane = size * size;
        for (let p = 0; p < 6; p++) {
          const before = pictures.subarray(p * plane, (p + 1) * plane);
          const after = bent.subarray(p * plane, (p + 1) * plane);
          expect(Math.min(...after)).toBeGreaterThanOrEqual(Math.min(...before));
          expect(Math.max(...after)).toBeLessThanOrEqual(Math.max(...before));
        }
      },
    ),
    { numRuns: 30 },
  );
});

it('displaces a ramp by about half of the reach', () => {
  const size = 64;
  const ramp = Uint8Array.from({ length: 30 * 3 * size * size }, (_, i) => (i % size) * 4);
  const bent = warped(new Random(5), ramp, size, 0.1);
  let squares = 0;
  for (let i = 0; i < ramp.length; i++) squares += ((bent[i] - ramp[i]) / 4) ** 2;
  const spread = Math.sqrt(squares / ramp.length) / size;
  expect(spread).toBeGreaterThan(0.02);
  expect(spread).toBeLessThan(0.05);
});

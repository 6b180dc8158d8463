import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import type { CoefficientPlane } from './coefficients.ts';
import { BASIS, FREQUENCIES, SAMPLES, shiftedMagnitudes } from './comb.ts';

/** A plane of blocks whose coefficients are drawn, `share` of them other than zero, thinner towards the high frequencies. */
function drawn(seed: number, blocksWide: number, blocksHigh: number, share: number): CoefficientPlane {
  const random = new Random(seed);
  const coefficients = new Int16Array(blocksWide * blocksHigh * 64);
  for (let i = 0; i < coefficients.length; i++) {
    const far = (i & 7) + ((i >> 3) & 7);
    if (random.below(1000) < (1000 * share * (16 - far)) / 16)
      coefficients[i] = random.below(2 * (130 - 8 * far) + 1) - (130 - 8 * far);
  }
  const quantisation = Uint16Array.from({ length: 64 }, () => 1 + random.below(60));
  return { coefficients, quantisation, blocksWide, blocksHigh } as unknown as CoefficientPlane;
}

/** The same, spelled out: every block decoded, every shifted block transformed, one sum after the other. */
function spelledOut({ coefficients, quantisation, blocksWide, blocksHigh }: CoefficientPlane): number[][] {
  const random = new Random(20030806);
  const run = Math.min(blocksWide, 24);
  const most = (blocksHigh - 1) * Math.ceil(blocksWide / run);
  const strips = Math.max(1, Math.min(Math.ceil(SAMPLES / Math.max(1, run - 1)), most));
  const out: number[][] = FREQUENCIES.map(() => []);
  for (let s = 0; s < strips; s++) {
    const left = random.below(blocksWide - run + 1);
    const top = random.below(blocksHigh - 1);
    const pixels = Array.from({ length: 16 }, () => new Float64Array(8 * run));
    for (let by = 0; by < 2; by++) {
      for (let bx = 0; bx < run; bx++) {
        const at = ((top + by) * blocksWide + left + bx) * 64;
        for (let x = 0; x < 8; x++) {
          const column = Array.from({ length: 8 }, (_, v) => {
            let sum = 0;
            for (let u = 0; u < 8; u++)
              sum += coefficients[at + 8 * v + u] * quantisation[8 * v + u] * BASIS[8 * u + x];
            return sum;
          });
          for (let y = 0; y < 8; y++) {
            let sum = 0;
            for (let v = 0; v < 8; v++) sum += column[v] * BASIS[8 * v + y];
            pixels[8 * by + y][8 * bx + x] = sum;
          }
        }
      }
    }
    for (let b = 0; b + 1 < run; b++) {
      FREQUENCIES.forEach((f, i) => {
        let sum = 0;
        for (let y = 0; y < 8; y++) {
          let along = 0;
          for (let x = 0; x < 8; x++) along += pixels[y + 4][8 * b + 4 + x] * BASIS[8 * (f & 7) + x];
          sum += along * BASIS[8 * (f >> 3) + y];
        }
        out[i].push(Math.abs(sum));
      });
    }
  }
  return out;
}

it('transforms shifted blocks as the sums have it, to the last bit', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 3, max: 30 }),
      fc.integer({ min: 3, max: 6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, wide, high, share) => {
        const plane = drawn(seed, wide, high, share);
        expect(shiftedMagnitudes(plane).map((one) => [...one])).toEqual(spelledOut(plane));
      },
    ),
    { numRuns: 30 },
  );
});

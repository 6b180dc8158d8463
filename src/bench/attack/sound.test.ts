import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { soundSquareAttack } from './sound.ts';

const noise = (seed: number, length: number, peak: number) => {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => random.uniform(-peak, peak));
};
/** A judge that hears roughness. */
const rough = async (samples: Float32Array) =>
  samples.reduce((sum, v, i) => sum + (i > 0 ? Math.abs(v - samples[i - 1]) : 0), 0);

describe('noise on sound by questions only', () => {
  it('keeps its bound and the range of sound, asks no more than it may, and is the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(1, 2, 4),
        async (seed, length, peak, epsilon) => {
          const samples = noise(seed, length, peak);
          const most = samples.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
          let asked = 0;
          const ask = (tried: Float32Array) => {
            asked++;
            return rough(tried);
          };
          const options = { epsilon, towards: 1 as const, queries: 12, seed };
          const moved = await soundSquareAttack(samples, ask, options);
          expect(asked).toBe(12);
          expect(moved.length).toBe(length);
          moved.forEach((v, i) => {
            expect(Math.abs(v - samples[i])).toBeLessThanOrEqual((epsilon / 255) * most + 1e-6);
            expect(Math.abs(v)).toBeLessThanOrEqual(1);
          });
          expect(await rough(moved)).toBeGreaterThanOrEqual(await rough(samples));
          expect(await soundSquareAttack(samples, ask, options)).toEqual(moved);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('moves the score of a judge that hears it, and changes nothing for one that says nothing', async () => {
    const samples = noise(7, 4000, 0.2);
    const options = { epsilon: 4, towards: 1 as const, queries: 40, seed: 3 };
    const moved = await soundSquareAttack(samples, rough, options);
    expect(await rough(moved)).toBeGreaterThan(await rough(samples));
    expect(await soundSquareAttack(samples, async () => null, options)).toEqual(samples);
  });
});

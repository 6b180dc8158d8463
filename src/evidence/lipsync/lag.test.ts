import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { resampled, syncOf } from './lag.ts';

/** Something like syllables: a random walk of loudness, four a second. */
function syllables(n: number, rate: number, seed: number): Float64Array {
  const random = new Random(seed);
  const knots = Array.from({ length: Math.ceil((n / rate) * 8) + 2 }, () => random.uniform());
  return Float64Array.from({ length: n }, (_, i) => {
    const at = (i / rate) * 8;
    const k = Math.floor(at);
    return knots[k] + (knots[k + 1] - knots[k]) * (at - k);
  });
}

describe('syncOf', () => {
  it('finds the lag of a voice behind its mouth', () => {
    const whole = syllables(200, 25, 1);
    for (const lag of [-5, 0, 3, 8]) {
      const mouth = whole.slice(20, 150);
      const voice = whole.slice(20 - lag, 150 - lag);
      const sync = syncOf(mouth, voice, 25);
      expect(sync.lagSeconds).toBeCloseTo(lag / 25);
      expect(sync.correlation).toBeGreaterThan(0.95);
    }
  });

  it('agrees less with a stranger than with itself', () => {
    const own = syllables(150, 25, 1);
    expect(syncOf(own, syllables(150, 25, 2), 25).correlation).toBeLessThan(syncOf(own, own, 25).correlation);
  });

  it('stays within -1 and 1 whatever it is given, and refuses what is too short', () => {
    const curve = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 40, maxLength: 60 });
    fc.assert(
      fc.property(curve, curve, (a, b) => {
        const n = Math.min(a.length, b.length);
        const s = syncOf(Float64Array.from(a.slice(0, n)), Float64Array.from(b.slice(0, n)), 20);
        expect(Math.abs(s.correlation)).toBeLessThanOrEqual(1 + 1e-9);
        expect(s.peak).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
    expect(() => syncOf(new Float64Array(5), new Float64Array(5), 25)).toThrow(RangeError);
  });
});

describe('resampled', () => {
  it('takes the values between', () => {
    expect([...resampled([0, 1, 2], [0, 10, 0], 0, 2, 5)]).toEqual([0, 5, 10, 5, 0]);
  });
});

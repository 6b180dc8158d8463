import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterBootstrap, wilsonRate } from './intervals.ts';

describe('Wilson', () => {
  it('gives the interval of the textbook', () => {
    // Brown, Cai and DasGupta 2001: 0 of 10 ends at 0.278, 5 of 10 spans 0.237..0.763.
    expect(wilsonRate({ count: 0, n: 10 }).hi).toBeCloseTo(0.2775, 3);
    expect(wilsonRate({ count: 5, n: 10 }).lo).toBeCloseTo(0.2366, 3);
    expect(wilsonRate({ count: 0, n: 0 })).toEqual({ count: 0, rate: 0, lo: 0, hi: 1 });
  });
});

describe('resampled clusters', () => {
  it('are wider than Wilson where people differ, and never narrower', () => {
    const stubborn = Array.from({ length: 40 }, (_, i) => ({ count: i % 2 ? 20 : 0, n: 20 }));
    const rate = new ClusterBootstrap(40).rate(stubborn);
    const alone = wilsonRate({ count: 400, n: 800 });
    expect(rate.rate).toBe(0.5);
    expect(rate.hi - rate.lo).toBeGreaterThan(3 * (alone.hi - alone.lo));
    // Binomial over 40 people: 0.5 ± 1.96 * sqrt(0.25 / 40).
    expect(rate.lo).toBeCloseTo(0.5 - 0.155, 1);
  });

  it('hold the rate, lie in 0..1, and are the same every time', () => {
    const share = fc
      .tuple(fc.nat(30), fc.nat(30))
      .map(([a, b]) => ({ count: Math.min(a, b), n: Math.max(a, b) }));
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 12 }), (shares) => {
        const { rate, lo, hi } = new ClusterBootstrap(shares.length, { rounds: 60 }).rate(shares);
        expect(lo).toBeGreaterThanOrEqual(0);
        expect(hi).toBeLessThanOrEqual(1);
        expect(lo).toBeLessThanOrEqual(rate);
        expect(hi).toBeGreaterThanOrEqual(rate);
        const again = new ClusterBootstrap(shares.length, { rounds: 60 }).rate(shares);
        expect(again).toEqual({ count: again.count, rate, lo, hi });
      }),
      { numRuns: 100 },
    );
  });

  it('cannot say how one person differs from others', () => {
    expect(new ClusterBootstrap(1).interval([{ count: 3, n: 9 }])).toBeNull();
    expect(() => new ClusterBootstrap(0)).toThrow(RangeError);
  });
});

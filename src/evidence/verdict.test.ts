import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, Evidence } from '../core/evidence.ts';
import { BANDS, countFlips, weigh } from './verdict.ts';

const text = { en: 'x', zh: 'x' };
const says = (claim: Claim, llr: number, sd = 0.5): Evidence => ({
  status: llr > 0 ? 'detected' : 'notDetected',
  detector: claim,
  version: '1',
  summary: text,
  details: {},
  llr,
  llrInterval: [llr - 1.6449 * sd, llr + 1.6449 * sd],
  claim,
  regions: [],
});
const silent: Evidence = {
  status: 'notApplicable',
  detector: 'x',
  version: '1',
  summary: text,
  details: {},
  reason: 'too-small',
};

describe('weigh', () => {
  it('returns the prior and stays inconclusive when nothing could be weighed', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (prior) => {
        const verdict = weigh([silent], prior);
        expect(verdict.label).toBe('inconclusive');
        expect(verdict.probability).toBeCloseTo(prior, 9);
        expect(verdict.reasons).toEqual([]);
      }),
    );
  });

  it('grows with every likelihood ratio and with the prior, and stays inside its interval', () => {
    const llr = fc.double({ min: -8, max: 8, noNaN: true });
    const prior = fc.double({ min: 0.01, max: 0.98, noNaN: true });
    fc.assert(
      fc.property(llr, llr, prior, (a, b, p) => {
        const base = weigh([says('synthetic', a), says('manipulated', b)], p);
        expect(weigh([says('synthetic', a + 1), says('manipulated', b)], p).probability).toBeGreaterThan(
          base.probability,
        );
        expect(weigh([says('synthetic', a), says('manipulated', b + 1)], p).probability).toBeGreaterThan(
          base.probability,
        );
        expect(weigh([says('synthetic', a), says('manipulated', b)], p + 0.01).probability).toBeGreaterThan(
          base.probability,
        );
        expect(base.interval[0]).toBeLessThanOrEqual(base.probability);
        expect(base.interval[1]).toBeGreaterThanOrEqual(base.probability);
      }),
    );
  });

  it('names the hypothesis that the evidence speaks for', () => {
    expect(weigh([says('synthetic', 6)]).label).toBe('synthetic');
    expect(weigh([says('manipulated', 7)]).label).toBe('manipulated');
    expect(weigh([says('synthetic', -4)]).label).toBe('authentic');
    expect(weigh([says('synthetic', 0.2)]).label).toBe('inconclusive');
    expect(weigh([says('synthetic', 2)]).label).toBe('suspect');
  });

  it('orders its reasons by weight and leaves out what weighed nothing', () => {
    const verdict = weigh([says('synthetic', 1), says('manipulated', -3), silent]);
    expect(verdict.reasons.map((r) => r.weight)).toEqual([-3, 1]);
  });

  it('is refused an impossible prior', () => {
    for (const prior of [0, 1, -1, Number.NaN]) expect(() => weigh([], prior)).toThrow(RangeError);
  });

  it('keeps the bands in order', () => {
    expect(BANDS.authentic).toBeLessThan(BANDS.suspect);
    expect(BANDS.suspect).toBeLessThan(BANDS.condemned);
  });
});

describe('countFlips', () => {
  const step = (label: 'authentic' | 'inconclusive' | 'synthetic') => ({
    step: 's',
    label,
    probability: 0.5,
  });

  it('counts only landings on the other side of inconclusive', () => {
    expect(countFlips('synthetic', [step('authentic'), step('inconclusive'), step('synthetic')])).toBe(1);
    expect(countFlips('inconclusive', [step('authentic'), step('synthetic')])).toBe(0);
  });
});

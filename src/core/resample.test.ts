import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resample } from './resample.ts';

const sine = (hz: number, rate: number, seconds = 0.25) =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / rate),
  );

/** Largest value away from the ends, where what lies beyond counts as silence. */
const peak = (x: Float32Array) =>
  x
    .subarray(Math.floor(x.length / 4), Math.floor((x.length * 3) / 4))
    .reduce((m, v) => Math.max(m, Math.abs(v)), 0);

describe('resample', () => {
  it('keeps what both rates can hold', () => {
    for (const [from, to] of [
      [48_000, 16_000],
      [44_100, 16_000],
      [16_000, 44_100],
      [8000, 16_000],
      [11_025, 16_000],
    ]) {
      const expected = sine(1000, to);
      const got = resample(sine(1000, from), from, to);
      expect(got.length).toBe(expected.length);
      const error = got.map((v, i) => v - expected[i]);
      expect(peak(error), `${from} to ${to}`).toBeLessThan(2e-3);
    }
  });

  it('removes what the lower rate cannot hold', () => {
    expect(peak(resample(sine(11_000, 48_000), 48_000, 16_000))).toBeLessThan(1e-3);
    expect(peak(resample(sine(5000, 16_000), 16_000, 8000))).toBeLessThan(1e-3);
  });

  it('has the stated length, is linear and copies nothing when the rates agree', () => {
    const rate = fc.integer({ min: 4000, max: 50_000 });
    const samples = fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: 0, maxLength: 300 });
    fc.assert(
      fc.property(samples, rate, rate, (x, from, to) => {
        const y = resample(x, from, to);
        expect(y.length).toBe(from === to ? x.length : Math.round((x.length * to) / from));
        const twice = resample(
          x.map((v) => 2 * v),
          from,
          to,
        );
        y.forEach((v, i) => {
          expect(twice[i]).toBeCloseTo(2 * v, 4);
        });
      }),
      { numRuns: 12 },
    );
    const x = sine(500, 16_000);
    expect(resample(x, 16_000, 16_000)).toBe(x);
  });

  it('refuses rates that are none', () => {
    expect(() => resample(new Float32Array(4), 0, 8000)).toThrow(RangeError);
    expect(() => resample(new Float32Array(4), 8000, 1.5)).toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { decodeG722, encodeG722 } from './g722.ts';

/** Delay of the two filter banks together, in samples. */
const DELAY = 22;

describe('G.722', () => {
  it('gives a tone of either band back, 22 samples later', () => {
    for (const [hz, least] of [
      [440, 30],
      [1000, 30],
      [6000, 10],
    ]) {
      const x = Float32Array.from(
        { length: 8000 },
        (_, i) => 0.3 * Math.sin((2 * Math.PI * hz * i) / 16_000),
      );
      const y = decodeG722(encodeG722(x));
      let [signal, error] = [0, 0];
      for (let i = 1000; i < 7900; i++) {
        signal += x[i] ** 2;
        error += (y[i + DELAY] - x[i]) ** 2;
      }
      expect(10 * Math.log10(signal / error), `${hz} Hz`).toBeGreaterThan(least);
    }
  });

  it('keeps silence silent', () => {
    const y = decodeG722(encodeG722(new Float32Array(4000)));
    expect(Math.max(...y.map(Math.abs))).toBeLessThan(0.001);
  });

  it('decodes any bytes to samples in range, the same each time', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 400 }), (seed, length) => {
        const random = new Random(seed);
        const bytes = Uint8Array.from({ length }, () => random.below(256));
        const samples = decodeG722(bytes);
        expect(samples.length).toBe(2 * length);
        expect(samples.every((v) => v >= -1 && v <= 1)).toBe(true);
        expect(decodeG722(bytes)).toEqual(samples);
      }),
      { numRuns: 40 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { beatOf, chrom, correlation, heartBand, pos, type SkinSignal } from './rppg.ts';

/** Skin that beats at `hz`: the relative amplitudes of blood volume in R, G, B are those of de Haan and Jeanne. */
function skin(
  hz: number,
  seconds: number,
  rate: number,
  noise: number,
  seed: number,
  beat = 0.006,
): SkinSignal {
  const random = new Random(seed);
  const n = Math.round(seconds * rate);
  const channel = (level: number, amplitude: number, offsets: readonly number[]) =>
    Float64Array.from(
      { length: n },
      (_, i) =>
        level * (1 + beat * amplitude * Math.sin((2 * Math.PI * hz * i) / rate) + offsets[i]) +
        noise * random.normal(),
    );
  // Light that flickers slowly reaches all channels alike.
  const light = Array.from({ length: n }, (_, i) => 0.02 * Math.sin((2 * Math.PI * 0.23 * i) / rate));
  return { r: channel(170, 0.33, light), g: channel(120, 0.77, light), b: channel(100, 0.53, light) };
}

describe.each([
  ['POS', pos],
  ['CHROM', chrom],
] as const)('%s', (_, method) => {
  it('finds the rate of a beating skin under changing light', () => {
    for (const hz of [0.9, 1.2, 1.7, 2.4]) {
      const beat = beatOf(heartBand(method(skin(hz, 10, 30, 0.1, 3), 30), 30));
      expect(Math.abs(beat.hz - hz)).toBeLessThan(0.1);
      expect(beat.snrDb).toBeGreaterThan(0);
    }
  });

  it('finds little in skin that does not beat', () => {
    const beat = beatOf(heartBand(method(skin(1.2, 10, 30, 0.3, 5, 0), 30), 30));
    expect(beat.snrDb).toBeLessThan(0);
  });

  it('is finite whatever it is given', () => {
    const numbers = fc.array(fc.double({ min: 0, max: 255, noNaN: true }), { minLength: 12, maxLength: 90 });
    fc.assert(
      fc.property(numbers, (values) => {
        const x = Float64Array.from(values);
        const { hz, snrDb } = beatOf(heartBand(method({ r: x, g: x, b: x }, 15), 15));
        expect(Number.isFinite(hz) && Number.isFinite(snrDb)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('correlation', () => {
  it('is 1 with itself, -1 with its negative, 0 with a constant', () => {
    const x = Float64Array.from([1, 2, 4, 3]);
    expect(correlation(x, x)).toBeCloseTo(1);
    expect(
      correlation(
        x,
        x.map((v) => -v),
      ),
    ).toBeCloseTo(-1);
    expect(correlation(x, new Float64Array(4))).toBe(0);
  });
});

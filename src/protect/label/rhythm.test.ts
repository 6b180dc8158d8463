import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { hasRhythm, rhythm } from './rhythm.ts';

const RATE = 16_000;

/** A tone switched on for so many units each, with pauses of one, over noise, in the middle of a second of it. */
function keyed(
  pattern: readonly number[],
  short: number,
  hz: number,
  noise: number,
  seed: number,
): Float32Array {
  const random = new Random(seed);
  const seconds = (pattern.reduce((a, b) => a + b, 0) + pattern.length - 1) * short;
  const out = Float32Array.from({ length: Math.round((2 + seconds) * RATE) }, () => noise * random.normal());
  let at = 1;
  for (const units of pattern) {
    const [from, count] = [Math.round(at * RATE), Math.round(units * short * RATE)];
    for (let i = 0; i < count; i++) out[from + i] += 0.2 * Math.sin((2 * Math.PI * hz * i) / RATE);
    at += (units + 1) * short;
  }
  return out;
}

const tempo = fc.integer({ min: 10, max: 35 }).map((n) => n / 100);
const pitch = fc.integer({ min: 300, max: 4000 });
const seed = fc.integer({ min: 0, max: 1e6 });

describe('the rhythm of a labelled sound', () => {
  it('is found as it is written, at every sampling rate', () => {
    for (const rate of [8000, 11_025, 16_000, 44_100, 48_000]) {
      const tone = rhythm(rate);
      expect(tone.length / rate).toBeCloseTo(2.2, 2);
      expect(hasRhythm(tone, rate)).toBe(true);
      expect(Math.max(...tone.map(Math.abs))).toBeLessThanOrEqual(0.35 + 1e-6);
    }
  });

  it('is found at any pitch and tempo, under noise, and nothing else is', () => {
    fc.assert(
      fc.property(tempo, pitch, seed, (short, hz, n) => {
        expect(hasRhythm(keyed([1, 3, 1, 1], short, hz, 0.008, n), RATE)).toBe(true);
      }),
      { numRuns: 25 },
    );
    const other = fc
      .array(fc.constantFrom(1, 3), { minLength: 1, maxLength: 6 })
      .filter((pattern) => pattern.join('') !== '1311');
    fc.assert(
      fc.property(other, tempo, pitch, seed, (pattern, short, hz, n) => {
        expect(hasRhythm(keyed(pattern, short, hz, 0.008, n), RATE)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  it('is not found in noise, in silence, in a chord or in nothing', () => {
    const random = new Random(4);
    expect(
      hasRhythm(
        Float32Array.from({ length: 5 * RATE }, () => random.normal()),
        RATE,
      ),
    ).toBe(false);
    expect(hasRhythm(new Float32Array(5 * RATE), RATE)).toBe(false);
    const chord = Float32Array.from(
      { length: 3 * RATE },
      (_, i) => 0.2 * (Math.sin(i / 5) + Math.sin(i / 7) + Math.sin(i / 9)) * Math.sin(i / 4000),
    );
    expect(hasRhythm(chord, RATE)).toBe(false);
    expect(hasRhythm(new Float32Array(0), RATE)).toBe(false);
    expect(hasRhythm(new Float32Array(10).fill(Number.NaN), RATE)).toBe(false);
  });
});

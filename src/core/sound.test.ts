import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt, heardSeconds, mono, soundOf, spread } from './sound.ts';

describe('spread', () => {
  it('covers a short recording whole, and a long one evenly within its budget', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 50_000, noNaN: true }),
        fc.double({ min: 1, max: 900, noNaN: true }),
        (duration, budget) => {
          const parts = spread(duration, budget);
          const total = parts.reduce((sum, [from, to]) => sum + to - from, 0);
          expect(total).toBeLessThanOrEqual(Math.max(budget, Math.min(duration, budget)) + 1e-6);
          expect(parts[0][0]).toBe(0);
          if (duration <= budget) expect(parts).toEqual([[0, duration]]);
          parts.forEach(([from, to], i) => {
            expect(to).toBeGreaterThan(from);
            expect(to).toBeLessThanOrEqual(duration + 1e-6);
            if (i > 0) expect(from).toBeGreaterThanOrEqual(parts[i - 1][1] - 1e-6);
          });
          if (parts.length > 1) expect(parts.at(-1)?.[1]).toBeCloseTo(duration, 6);
        },
      ),
    );
  });
});

describe('sound', () => {
  it('is cut to the seconds asked for, in order', () => {
    const sound = soundOf(new Float32Array(16_000), 8000);
    expect(heardSeconds(sound)).toBe(2);
    expect(heardSeconds(excerpt(sound, 0.5))).toBe(0.5);
    expect(heardSeconds(excerpt(sound, 9))).toBe(2);
  });

  it('mixes two channels and leaves one alone', () => {
    const left = Float32Array.of(1, 0);
    expect(mono({ start: 0, channels: [left] })).toBe(left);
    expect([...mono({ start: 0, channels: [left, Float32Array.of(0, -1)] })]).toEqual([0.5, -0.5]);
  });
});

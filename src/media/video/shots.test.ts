import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colours, difference, shotsOf, spreadOver } from './shots.ts';

const plain = (r: number, g: number, b: number) => {
  const data = new Uint8Array(16 * 12 * 3);
  for (let i = 0; i < data.length; i += 3) data.set([r, g, b], i);
  return { pixels: { width: 16, height: 12, data } };
};

describe('shots', () => {
  it('finds a cut between red and blue and none in a slow change of light', () => {
    const reds = [200, 202, 204, 206].map((v) => colours(plain(v, 10, 10)));
    const blues = [200, 202, 204, 206].map((v) => colours(plain(10, 10, v)));
    const times = Array.from({ length: 8 }, (_, i) => i / 2);
    expect(shotsOf(times, [...reds, ...blues], 4)).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 4 },
    ]);
    expect(shotsOf(times.slice(0, 4), reds, 2)).toEqual([{ start: 0, end: 2 }]);
  });

  it('measures difference between 0 and 1', () => {
    const [a, b] = [colours(plain(0, 0, 0)), colours(plain(255, 255, 255))];
    expect(difference(a, a)).toBe(0);
    expect(difference(a, b)).toBeCloseTo(1);
  });

  it('covers the clip whatever it sees, and spreads times inside it', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 40 }), (levels, count) => {
        const duration = levels.length;
        const times = levels.map((_, i) => i);
        const shots = shotsOf(
          times,
          levels.map((v) => colours(plain(v, 255 - v, v))),
          duration,
        );
        expect(shots[0].start).toBe(0);
        expect(shots[shots.length - 1].end).toBe(duration);
        shots.slice(1).forEach((shot, i) => {
          expect(shot.start).toBe(shots[i].end);
        });
        const chosen = spreadOver(shots, count);
        expect(chosen.length).toBeGreaterThan(0);
        expect(chosen.length).toBeLessThanOrEqual(count);
        for (const t of chosen) expect(t > 0 && t < duration).toBe(true);
      }),
      { numRuns: 80 },
    );
  });
});

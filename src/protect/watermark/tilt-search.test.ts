import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unitsSeen, wayBack } from './tilt-search.ts';

const [WIDTH, HEIGHT] = [2000, 1500];
const HALF = Math.hypot(WIDTH, HEIGHT) / 2;

/** A plane as the search would find it: units a sample in the middle, roll, tilt and its direction. */
const sights = fc.record({
  scale: fc.double({ min: 0.3, max: 2.5, noNaN: true }),
  roll: fc.double({ min: -3, max: 3, noNaN: true }),
  tilt: fc.double({ min: 0, max: 0.83, noNaN: true }),
  towards: fc.double({ min: 0, max: 6.28, noNaN: true }),
});

it('what is flattened holds the middle of the view, and nothing near the horizon of a steep one', () => {
  fc.assert(
    fc.property(sights, ({ scale, roll, tilt, towards }) => {
      const [g, h] = [Math.cos(towards), Math.sin(towards)].map((part) => (Math.tan(tilt) / 1.4) * part);
      const [c, s] = [scale * HALF * Math.cos(roll), scale * HALF * Math.sin(roll)];
      const sight = { terms: Float64Array.of(c, -s, s, c, g, h, 0), score: 1 };
      const area = unitsSeen(sight, WIDTH, HEIGHT);
      expect(area.x0).toBeLessThan(1);
      expect(area.y0).toBeLessThan(1);
      expect(area.x0 + area.width).toBeGreaterThan(-1);
      expect(area.y0 + area.height).toBeGreaterThan(-1);
      // Beyond 1.6 units a sample (or a little more than in the middle) the finest waves are gone.
      const coarsest = Math.max(1.6, 1.25 * scale);
      const least = Math.min(1, (scale / coarsest) ** (2 / 3));
      expect(Math.hypot(area.width, area.height)).toBeLessThan((2 * Math.SQRT2 * scale * HALF) / least + 4);
      const middle = wayBack(sight, WIDTH, HEIGHT)(0, 0);
      expect(middle.x).toBeCloseTo(WIDTH / 2, 3);
      expect(middle.y).toBeCloseTo(HEIGHT / 2, 3);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SMALLEST_PART, tilesFor, wideTile } from './tiles.ts';

describe('tiles', () => {
  it('looks once at a small picture, and with a frame when asked', () => {
    expect(tilesFor(512, 512, 48, 80)).toHaveLength(1);
    expect(tilesFor(512, 300, 48, 80)[0]).toEqual({ x: 0, y: -106, width: 512, height: 512, level: 0 });
    const wide = wideTile(100, 60);
    expect(wide.x + wide.width / 2).toBeCloseTo(50);
    expect(wide.y + wide.height / 2).toBeCloseTo(30);
  });

  it('shows every face of findable size whole in a square where it is large enough', () => {
    const side = fc.integer({ min: 300, max: 5000 });
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    const property = fc.property(side, side, part, part, part, (width, height, u, v, s) => {
      const minFace = 48;
      const tiles = tilesFor(width, height, minFace, 100_000);
      const finest = Math.min(...tiles.map((t) => t.width));
      const smallest = Math.max(minFace, finest * SMALLEST_PART);
      const face = smallest + s * (0.5 * Math.min(width, height) - smallest);
      if (face < smallest) return;
      const x = u * (width - face);
      const y = v * (height - face);
      const seen = tiles.some(
        (t) =>
          face >= t.width * SMALLEST_PART * 0.999 &&
          x >= t.x - 1e-6 &&
          y >= t.y - 1e-6 &&
          x + face <= t.x + t.width + 1e-6 &&
          y + face <= t.y + t.height + 1e-6,
      );
      expect(seen).toBe(true);
    });
    fc.assert(property, { seed: 8, numRuns: 500 });
  });

  it('never looks more often than allowed, but at least once', () => {
    const side = fc.integer({ min: 8, max: 100_000 });
    const property = fc.property(side, side, fc.nat(200), (width, height, most) => {
      const tiles = tilesFor(width, height, 1, most);
      expect(tiles.length).toBeGreaterThanOrEqual(1);
      expect(tiles.length).toBeLessThanOrEqual(Math.max(1, most));
    });
    fc.assert(property, { seed: 9, numRuns: 300 });
  });
});

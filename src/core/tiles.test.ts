import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACROSS, TILE, tiles } from './tiles.ts';

describe('tiles', () => {
  it('stay inside the picture, on the grid of eight, and are all different', () => {
    const side = fc.integer({ min: 96, max: 9000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 6 }), (width, height, across) => {
        const all = tiles(width, height, across);
        expect(all.length).toBeGreaterThanOrEqual(1);
        expect(all.length).toBeLessThanOrEqual(across * across);
        expect(new Set(all.map((t) => `${t.x},${t.y}`)).size).toBe(all.length);
        for (const t of all) {
          expect(t.x % 8).toBe(0);
          expect(t.y % 8).toBe(0);
          expect(t.x + t.width).toBeLessThanOrEqual(width);
          expect(t.y + t.height).toBeLessThanOrEqual(height);
          expect(t.width).toBe(Math.min(TILE, width));
          expect(t.height).toBe(Math.min(TILE, height));
        }
      }),
    );
  });

  it('are equally many for every picture that has room for them', () => {
    for (const [width, height] of [
      [256, 256],
      [512, 512],
      [4000, 3000],
      [900, 260],
    ]) {
      expect(tiles(width, height)).toHaveLength(ACROSS * ACROSS);
    }
  });
});

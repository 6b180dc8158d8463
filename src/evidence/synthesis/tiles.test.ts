import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TILE, tiles } from './tiles.ts';

describe('tiles', () => {
  it('stay inside the picture, within the limit, on the grid of eight', () => {
    const side = fc.integer({ min: 96, max: 9000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 40 }), (width, height, limit) => {
        const all = tiles(width, height, limit);
        expect(all.length).toBeGreaterThanOrEqual(1);
        expect(all.length).toBeLessThanOrEqual(limit);
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

  it('cover a picture that the limit allows to be covered', () => {
    const seen = new Set(tiles(256, 256, 4).map((t) => `${t.x},${t.y}`));
    expect(seen).toEqual(new Set(['0,0', '128,0', '0,128', '128,128']));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellColumn, cellRow, layCells, readStrips } from './strips.ts';

describe('cells', () => {
  it('cover a picture of any size with a bounded number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 30_000 }),
        fc.integer({ min: 16, max: 30_000 }),
        (width, height) => {
          const cells = layCells(width, height);
          expect(cells.cols * cells.rows).toBeLessThanOrEqual(18_000);
          expect(cells.side % 16).toBe(0);
          expect(cellColumn(cells, 0)).toBe(0);
          expect(cellColumn(cells, width - 1)).toBe(cells.cols - 1);
          expect(cellRow(cells, height - 1)).toBe(cells.rows - 1);
        },
      ),
      { seed: 5 },
    );
  });
});

describe('strips', () => {
  it('read a small picture whole, in luma', () => {
    const data = Uint8Array.from({ length: 40 * 24 * 3 }, (_, i) => (i * 7) % 256);
    const image = { width: 40, height: 24, data };
    const [strip, ...others] = readStrips(image, layCells(40, 24));
    expect(others).toHaveLength(0);
    expect(strip.plane.height).toBe(24);
    const at = 5 * 40 + 11;
    const wanted = 0.299 * data[at * 3] + 0.587 * data[at * 3 + 1] + 0.114 * data[at * 3 + 2];
    expect(strip.plane.data[at]).toBeCloseTo(wanted, 3);
  });

  it('mark pixels with a clipped channel and no others', () => {
    const data = new Uint8Array(16 * 16 * 3).fill(100);
    data.set([255, 100, 100, 100, 0, 100, 254, 1, 128], 0);
    const [strip] = readStrips({ width: 16, height: 16, data }, layCells(16, 16));
    expect([...strip.clipped.subarray(0, 4)]).toEqual([1, 1, 0, 0]);
  });

  it('read a bounded part of a large picture, inside it, at every offset of a grid, one strip a row of cells', () => {
    const width = 4100;
    const height = 3001;
    const image = { width, height, data: new Uint8Array(width * height * 3) };
    const cells = layCells(width, height);
    const strips = readStrips(image, cells);
    expect(strips).toHaveLength(cells.rows);
    let read = 0;
    const offsets = new Set<number>();
    for (const strip of strips) {
      offsets.add(strip.y % 8);
      expect(strip.y + strip.plane.height).toBeLessThanOrEqual(height);
      read += strip.plane.data.length;
    }
    expect(offsets.size).toBe(8);
    expect(read).toBeLessThan(11_000_000);
  });
});

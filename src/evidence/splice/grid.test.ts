import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossOfJpeg, scenery } from './fixtures.ts';
import { collectVotes, emptyVotes, gridOrigin, logTail } from './grid.ts';
import { layCells, readStrips } from './strips.ts';
import { gridKnown } from './windows.ts';

function originOf(image: ReturnType<typeof scenery>) {
  const cells = layCells(image.width, image.height);
  const votes = emptyVotes(cells);
  for (const strip of readStrips(image, cells)) collectVotes(strip, cells, votes);
  return gridOrigin(votes);
}

describe('grid votes', () => {
  it('find the origin of any grid', () => {
    const picture = scenery(200, 168, 5);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }), (x, y) => {
        const origin = originOf(lossOfJpeg(picture, 75, x, y));
        expect([origin.x, origin.y]).toEqual([x, y]);
        expect(gridKnown(origin)).toBe(true);
      }),
      { seed: 3, numRuns: 12 },
    );
  });

  it('find none where there was no JPEG', () => {
    for (let seed = 1; seed <= 8; seed++) expect(gridKnown(originOf(scenery(256, 256, seed)))).toBe(false);
  });

  it('are fewer where the picture is flat', () => {
    const flat = { width: 160, height: 160, data: new Uint8Array(160 * 160 * 3).fill(90) };
    const cells = layCells(160, 160);
    const votes = emptyVotes(cells);
    for (const strip of readStrips(flat, cells)) collectVotes(strip, cells, votes);
    expect(votes.columns.every((v) => v === 0) && votes.rows.every((v) => v === 0)).toBe(true);
  });
});

describe('logTail', () => {
  /** The binomial tail itself, by its definition. */
  function exact(k: number, n: number, p: number): number {
    let sum = 0;
    for (let i = k; i <= n; i++) {
      let log = i * Math.log(p) + (n - i) * Math.log(1 - p);
      for (let j = 1; j <= i; j++) log += Math.log(n - i + j) - Math.log(j);
      sum += Math.exp(log);
    }
    return Math.log10(sum);
  }

  it('never claims more than the exact tail allows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const k = Math.round(share * n);
          expect(logTail(k, n, 1 / 8)).toBeGreaterThanOrEqual(exact(k, n, 1 / 8) - 1e-9);
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });
});

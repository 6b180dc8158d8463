import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { type Pack, packedPictures } from './packed-pictures.ts';

const SIDE = 8;
const COUNT = 6;

/** Pictures whose pixels tell which they are: number `i` is of `i * 40` and a little more to the right. */
const pack: Pack = {
  ...{ count: COUNT, side: SIDE, groups: Uint8Array.from({ length: COUNT }, (_, i) => i % 2) },
  data: Uint8Array.from(
    { length: COUNT * 3 * SIDE * SIDE },
    (_, at) => Math.floor(at / (3 * SIDE * SIDE)) * 40 + (at % SIDE),
  ),
};
const source = packedPictures({ faces: pack, textures: { ...pack, data: pack.data.map((v) => 255 - v) } });
const whichOf = (picture: Uint8Array) => Math.floor(picture[0] / 40);

describe('packed pictures', () => {
  it('are drawn whole, mirrored or not, from the asked group, the same from the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(undefined, 0, 1), (seed, group) => {
        const drawn = source.draw(new Random(seed), 'faces', SIDE, 12, group as 0 | 1 | undefined);
        expect(drawn).toHaveLength(12 * 3 * SIDE * SIDE);
        expect(source.draw(new Random(seed), 'faces', SIDE, 12, group as 0 | 1 | undefined)).toEqual(drawn);
        for (let i = 0; i < 12; i++) {
          const picture = drawn.subarray(i * 3 * SIDE * SIDE, (i + 1) * 3 * SIDE * SIDE);
          const which = whichOf(picture);
          if (group !== undefined) expect(which % 2).toBe(group);
          const row = Array.from({ length: SIDE }, (_, x) => which * 40 + x);
          expect([row, [...row].reverse()]).toContainEqual([...picture.subarray(SIDE, 2 * SIDE)]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('come from all over the pack, mirrored half of the time', () => {
    const drawn = source.draw(new Random(1), 'faces', SIDE, 300);
    const each = 3 * SIDE * SIDE;
    const pictures = Array.from({ length: 300 }, (_, i) => drawn.subarray(i * each, (i + 1) * each));
    expect(new Set(pictures.map(whichOf)).size).toBe(COUNT);
    const mirrored = pictures.filter((p) => p[0] > p[1]).length;
    expect(mirrored).toBeGreaterThan(110);
    expect(mirrored).toBeLessThan(190);
  });

  it('become smaller by averages of whole blocks', () => {
    const small = source.draw(new Random(3), 'faces', 2, 1, 1);
    const which = whichOf(small);
    // Columns 0..3 and 4..7 average to 1.5 and 5.5, rounded up.
    expect([[...small.subarray(0, 2)]]).toEqual([expect.arrayContaining([which * 40 + 2, which * 40 + 6])]);
    expect(source.draw(new Random(3), 'textures', 1, 1)).toHaveLength(3);
  });

  it('refuse a side that does not divide theirs', () => {
    expect(() => source.draw(new Random(1), 'faces', 3, 1)).toThrow(RangeError);
  });
});

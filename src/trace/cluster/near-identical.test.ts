import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hammingDistance, type PerceptualHash } from '../../core/perceptual-hash.ts';
import { nearIdentical } from './near-identical.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });
/** A few originals, and copies of them with up to three bits turned. */
const hashes = fc
  .tuple(
    fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(4), fc.array(fc.nat(31), { maxLength: 3 }), fc.boolean()), { maxLength: 25 }),
  )
  .map(([originals, copies]) =>
    copies.map(([which, bits, blank]): PerceptualHash | null => {
      if (blank && bits.length === 0) return null;
      const [high, low] = originals[which % originals.length];
      return [high, bits.reduce((value, bit) => (value ^ (1 << bit)) >>> 0, low)];
    }),
  );

describe('near-identical pictures', () => {
  it('are connected in their group, and apart from all outside it', () => {
    fc.assert(
      fc.property(hashes, (all) => {
        const groups = nearIdentical(all, 8);
        const inside = new Map(groups.flatMap((g, k) => g.map((i) => [i, k])));
        const near = (i: number, j: number) => {
          const [a, b] = [all[i], all[j]];
          return a !== null && b !== null && hammingDistance(a, b) <= 8;
        };
        for (let i = 0; i < all.length; i++) {
          for (let j = 0; j < i; j++) {
            if (near(i, j)) expect(inside.get(i)).toBe(inside.get(j));
            if (near(i, j)) expect(inside.has(i)).toBe(true);
          }
        }
        for (const group of groups) {
          expect(group.length).toBeGreaterThan(1);
          const reached = new Set([group[0]]);
          for (const from of reached) for (const to of group) if (near(from, to)) reached.add(to);
          expect(reached.size).toBe(group.length);
          expect(group).toEqual([...group].sort((a, b) => a - b));
        }
        expect(groups.map((g) => g[0])).toEqual(groups.map((g) => g[0]).sort((a, b) => a - b));
      }),
    );
  });

  it('are none among none, and among pictures without a hash', () => {
    expect(nearIdentical([])).toEqual([]);
    expect(nearIdentical([null, null, [1, 2]])).toEqual([]);
  });
});

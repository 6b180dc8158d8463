import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjustedRand,
  labelsOf,
  normalisedMutualInformation,
  purity,
  scoreClustering,
} from './clustering.ts';

/** Two partitions of the same items. */
const partitions = fc
  .array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 2, maxLength: 30 })
  .map((items) => ({ found: items.map(([a]) => a), truth: items.map(([, b]) => b) }));

// The example of Manning, Raghavan and Schütze, figure 16.4: clusters of x and o and d.
const FOUND = [...'111111222222 33333'].filter((c) => c !== ' ');
const TRUTH = [...'xxxxxo xooood xxddd'].filter((c) => c !== ' ');

describe('golden values', () => {
  it('of the textbook', () => {
    expect(purity(FOUND, TRUTH)).toBeCloseTo(12 / 17, 12);
    // 40 pairs in a cluster, 44 in a class, 20 in both, 136 in all: (20 - 40 * 44 / 136) / (42 - 40 * 44 / 136).
    expect(adjustedRand(FOUND, TRUTH)).toBeCloseTo((20 - 1760 / 136) / (42 - 1760 / 136), 12);
    // The textbook rounds to 0.36.
    expect(normalisedMutualInformation(FOUND, TRUTH)).toBeCloseTo(0.3646, 3);
  });

  it('worked by hand', () => {
    // Cells 2 1 / 0 1: 4 items, rows 3 and 1, columns 2 and 2.
    const found = [0, 0, 0, 1];
    const truth = ['a', 'a', 'b', 'b'];
    expect(purity(found, truth)).toBe(0.75);
    // Pairs: 3 in a cluster, 2 in a class, 1 in both, 6 in all: (1 - 1) / (2.5 - 1) = 0.
    expect(adjustedRand(found, truth)).toBe(0);
    // H(found) = 2 - 0.75 log2 3, H(truth) = 1, H(both) = 1.5 bits.
    const entropy = 2 - 0.75 * Math.log2(3);
    expect(normalisedMutualInformation(found, truth)).toBeCloseTo(
      (2 * (entropy + 1 - 1.5)) / (entropy + 1),
      12,
    );
    // Split across: cells all 1. Pairs: 2, 2, 0 of 6: (0 - 2/3) / (2 - 2/3).
    expect(adjustedRand([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-0.5, 12);
    expect(normalisedMutualInformation([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(0, 12);
  });
});

describe('identities', () => {
  it('the same partition under other names is perfect', () => {
    fc.assert(
      fc.property(partitions, ({ truth }) => {
        const renamed = truth.map((t) => `name ${7 - t}`);
        for (const measure of [purity, normalisedMutualInformation, adjustedRand])
          expect(measure(renamed, truth)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('mutual information and Rand index are symmetric and at most 1, purity grows by splitting', () => {
    fc.assert(
      fc.property(partitions, ({ found, truth }) => {
        for (const measure of [normalisedMutualInformation, adjustedRand]) {
          const value = measure(found, truth);
          expect(value).toBeCloseTo(measure(truth, found), 12);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(normalisedMutualInformation(found, truth)).toBeGreaterThanOrEqual(0);
        const split = found.map((label, i) => `${label} ${i % 2}`);
        expect(purity(split, truth)).toBeGreaterThanOrEqual(purity(found, truth));
      }),
    );
  });

  it('the Rand index counts pairs', () => {
    fc.assert(
      fc.property(partitions, ({ found, truth }) => {
        let [both, a, b, all] = [0, 0, 0, 0];
        for (let i = 0; i < found.length; i++) {
          for (let j = 0; j < i; j++) {
            const [x, y] = [found[i] === found[j], truth[i] === truth[j]];
            both += Number(x && y);
            a += Number(x);
            b += Number(y);
            all++;
          }
        }
        const chance = (a * b) / all;
        const wanted = (a + b) / 2 === both ? 1 : (both - chance) / ((a + b) / 2 - chance);
        expect(adjustedRand(found, truth)).toBeCloseTo(wanted, 9);
      }),
    );
  });

  it('random labels score about nothing', () => {
    const items = Array.from({ length: 4000 }, (_, i) => i);
    const found = items.map((i) => (i * 7919) % 13);
    const truth = items.map((i) => (i * 104729) % 11);
    expect(Math.abs(adjustedRand(found, truth))).toBeLessThan(0.01);
    expect(normalisedMutualInformation(found, truth)).toBeLessThan(0.02);
  });
});

describe('a whole clustering', () => {
  it('counts what is in no cluster as alone', () => {
    expect(labelsOf([[3, 1]], 5)).toEqual([-1, 0, -3, 0, -5]);
    expect(
      scoreClustering(
        [
          [0, 1, 2],
          [3, 4],
        ],
        ['a', 'a', 'b', 'c', 'c', 'c'],
      ),
    ).toMatchObject({
      items: 6,
      purity: 5 / 6,
      foundSources: 2,
      trueSources: 3,
      clustered: 5 / 6,
    });
    const nothing = scoreClustering([], ['a', 'b', 'b']);
    expect(nothing).toMatchObject({ purity: 1, foundSources: 0, clustered: 0, adjustedRand: 0 });
  });

  it('refuses items that are named twice or are none, and lists of different length', () => {
    for (const clusters of [[[0, 0]], [[0], [0]], [[2]], [[-1]], [[0.5]]])
      expect(() => labelsOf(clusters, 2)).toThrow(RangeError);
    expect(() => purity([1], [])).toThrow(RangeError);
  });

  it('of nothing has no score', () => {
    for (const measure of [purity, normalisedMutualInformation, adjustedRand])
      expect(measure([], [])).toBeNaN();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  auc,
  balancedAccuracy,
  bootstrap,
  calibrationError,
  thresholdAt,
  truePositiveRateAt,
  wilson,
} from './metrics.ts';

const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.boolean()), {
  minLength: 2,
  maxLength: 60,
});

describe('auc', () => {
  it('is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(pairs, (items) => {
        const ups = items.filter(([, p]) => p).map(([s]) => s);
        const downs = items.filter(([, p]) => !p).map(([s]) => s);
        const value = auc(
          items.map(([s]) => s),
          items.map(([, p]) => p),
        );
        if (!ups.length || !downs.length) {
          expect(value).toBeNaN();
          return;
        }
        let won = 0;
        for (const u of ups) for (const d of downs) won += u > d ? 1 : u === d ? 0.5 : 0;
        expect(value).toBeCloseTo(won / (ups.length * downs.length), 9);
      }),
    );
  });

  it('weighs as if an item stood there several times', () => {
    const scores = [1, 2, 3, 4];
    const positive = [false, true, false, true];
    const twice = auc([1, 2, 2, 3, 4], [false, true, true, false, true]);
    expect(auc(scores, positive, [1, 2, 1, 1])).toBeCloseTo(twice, 9);
  });
});

describe('thresholdAt', () => {
  it('lets at most the wanted share of negatives through', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -5, max: 5 }), { minLength: 1, maxLength: 99 }),
        (negatives) => {
          const threshold = thresholdAt(0.1, negatives);
          expect(negatives.filter((s) => s >= threshold).length).toBeLessThanOrEqual(
            0.1 * negatives.length + 1e-9,
          );
        },
      ),
    );
  });

  it('gives the true-positive rate at that threshold', () => {
    const scores = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8.5, 20];
    const positive = scores.map((_, i) => i >= 10);
    expect(truePositiveRateAt(0.1, scores, positive)).toBe(1);
    expect(truePositiveRateAt(0, scores, positive)).toBe(0.5);
  });
});

it('balanced accuracy ignores the class sizes', () => {
  expect(balancedAccuracy([0, 0, 0, 1], [false, false, false, true], 0.5)).toBe(1);
  expect(balancedAccuracy([1, 0, 0, 1], [false, false, false, true], 0.5)).toBeCloseTo((1 + 2 / 3) / 2);
});

it('calibration error is nought for honest probabilities and large for boasts', () => {
  const honest = Array.from({ length: 1000 }, (_, i) => (i % 10) / 10);
  const outcome = honest.map((p, i) => (Math.floor(i / 10) % 10) / 10 < p);
  expect(calibrationError(honest, outcome)).toBeLessThan(0.02);
  expect(
    calibrationError(
      honest.map(() => 0.99),
      outcome,
    ),
  ).toBeGreaterThan(0.4);
});

it('Wilson interval holds its share and tightens with n', () => {
  const [lo, hi] = wilson(3, 10);
  expect(lo).toBeLessThan(0.3);
  expect(hi).toBeGreaterThan(0.3);
  const [lo2, hi2] = wilson(300, 1000);
  expect(hi2 - lo2).toBeLessThan(hi - lo);
});

it('bootstrap is seeded and surrounds the mean', () => {
  const items = [1, 2, 3, 4, 5];
  const mean = (sample: readonly number[]) => sample.reduce((a, b) => a + b, 0) / sample.length;
  const interval = bootstrap(items, mean, { rounds: 200 });
  expect(interval).toEqual(bootstrap(items, mean, { rounds: 200 }));
  expect(interval[0]).toBeLessThan(3);
  expect(interval[1]).toBeGreaterThan(3);
});

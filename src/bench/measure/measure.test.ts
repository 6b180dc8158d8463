import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { auc } from '../metrics.ts';
import type { ScoreMeta, ScoreRow, ScoreTable } from '../scores/row.ts';
import { bestThreshold, crossCalibrated } from './calibrate.ts';
import { compareTables } from './compare.ts';
import { detPoints, probit, Ranking, rocPoints, summarise } from './curve.ts';
import { aucStandardError, compareAucs } from './delong.ts';
import { evaluate } from './evaluate.ts';
import { flipsAgainst } from './flips.ts';
import { foldsBySource } from './folds.ts';
import { seenAndUnseen } from './generators.ts';
import { fitLogistic, logitOf } from './logistic.ts';
import { brierScore, calibrationCurve, expectedCalibrationError, logLoss } from './probabilities.ts';
import { redraws } from './redraw.ts';

const items = fc
  .array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.boolean(), fc.nat(3)), { minLength: 2, maxLength: 50 })
  .filter((list) => list.some(([, p]) => p) && list.some(([, p]) => !p));
const META: ScoreMeta = {
  ...{ schema: 'huoyan.scores/1', detector: { name: 'd' } },
  ...{ polarity: 'higher-is-fake', scale: 'logit' },
};

describe('the curve', () => {
  it('has the area that pairs in order have, and the precision that steps of recall have', () => {
    fc.assert(
      fc.property(items, (list) => {
        const scores = list.map(([s]) => s);
        const positive = list.map(([, p]) => p);
        const ranking = new Ranking(scores, positive);
        const found = summarise(ranking);
        expect(found.auc).toBeCloseTo(auc(scores, positive), 9);
        // Average precision, the slow way: every threshold, precision times the recall gained there.
        let [before, sum] = [0, 0];
        for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
          const called = list.filter(([s]) => s >= threshold);
          const recall = called.filter(([, p]) => p).length / positive.filter(Boolean).length;
          sum += (recall - before) * (called.filter(([, p]) => p).length / called.length);
          before = recall;
        }
        expect(found.averagePrecision).toBeCloseTo(sum, 9);
        const points = rocPoints(ranking);
        const within = (rate: number) => Math.max(...points.filter((p) => p.fpr <= rate).map((p) => p.tpr));
        expect([found.tprAt1, found.tprAt01]).toEqual([within(0.01), within(0.001)]);
        // The equal error rate lies between the best and the worst error of the neighbouring points.
        const worst = Math.min(...points.map((p) => Math.max(p.fpr, 1 - p.tpr)));
        const best = Math.max(...points.map((p) => Math.min(p.fpr, 1 - p.tpr)));
        expect(found.equalErrorRate).toBeLessThanOrEqual(worst + 1e-9);
        expect(found.equalErrorRate).toBeGreaterThanOrEqual(best - 1e-9);
      }),
    );
  });

  it('turned round has the opposite area and the same equal error rate', () => {
    fc.assert(
      fc.property(items, (list) => {
        const scores = list.map(([s]) => s);
        const positive = list.map(([, p]) => p);
        const there = summarise(new Ranking(scores, positive));
        const back = summarise(
          new Ranking(
            scores.map((s) => -s),
            positive.map((p) => !p),
          ),
        );
        expect(back.auc).toBeCloseTo(there.auc, 9);
        expect(back.equalErrorRate).toBeCloseTo(there.equalErrorRate, 9);
      }),
    );
  });

  it('weighs as if an item stood there several times', () => {
    fc.assert(
      fc.property(items, (list) => {
        const many = list.flatMap((one) => Array.from({ length: one[2] }, () => one));
        const weighed = summarise(
          new Ranking(
            list.map(([s]) => s),
            list.map(([, p]) => p),
          ),
          list.map(([, , w]) => w),
        );
        const repeated = summarise(
          new Ranking(
            many.map(([s]) => s),
            many.map(([, p]) => p),
          ),
        );
        for (const name of ['auc', 'averagePrecision', 'equalErrorRate', 'tprAt1'] as const) {
          if (Number.isNaN(repeated[name])) expect(weighed[name]).toBeNaN();
          else expect(weighed[name]).toBeCloseTo(repeated[name], 9);
        }
      }),
    );
  });

  it('is drawn on normal deviates', () => {
    // Quantiles of the normal distribution, from any table.
    for (const [p, z] of [
      [0.5, 0],
      [0.975, 1.959964],
      [0.01, -2.326348],
      [0.001, -3.090232],
    ])
      expect(probit(p)).toBeCloseTo(z, 5);
    const random = new Random(1);
    const positive = Array.from({ length: 2000 }, (_, i) => i % 2 === 0);
    const ranking = new Ranking(
      positive.map((p) => random.normal() + (p ? 1 : 0)),
      positive,
    );
    const curve = detPoints(ranking);
    expect(curve.length).toBeGreaterThan(20);
    expect(curve.length).toBeLessThanOrEqual(61);
    for (let i = 1; i < curve.length; i++) {
      expect(curve[i].fpr).toBeGreaterThanOrEqual(curve[i - 1].fpr);
      expect(curve[i].fnr).toBeLessThanOrEqual(curve[i - 1].fnr);
    }
  });
});

describe('probabilities', () => {
  it('cost what they should', () => {
    expect(logLoss([0.5, 0.5], [true, false])).toBeCloseTo(Math.LN2, 12);
    expect(logLoss([0.8, 0.3], [true, false])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.7)) / 2, 12);
    expect(logLoss([0], [true])).toBeCloseTo(-Math.log(1e-6), 6);
    expect(brierScore([0.8, 0.3], [true, false])).toBeCloseTo((0.04 + 0.09) / 2, 12);
    expect(brierScore([0.8, 0.3], [true, false], [3, 1])).toBeCloseTo((3 * 0.04 + 0.09) / 4, 12);
  });

  it('are compared with what was seen, bin by bin', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), {
          minLength: 1,
          maxLength: 40,
        }),
        (list) => {
          const p = list.map(([v]) => v);
          const positive = list.map(([, b]) => b);
          const curve = calibrationCurve(p, positive);
          expect(curve.reduce((sum, bin) => sum + bin.n, 0)).toBe(list.length);
          const error = expectedCalibrationError(p, positive);
          expect(error).toBeGreaterThanOrEqual(0);
          expect(error).toBeLessThanOrEqual(1);
        },
      ),
    );
    expect(expectedCalibrationError([0, 0, 1, 1], [false, false, true, true], 2)).toBe(0);
    expect(expectedCalibrationError([1, 1, 0, 0], [false, false, true, true], 2)).toBe(1);
  });
});

describe('DeLong', () => {
  // Albumin, total protein, K-G score and outcome of ovarian cancer patients, as listed in SAS/STAT User's Guide, PROC
  // LOGISTIC, "Comparing Receiver Operating Characteristic Curves"; the figures wanted below are those printed there.
  const PATIENTS =
    `3.0 5.8 10 0 3.2 6.3 5 1 3.9 6.8 3 1 2.8 4.8 6 0 3.2 5.8 3 1 0.9 4.0 5 0 2.5 5.7 8 0 1.6 5.6 5 1
3.8 5.7 5 1 3.7 6.7 6 1 3.2 5.4 4 1 3.8 6.6 6 1 4.1 6.6 5 1 3.6 5.7 5 1 4.3 7.0 4 1 3.6 6.7 4 0 2.3 4.4 6 1 4.2 7.6 4 0
4.0 6.6 6 0 3.5 5.8 6 1 3.8 6.8 7 1 3.0 4.7 8 0 4.5 7.4 5 1 3.7 7.4 5 1 3.1 6.6 6 1 4.1 8.2 6 1 4.3 7.0 5 1 4.3 6.5 4 1
3.2 5.1 5 1 2.6 4.7 6 1 3.3 6.8 6 0 1.7 4.0 7 0 3.7 6.1 5 1 3.3 6.3 7 1 4.2 7.7 6 1 3.5 6.2 5 1 2.9 5.7 9 0 2.1 4.8 7 1
2.8 6.2 8 0 4.0 7.0 7 1 3.3 5.7 6 1 3.7 6.9 5 1 3.6 6.6 5 1`
      .split(/\s+/)
      .map(Number);
  const column = (c: number, sign: number) =>
    Array.from({ length: PATIENTS.length / 4 }, (_, i) => sign * PATIENTS[4 * i + c]);
  const [albumin, protein, score] = [column(0, -1), column(1, -1), column(2, 1)];
  const event = column(3, 1).map((v) => v === 0);

  it('agrees with the published example', () => {
    const against = compareAucs(albumin, score, event);
    expect(against.first).toBeCloseTo(0.7366, 4);
    expect(against.second).toBeCloseTo(0.7258, 4);
    expect(against.difference).toBeCloseTo(0.0108, 4);
    expect(against.standardError).toBeCloseTo(0.0953, 4);
    const other = compareAucs(protein, score, event);
    expect(other.first).toBeCloseTo(0.6478, 4);
    expect(other.difference).toBeCloseTo(-0.078, 3);
    expect(other.standardError).toBeCloseTo(0.1046, 4);
    // Chi-square 0.5554 of the difference of protein and score: p 0.4561 with one degree of freedom.
    expect(other.z ** 2).toBeCloseTo(0.5554, 3);
    expect(other.p).toBeCloseTo(0.4561, 4);
    for (const [values, error] of [
      [albumin, 0.0927],
      [score, 0.1028],
      [protein, 0.1],
    ] as const)
      expect(aucStandardError(values, event)).toBeCloseTo(error, 4);
  });

  it('agrees with a bootstrap of independent files', () => {
    const random = new Random(3);
    const positive = Array.from({ length: 300 }, (_, i) => i % 2 === 0);
    const shared = positive.map((p) => random.normal() + (p ? 1 : 0));
    const one = shared.map((s) => s + 0.5 * random.normal());
    const two = shared.map((s) => s + 1.5 * random.normal());
    const { difference, standardError, p } = compareAucs(one, two, positive);
    const rankings = [new Ranking(one, positive), new Ranking(two, positive)];
    const apart = positive.map((fake, i) => ({
      label: fake ? ('fake' as const) : ('real' as const),
      source: `${i}`,
    }));
    const { weights } = redraws(apart, { rounds: 600, seed: 2 });
    const values = weights.map((w) => summarise(rankings[0], w).auc - summarise(rankings[1], w).auc);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    expect(spread / standardError).toBeGreaterThan(0.88);
    expect(spread / standardError).toBeLessThan(1.12);
    expect(Math.abs(mean - difference)).toBeLessThan(3 * (standardError / Math.sqrt(600)) + 0.002);
    expect(p < 0.05).toBe(Math.abs(difference) / standardError > 1.96);
  });

  it('finds no difference in a detector and itself, and knows no order of arguments', () => {
    fc.assert(
      fc.property(items, (list) => {
        const a = list.map(([s]) => s);
        const b = list.map(([, , s]) => s);
        const positive = list.map(([, p]) => p);
        if (positive.filter(Boolean).length < 2 || positive.filter((p) => !p).length < 2) return;
        expect(compareAucs(a, a, positive)).toMatchObject({ difference: 0, z: 0 });
        expect(compareAucs(a, a, positive).p).toBeCloseTo(1, 6);
        expect(compareAucs(a, b, positive).difference).toBeCloseTo(
          -compareAucs(b, a, positive).difference,
          12,
        );
        expect(compareAucs(a, b, positive).standardError).toBeCloseTo(
          compareAucs(b, a, positive).standardError,
          9,
        );
      }),
    );
  });
});

describe('sources', () => {
  const clustered = fc.array(
    fc.record({
      label: fc.constantFrom('real' as const, 'fake' as const),
      source: fc.constantFrom(...'abcdefg'),
    }),
    { minLength: 4, maxLength: 40 },
  );

  it('are redrawn whole, and no redraw loses a class', () => {
    fc.assert(
      fc.property(clustered, (list) => {
        const { weights, itemwise } = redraws(list, { rounds: 5 });
        expect(weights).toEqual(redraws(list, { rounds: 5 }).weights);
        for (const round of weights) {
          for (const label of ['real', 'fake'] as const) {
            const there = list.some((one) => one.label === label);
            expect(list.some((one, i) => one.label === label && round[i] > 0)).toBe(there);
          }
          if (itemwise) continue;
          list.forEach((one, i) => {
            list.forEach((other, j) => {
              if (one.source === other.source) expect(round[i]).toBe(round[j]);
            });
          });
        }
      }),
    );
  });

  it('are never split over folds, unless there are too few', () => {
    fc.assert(
      fc.property(clustered, (list) => {
        const { of, itemwise } = foldsBySource(list, 3);
        expect(of.every((fold) => fold >= 0 && fold < 3)).toBe(true);
        if (itemwise) return;
        const fold = new Map<string, number>();
        list.forEach(({ source }, i) => {
          expect(fold.get(source) ?? of[i]).toBe(of[i]);
          fold.set(source, of[i]);
        });
      }),
    );
  });
});

describe('calibration', () => {
  it('fits the slope that made the labels', () => {
    const random = new Random(5);
    const x = Array.from({ length: 4000 }, () => random.normal() * 2 + 1);
    const positive = x.map((v) => random.chance(1 / (1 + Math.exp(-(1.5 * v - 1)))));
    const fitted = fitLogistic(
      x.map((v) => [v, 7]),
      positive,
      { itemWeights: x.map(() => 1), ridge: 1e-6 },
    );
    expect(logitOf(fitted, [2, 7]) - logitOf(fitted, [1, 7])).toBeCloseTo(1.5, 0);
    expect(logitOf(fitted, [0, 7])).toBeCloseTo(-1, 0);
    expect(() => fitLogistic([[1], [2]], [true, true])).toThrow(RangeError);
  });

  it('judges nothing by itself', () => {
    // Two sources a class; in the first pair fakes are higher, in the second lower: what one teaches fails on the other.
    const scores = [0, 1, 0, 1, 1, 0, 1, 0];
    const positive = [false, true, false, true, false, true, false, true];
    const folds = { of: [0, 0, 0, 0, 1, 1, 1, 1], count: 2, itemwise: false };
    const { probabilities } = crossCalibrated(scores, positive, folds);
    expect(summarise(new Ranking(probabilities, positive)).auc).toBe(0);
    expect(bestThreshold([0, 1, 2, 3], [false, false, true, true])).toBe(1.5);
  });
});

describe('an evaluation', () => {
  const random = new Random(9);
  const rows: ScoreRow[] = Array.from({ length: 400 }, (_, i) => {
    const fake = i % 2 === 1;
    const source = fake ? `g${i % 7}` : `camera${(i / 2) % 6}`;
    return {
      ...{ key: `${source}/${i}.png`, label: fake ? 'fake' : 'real', condition: 'stored' },
      ...{ source, ...(fake ? { generator: source } : {}) },
      ...(i % 40 === 0
        ? { status: 'notApplicable', score: null }
        : { status: 'ok', score: random.normal() + (fake ? 1.5 : -1.5) }),
    } as ScoreRow;
  });

  it('puts every figure inside its interval and keeps seen and unseen apart', () => {
    const found = evaluate(rows, META, { rounds: 200, seenGenerators: ['g1', 'g3'] });
    expect(found).toMatchObject({ n: 400, reals: 200, fakes: 200, itemwise: false });
    expect(found.coverage.notApplicable).toMatchObject({ count: 10, rate: 0.025 });
    for (const { value, lo, hi } of Object.values(found.figures)) {
      expect(lo).toBeLessThanOrEqual(value + 1e-9);
      expect(hi).toBeGreaterThanOrEqual(value - 1e-9);
    }
    expect(found.figures.auc.value).toBeGreaterThan(0.95);
    expect(found.accuracy.fixed.balanced.value).toBeGreaterThan(0.88);
    expect(found.accuracy.calibrated.value).toBeGreaterThan(0.85);
    expect(found.calibrated?.logLoss.value).toBeLessThan(0.35);
    expect(found.tooFewReals).toEqual({ at1: false, at01: true });
    expect(found.generators).toHaveLength(7);
    const { seen, unseen, gap } = found.overGenerators;
    expect(gap).toBeCloseTo((seen ?? 0) - (unseen ?? 0), 12);
    expect(() => evaluate([...rows, { ...rows[1], condition: 'jpeg50' }], META)).toThrow(RangeError);
  });

  it('of one class, or of nothing, says so and breaks nothing', () => {
    const reals = evaluate(
      rows.filter((row) => row.label === 'real'),
      META,
      { rounds: 20 },
    );
    expect(reals.figures.auc.value).toBeNaN();
    expect(reals.calibrated).toBeNull();
    expect(evaluate([], META, { rounds: 5 })).toMatchObject({ n: 0, det: [], generators: [] });
  });

  it('counts verdicts that turned to their opposite', () => {
    const again = rows.slice(0, 10).map((row, i) => ({
      ...row,
      condition: 'jpeg50',
      score: row.score === null ? null : i < 5 ? -row.score : row.score,
    }));
    const [flips] = flipsAgainst([...rows, ...again], 0);
    expect(flips.condition).toBe('jpeg50');
    expect(flips.flips.count).toBe(rows.slice(0, 5).filter((row) => row.score !== null).length);
  });

  it('is compared on what both answered', () => {
    const table = (name: string, all: readonly ScoreRow[]): ScoreTable => ({
      ...{ name, meta: META, rows: all, incomplete: 0 },
    });
    const worse = rows.map((row) => ({
      ...row,
      score: row.score === null ? null : row.score + 3 * random.normal(),
    }));
    const { common, asked, delong, clustered } = compareTables(
      table('good', rows),
      table('worse', worse.slice(0, 300)),
      { rounds: 200 },
    );
    expect([asked, common]).toEqual([300, rows.slice(0, 300).filter((row) => row.score !== null).length]);
    expect(delong.difference).toBeGreaterThan(0.05);
    expect(delong.p).toBeLessThan(0.01);
    expect(clustered.lo).toBeGreaterThan(0);
  });
});

describe('seen and unseen generators', () => {
  const row = (label: 'real' | 'fake', source: string, i: number, score: number): ScoreRow => ({
    ...{ key: `${source}/${i}`, label, source, score, status: 'ok', condition: 'stored' },
    ...(label === 'fake' ? { generator: source } : {}),
  });
  const scores = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 4 });

  it('have the means that counting pairs gives, within their intervals, whatever is drawn', () => {
    fc.assert(
      fc.property(
        fc.array(scores, { minLength: 2, maxLength: 4 }),
        fc.array(scores, { minLength: 2, maxLength: 5 }),
        fc.nat(5),
        (reals, fakes, known) => {
          const rows = [
            ...reals.flatMap((list, s) => list.map((score, i) => row('real', `r${s}`, i, score))),
            ...fakes.flatMap((list, s) => list.map((score, i) => row('fake', `g${s}`, i, score))),
          ];
          const seen = fakes.slice(0, known).map((_, s) => `g${s}`);
          const found = seenAndUnseen(rows, seen, { rounds: 50 });
          const { overGenerators } = evaluate(rows, { ...META, seenGenerators: seen }, { rounds: 10 });
          for (const side of ['seen', 'unseen'] as const) {
            const one = found[side];
            if (one === null) expect(overGenerators[side]).toBeNull();
            else {
              expect(one.value).toBeCloseTo(overGenerators[side] ?? Number.NaN, 9);
              expect(one.lo).toBeLessThanOrEqual(one.hi);
              expect(one.generators).toBe(side === 'seen' ? seen.length : fakes.length - seen.length);
            }
          }
          expect(seenAndUnseen(rows, undefined)).toEqual({ seen: null, unseen: null });
        },
      ),
      { numRuns: 40 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { DESCRIPTION } from './description.ts';
import { average, deviations, Metric, type MetricData } from './metric.ts';

function data(seed: number, rank: number, length = DESCRIPTION): MetricData {
  const random = new Random(seed);
  const row = (of: () => number) => Float32Array.from({ length }, of);
  return {
    mean: row(() => random.normal()),
    rate: row(() => random.uniform(0.5, 2)),
    diagonal: row(() => random.uniform(0.5, 2)),
    directions: Array.from({ length: rank }, () => row(() => random.normal())),
  };
}
const vector = (random: Random, length = DESCRIPTION) => Float32Array.from({ length }, () => random.normal());

/** The same cosine by solving with the whole covariance, as the definition has it. */
function slowly({ diagonal, directions }: MetricData, a: Float32Array, b: Float32Array): number {
  // Conjugate gradients on (D + G'G) x = b.
  const apply = (v: Float64Array) => {
    const out = Float64Array.from(v, (x, i) => x * diagonal[i]);
    for (const g of directions) {
      const along = g.reduce((s, x, i) => s + x * v[i], 0);
      for (let i = 0; i < out.length; i++) out[i] += along * g[i];
    }
    return out;
  };
  const dot = (p: ArrayLike<number>, q: ArrayLike<number>) => {
    let s = 0;
    for (let i = 0; i < p.length; i++) s += p[i] * q[i];
    return s;
  };
  const solve = (wanted: Float32Array) => {
    const x = new Float64Array(wanted.length);
    let r = Float64Array.from(wanted);
    let p = Float64Array.from(r);
    for (let k = 0; k < 300; k++) {
      const before = dot(r, r);
      if (before < 1e-18) break;
      const q = apply(p);
      const step = before / dot(p, q);
      for (let i = 0; i < x.length; i++) x[i] += step * p[i];
      r = r.map((v, i) => v - step * q[i]);
      const grow = dot(r, r) / before;
      p = p.map((v, i) => r[i] + grow * v);
    }
    return x;
  };
  const [x, y] = [solve(a), solve(b)];
  return dot(a, y) / Math.sqrt(dot(a, x) * dot(b, y));
}

describe('the metric', () => {
  it('is the cosine under the inverse covariance', () => {
    const given = data(1, 6);
    const metric = new Metric(given);
    const random = new Random(2);
    for (let i = 0; i < 3; i++) {
      const [a, b] = [vector(random), vector(random)];
      const fast = metric.similarity(metric.prepare(a), metric.prepare(b));
      expect(fast).toBeCloseTo(slowly(given, a, b), 4);
    }
  });

  it('is the same for descriptions of any length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer(),
        (length, rank, seed) => {
          const given = data(seed, rank, length);
          const metric = new Metric(given);
          const random = new Random(seed + 1);
          const [a, b] = [vector(random, length), vector(random, length)];
          const fast = metric.similarity(metric.prepare(a), metric.prepare(b));
          expect(fast).toBeCloseTo(slowly(given, a, b), 3);
          expect(() => metric.prepare(vector(random, length + 1))).toThrow(RangeError);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('takes extra deviations as if they had been fitted', () => {
    const given = data(3, 4);
    const random = new Random(4);
    const extra = [vector(random), vector(random)];
    const [a, b] = [vector(random), vector(random)];
    const widened = new Metric(given, extra);
    const fitted = new Metric({ ...given, directions: [...given.directions, ...extra] });
    expect(widened.similarity(widened.prepare(a), widened.prepare(b))).toBeCloseTo(
      fitted.similarity(fitted.prepare(a), fitted.prepare(b)),
      6,
    );
  });

  it('is symmetric, within -1..1, and 1 for the same picture', () => {
    const metric = new Metric(data(5, 8));
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (s, t) => {
        const a = metric.prepare(vector(new Random(s)));
        const b = metric.prepare(vector(new Random(t)));
        const similarity = metric.similarity(a, b);
        expect(similarity).toBeCloseTo(metric.similarity(b, a), 6);
        expect(Math.abs(similarity)).toBeLessThanOrEqual(1.0001);
        expect(metric.similarity(a, a)).toBeCloseTo(1, 4);
      }),
      { numRuns: 20 },
    );
  });

  it('looks away from what varies within a source', () => {
    const random = new Random(6);
    const noisy = vector(random).map((v) => 20 * v);
    const plain = { ...data(7, 0), diagonal: new Float32Array(DESCRIPTION).fill(1) };
    const own = vector(random);
    const shifted = own.map((v, i) => v + noisy[i]);
    const blind = new Metric(plain);
    const taught = new Metric({ ...plain, directions: [noisy] });
    const alike = (m: Metric) => m.similarity(m.prepare(own), m.prepare(shifted));
    expect(alike(blind)).toBeLessThan(0.3);
    expect(alike(taught)).toBeGreaterThan(0.9);
  });

  it('averages, and gives what differs from the average', () => {
    const rows = [Float32Array.of(1, 2), Float32Array.of(3, 6)];
    expect(Array.from(average(rows))).toEqual([2, 4]);
    expect(deviations(rows, 2).map((row) => Array.from(row))).toEqual([
      [-2, -4],
      [2, 4],
    ]);
    expect(() => average([])).toThrow(RangeError);
    expect(() => new Metric(data(1, 1)).prepare(new Float32Array(3))).toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Affine,
  apply,
  boundsOf,
  containment,
  invert,
  overlap,
  scaleOf,
  similarityBetween,
} from './geometry.ts';

const coordinate = fc.double({ min: -1000, max: 1000, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const box = fc.record({
  x: coordinate,
  y: coordinate,
  width: fc.double({ min: 0.1, max: 500, noNaN: true }),
  height: fc.double({ min: 0.1, max: 500, noNaN: true }),
});
const similarity = fc
  .record({
    angle: fc.double({ min: -3, max: 3, noNaN: true }),
    scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
    shift: point,
  })
  .map(({ angle, scale, shift }): Affine => {
    const a = Math.cos(angle) * scale;
    const c = Math.sin(angle) * scale;
    return { a, b: -c, c, d: a, tx: shift.x, ty: shift.y };
  });
const settings = { seed: 3, numRuns: 200 };

describe('transforms', () => {
  it('invert undoes apply', () => {
    const property = fc.property(similarity, point, (t, p) => {
      const back = apply(invert(t), apply(t, p));
      expect(Math.hypot(back.x - p.x, back.y - p.y)).toBeLessThan(1e-6);
    });
    fc.assert(property, settings);
  });

  it('the similarity between points and their image is the one that made the image', () => {
    const points = fc.array(point, { minLength: 3, maxLength: 8 }).filter((list) => {
      const { width, height } = boundsOf(list);
      return Math.max(width, height) > 1;
    });
    const property = fc.property(points, similarity, (from, t) => {
      const found = similarityBetween(
        from,
        from.map((p) => apply(t, p)),
      );
      for (const key of ['a', 'b', 'c', 'd'] as const) expect(found[key]).toBeCloseTo(t[key], 5);
      expect(scaleOf(found)).toBeCloseTo(scaleOf(t), 5);
    });
    fc.assert(property, settings);
  });

  it('no small change of the best similarity is better', () => {
    const pairs = fc.array(fc.tuple(point, point), { minLength: 3, maxLength: 6 });
    const property = fc.property(pairs, (list) => {
      const from = list.map(([p]) => p);
      const to = list.map(([, q]) => q);
      if (Math.max(boundsOf(from).width, boundsOf(from).height) < 1) return;
      const best = similarityBetween(from, to);
      const error = (t: Affine) =>
        from.reduce((sum, p, i) => {
          const q = apply(t, p);
          return sum + (q.x - to[i].x) ** 2 + (q.y - to[i].y) ** 2;
        }, 0);
      const least = error(best);
      for (const change of [
        { tx: best.tx + 0.1 },
        { ty: best.ty - 0.1 },
        { a: best.a + 1e-3, d: best.d + 1e-3 },
      ]) {
        expect(error({ ...best, ...change })).toBeGreaterThanOrEqual(least - 1e-6 * (1 + least));
      }
    });
    fc.assert(property, settings);
  });

  it('refuses what has no answer', () => {
    const p = { x: 1, y: 1 };
    expect(() => similarityBetween([p], [p])).toThrow(RangeError);
    expect(() => similarityBetween([p, p], [p, { x: 2, y: 2 }])).toThrow(RangeError);
    expect(() => invert({ a: 0, b: 0, c: 0, d: 0, tx: 1, ty: 1 })).toThrow(RangeError);
  });
});

describe('boxes', () => {
  it('overlap and containment are symmetric, within 0..1, and 1 for a box with itself', () => {
    const property = fc.property(box, box, (p, q) => {
      for (const measure of [overlap, containment]) {
        expect(measure(p, q)).toBeCloseTo(measure(q, p), 9);
        expect(measure(p, q)).toBeGreaterThanOrEqual(0);
        expect(measure(p, q)).toBeLessThanOrEqual(1 + 1e-9);
        expect(measure(p, p)).toBeCloseTo(1, 9);
      }
      expect(containment(p, q)).toBeGreaterThanOrEqual(overlap(p, q) - 1e-9);
    });
    fc.assert(property, settings);
  });
});

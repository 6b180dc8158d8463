import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTINUOUS, type Construction, DISCRETE, LOSS_BITS } from '../../core/construction.ts';
import { Random } from '../../core/random.ts';
import { Parser, type ParserData } from './parser.ts';
import { inner, project } from './space.ts';
import { CLASSES, DISCRETE_NAMES, denormalise, LOSSES_AT, rangesOf, toVector, VECTOR } from './vector.ts';

const SIZE = 12;

const anyConstruction: fc.Arbitrary<Construction> = fc.record({
  continuous: fc.record(
    Object.fromEntries(CONTINUOUS.map((name) => [name, fc.integer({ min: 0, max: 1_000_000 })])),
  ),
  discrete: fc.record(
    Object.fromEntries(
      DISCRETE_NAMES.map((name) => [name, fc.integer({ min: 0, max: DISCRETE[name].length - 1 })]),
    ),
  ),
  losses: fc.record(Object.fromEntries(LOSS_BITS.map((bit) => [bit, fc.boolean()]))),
}) as unknown as fc.Arbitrary<Construction>;

function made(seed: number): Construction {
  const random = new Random(seed);
  return {
    continuous: Object.fromEntries(CONTINUOUS.map((name) => [name, random.below(50)])),
    discrete: Object.fromEntries(DISCRETE_NAMES.map((name) => [name, random.below(DISCRETE[name].length)])),
    losses: Object.fromEntries(LOSS_BITS.map((bit) => [bit, random.chance(0.4)])),
  } as unknown as Construction;
}

/** Generators far apart in a space that is left as it is. */
function parserOf(constructions: readonly Construction[]): { parser: Parser; data: ParserData } {
  const ranges = rangesOf(constructions);
  const data: ParserData = {
    space: {
      centre: new Float32Array(SIZE),
      axes: Float32Array.from({ length: SIZE * SIZE }, (_, i) => (i % (SIZE + 1) === 0 ? 1 : 0)),
    },
    ranges,
    references: constructions.map((one, i) => ({
      name: `generator-${i}`,
      place: Float32Array.from({ length: SIZE }, (_, k) => (k === i ? 1 : 0)),
      vector: toVector(one, ranges),
    })),
    mean: new Float32Array(VECTOR).fill(0.2),
    coefficients: constructions.map(() => new Float32Array(VECTOR).fill(0.01)),
    ways: { continuous: 'retrieval', discrete: 'retrieval', losses: 'regression' },
    interval: { base: 0.05, slope: 1 },
  };
  return { parser: new Parser(data), data };
}

describe('constructions as numbers', () => {
  it('have one class each, values on 0..1, and come back', () => {
    fc.assert(
      fc.property(fc.array(anyConstruction, { minLength: 1, maxLength: 6 }), (all) => {
        const ranges = rangesOf(all);
        for (const one of all) {
          const vector = toVector(one, ranges);
          CONTINUOUS.forEach((name, i) => {
            expect(vector[i]).toBeGreaterThanOrEqual(0);
            expect(vector[i]).toBeLessThanOrEqual(1.000001);
            const range = ranges[name][1] - ranges[name][0];
            expect(Math.abs(denormalise(name, vector[i], ranges) - one.continuous[name])).toBeLessThanOrEqual(
              1e-6 * range + 1e-9,
            );
          });
          for (const name of DISCRETE_NAMES) {
            const classes = [...vector.subarray(...CLASSES[name])];
            expect(classes.indexOf(1)).toBe(one.discrete[name]);
            expect(classes.filter((v) => v !== 0)).toEqual([1]);
          }
          LOSS_BITS.forEach((bit, i) => {
            expect(vector[LOSSES_AT + i]).toBe(one.losses[bit] ? 1 : 0);
          });
        }
      }),
    );
  });
});

describe('the space', () => {
  it('gives places of length one, whatever the scale of what is put in', () => {
    const { data } = parserOf([made(1), made(2)]);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -100, max: 100 }), { minLength: SIZE, maxLength: SIZE }),
        fc.integer({ min: 1, max: 50 }),
        (numbers, scale) => {
          fc.pre(numbers.some((v) => v !== 0));
          const place = project(data.space, Float32Array.from(numbers));
          expect(inner(place, place)).toBeCloseTo(1, 4);
          const again = project(
            data.space,
            Float32Array.from(numbers, (v) => v * scale),
          );
          expect(inner(place, again)).toBeCloseTo(1, 4);
        },
      ),
    );
  });
});

describe('model parsing', () => {
  const constructions = [made(1), made(2), made(3), made(4)];
  const { parser, data } = parserOf(constructions);

  it('gives back how a known generator is built when a picture lies where its pictures lie', () => {
    constructions.forEach((one, i) => {
      const { continuous, discrete, nearest } = parser.parse(data.references[i].place);
      expect(nearest[0]).toEqual({ name: `generator-${i}`, similarity: 1 });
      for (const name of CONTINUOUS) {
        const range = data.ranges[name][1] - data.ranges[name][0];
        expect(Math.abs(continuous[name].value - one.continuous[name])).toBeLessThan(1e-3 * range + 1e-6);
      }
      for (const name of DISCRETE_NAMES)
        expect(discrete[name].indexOf(Math.max(...discrete[name]))).toBe(one.discrete[name]);
    });
  });

  it('is less sure, and says wider intervals, between generators that are built differently', () => {
    const between = data.references[0].place.map((v, k) => v + data.references[1].place[k]);
    const differing = CONTINUOUS.find(
      (name) => constructions[0].continuous[name] !== constructions[1].continuous[name],
    )!;
    const width = (e: Float32Array) => {
      const { lo, hi } = parser.parse(e).continuous[differing];
      return hi - lo;
    };
    expect(width(between)).toBeGreaterThan(width(data.references[0].place));
  });

  it('never says a class is impossible, and its probabilities are probabilities', () => {
    const random = new Random(7);
    for (let k = 0; k < 50; k++) {
      const parsed = parser.parse(Float32Array.from({ length: SIZE }, () => random.normal()));
      for (const classes of Object.values(parsed.discrete)) {
        expect(classes.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
        expect(Math.min(...classes)).toBeGreaterThan(0);
      }
      for (const p of Object.values(parsed.losses)) {
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThan(1);
      }
      for (const { value, lo, hi } of Object.values(parsed.continuous)) {
        expect(lo).toBeLessThanOrEqual(value);
        expect(hi).toBeGreaterThanOrEqual(value);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import * as plain from '../synthesis/discriminant.ts';
import { fitDiscriminant, scoreOf } from './discriminant.ts';

/** Two classes a step apart in the first two numbers; the third says nothing. */
function drawn(count: number, random: Random) {
  const positive = Array.from({ length: count }, (_, i) => i % 2 === 0);
  const rows = positive.map((side) => {
    const shift = side ? 1 : 0;
    return Float32Array.of(shift + random.normal(), shift + random.normal(), random.normal());
  });
  return { rows, positive, weights: rows.map(() => 1 + random.uniform()) };
}

describe('the discriminant of voices', () => {
  it('is the plain one on standardised rows where there is no background', () => {
    const { rows, positive, weights } = drawn(203, new Random(1));
    const fitted = fitDiscriminant(rows, positive, weights, { shrinkage: 0.3 });
    const { mean, rate } = fitted.scaling;
    const standard = rows.map((row) =>
      Float64Array.from(row, (v, j) => Math.max(-3, Math.min(3, (v - mean[j]) * rate[j]))),
    );
    const other = plain.fitDiscriminant(standard, positive, 0.3, weights);
    fitted.direction.forEach((v, j) => {
      expect(v).toBeCloseTo(other.direction[j], 5);
    });
    expect(fitted.offset).toBeCloseTo(other.offset, 5);
  });

  it('trusts less what varies in the background, wherever that lies', () => {
    const random = new Random(2);
    const { rows, positive, weights } = drawn(400, random);
    const background = Array.from({ length: 300 }, () =>
      Float32Array.of(0.5 + 4 * random.normal(), 0.5 + random.normal(), random.normal()),
    );
    const fitted = (far: number) =>
      fitDiscriminant(rows, positive, weights, {
        shrinkage: 0.1,
        background: {
          rows: background.map((row) => Float32Array.of(row[0], row[1] + far, row[2])),
          weights: background.map(() => 1),
        },
      });
    const without = fitDiscriminant(rows, positive, weights, { shrinkage: 0.1 });
    const trust = ({ direction }: { direction: Float32Array }) => Math.abs(direction[0] / direction[1]);
    const near = fitted(0);
    expect(trust(near)).toBeLessThan(0.5 * trust(without));
    const far = fitted(0.2);
    far.direction.forEach((v, j) => {
      expect(v).toBeCloseTo(near.direction[j], 1);
    });
    const share = plain.classWeights(positive, weights);
    const mean = rows.reduce((sum, row, i) => sum + share[i] * scoreOf(row, near), 0);
    expect(Math.abs(mean)).toBeLessThan(0.05);
  });
});

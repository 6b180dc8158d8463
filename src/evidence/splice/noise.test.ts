import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { paste, scenery } from './fixtures.ts';
import { cellFacts, collectFacts, emptyFacts, median, noiseResidual, solve } from './noise.ts';
import { layCells, readStrips } from './strips.ts';

function residualOf(image: ReturnType<typeof scenery>) {
  const cells = layCells(image.width, image.height);
  const sums = emptyFacts(cells);
  for (const strip of readStrips(image, cells)) collectFacts(strip, cells, sums);
  const facts = cellFacts(cells, sums);
  return { cells, facts, ...noiseResidual(facts) };
}

const meanWhere = (values: Float32Array, keep: (i: number) => boolean) => {
  const kept = [...values].filter((v, i) => keep(i) && !Number.isNaN(v));
  return kept.reduce((a, b) => a + b, 0) / kept.length;
};

describe('noise residual', () => {
  it('stands out where a noisier part was pasted', () => {
    const box = { x: 96, y: 64, width: 96, height: 96 };
    const image = paste(scenery(320, 256, 1, 2), scenery(320, 256, 1, 5), box);
    const { cells, z } = residualOf(image);
    const inside = (i: number) => {
      const x = (i % cells.cols) * 16;
      const y = Math.floor(i / cells.cols) * 16;
      return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
    };
    expect(meanWhere(z, inside)).toBeGreaterThan(1);
    expect(Math.abs(meanWhere(z, (i) => !inside(i)))).toBeLessThan(0.8);
  });

  it('measures the level of plain noise', () => {
    const random = new Random(9);
    const data = new Uint8Array(128 * 128 * 3);
    for (let i = 0; i < 128 * 128; i++) data.fill(Math.round(120 + 4 * random.normal()), i * 3, i * 3 + 3);
    expect(residualOf({ width: 128, height: 128, data }).level).toBeCloseTo(4, 0);
  });

  it('follows noise that grows with brightness, as a camera has it', () => {
    const random = new Random(4);
    const data = new Uint8Array(256 * 256 * 3);
    for (let y = 0; y < 256; y++)
      for (let x = 0; x < 256; x++) {
        const light = 40 + 0.6 * x;
        const v = Math.round(light + (1 + light / 60) * random.normal());
        data.fill(v, (y * 256 + x) * 3, (y * 256 + x) * 3 + 3);
      }
    const { z, cells } = residualOf({ width: 256, height: 256, data });
    for (const side of [(i: number) => i % cells.cols < 5, (i: number) => i % cells.cols > 10])
      expect(Math.abs(meanWhere(z, side))).toBeLessThan(0.7);
  });

  it('abstains where the picture is flat or clipped', () => {
    const white = paste(
      scenery(256, 256, 3),
      { width: 256, height: 256, data: new Uint8Array(256 * 256 * 3).fill(255) },
      { x: 0, y: 0, width: 128, height: 128 },
    );
    const { z, cells } = residualOf(white);
    for (let y = 0; y < 7; y++) for (let x = 0; x < 7; x++) expect(z[y * cells.cols + x]).toBeNaN();
    expect([...z].some((v) => !Number.isNaN(v))).toBe(true);
  });
});

describe('small maths', () => {
  it('median is the middle', () => {
    expect(median([])).toBeNaN();
    expect(median([3, 1, 2])).toBe(2);
    expect(median(Float32Array.of(4, 1, 2, 3))).toBe(2.5);
  });

  it('solve solves', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (values) => {
          // A^T A + I is positive definite
          const matrix = new Float64Array(9);
          for (let i = 0; i < 3; i++)
            for (let j = 0; j < 3; j++) {
              matrix[i * 3 + j] = i === j ? 1 : 0;
              for (let k = 0; k < 3; k++) matrix[i * 3 + j] += values[k * 3 + i] * values[k * 3 + j];
            }
          const right = Float64Array.from(values.slice(9));
          const x = solve(matrix, right);
          for (let i = 0; i < 3; i++) {
            let sum = 0;
            for (let j = 0; j < 3; j++) sum += matrix[i * 3 + j] * x[j];
            expect(sum).toBeCloseTo(right[i], 6);
          }
        },
      ),
      { seed: 6 },
    );
  });
});

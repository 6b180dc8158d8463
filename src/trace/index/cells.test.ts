import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
import { Cells } from './cells.ts';

const unit = (v: Float32Array) => {
  const norm = Math.hypot(...v);
  return v.map((x) => x / norm);
};
const gaussian = (random: Random, dimensions: number) =>
  unit(Float32Array.from({ length: dimensions }, () => random.normal()));
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Vectors around a few sources, as fingerprints of the same device or generator lie. */
function clustered(random: Random, dimensions: number, sources: number, spread: number) {
  const centres = Array.from({ length: sources }, () => gaussian(random, dimensions));
  return () => {
    const noise = gaussian(random, dimensions);
    return unit(random.pick(centres).map((x, i) => x + spread * noise[i]));
  };
}

/** The similarities that a full comparison in floating point finds, best first. */
const exactly = (query: Float32Array, rows: Map<number, Float32Array>, k: number) =>
  [...rows.values()]
    .map((row) => cosine(query, row))
    .sort((a, b) => b - a)
    .slice(0, k);

/** Compares by similarity, not by serial: 16 bits may swap rows that differ by less than their rounding. */
function expectExact(cells: Cells, rows: Map<number, Float32Array>, query: Float32Array, k: number) {
  const found = cells.search(query, k, -1, Number.POSITIVE_INFINITY);
  const wanted = exactly(query, rows, k);
  expect(found).toHaveLength(wanted.length);
  expect(new Set(found).size).toBe(found.length);
  for (const [i, serial] of found.entries()) {
    const row = rows.get(serial);
    expect(row, `serial ${serial} was deleted or never added`).toBeDefined();
    expect(Math.abs(cosine(query, row as Float32Array) - wanted[i])).toBeLessThan(1e-4);
  }
}

test('any sequence of additions and deletions leaves what a plain map would hold', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 2, max: 33 }),
      fc.integer({ min: 1, max: 6 }),
      (seed, dimensions, sources) => {
        const random = new Random(seed);
        const draw = clustered(random, dimensions, sources, 0.5);
        const cells = new Cells(dimensions);
        const rows = new Map<number, Float32Array>();
        let serial = 0;
        for (let step = 0; step < 3000; step++) {
          if (random.chance(0.7) || rows.size === 0) {
            serial += 1 + random.below(3);
            const row = draw();
            rows.set(serial, row);
            cells.add(serial, row);
          } else {
            const victim = random.below(serial + 2);
            expect(cells.delete(victim)).toBe(rows.delete(victim));
          }
        }
        expect(cells.count).toBe(rows.size);
        for (let i = 0; i < 5; i++) expectExact(cells, rows, draw(), 1 + random.below(30));
      },
    ),
    { numRuns: 12 },
  );
});

test('the bound that ends an exact search loses nothing, and it does save work', () => {
  const random = new Random(5);
  const draw = clustered(random, 64, 40, 0.4);
  const cells = new Cells(64);
  const rows = new Map<number, Float32Array>();
  for (let serial = 1; serial <= 20_000; serial++) {
    const row = draw();
    rows.set(serial, row);
    cells.add(serial, row);
  }
  expect(cells.cells).toBeGreaterThan(30);
  for (let i = 0; i < 20; i++) expectExact(cells, rows, draw(), 10);
  expectExact(cells, rows, gaussian(random, 64), 10);
});

test('a search with little effort still finds nearly all neighbours of clustered data', () => {
  const random = new Random(6);
  const draw = clustered(random, 64, 60, 0.5);
  const cells = new Cells(64);
  for (let serial = 1; serial <= 30_000; serial++) cells.add(serial, draw());
  let same = 0;
  for (let i = 0; i < 100; i++) {
    const query = draw();
    const exact = new Set(cells.search(query, 10, -1, Number.POSITIVE_INFINITY));
    same += cells.search(query, 10, -1, 3000 * 64).filter((serial) => exact.has(serial)).length;
  }
  expect(same / 1000).toBeGreaterThan(0.98);
});

test('one vector a few thousand times: cells split all the same, and every copy is found and deleted', () => {
  const cells = new Cells(16);
  const row = gaussian(new Random(7), 16);
  for (let serial = 1; serial <= 3000; serial++) cells.add(serial, row);
  expect(cells.cells).toBeGreaterThan(4);
  expect(new Set(cells.search(row, 1000, 0.99, Number.POSITIVE_INFINITY)).size).toBe(1000);
  for (let serial = 1; serial <= 3000; serial++) expect(cells.delete(serial)).toBe(true);
  expect(cells.count).toBe(0);
  expect(cells.search(row, 10, -1, Number.POSITIVE_INFINITY)).toEqual([]);
  cells.add(3001, row);
  expect(cells.search(row, 10, -1, Number.POSITIVE_INFINITY)).toEqual([3001]);
});

test('the least similarity leaves out what lies below it', () => {
  const cells = new Cells(4);
  cells.add(1, Float32Array.of(1, 0, 0, 0));
  cells.add(2, Float32Array.of(0, 1, 0, 0));
  cells.add(3, unit(Float32Array.of(1, 1, 0, 0)));
  expect(cells.search(Float32Array.of(1, 0, 0, 0), 10, 0.5, Number.POSITIVE_INFINITY)).toEqual([1, 3]);
});

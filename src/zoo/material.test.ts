import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { deadLeaves } from './material.ts';

const SIZE = 64;
const COUNT = 24;
const drawn = deadLeaves.draw(new Random(5), 'textures', SIZE, COUNT);
const plane = SIZE * SIZE;
/** Green planes, which carry most of the brightness. */
const greens = Array.from({ length: COUNT }, (_, i) =>
  drawn.subarray((i * 3 + 1) * plane, (i * 3 + 2) * plane),
);

describe('dead leaves', () => {
  it('are the same from the same seed, of the asked size and number, and never flat', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(8, 16, 30),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(undefined, 0, 1),
        (seed, size, count, group) => {
          const ask = (s: number) =>
            deadLeaves.draw(new Random(s), 'faces', size, count, group as 0 | 1 | undefined);
          const pictures = ask(seed);
          expect(pictures).toHaveLength(count * 3 * size * size);
          expect(ask(seed)).toEqual(pictures);
          expect(ask(seed + 1)).not.toEqual(pictures);
          for (let i = 0; i < count; i++) {
            const one = pictures.subarray(i * 3 * size * size, (i + 1) * 3 * size * size);
            expect(new Set(one).size).toBeGreaterThan(4);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('use the range without living at its ends', () => {
    const clipped = drawn.filter((v) => v === 0 || v === 255).length / drawn.length;
    expect(clipped).toBeLessThan(0.12);
    const mean = drawn.reduce((sum, v) => sum + v, 0) / drawn.length;
    expect(mean).toBeGreaterThan(80);
    expect(mean).toBeLessThan(170);
  });

  it('have a power spectrum that falls about with the square of frequency, as photographs have', () => {
    // Along rows, a spectrum of f^-2 in two dimensions falls with f^-1 where leaves of all sizes act, faster below the smallest.
    const power = new Float64Array(SIZE / 2);
    for (const green of greens) {
      for (let y = 0; y < SIZE; y += 4) {
        for (let k = 1; k < SIZE / 2; k++) {
          let [re, im] = [0, 0];
          for (let x = 0; x < SIZE; x++) {
            const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * x) / SIZE);
            re += hann * (green[y * SIZE + x] - 128) * Math.cos((2 * Math.PI * k * x) / SIZE);
            im += hann * (green[y * SIZE + x] - 128) * Math.sin((2 * Math.PI * k * x) / SIZE);
          }
          power[k] += re * re + im * im;
        }
      }
    }
    const points = Array.from({ length: 14 }, (_, i) => [Math.log(i + 3), Math.log(power[i + 3])]);
    const [mx, my] = [0, 1].map((d) => points.reduce((s, p) => s + p[d], 0) / points.length);
    const slope =
      points.reduce((s, [x, y]) => s + (x - mx) * (y - my), 0) /
      points.reduce((s, [x]) => s + (x - mx) ** 2, 0);
    expect(slope).toBeLessThan(-1.3);
    expect(slope).toBeGreaterThan(-2.6);
  });

  it('have differences of neighbours with heavy tails', () => {
    let [second, fourth, n] = [0, 0, 0];
    for (const green of greens) {
      for (let i = 1; i < plane; i++) {
        if (i % SIZE === 0) continue;
        const d = green[i] - green[i - 1];
        second += d ** 2;
        fourth += d ** 4;
        n++;
      }
    }
    // 3 for a normal distribution.
    expect(fourth / n / (second / n) ** 2).toBeGreaterThan(5);
  });

  it('come in two groups that do not share a picture', () => {
    const of = (group: 0 | 1) => deadLeaves.draw(new Random(9), 'faces', 16, 2, group);
    expect(of(0)).not.toEqual(of(1));
  });
});

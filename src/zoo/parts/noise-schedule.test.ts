import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { normals } from './feed.ts';
import { pictureMeant, signalPowers, stepBack, TIMES, visited } from './noise-schedule.ts';

const schedules = ['linear', 'cosine'] as const;
const N = 20_000;

describe.each(schedules)('%s schedule', (kind) => {
  const powers = signalPowers(kind);

  it('falls from nearly clean to nearly noise', () => {
    expect(powers[0]).toBeGreaterThan(0.9995);
    expect(powers[TIMES - 1]).toBeLessThan(1e-4);
    expect(powers.every((p, t) => p > 0 && (t === 0 || p < powers[t - 1]))).toBe(true);
  });

  it('reads the picture out of every target', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: TIMES * 0.9 }), fc.integer(), (t, seed) => {
        const random = new Random(seed);
        const picture = Float32Array.from({ length: 16 }, () => random.uniform(-1, 1));
        const noise = normals(random, 16);
        const [signal, spread] = [Math.sqrt(powers[t]), Math.sqrt(1 - powers[t])];
        const noisy = picture.map((p, i) => signal * p + spread * noise[i]);
        const velocity = picture.map((p, i) => signal * noise[i] - spread * p);
        for (const [target, said] of Object.entries({ noise, velocity, picture })) {
          const meant = pictureMeant(target as 'noise', noisy, said, powers[t]);
          meant.forEach((m, i) => {
            expect(m).toBeCloseTo(picture[i], 4);
          });
        }
      }),
    );
  });

  it.each([0, 1] as const)('keeps the share of noise right on the way back (fresh noise: %i)', (fresh) => {
    const random = new Random(3);
    const picture = new Float32Array(N).fill(0.5);
    for (const [t, s] of [
      [900, 850],
      [500, 499],
      [200, 20],
    ]) {
      const [signal, spread] = [Math.sqrt(powers[t]), Math.sqrt(1 - powers[t])];
      const noisy = normals(random, N).map((n) => signal * 0.5 + spread * n);
      const back = stepBack(noisy, picture, powers[t], powers[s], fresh, random);
      const mean = back.reduce((sum, v) => sum + v, 0) / N;
      const variance = back.reduce((sum, v) => sum + (v - mean) ** 2, 0) / N;
      expect(Math.abs(mean - Math.sqrt(powers[s]) * 0.5)).toBeLessThan(0.03);
      expect(variance / (1 - powers[s])).toBeGreaterThan(0.95);
      expect(variance / (1 - powers[s])).toBeLessThan(1.05);
    }
  });

  it('has the posterior of the DDPM paper between neighbouring times (equation 7)', () => {
    const [t, x, p] = [400, 0.7, -0.3];
    const [now, before] = [powers[t], powers[t - 1]];
    const beta = 1 - now / before;
    const mean =
      ((Math.sqrt(before) * beta) / (1 - now)) * p +
      ((Math.sqrt(now / before) * (1 - before)) / (1 - now)) * x;
    const variance = ((1 - before) / (1 - now)) * beta;
    const fill = (v: number) => new Float32Array(N).fill(v);
    const drawn = stepBack(fill(x), fill(p), now, before, 1, new Random(9));
    const found = drawn.reduce((sum, v) => sum + v, 0) / N;
    expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / N));
    expect(drawn.reduce((sum, v) => sum + (v - found) ** 2, 0) / N / variance).toBeCloseTo(1, 1);
  });
});

it('ends at the picture believed in, and visits falling times down to 0', () => {
  const picture = Float32Array.of(-1, 0.25, 1);
  const back = stepBack(Float32Array.of(3, -2, 0), picture, 0.4, 1, 1, new Random(1));
  expect([...back]).toEqual([...picture]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: TIMES }), (steps) => {
      const times = visited(steps);
      expect(times).toHaveLength(steps);
      expect(times.at(-1)).toBe(0);
      expect(times.every((t, i) => t < TIMES && (i === 0 || t < times[i - 1]))).toBe(true);
    }),
  );
});

/** What is written fast, in whole numbers and by symmetries, held to the same written slowly by its definition. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { carrierOf, drawTile, TILE } from './carrier.ts';
import { encode } from './code.ts';
import { embed, tilePx } from './embed.ts';
import { noWaves, ORDER, synthesise, waveAt } from './harmonics.ts';
import { maskOf } from './mask.ts';
import { bitsOfHex } from './payload.ts';
import { boxMean, reducedLuma } from './plane.ts';

const OPTIONS = { key: 'a key', message: bitsOfHex('0123456789abcdef') };

/** The green channel, marked. Between cells strength goes in even steps along the line, as `MarkLines` has it. */
function slowly(image: RgbImage): Float64Array {
  const { width, height, data } = image;
  const side = tilePx(width, height);
  const cell = Math.max(1, Math.round(side / TILE));
  const { strength, bias, ...cells } = maskOf(reducedLuma(image, cell));
  const tile = drawTile(carrierOf(OPTIONS.key), encode(OPTIONS.message), side);
  const out = new Float64Array(width * height);
  for (let i = 0; i < out.length; i++) {
    const x = i % width;
    const y = (i - x) / width;
    const row = Math.min(cells.height - 1, Math.floor(y / cell)) * cells.width;
    const at = Math.max(0, Math.min(cells.width - 1, (x - (cell >> 1)) / cell));
    const [left, right] = [row + Math.floor(at), row + Math.ceil(at)];
    const between = (values: Float32Array) => values[left] + (values[right] - values[left]) * (at % 1);
    const moved = between(strength) * tile[(y % side) * side + (x % side)] + between(bias);
    out[i] = Math.max(0, Math.min(255, data[3 * i + 1] + moved));
  }
  return out;
}

/** Grain over a ramp from black to white. */
function grainy(width: number, height: number): RgbImage {
  const random = new Random(width);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (260 * i) / data.length + random.uniform(-9, 9);
  return { width, height, data };
}

describe('the mark, written fast', () => {
  it.each([
    [300, 200],
    [1901, 1187],
  ])('is the mark by its definition up to rounding, %i by %i', (width, height) => {
    const image = grainy(width, height);
    const fast = embed(image, OPTIONS).data;
    const slow = slowly(image);
    let [sum, most] = [0, 0];
    for (let i = 0; i < slow.length; i++) {
      const off = Math.abs(fast[3 * i + 1] - slow[i]);
      sum += off;
      most = Math.max(most, off);
    }
    // Rounding alone is off by half a level at most and a quarter in the mean.
    expect(most).toBeLessThan(0.6);
    expect(sum / slow.length).toBeLessThan(0.26);
  });

  it('is the same of every kind of bytes', () => {
    const image = grainy(300, 200);
    const wide = new Uint8Array(image.data.length + 5);
    wide.set(image.data, 5);
    const wanted = Buffer.from(embed(image, OPTIONS).data);
    for (const data of [Buffer.from(image.data), wide.subarray(5), Uint8ClampedArray.from(image.data)]) {
      expect(Buffer.from(embed({ ...image, data }, OPTIONS).data).equals(wanted)).toBe(true);
    }
  });
});

describe('a tile', () => {
  it('is the sum of its waves, of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), (n, seed) => {
        const random = new Random(seed);
        const waves = noWaves();
        const some = Array.from({ length: 6 }, () => ({
          kx: random.below(2 * ORDER + 1) - ORDER,
          ky: random.below(2 * ORDER + 1) - ORDER,
          re: random.normal(),
          im: random.normal(),
        }));
        for (const { kx, ky, re, im } of some) {
          waves[waveAt(kx, ky)] += re;
          waves[waveAt(kx, ky) + 1] += im;
        }
        const tile = synthesise(waves, n);
        tile.forEach((value, i) => {
          const [x, y] = [i % n, Math.floor(i / n)];
          const wanted = some.reduce((sum, { kx, ky, re, im }) => {
            const angle = (2 * Math.PI * (kx * x + ky * y)) / n;
            return sum + re * Math.cos(angle) - im * Math.sin(angle);
          }, 0);
          expect(value).toBeCloseTo(wanted, 4);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a running mean', () => {
  it('is the mean of the square around each sample, as far as there are samples', () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 12 }), (width, height, radius) => {
        const random = new Random(width * 100 + height);
        const data = Float32Array.from({ length: width * height }, () => random.uniform(0, 255));
        boxMean({ width, height, data }, radius).data.forEach((mean, i) => {
          const [x, y] = [i % width, Math.floor(i / width)];
          const near = data.filter(
            (_, k) => Math.abs((k % width) - x) <= radius && Math.abs(Math.floor(k / width) - y) <= radius,
          );
          expect(mean).toBeCloseTo(near.reduce((sum, value) => sum + value, 0) / near.length, 2);
        });
      }),
      { numRuns: 30 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../core/image.ts';
import { Random } from '../core/random.ts';
import { shrinkRegion, toImage, warp } from './sampling.ts';

function noise(seed: number, width: number, height: number): RgbImage {
  const random = new Random(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.below(256)) };
}

/** A ramp is reproduced exactly by bilinear sampling and by averaging, wherever the border is far. */
function ramp(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) data.set([2 * x, 2 * y, x + y], o);
  }
  return { width, height, data };
}

const identity = { a: 1, b: 0, c: 0, d: 1, tx: 0, ty: 0 };

describe('warp', () => {
  it('changes nothing under the identity', () => {
    const image = noise(1, 9, 7);
    expect([...warp(image, identity, { width: 9, height: 7 })]).toEqual([...image.data]);
    expect([...toImage(warp(image, identity, { width: 9, height: 7 }), 9, 7).data]).toEqual([...image.data]);
  });

  it('follows a ramp through any turn and scale', () => {
    const image = ramp(100, 100);
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    const scale = fc.double({ min: 0.3, max: 4, noNaN: true });
    const property = fc.property(angle, scale, (turn, size) => {
      const a = Math.cos(turn) * size;
      const c = Math.sin(turn) * size;
      // The middle of the picture to the middle of an 8x8 view.
      const t = { a, b: -c, c, d: a, tx: 4 - (a * 50 - c * 50), ty: 4 - (c * 50 + a * 50) };
      const out = warp(image, t, { width: 8, height: 8 });
      for (const [u, v] of [
        [0, 0],
        [7, 0],
        [3, 5],
        [7, 7],
      ]) {
        const dx = (u + 0.5 - 4) / size;
        const dy = (v + 0.5 - 4) / size;
        const x = 50 + Math.cos(turn) * dx + Math.sin(turn) * dy;
        const y = 50 - Math.sin(turn) * dx + Math.cos(turn) * dy;
        const o = (v * 8 + u) * 3;
        // The intermediate averaged picture is 8-bit.
        expect(Math.abs(out[o] - 2 * (x - 0.5))).toBeLessThan(0.8);
        expect(Math.abs(out[o + 1] - 2 * (y - 0.5))).toBeLessThan(0.8);
      }
    });
    fc.assert(property, { seed: 2, numRuns: 100 });
  });

  it('is black or drawn out beyond the edge, as asked, and scales what it gives', () => {
    const image = { width: 2, height: 2, data: new Uint8Array(12).fill(200) };
    const far = { ...identity, tx: 50 };
    expect(warp(image, far, { width: 4, height: 4 })[0]).toBe(0);
    expect(warp(image, far, { width: 4, height: 4, outside: 'edge' })[0]).toBe(200);
    expect(warp(image, far, { width: 4, height: 4, gain: 1 / 127.5, bias: -1 })[0]).toBe(-1);
    const small = { ...identity, a: 0.01, d: 0.01, tx: -500 };
    expect(warp(image, small, { width: 4, height: 4 }).every((v) => v === 0)).toBe(true);
  });
});

describe('shrinkRegion', () => {
  it('keeps the mean of whole squares', () => {
    const image = noise(4, 24, 18);
    const { image: small } = shrinkRegion(image, { x: 0, y: 0, width: 24, height: 18 }, 3);
    expect([small.width, small.height]).toEqual([8, 6]);
    const mean = (data: ArrayLike<number>) => Array.from(data).reduce((s, v) => s + v, 0) / data.length;
    expect(Math.abs(mean(small.data) - mean(image.data))).toBeLessThan(0.5);
  });

  it('stays inside the picture for any box', () => {
    const number = fc.double({ min: -50, max: 80, noNaN: true });
    const property = fc.property(
      number,
      number,
      fc.nat(90),
      fc.nat(90),
      fc.integer({ min: 1, max: 9 }),
      (x, y, w, h, f) => {
        const image = noise(5, 30, 20);
        const result = shrinkRegion(image, { x, y, width: w, height: h }, f);
        expect(result.image.data.length).toBe(result.image.width * result.image.height * 3);
        expect(result.x).toBeGreaterThanOrEqual(0);
      },
    );
    fc.assert(property, { seed: 6, numRuns: 100 });
  });
});

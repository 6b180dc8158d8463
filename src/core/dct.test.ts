import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dct8x8, dct8x8Low, idct8x8 } from './dct.ts';

/** The definition, slowly. */
function reference(block: Float32Array): Float64Array {
  const out = new Float64Array(64);
  const a = (k: number) => (k === 0 ? Math.sqrt(1 / 8) : 0.5);
  for (let v = 0; v < 8; v++)
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 8; y++)
        for (let x = 0; x < 8; x++)
          sum +=
            block[y * 8 + x] *
            Math.cos(((2 * x + 1) * u * Math.PI) / 16) *
            Math.cos(((2 * y + 1) * v * Math.PI) / 16);
      out[v * 8 + u] = a(u) * a(v) * sum;
    }
  return out;
}

const blocks = fc.array(fc.float({ min: 0, max: 255, noNaN: true }), { minLength: 64, maxLength: 64 });

describe('8x8 DCT', () => {
  it('is the definition, whole and low half', () => {
    fc.assert(
      fc.property(blocks, (values) => {
        const block = Float32Array.from(values);
        const wanted = reference(block);
        const got = new Float64Array(64);
        dct8x8(block, 0, 8, got);
        const low = new Float64Array(16);
        dct8x8Low(block, 0, 8, low);
        for (let i = 0; i < 64; i++) expect(got[i]).toBeCloseTo(wanted[i], 6);
        for (let v = 0; v < 4; v++)
          for (let u = 0; u < 4; u++) expect(low[v * 4 + u]).toBeCloseTo(wanted[v * 8 + u], 6);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(blocks, (values) => {
        const block = Float32Array.from(values);
        const coefficients = new Float64Array(64);
        dct8x8(block, 0, 8, coefficients);
        const back = new Float64Array(64);
        idct8x8(coefficients, back);
        for (let i = 0; i < 64; i++) expect(back[i]).toBeCloseTo(block[i], 5);
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  it('reads blocks inside a wider plane', () => {
    const plane = Float32Array.from({ length: 20 * 12 }, (_, i) => (i * 37) % 251);
    const block = new Float32Array(64);
    for (let y = 0; y < 8; y++) block.set(plane.subarray((y + 3) * 20 + 5, (y + 3) * 20 + 13), y * 8);
    const got = new Float64Array(64);
    dct8x8(plane, 3 * 20 + 5, 20, got);
    const wanted = reference(block);
    for (let i = 0; i < 64; i++) expect(got[i]).toBeCloseTo(wanted[i], 6);
  });
});

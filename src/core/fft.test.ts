import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PowerSpectrum } from './fft.ts';
import { Random } from './random.ts';

/** The definition, slowly. */
function slow(block: Float32Array, n: number): Float64Array {
  const power = new Float64Array(n * n);
  for (let v = 0; v < n; v++) {
    for (let u = 0; u < n; u++) {
      let re = 0;
      let im = 0;
      for (let y = 0; y < n; y++) {
        for (let x = 0; x < n; x++) {
          const angle = (-2 * Math.PI * (u * x + v * y)) / n;
          re += block[y * n + x] * Math.cos(angle);
          im += block[y * n + x] * Math.sin(angle);
        }
      }
      power[v * n + u] = re * re + im * im;
    }
  }
  return power;
}

it('is the squared magnitude of the discrete Fourier transform, added up', () => {
  const spectrum = new PowerSpectrum(8);
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = new Random(seed);
      const block = Float32Array.from({ length: 64 }, () => random.normal());
      const got = new Float64Array(64).fill(1);
      spectrum.accumulate(block, got);
      slow(block, 8).forEach((wanted, i) => {
        expect(got[i]).toBeCloseTo(wanted + 1, 6);
      });
    }),
    { numRuns: 30 },
  );
});

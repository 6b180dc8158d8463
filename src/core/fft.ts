import FFT from 'fft.js';

/**
 * Power spectrum of a square block, by row and column transforms of fft.js.
 * `size` is a power of two; the plan and its buffers are reused from call to call.
 */
export class PowerSpectrum {
  readonly #fft: FFT;
  readonly #row: number[];
  readonly #out: number[];
  readonly #complex: Float64Array;

  constructor(readonly size: number) {
    this.#fft = new FFT(size);
    this.#row = this.#fft.createComplexArray() as number[];
    this.#out = this.#fft.createComplexArray() as number[];
    this.#complex = new Float64Array(size * size * 2);
  }

  /**
   * Adds |DFT(block)|^2 to `into` (both `size * size`, row-major, zero frequency at index 0).
   */
  accumulate(block: Float32Array, into: Float64Array): void {
    const n = this.size;
    const c = this.#complex;
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++) {
        this.#row[2 * x] = block[y * n + x];
        this.#row[2 * x + 1] = 0;
      }
      this.#fft.transform(this.#out, this.#row);
      for (let x = 0; x < 2 * n; x++) c[y * 2 * n + x] = this.#out[x];
    }
    for (let x = 0; x < n; x++) {
      for (let y = 0; y < n; y++) {
        this.#row[2 * y] = c[(y * n + x) * 2];
        this.#row[2 * y + 1] = c[(y * n + x) * 2 + 1];
      }
      this.#fft.transform(this.#out, this.#row);
      for (let y = 0; y < n; y++) {
        into[y * n + x] += this.#out[2 * y] ** 2 + this.#out[2 * y + 1] ** 2;
      }
    }
  }
}

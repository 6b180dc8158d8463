import FFT from 'fft.js';

/**
 * Power spectrum of a square block of real numbers, by row and column transforms of fft.js. Two rows are transformed
 * at once, as real and imaginary part, and only half of the columns, the other half being their mirror image.
 * `size` is a power of two; the plan and its buffers are reused from call to call.
 */
export class PowerSpectrum {
  readonly #fft: FFT;
  readonly #line: number[];
  readonly #out: number[];
  /** Row spectra, frequencies 0 .. size / 2, complex, row-major. */
  readonly #half: Float64Array;

  constructor(readonly size: number) {
    this.#fft = new FFT(size);
    this.#line = this.#fft.createComplexArray() as number[];
    this.#out = this.#fft.createComplexArray() as number[];
    this.#half = new Float64Array(size * (size / 2 + 1) * 2);
  }

  /**
   * Adds |DFT(block)|^2 to `into` (both `size * size`, row-major, zero frequency at index 0).
   */
  accumulate(block: Float32Array, into: Float64Array): void {
    const n = this.size;
    const kept = n / 2 + 1;
    const line = this.#line;
    const out = this.#out;
    const half = this.#half;
    for (let y = 0; y < n; y += 2) {
      for (let x = 0; x < n; x++) {
        line[2 * x] = block[y * n + x];
        line[2 * x + 1] = block[(y + 1) * n + x];
      }
      this.#fft.transform(out, line);
      for (let u = 0; u < kept; u++) {
        const mirror = (n - u) % n;
        const a = out[2 * u];
        const b = out[2 * u + 1];
        const c = out[2 * mirror];
        const d = out[2 * mirror + 1];
        const first = (y * kept + u) * 2;
        const second = first + kept * 2;
        half[first] = (a + c) / 2;
        half[first + 1] = (b - d) / 2;
        half[second] = (b + d) / 2;
        half[second + 1] = (c - a) / 2;
      }
    }
    for (let u = 0; u < kept; u++) {
      for (let y = 0; y < n; y++) {
        line[2 * y] = half[(y * kept + u) * 2];
        line[2 * y + 1] = half[(y * kept + u) * 2 + 1];
      }
      this.#fft.transform(out, line);
      const mirror = (n - u) % n;
      for (let v = 0; v < n; v++) {
        const power = out[2 * v] * out[2 * v] + out[2 * v + 1] * out[2 * v + 1];
        into[v * n + u] += power;
        if (mirror !== u) into[((n - v) % n) * n + mirror] += power;
      }
    }
  }
}

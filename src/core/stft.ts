import FFT from 'fft.js';

/**
 * Short-time power spectra of one channel of sound: periodic Hann window, no padding, fft.js underneath. The plan and
 * its buffers are reused from frame to frame.
 */
export class PowerFrames {
  readonly #fft: FFT;
  readonly #line: number[];
  readonly #out: number[];
  readonly #window: Float64Array;
  /** Frequencies of one frame, 0 to half the sampling rate. */
  readonly bins: number;

  /** `size` is the length of the transform, a power of two; the window covers `windowLength` samples of it. */
  constructor(
    readonly size: number,
    readonly windowLength: number = size,
  ) {
    this.#fft = new FFT(size);
    this.#line = new Array<number>(size).fill(0);
    this.#out = this.#fft.createComplexArray() as number[];
    this.#window = Float64Array.from(
      { length: windowLength },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / windowLength),
    );
    this.bins = size / 2 + 1;
  }

  /** |DFT|^2 of the frame that begins at `at`, written to `into` from `offset` on; what lies outside is silence. */
  frame(samples: Float32Array, at: number, into: Float32Array, offset = 0): void {
    const line = this.#line;
    const out = this.#out;
    const n = this.windowLength;
    const window = this.#window;
    if (at >= 0 && at + n <= samples.length) {
      for (let i = 0; i < n; i++) line[i] = samples[at + i] * window[i];
    } else {
      for (let i = 0; i < n; i++) {
        const j = at + i;
        line[i] = j >= 0 && j < samples.length ? samples[j] * window[i] : 0;
      }
    }
    this.#fft.realTransform(out, line);
    for (let k = 0; k < this.bins; k++) {
      into[offset + k] = out[2 * k] * out[2 * k] + out[2 * k + 1] * out[2 * k + 1];
    }
  }
}

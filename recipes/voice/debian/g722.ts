/**
 * G.722 at 64 kbit/s (ITU-T Recommendation G.722, 2012), there and back: what the telephone prompts of the pool are kept
 * in, and therefore what synthetic speech of the pool is put through as well.
 */

const LOW_STEP = [-60, -30, 58, 172, 334, 538, 1198, 3042];
const LOW_STEP_OF = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];
const HIGH_STEP = [0, -214, 798];
const HIGH_STEP_OF = [2, 1, 2, 1];
const LOGARITHM = [
  2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834, 2896, 2960,
  3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
];
const HIGH_LEVEL = [-7408, -1616, 7408, 1616];
/** The four upper bits of the lower band, which the predictor goes by. */
const COARSE_LEVEL = [
  0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
];
const FINE_LEVEL = [
  -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360,
  -8576, -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688,
  -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192,
  6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432,
  -136,
];
const DECISION = [
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219,
  1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
];
const MIRROR = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];

const saturated = (v: number) => Math.max(-32_768, Math.min(32_767, v));
const scaled = (a: number, b: number) => (a * b) >> 15;

/** One band's step size and its predictor of two poles and six zeros. */
class Band {
  step: number;
  predicted = 0;
  #log = 0;
  #zeroPart = 0;
  readonly #poles = [0, 0];
  readonly #zeros = [0, 0, 0, 0, 0, 0];
  readonly #differences = [0, 0, 0, 0, 0, 0];
  readonly #partial = [0, 0];
  readonly #rebuilt = [0, 0];
  readonly #most: number;
  readonly #shift: number;

  constructor(step: number, most: number, shift: number) {
    this.step = step;
    this.#most = most;
    this.#shift = shift;
  }

  /** Takes a quantised difference in, with the change of the logarithm of the step that goes with its code. */
  take(difference: number, change: number): void {
    this.#log = Math.max(0, Math.min(this.#most, ((this.#log * 127) >> 7) + change));
    const left = this.#shift - (this.#log >> 11);
    const level = LOGARITHM[(this.#log >> 6) & 31];
    this.step = (left < 0 ? level << -left : level >> left) << 2;
    this.#adapt(difference);
  }

  #adapt(difference: number): void {
    const rebuilt = saturated(this.predicted + difference);
    const partial = saturated(this.#zeroPart + difference);
    const [p1, p2] = this.#partial;
    const sign = partial >> 15;
    const [a1, a2] = this.#poles;
    const first = saturated(a1 << 2);
    const towards = Math.min(32_767, sign === p1 >> 15 ? -first : first);
    const second = Math.max(
      -12_288,
      Math.min(12_288, (sign === p2 >> 15 ? 128 : -128) + (towards >> 7) + scaled(a2, 32_512)),
    );
    const limit = saturated(15_360 - second);
    const grown = saturated((sign === p1 >> 15 ? 192 : -192) + scaled(a1, 32_640));
    this.#poles[0] = Math.max(-limit, Math.min(limit, grown));
    this.#poles[1] = second;
    const pull = difference === 0 ? 0 : 128;
    for (let i = 0; i < 6; i++) {
      const same = this.#differences[i] >> 15 === difference >> 15;
      this.#zeros[i] = saturated((same ? pull : -pull) + scaled(this.#zeros[i], 32_640));
    }
    this.#differences.pop();
    this.#differences.unshift(difference);
    this.#partial[1] = p1;
    this.#partial[0] = partial;
    this.#rebuilt[1] = this.#rebuilt[0];
    this.#rebuilt[0] = rebuilt;
    const fromPoles = saturated(
      scaled(this.#poles[0], saturated(2 * this.#rebuilt[0])) +
        scaled(this.#poles[1], saturated(2 * this.#rebuilt[1])),
    );
    let fromZeros = 0;
    for (let i = 5; i >= 0; i--) fromZeros += scaled(this.#zeros[i], saturated(2 * this.#differences[i]));
    this.#zeroPart = saturated(fromZeros);
    this.predicted = saturated(fromPoles + this.#zeroPart);
  }

  lower(code: number): void {
    const coarse = code >> 2;
    this.take(scaled(this.step, COARSE_LEVEL[coarse]), LOW_STEP[LOW_STEP_OF[coarse]]);
  }

  upper(code: number): void {
    this.take(scaled(this.step, HIGH_LEVEL[code]), HIGH_STEP[HIGH_STEP_OF[code]]);
  }
}

const lowBand = () => new Band(32, 18_432, 8);
const highBand = () => new Band(8, 22_528, 10);
const clamped = (v: number) => Math.max(-16_384, Math.min(16_383, v));

/** Samples at 16 kHz, -1..1, two for every byte. Any bytes decode to something. */
export function decodeG722(bytes: Uint8Array): Float32Array {
  const [low, high] = [lowBand(), highBand()];
  const line = new Int32Array(24);
  const out = new Float32Array(2 * bytes.length);
  bytes.forEach((byte, n) => {
    const [fine, code] = [byte & 63, byte >> 6];
    const l = clamped(low.predicted + scaled(low.step, FINE_LEVEL[fine]));
    low.lower(fine);
    const h = clamped(high.predicted + scaled(high.step, HIGH_LEVEL[code]));
    high.upper(code);
    line.copyWithin(0, 2);
    line[22] = l + h;
    line[23] = l - h;
    let [even, odd] = [0, 0];
    for (let i = 0; i < 12; i++) {
      odd += line[2 * i] * MIRROR[i];
      even += line[2 * i + 1] * MIRROR[11 - i];
    }
    out[2 * n] = saturated(even >> 11) / 32_768;
    out[2 * n + 1] = saturated(odd >> 11) / 32_768;
  });
  return out;
}

const magnitude = (v: number) => (v >= 0 ? v : -(v + 1));

/** A byte for every two of `samples` (16 kHz, -1..1); an odd last one is dropped. */
export function encodeG722(samples: Float32Array): Uint8Array {
  const [low, high] = [lowBand(), highBand()];
  const line = new Int32Array(24);
  const out = new Uint8Array(samples.length >> 1);
  for (let n = 0; n < out.length; n++) {
    line.copyWithin(0, 2);
    line[22] = saturated(Math.round(samples[2 * n] * 32_767));
    line[23] = saturated(Math.round(samples[2 * n + 1] * 32_767));
    let [even, odd] = [0, 0];
    for (let i = 0; i < 12; i++) {
      even += line[2 * i] * MIRROR[i];
      odd += line[2 * i + 1] * MIRROR[11 - i];
    }
    const l = saturated(((even + odd) >> 14) - low.predicted);
    let i = 1;
    while (i < 30 && magnitude(l) >= (DECISION[i] * low.step) >> 12) i++;
    const fine = l >= 0 ? 62 - i : i <= 2 ? 64 - i : 34 - i;
    low.lower(fine);
    const h = saturated(((odd - even) >> 14) - high.predicted);
    const outer = magnitude(h) >= (564 * high.step) >> 12;
    const code = h < 0 ? (outer ? 0 : 1) : outer ? 2 : 3;
    high.upper(code);
    out[n] = (code << 6) | fine;
  }
  return out;
}

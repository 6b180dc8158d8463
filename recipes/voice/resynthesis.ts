/**
 * Copy synthesis: real speech taken apart and put together again by classical vocoders written here. The fakes it gives
 * have the words, the speaker and the recording chain of their originals, so that nothing but the making differs.
 */
import FFT from 'fft.js';
import { Random } from '../../src/core/random.ts';

const RATE = 16_000;

/** Copy synthesisers by name. */
export const RESYNTHESES = {
  'copy_griffin-lim': (x: Float32Array, seed: number) => melGriffinLim(x, seed, 80, 16),
  copy_lpc: (x: Float32Array, seed: number) => lpcVocoder(x, seed),
  'copy_harmonic-noise': (x: Float32Array, seed: number) => harmonicNoise(x, seed),
} as const;

const SIZE = 1024;
const HOP = 256;

function hann(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n));
}

/** Short-time spectra [frames][2 * (SIZE / 2 + 1)], real and imaginary in turn. */
function analyse(x: Float32Array, fft: FFT, window: Float64Array): Float64Array[] {
  const line = new Array<number>(SIZE).fill(0);
  const out = fft.createComplexArray() as number[];
  const frames: Float64Array[] = [];
  for (let at = -SIZE / 2; at < x.length; at += HOP) {
    for (let i = 0; i < SIZE; i++) line[i] = (x[at + i] ?? 0) * window[i];
    fft.realTransform(out, line);
    frames.push(Float64Array.from(out.slice(0, SIZE + 2)));
  }
  return frames;
}

function synthesise(
  frames: readonly Float64Array[],
  length: number,
  fft: FFT,
  window: Float64Array,
): Float32Array {
  const sum = new Float64Array(length + 2 * SIZE);
  const weight = new Float64Array(length + 2 * SIZE);
  const spectrum = fft.createComplexArray() as number[];
  const line = fft.createComplexArray() as number[];
  frames.forEach((frame, t) => {
    for (let k = 0; k <= SIZE / 2; k++) {
      spectrum[2 * k] = frame[2 * k];
      spectrum[2 * k + 1] = frame[2 * k + 1];
      if (k > 0 && k < SIZE / 2) {
        spectrum[2 * (SIZE - k)] = frame[2 * k];
        spectrum[2 * (SIZE - k) + 1] = -frame[2 * k + 1];
      }
    }
    fft.inverseTransform(line, spectrum);
    for (let i = 0; i < SIZE; i++) {
      sum[t * HOP + i] += line[2 * i] * window[i];
      weight[t * HOP + i] += window[i] * window[i];
    }
  });
  return Float32Array.from({ length }, (_, i) => sum[i + SIZE / 2] / Math.max(0.1, weight[i + SIZE / 2]));
}

/** Magnitudes smeared over mel bands and back, as a spectrogram predictor would give them. */
function throughMel(power: Float64Array, bands: number): Float64Array {
  const mel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
  const top = mel(7600);
  const energy = new Float64Array(bands + 2);
  const area = new Float64Array(bands + 2);
  const place = (k: number) => (mel((k * RATE) / SIZE) / top) * (bands + 1);
  for (let k = 0; k <= SIZE / 2; k++) {
    const at = place(k);
    const b = Math.floor(at);
    if (b > bands) continue;
    const f = at - b;
    energy[b] += (1 - f) * power[k];
    area[b] += 1 - f;
    energy[b + 1] += f * power[k];
    area[b + 1] += f;
  }
  return power.map((_, k) => {
    const at = place(k);
    const b = Math.floor(at);
    if (b > bands) return 0;
    const f = at - b;
    const level = (i: number) => energy[i] / Math.max(0.3, area[i]);
    return Math.sqrt((1 - f) * level(b) + f * level(b + 1));
  });
}

/** Griffin and Lim 1984 on magnitudes that went through a mel spectrogram. */
function melGriffinLim(x: Float32Array, seed: number, bands: number, iterations: number): Float32Array {
  const fft = new FFT(SIZE);
  const window = hann(SIZE);
  const random = new Random(seed);
  const magnitudes = analyse(x, fft, window).map((frame) => {
    const power = Float64Array.from(
      { length: SIZE / 2 + 1 },
      (_, k) => frame[2 * k] ** 2 + frame[2 * k + 1] ** 2,
    );
    return throughMel(power, bands);
  });
  let frames: Float64Array[] = magnitudes.map((m) => {
    const frame = new Float64Array(SIZE + 2);
    for (let k = 0; k <= SIZE / 2; k++) {
      const phase = random.uniform(0, 2 * Math.PI);
      frame[2 * k] = m[k] * Math.cos(phase);
      frame[2 * k + 1] = m[k] * Math.sin(phase);
    }
    return frame;
  });
  let out = synthesise(frames, x.length, fft, window);
  for (let i = 0; i < iterations; i++) {
    frames = analyse(out, fft, window);
    frames.forEach((frame, t) => {
      const m = magnitudes[t];
      if (!m) return;
      for (let k = 0; k <= SIZE / 2; k++) {
        const norm = m[k] / (Math.hypot(frame[2 * k], frame[2 * k + 1]) + 1e-9);
        frame[2 * k] *= norm;
        frame[2 * k + 1] *= norm;
      }
    });
    out = synthesise(frames, x.length, fft, window);
  }
  return out;
}

/** Pitch period in samples of the frame around `at`, 0 where it is not voiced. */
function period(x: Float32Array, at: number): number {
  let best = 0.4;
  let lag = 0;
  for (let l = 38; l <= 266; l++) {
    let xy = 0;
    let xx = 1e-9;
    let yy = 1e-9;
    for (let i = 0; i < 480; i += 2) {
      const a = x[at + i - 240] ?? 0;
      const b = x[at + i - 240 + l] ?? 0;
      xy += a * b;
      xx += a * a;
      yy += b * b;
    }
    const value = xy / Math.sqrt(xx * yy);
    if (value > best * 1.03) {
      best = value;
      lag = l;
    }
  }
  return lag;
}

/** Linear prediction with pulses or noise as excitation (Atal and Hanauer 1971). */
function lpcVocoder(x: Float32Array, seed: number): Float32Array {
  const random = new Random(seed);
  const order = 18;
  const step = 80;
  const window = hann(400);
  const out = new Float32Array(x.length);
  let next = 0;
  for (let at = 0; at < x.length; at += step) {
    const r = new Float64Array(order + 1);
    const frame = Float64Array.from({ length: 400 }, (_, i) => (x[at + i - 160] ?? 0) * window[i]);
    for (let k = 0; k <= order; k++) for (let i = k; i < 400; i++) r[k] += frame[i] * frame[i - k];
    r[0] = r[0] * 1.0005 + 1e-9;
    const a = new Float64Array(order + 1);
    a[0] = 1;
    let error = r[0];
    for (let i = 1; i <= order; i++) {
      let k = r[i];
      for (let j = 1; j < i; j++) k += a[j] * r[i - j];
      k = -k / error;
      const copy = a.slice();
      for (let j = 1; j < i; j++) a[j] = copy[j] + k * copy[i - j];
      a[i] = k;
      error *= 1 - k * k;
    }
    const gain = Math.sqrt(error / 150);
    const lag = period(x, at);
    for (let i = at; i < Math.min(x.length, at + step); i++) {
      let e = 0;
      if (lag > 0) {
        if (i >= next) {
          e = Math.sqrt(lag) * 0.92;
          next = i + lag;
        }
        e += 0.12 * random.normal();
      } else {
        e = random.normal();
        next = i;
      }
      let v = gain * e;
      for (let k = 1; k <= order; k++) v -= a[k] * (out[i - k] ?? 0);
      out[i] = Math.max(-2, Math.min(2, v));
    }
  }
  return out;
}

/** Sinusoids at the harmonics below a limit, noise above it, both shaped by the smoothed spectrum (WORLD-like). */
function harmonicNoise(x: Float32Array, seed: number): Float32Array {
  const random = new Random(seed);
  const fft = new FFT(SIZE);
  const window = hann(SIZE);
  const frames = analyse(x, fft, window);
  const white = Float32Array.from({ length: x.length }, () => random.normal());
  const noisy = analyse(white, fft, window);
  const envelopes = frames.map((frame) => {
    const power = Float64Array.from(
      { length: SIZE / 2 + 1 },
      (_, k) => frame[2 * k] ** 2 + frame[2 * k + 1] ** 2,
    );
    const smooth = new Float64Array(SIZE / 2 + 1);
    for (let k = 0; k <= SIZE / 2; k++) {
      let sum = 0;
      let n = 0;
      for (let j = Math.max(0, k - 9); j <= Math.min(SIZE / 2, k + 9); j++) {
        sum += power[j];
        n++;
      }
      smooth[k] = Math.sqrt(sum / n);
    }
    return smooth;
  });
  const lags = frames.map((_, t) => period(x, t * HOP));
  const limit = 3500 + 1500 * random.uniform();
  const shaped = noisy.map((frame, t) => {
    const envelope = envelopes[t];
    return frame.map((v, i) => {
      const k = i >> 1;
      const harmonic = lags[t] > 0 && (k * RATE) / SIZE < limit;
      return (v * envelope[k] * (harmonic ? 0.15 : 1)) / Math.sqrt(SIZE * 0.375);
    });
  });
  const out = synthesise(shaped, x.length, fft, window);
  let phase = 0;
  for (let i = 0; i < x.length; i++) {
    const t = Math.min(lags.length - 1, Math.floor(i / HOP));
    if (lags[t] === 0) continue;
    const f0 = RATE / lags[t];
    phase += (2 * Math.PI * f0) / RATE;
    const envelope = envelopes[t];
    for (let h = 1; h * f0 < limit; h++) {
      const level = envelope[Math.round((h * f0 * SIZE) / RATE)];
      out[i] += ((level * Math.sqrt(lags[t] / 2)) / SIZE) * Math.cos(h * phase);
    }
  }
  return out;
}

/**
 * The fine structure of the spectrum: how flat and how peaked each band is from frame to frame (a vocoder's harmonics
 * reach higher, or its noise is smoother, than a throat's), lines that stand still through the whole recording (what
 * up-sampling layers leave), and how periodic each band is at the pitch.
 */
import FFT from 'fft.js';
import { PowerFrames } from '../../stft.ts';
import type { Clip } from './clip.ts';
import { Moments } from './moments.ts';

const BANDS = 12;
const LOW_HZ = 150;
const HOP_S = 0.016;
const PITCH_BANDS = 4;
const LEAST_F0 = 60;
const MOST_F0 = 420;

export const FINE_STATISTICS = BANDS * 6 + BANDS * 3 + PITCH_BANDS * 3 + 5;

/** {@link FINE_STATISTICS} numbers. */
export function fineStatistics(clip: Clip, topHz: number): number[] {
  return [...textureOf(clip, topHz), ...linesOf(clip, topHz), ...pitchOf(clip, topHz)];
}

/** Middle of the band that statistic `j` is about, in Hz; null for those of the pitch as such. */
export function fineFrequency(j: number, topHz: number): number | null {
  const middle = (b: number, bands: number) => LOW_HZ + ((topHz - LOW_HZ) * (b + 0.5)) / bands;
  if (j < BANDS * 6) return middle(Math.floor(j / 6), BANDS);
  if (j < BANDS * 9) return middle(Math.floor((j - BANDS * 6) / 3), BANDS);
  const pitch = j - BANDS * 9;
  return pitch < PITCH_BANDS * 3 ? middle(Math.floor(pitch / 3), PITCH_BANDS) : null;
}

function edges(bands: number, topHz: number, rate: number, size: number): number[] {
  return Array.from({ length: bands + 1 }, (_, b) =>
    Math.round(((LOW_HZ + ((topHz - LOW_HZ) * b) / bands) * size) / rate),
  );
}

/** Flatness and crest of each band: mean, spread and change. */
function textureOf(clip: Clip, topHz: number): number[] {
  const { samples, rate } = clip;
  const stft = new PowerFrames(rate >= 12_000 ? 1024 : 512);
  const power = new Float32Array(stft.bins);
  const hop = Math.round(HOP_S * rate);
  const limits = edges(BANDS, topHz, rate, stft.size);
  const flat = Array.from({ length: BANDS }, () => new Moments());
  const crest = Array.from({ length: BANDS }, () => new Moments());
  const change = Array.from({ length: BANDS }, () => new Moments());
  const ripple = Array.from({ length: BANDS }, () => new Moments());
  const last = new Float64Array(BANDS).fill(Number.NaN);
  const log = new Float64Array(stft.bins);
  for (let at = 0; at + stft.size <= samples.length; at += hop) {
    if (!clip.activeAt((at + stft.size / 2) / rate)) {
      last.fill(Number.NaN);
      continue;
    }
    stft.frame(samples, at, power);
    for (let k = 0; k < stft.bins; k++) log[k] = Math.log(power[k] + 1e-9);
    for (let b = 0; b < BANDS; b++) {
      const [from, to] = [limits[b], limits[b + 1]];
      let sum = 1e-12;
      let logs = 0;
      let most = 0;
      let rough = 0;
      for (let k = from; k < to; k++) {
        sum += power[k];
        logs += log[k];
        most = Math.max(most, power[k]);
        rough += Math.abs(log[k] - (log[k - 1] + log[k + 1]) / 2);
      }
      const n = Math.max(1, to - from);
      const flatness = logs / n - Math.log(sum / n);
      flat[b].add(flatness);
      crest[b].add(Math.log((most * n) / sum + 1e-9));
      ripple[b].add(rough / n);
      if (!Number.isNaN(last[b])) change[b].add(flatness - last[b]);
      last[b] = flatness;
    }
  }
  const out: number[] = [];
  for (let b = 0; b < BANDS; b++) {
    out.push(flat[b].mean, Math.log(flat[b].sd + 0.02), crest[b].mean, Math.log(crest[b].sd + 0.02));
    out.push(Math.log(change[b].sd + 0.02), ripple[b].mean);
  }
  return out;
}

/** Narrow lines of the mean log spectrum above its own smooth course. */
function linesOf(clip: Clip, topHz: number): number[] {
  const { samples, rate } = clip;
  const stft = new PowerFrames(rate >= 12_000 ? 2048 : 1024);
  const power = new Float32Array(stft.bins);
  const mean = new Float64Array(stft.bins);
  let frames = 0;
  for (let at = 0; at + stft.size <= samples.length; at += stft.size / 4) {
    if (!clip.activeAt((at + stft.size / 2) / rate)) continue;
    stft.frame(samples, at, power);
    for (let k = 0; k < stft.bins; k++) mean[k] += Math.log(power[k] + 1e-9);
    frames++;
  }
  const limits = edges(BANDS, topHz, rate, stft.size);
  const out: number[] = [];
  const excess = new Float64Array(stft.bins);
  for (let k = 0; k < stft.bins; k++) {
    let sum = 0;
    let n = 0;
    for (let j = Math.max(0, k - 12); j <= Math.min(stft.bins - 1, k + 12); j++) {
      if (Math.abs(j - k) <= 2) continue;
      sum += mean[j];
      n++;
    }
    excess[k] = frames > 0 ? (mean[k] - sum / n) / frames : 0;
  }
  for (let b = 0; b < BANDS; b++) {
    const m = new Moments();
    let most = 0;
    for (let k = limits[b]; k < limits[b + 1]; k++) {
      m.add(excess[k]);
      most = Math.max(most, excess[k]);
    }
    out.push(Math.log(m.sd * Math.sqrt(Math.max(1, frames)) + 0.05), Math.log(most + 0.05), m.skewness);
  }
  return out;
}

/** Periodicity of each of a few bands at the pitch, and how the pitch moves, in voiced frames. */
function pitchOf(clip: Clip, topHz: number): number[] {
  const { samples, rate } = clip;
  const size = rate >= 12_000 ? 1024 : 512;
  const fft = new FFT(size);
  const stft = new PowerFrames(size, size / 2);
  const power = new Float32Array(stft.bins);
  const spectrum = fft.createComplexArray() as number[];
  const lags = fft.createComplexArray() as number[];
  const hop = Math.round(2 * HOP_S * rate);
  const limits = edges(PITCH_BANDS, topHz, rate, size);
  const bands = Array.from({ length: PITCH_BANDS }, () => new Moments());
  const jumps = Array.from({ length: PITCH_BANDS }, () => new Moments());
  const last = new Float64Array(PITCH_BANDS).fill(Number.NaN);
  const pitch = new Moments();
  const move = new Moments();
  const strength = new Moments();
  let before = Number.NaN;
  /** Autocorrelations of what lies in two bands at once, as real and imaginary parts of one transform. */
  const correlate = (first: readonly [number, number], second?: readonly [number, number]) => {
    spectrum.fill(0);
    [first, second].forEach((range, part) => {
      if (!range) return;
      for (let k = range[0]; k < range[1]; k++) {
        spectrum[2 * k + part] = power[k];
        if (k > 0 && k < size / 2) spectrum[2 * (size - k) + part] = power[k];
      }
    });
    fft.transform(lags, spectrum);
  };
  const window = windowCorrelation(size / 2);
  for (let at = 0; at + size <= samples.length; at += hop) {
    if (!clip.voicedAt((at + size / 4) / rate)) {
      before = Number.NaN;
      last.fill(Number.NaN);
      continue;
    }
    stft.frame(samples, at, power);
    let best = 0;
    let lag = 0;
    correlate([1, stft.bins]);
    for (let l = Math.floor(rate / MOST_F0); l <= Math.min(size / 3, Math.ceil(rate / LEAST_F0)); l++) {
      const value = lags[2 * l] / (lags[0] * window[l] + 1e-12);
      // A weak preference for the shorter of two periods that are multiples.
      if (value > best * 1.02) {
        best = value;
        lag = l;
      }
    }
    if (lag === 0) continue;
    strength.add(Math.min(1.2, best));
    const f0 = Math.log(rate / lag);
    pitch.add(f0);
    if (Math.abs(f0 - before) < 0.2) move.add(f0 - before);
    before = f0;
    for (let b = 0; b < PITCH_BANDS; b++) {
      if (b % 2 === 0) correlate([limits[b], limits[b + 1]], [limits[b + 1], limits[b + 2]]);
      const part = b % 2;
      const value = Math.max(-0.5, Math.min(1.2, lags[2 * lag + part] / (lags[part] * window[lag] + 1e-12)));
      bands[b].add(value);
      if (!Number.isNaN(last[b])) jumps[b].add(value - last[b]);
      last[b] = value;
    }
  }
  const out: number[] = [];
  for (let b = 0; b < PITCH_BANDS; b++) {
    out.push(bands[b].mean, Math.log(bands[b].sd + 0.02), Math.log(jumps[b].sd + 0.02));
  }
  out.push(strength.mean, Math.log(strength.sd + 0.02), Math.log(pitch.sd + 0.02));
  out.push(Math.log(move.sd + 0.003), move.tails);
  return out;
}

/** Autocorrelation of the Hann window itself, 1 at lag 0. */
function windowCorrelation(length: number): Float64Array {
  const w = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
  const out = new Float64Array(length);
  let zero = 0;
  for (const v of w) zero += v * v;
  for (let lag = 0; lag < length; lag++) {
    let sum = 0;
    for (let i = lag; i < length; i++) sum += w[i] * w[i - lag];
    out[lag] = Math.max(0.05, sum / zero);
  }
  return out;
}

/**
 * Where somebody speaks: frames that stand out of the recording's own floor, most of them voiced, with pauses in
 * between. Everything that is judged is judged there; pauses tell how a recording was made, not who speaks in it.
 */
import { PowerFrames } from '../stft.ts';

/** Seconds between two frames. */
export const HOP_S = 0.01;
const FRAME = 512;
/** The band speech stands out in. */
const LOW_HZ = 200;
const HIGH_HZ = 3400;
/** A frame is active when it is this far above the floor and not further than that below the peak, in decibels. */
const ABOVE_FLOOR_DB = 9;
const BELOW_PEAK_DB = 32;
/** Gaps shorter than this belong to the speech around them, in frames. */
const BRIDGE = 12;
/** Pitch of human voices. */
const LEAST_F0 = 60;
const MOST_F0 = 420;
/** Normalised autocorrelation from which a frame is voiced. */
const VOICED_FROM = 0.45;

export interface Activity {
  /** Each frame of HOP_S: does anybody speak? */
  readonly active: Uint8Array;
  /** Is the frame periodic at a pitch that voices have? */
  readonly voiced: Uint8Array;
  /** Active frames in seconds. */
  readonly activeSeconds: number;
  /** Share of active frames that are voiced, 0..1. */
  readonly voicedShare: number;
  /** How often a second speech starts anew after a dip: syllables; music held in chords has few, noise none. */
  readonly onsetsPerSecond: number;
  /** Depth of the loudness modulation of active parts, in decibels (standard deviation). */
  readonly modulationDb: number;
}

/** Looks for speech in one channel at 16,000 or 8,000 samples a second. */
export function speechActivity(recorded: Float32Array, rate: number): Activity {
  const samples = centred(recorded);
  const hop = Math.round(HOP_S * rate);
  const frames = new PowerFrames(FRAME, Math.round(0.032 * rate));
  const count = Math.max(0, Math.floor(samples.length / hop));
  const level = new Float32Array(count);
  const voiced = new Uint8Array(count);
  const power = new Float32Array(frames.bins);
  const low = Math.ceil((LOW_HZ * FRAME) / rate);
  const high = Math.min(frames.bins - 1, Math.floor((HIGH_HZ * FRAME) / rate));
  for (let t = 0; t < count; t++) {
    frames.frame(samples, t * hop, power);
    let sum = 1e-9;
    for (let k = low; k <= high; k++) sum += power[k];
    level[t] = 10 * Math.log10(sum);
  }
  const sorted = level.slice().sort();
  const floor = sorted[Math.floor(0.08 * count)] ?? 0;
  const peak = sorted[Math.floor(0.97 * count)] ?? 0;
  const threshold = Math.max(peak - BELOW_PEAK_DB, Math.min(floor + ABOVE_FLOOR_DB, peak - 15), -40);
  const active = new Uint8Array(count);
  for (let t = 0; t < count; t++) active[t] = level[t] >= threshold ? 1 : 0;
  bridge(active);
  let activeFrames = 0;
  let voicedFrames = 0;
  for (let t = 0; t < count; t++) {
    if (!active[t]) continue;
    activeFrames++;
    voiced[t] = periodicity(samples, t * hop, rate) >= VOICED_FROM ? 1 : 0;
    voicedFrames += voiced[t];
  }
  return {
    active,
    voiced,
    activeSeconds: activeFrames * HOP_S,
    voicedShare: activeFrames > 0 ? voicedFrames / activeFrames : 0,
    onsetsPerSecond: onsets(level, active) / Math.max(1, count * HOP_S),
    modulationDb: modulation(level, active),
  };
}

/** Without what a recorder adds to every sample. */
function centred(samples: Float32Array): Float32Array {
  let sum = 0;
  for (const v of samples) sum += v;
  const mean = sum / Math.max(1, samples.length);
  return samples.map((v) => v - mean);
}

/** Closes short gaps. */
function bridge(active: Uint8Array): void {
  let last = -1;
  for (let t = 0; t < active.length; t++) {
    if (!active[t]) continue;
    if (last >= 0 && t - last <= BRIDGE) active.fill(1, last, t);
    last = t;
  }
}

/** Largest normalised autocorrelation of 30 ms at the lags of voices, on every fourth or second sample. */
function periodicity(samples: Float32Array, at: number, rate: number): number {
  const step = rate >= 12_000 ? 4 : 2;
  const length = Math.floor((0.03 * rate) / step);
  const from = Math.floor(rate / MOST_F0 / step);
  const to = Math.floor(rate / LEAST_F0 / step);
  const last = samples.length - 1;
  const thin = new Float64Array(length + to);
  for (let i = 0; i < thin.length; i++) thin[i] = samples[Math.min(last, at + i * step)];
  let xx = 1e-9;
  for (let i = 0; i < length; i++) xx += thin[i] * thin[i];
  let best = 0;
  for (let lag = from; lag <= to; lag++) {
    let xy = 0;
    let yy = 1e-9;
    for (let i = 0; i < length; i++) {
      const y = thin[i + lag];
      xy += thin[i] * y;
      yy += y * y;
    }
    const value = xy / Math.sqrt(xx * yy);
    if (value > best) best = value;
  }
  return best;
}

/** Rises of at least 6 dB within 60 ms, not counted again for 100 ms. */
function onsets(level: Float32Array, active: Uint8Array): number {
  let count = 0;
  let last = -100;
  for (let t = 6; t < level.length; t++) {
    if (!active[t] || t - last < 10 || level[t] - level[t - 6] < 6) continue;
    count++;
    last = t;
  }
  return count;
}

function modulation(level: Float32Array, active: Uint8Array): number {
  let n = 0;
  let sum = 0;
  let square = 0;
  for (let t = 0; t < level.length; t++) {
    if (!active[t]) continue;
    n++;
    sum += level[t];
    square += level[t] * level[t];
  }
  return n > 1 ? Math.sqrt(Math.max(0, square / n - (sum / n) ** 2)) : 0;
}

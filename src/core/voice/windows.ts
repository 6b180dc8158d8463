/**
 * A recording in windows to be judged one by one: as long as what the network was fitted on, each with enough speech in
 * it, spread over the whole where there are more than may be looked at.
 */
import { resample } from '../resample.ts';
import { mono, type Sound, type Stretch } from '../sound.ts';
import { type Activity, HOP_S, speechActivity } from './activity.ts';
import { RATE } from './features/index.ts';

/** Seconds. */
const WINDOW_S = 4;
/** Seconds of speech that a window must hold. */
export const LEAST_SPEECH_S = 0.5;
/** Channels whose difference carries more than this share of the energy are different recordings. */
const APART = 0.2;

export interface Window {
  /** Seconds from the beginning of the recording. */
  readonly start: number;
  readonly end: number;
  /** At 16 kHz. */
  readonly samples: Float32Array;
  readonly activity: Activity;
}

/** What there is to hear, whether or not it can be judged. */
export interface Heard {
  readonly windows: readonly Window[];
  /** Windows with speech in them, also those left out for their number. */
  readonly found: number;
  /** Active seconds, voiced or not. */
  readonly activeSeconds: number;
  readonly voicedShare: number;
  readonly modulationDb: number;
  readonly onsetsPerSecond: number;
}

/** One line of samples a stretch, or two where its channels are different recordings. */
function linesOf(stretch: Stretch): Float32Array[] {
  const [left, right] = stretch.channels;
  if (!right) return [left];
  let sum = 1e-12;
  let difference = 0;
  for (let i = 0; i < left.length; i++) {
    sum += left[i] * left[i] + right[i] * right[i];
    difference += (left[i] - right[i]) ** 2;
  }
  return difference / (2 * sum) > APART ? [left, right] : [mono(stretch)];
}

/** The windows of `sound`, at most `most` of them. */
export function windowsOf(sound: Sound, most: number): Heard {
  const all: Window[] = [];
  let activeSeconds = 0;
  let voiced = 0;
  let seconds = 0;
  let onsets = 0;
  let modulationDb = 0;
  for (const stretch of sound.stretches) {
    for (const line of linesOf(stretch)) {
      const samples = resample(line, sound.sampleRate, RATE.wide);
      const activity = speechActivity(samples, RATE.wide);
      const length = samples.length / RATE.wide;
      seconds += length;
      activeSeconds += activity.activeSeconds;
      voiced += activity.voicedShare * activity.activeSeconds;
      onsets += activity.onsetsPerSecond * length;
      modulationDb = Math.max(modulationDb, activity.modulationDb);
      all.push(...cut(samples, activity, stretch.start));
    }
  }
  all.sort((a, b) => a.start - b.start);
  const step = Math.max(1, all.length / most);
  const windows = Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]);
  return {
    windows,
    found: all.length,
    activeSeconds,
    voicedShare: activeSeconds > 0 ? voiced / activeSeconds : 0,
    modulationDb,
    onsetsPerSecond: onsets / Math.max(1, seconds),
  };
}

/** Equal parts of at most WINDOW_S that hold enough speech, from the first active frame to the last. */
function cut(samples: Float32Array, activity: Activity, start: number): Window[] {
  const { active } = activity;
  const first = active.indexOf(1);
  if (first < 0) return [];
  const from = Math.max(0, first * HOP_S - 0.1);
  const to = Math.min(samples.length / RATE.wide, (active.lastIndexOf(1) + 1) * HOP_S + 0.1);
  const count = Math.max(1, Math.round((to - from) / WINDOW_S));
  const length = (to - from) / count;
  const out: Window[] = [];
  for (let i = 0; i < count; i++) {
    const begin = Math.round((from + i * length) / HOP_S);
    const end = Math.round((from + (i + 1) * length) / HOP_S);
    const part = partOf(activity, begin, end);
    if (part.activeSeconds < LEAST_SPEECH_S) continue;
    const hop = HOP_S * RATE.wide;
    out.push({
      start: start + begin * HOP_S,
      end: start + end * HOP_S,
      samples: samples.subarray(begin * hop, end * hop),
      activity: part,
    });
  }
  return out;
}

function partOf(whole: Activity, from: number, to: number): Activity {
  const active = whole.active.subarray(from, to);
  const voiced = whole.voiced.subarray(from, to);
  const count = active.reduce((sum, v) => sum + v, 0);
  const periodic = voiced.reduce((sum, v) => sum + v, 0);
  return {
    ...whole,
    active,
    voiced,
    activeSeconds: count * HOP_S,
    voicedShare: count > 0 ? periodic / count : 0,
  };
}

/**
 * A recording in windows to be judged one by one: as long as what the network was fitted on, each with enough speech in
 * it, spread over the whole where there are more than may be looked at.
 */
import { resample } from '../resample.ts';
import { mono, type Sound, type Stretch } from '../sound.ts';
import { type Activity, HOP_S, speechActivity } from './activity.ts';
import { isNarrow } from './band.ts';
import { RATE } from './features/index.ts';
import { type TimbreFrame, timbreOf } from './timbre.ts';
import { TURN_OPTIONS, type Turn, turnsOf } from './turns.ts';

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
  /** Who speaks, counted from 0 in the order in which they are first heard; 0 where nobody was told apart. */
  readonly speaker: number;
}

/** What there is to hear, whether or not it can be judged. */
export interface Heard {
  readonly windows: readonly Window[];
  /** Who speaks when, in order; none where nobody was told apart. */
  readonly turns: readonly Turn[];
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

/** A channel of a stretch, at 16 kHz. */
interface Line {
  /** Seconds from the beginning of the recording. */
  readonly start: number;
  /** Which recording it belongs to, where channels are different ones. */
  readonly channel: number;
  readonly samples: Float32Array;
  readonly activity: Activity;
}

/**
 * The windows of `sound`, at most `most` of them. With `bySpeaker`, people who take turns are told apart, and where there
 * are several no window holds speech of two.
 */
export function windowsOf(sound: Sound, most: number, { bySpeaker = false } = {}): Heard {
  const lines = sound.stretches.flatMap((stretch) =>
    linesOf(stretch).map((line, channel): Line => {
      const samples = resample(line, sound.sampleRate, RATE.wide);
      return { start: stretch.start, channel, samples, activity: speechActivity(samples, RATE.wide) };
    }),
  );
  const turns = bySpeaker ? turnsIn(lines) : [];
  const all = lines.flatMap((line) => cutByTurns(line, turns)).sort((a, b) => a.start - b.start);
  const step = Math.max(1, all.length / most);
  const windows = Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]);
  let [activeSeconds, voiced, seconds, onsets, modulationDb] = [0, 0, 0, 0, 0];
  for (const { samples, activity } of lines) {
    const length = samples.length / RATE.wide;
    seconds += length;
    activeSeconds += activity.activeSeconds;
    voiced += activity.voicedShare * activity.activeSeconds;
    onsets += activity.onsetsPerSecond * length;
    modulationDb = Math.max(modulationDb, activity.modulationDb);
  }
  return {
    windows,
    turns: turns.map(({ start, end, speaker }) => ({ start, end, speaker })),
    found: all.length,
    activeSeconds,
    voicedShare: activeSeconds > 0 ? voiced / activeSeconds : 0,
    modulationDb,
    onsetsPerSecond: onsets / Math.max(1, seconds),
  };
}

interface ChannelTurn extends Turn {
  readonly channel: number;
}

/** Turns of all lines in order of time; voices of different channels are different speakers. */
function turnsIn(lines: readonly Line[]): ChannelTurn[] {
  const turns: ChannelTurn[] = [];
  for (const channel of new Set(lines.map((line) => line.channel))) {
    const own = lines.filter((line) => line.channel === channel);
    const breadth = own.filter(isNarrow).length > own.length / 2 ? 'narrow' : 'wide';
    const frames = own.flatMap(({ start, samples, activity }): TimbreFrame[] =>
      timbreOf(samples, activity, breadth).map((frame) => ({ ...frame, time: start + frame.time })),
    );
    const known = turns.reduce((most, turn) => Math.max(most, turn.speaker + 1), 0);
    for (const turn of turnsOf(frames, TURN_OPTIONS[breadth]))
      turns.push({ ...turn, speaker: known + turn.speaker, channel });
  }
  turns.sort((a, b) => a.start - b.start);
  const order = [...new Set(turns.map(({ speaker }) => speaker))];
  return turns.map((turn) => ({ ...turn, speaker: order.indexOf(turn.speaker) }));
}

/** The windows of a line: of all of it where one person speaks, of each turn where several do. */
function cutByTurns(line: Line, turns: readonly ChannelTurn[]): Window[] {
  const frames = line.activity.active.length;
  const own = turns.filter(({ channel }) => channel === line.channel);
  const speakers = new Set(own.map(({ speaker }) => speaker));
  if (speakers.size < 2) return cut(line, 0, frames, own[0]?.speaker ?? 0);
  const frameAt = (time: number) => Math.max(0, Math.min(frames, Math.round((time - line.start) / HOP_S)));
  return own.flatMap(({ start, end, speaker }) => cut(line, frameAt(start), frameAt(end), speaker));
}

/** Equal parts of at most WINDOW_S that hold enough speech, from the first active frame of a range to the last. */
function cut({ samples, activity, start }: Line, low: number, high: number, speaker: number): Window[] {
  const active = activity.active.subarray(low, high);
  const first = active.indexOf(1);
  if (first < 0) return [];
  const margin = 0.1;
  const from = Math.max(low * HOP_S, (low + first) * HOP_S - margin);
  const to = Math.min(
    high < activity.active.length ? high * HOP_S : samples.length / RATE.wide,
    (low + active.lastIndexOf(1) + 1) * HOP_S + margin,
  );
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
      speaker,
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

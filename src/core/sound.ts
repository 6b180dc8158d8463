/**
 * Sound as plain typed arrays: the only form in which samples travel between rooms. A recording may be hours long, so a
 * `Sound` need not hold all of it: it holds stretches, in order, that together keep within a budget.
 */

/** An unbroken part of a recording. */
export interface Stretch {
  /** Where it begins in the recording, in seconds. */
  readonly start: number;
  /** One array a channel (one or two, equally long), nominally -1..1. */
  readonly channels: readonly Float32Array[];
}

export interface Sound {
  /** Samples a second. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Of the whole recording, in seconds. */
  readonly duration: number;
  /** In order, not overlapping; a single one that covers everything where the recording is short. */
  readonly stretches: readonly Stretch[];
}

/** Seconds of the recording that are held. */
export function heardSeconds(sound: Sound): number {
  return sound.stretches.reduce((sum, s) => sum + s.channels[0].length, 0) / sound.sampleRate;
}

/** The mean of the channels of one stretch; the only channel itself, uncopied, where there is one. */
export function mono(stretch: Stretch): Float32Array {
  const [left, right] = stretch.channels;
  if (!right) return left;
  return left.map((value, i) => (value + right[i]) / 2);
}

/** A sound of one channel that is held whole. */
export function soundOf(samples: Float32Array, sampleRate: number): Sound {
  const duration = samples.length / sampleRate;
  return { sampleRate, channels: 1, duration, stretches: [{ start: 0, channels: [samples] }] };
}

/**
 * Which parts of a recording of `duration` seconds to hold when only `budget` seconds may be: all of it, or stretches
 * of `piece` seconds at equal distances, the first at the beginning and the last at the end. Pairs of start and end.
 */
export function spread(duration: number, budget: number, piece = 20): (readonly [number, number])[] {
  if (!(duration > budget)) return [[0, duration]];
  const count = Math.max(1, Math.floor(budget / piece));
  const length = Math.min(piece, budget);
  const step = count === 1 ? 0 : (duration - length) / (count - 1);
  return Array.from({ length: count }, (_, i) => [i * step, i * step + length] as const);
}

/** The same recording with at most `seconds` of it held, taken from its stretches in order. */
export function excerpt(sound: Sound, seconds: number): Sound {
  let left = Math.floor(seconds * sound.sampleRate);
  const stretches: Stretch[] = [];
  for (const { start, channels } of sound.stretches) {
    if (left <= 0) break;
    const length = Math.min(left, channels[0].length);
    stretches.push({ start, channels: channels.map((c) => c.subarray(0, length)) });
    left -= length;
  }
  return { ...sound, stretches };
}

/** The two curves that are compared: how far the mouth is open, and how loud the voice is. */
import { mono, type Sound } from '../../core/sound.ts';
import type { RunFrame } from '../watch/watched.ts';

/** Inner lips over the distance of the eyes, so that size and distance of the head drop out. NaN without a mesh. */
export function mouthOpening({ mesh }: RunFrame): number {
  if (!mesh) return Number.NaN;
  const apart = (i: number, j: number) =>
    Math.hypot(
      mesh[3 * i] - mesh[3 * j],
      mesh[3 * i + 1] - mesh[3 * j + 1],
      mesh[3 * i + 2] - mesh[3 * j + 2],
    );
  return apart(13, 14) / Math.max(1e-6, apart(33, 263));
}

/**
 * Logarithm of the root mean square of the sound in windows of `1 / rate` seconds from `start` on, `count` of them; null
 * where any of them was not held.
 */
export function loudness(sound: Sound, start: number, rate: number, count: number): Float64Array | null {
  const stretch = sound.stretches.find(
    (s) =>
      s.start <= start + 1e-3 &&
      s.start + s.channels[0].length / sound.sampleRate >= start + count / rate - 0.1,
  );
  if (!stretch) return null;
  const samples = mono(stretch);
  return Float64Array.from({ length: count }, (_, i) => {
    const from = Math.max(0, Math.floor((start + i / rate - stretch.start) * sound.sampleRate));
    const to = Math.min(samples.length, from + Math.ceil(sound.sampleRate / rate));
    let sum = 0;
    for (let k = from; k < to; k++) sum += samples[k] * samples[k];
    return Math.log(Math.sqrt(sum / Math.max(1, to - from)) + 1e-4);
  });
}

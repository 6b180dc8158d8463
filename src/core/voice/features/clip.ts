/** The stretch of speech that statistics are taken of. */
import type { Activity } from '../activity.ts';
import { HOP_S } from '../activity.ts';

export interface Clip {
  /** One channel, about unit loudness. */
  readonly samples: Float32Array;
  readonly rate: number;
  /** Does somebody speak at this time (seconds from the clip's beginning)? */
  activeAt(time: number): boolean;
  voicedAt(time: number): boolean;
}

/** `samples` with their mean taken away and brought to the same loudness where somebody speaks. */
export function clipOf(samples: Float32Array, rate: number, { active, voiced }: Activity): Clip {
  const at = (flags: Uint8Array) => (time: number) =>
    flags[Math.max(0, Math.min(flags.length - 1, Math.floor(time / HOP_S)))] === 1;
  const activeAt = at(active);
  let sum = 0;
  for (const v of samples) sum += v;
  const mean = samples.length > 0 ? sum / samples.length : 0;
  let square = 0;
  let n = 0;
  for (let i = 0; i < samples.length; i++) {
    if (!activeAt(i / rate)) continue;
    square += (samples[i] - mean) ** 2;
    n++;
  }
  const gain = 0.1 / Math.sqrt(square / Math.max(1, n) + 1e-12);
  return {
    samples: samples.map((v) => (v - mean) * Math.min(gain, 1e4)),
    rate,
    activeAt,
    voicedAt: at(voiced),
  };
}

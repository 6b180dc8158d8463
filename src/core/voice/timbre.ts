/**
 * What tells one speaker from another, frame by frame: mel-frequency cepstra (Davis and Mermelstein 1980) without the
 * loudness, of frames in which somebody speaks. Cheap, and good enough to tell the two ends of a conversation apart; no
 * identity can be read from it.
 */
import { PowerFrames } from '../stft.ts';
import { type Activity, HOP_S } from './activity.ts';
import type { Breadth } from './features/index.ts';

/** Seconds between two frames. */
export const TIMBRE_HOP_S = 0.02;
/** Cepstral coefficients of a frame. */
export const TIMBRE = 16;
const RATE = 16_000;
const SIZE = 512;
const BANDS = 26;
const LOW_HZ = 100;
/** All that 16 kHz holds, or what passes a telephone. */
const HIGH_HZ: Readonly<Record<Breadth, number>> = { wide: 7600, narrow: 3600 };
/** Decibels below the loudest cell at which a cell counts as empty. */
const FLOOR_DB = 60;

const mel = (hz: number) => 1127 * Math.log(1 + hz / 700);

/** Weights of the bins on triangular mel filters: for each bin its lower filter and the share of the upper one. */
const placesUpTo = (high: number) =>
  Array.from({ length: SIZE / 2 + 1 }, (_, k) => {
    const hz = (k * RATE) / SIZE;
    const at = ((mel(hz) - mel(LOW_HZ)) / (mel(high) - mel(LOW_HZ))) * (BANDS + 1) - 1;
    return { band: Math.floor(at), share: at - Math.floor(at) };
  });
const PLACES = { wide: placesUpTo(HIGH_HZ.wide), narrow: placesUpTo(HIGH_HZ.narrow) };
const COSINES = Array.from({ length: TIMBRE }, (_, i) =>
  Float64Array.from(
    { length: BANDS },
    (_, b) => Math.cos((Math.PI * (i + 1) * (b + 0.5)) / BANDS) / Math.sqrt(BANDS / 2),
  ),
);

export interface TimbreFrame {
  /** Seconds from the beginning of the samples, in the middle of the frame. */
  readonly time: number;
  /** TIMBRE coefficients, in decibels. */
  readonly cepstrum: Float64Array;
}

/** The active frames of `samples` (16 kHz); those of one breadth are not to be compared with those of the other. */
export function timbreOf(
  samples: Float32Array,
  { active }: Activity,
  breadth: Breadth = 'wide',
): TimbreFrame[] {
  const places = PLACES[breadth];
  const stft = new PowerFrames(SIZE);
  const power = new Float32Array(stft.bins);
  const rows: { time: number; levels: Float64Array }[] = [];
  let loudest = -200;
  for (let at = 0; at + SIZE <= samples.length; at += TIMBRE_HOP_S * RATE) {
    const time = (at + SIZE / 2) / RATE;
    if (!active[Math.floor(time / HOP_S)]) continue;
    stft.frame(samples, at, power);
    const levels = new Float64Array(BANDS);
    for (let k = 0; k < stft.bins; k++) {
      const { band, share } = places[k];
      if (band >= 0 && band < BANDS) levels[band] += (1 - share) * power[k];
      if (band + 1 >= 0 && band + 1 < BANDS) levels[band + 1] += share * power[k];
    }
    for (let b = 0; b < BANDS; b++) {
      levels[b] = 10 * Math.log10(levels[b] + 1e-12);
      loudest = Math.max(loudest, levels[b]);
    }
    rows.push({ time, levels });
  }
  return rows.map(({ time, levels }) => {
    const floored = levels.map((v) => Math.max(v, loudest - FLOOR_DB));
    const cepstrum = Float64Array.from(COSINES, (cosine) =>
      cosine.reduce((sum, c, b) => sum + c * floored[b], 0),
    );
    return { time, cepstrum };
  });
}

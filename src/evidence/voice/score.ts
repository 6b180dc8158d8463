/**
 * The raw score behind the voice evidence, before calibration: small networks on the statistics of windows of speech.
 * Every window is judged twice, by all of its spectrum and by what a telephone lets through; where a recording has no
 * more than that, only the second counts.
 */
import { resample } from '../../core/resample.ts';
import { PowerFrames } from '../../core/stft.ts';
import type { Models } from '../../nn/models.ts';
import { frequencyOf, RATE, VOICE_STATISTICS, voiceStatistics } from './features/index.ts';
import type { Window } from './windows.ts';

/** Name of the network in `models/`. */
export const MODEL = 'voice';

/** Share of the energy of voiced speech above 4 kHz below which there is taken to be nothing, in decibels. */
const EMPTY_DB = -52;

export interface ScoredWindow {
  readonly start: number;
  readonly end: number;
  /** Seconds of speech in it. */
  readonly speech: number;
  readonly score: number;
  /** Nothing above 4 kHz could be heard. */
  readonly narrow: boolean;
  /** How much the score falls when a band of MAP_BANDS over 0..8 kHz is not looked at, lowest band first. */
  readonly bands: Float32Array;
}

/** Bands of the map, over 0 to 8 kHz. */
export const MAP_BANDS = 12;
const MAP_TOP_HZ = 8000;

/** Energy above 4.2 kHz against that of 300 to 3,400 Hz, where somebody speaks, in decibels. */
export function highBandDb({ samples, activity }: Window): number {
  const size = 512;
  const stft = new PowerFrames(size);
  const power = new Float32Array(stft.bins);
  const bin = (hz: number) => Math.round((hz * size) / RATE.wide);
  let low = 1e-12;
  let high = 1e-15;
  for (let at = 0; at + size <= samples.length; at += size) {
    if (!activity.active[Math.floor((at + size / 2) / 160)]) continue;
    stft.frame(samples, at, power);
    for (let k = bin(300); k < bin(3400); k++) low += power[k];
    for (let k = bin(4200); k < bin(7600); k++) high += power[k];
  }
  return 10 * Math.log10(high / low);
}

/** Scores windows one by one; higher speaks for a synthetic voice. */
export async function scoreWindows(
  windows: readonly Window[],
  models: Models,
  model: string = MODEL,
): Promise<ScoredWindow[]> {
  const session = await models.session(model);
  const out: ScoredWindow[] = [];
  for (const window of windows) {
    const narrow = highBandDb(window) < EMPTY_DB;
    const row = describeWindow(window);
    // One row as it is, and one without each band, in a single run.
    const rows = MAP_BANDS + 1;
    const statistics = new Float32Array(rows * row.length);
    const mask = new Float32Array(rows * row.length).fill(1);
    for (let i = 0; i < rows; i++) {
      statistics.set(row, i * row.length);
      if (i > 0) for (let j = 0; j < row.length; j++) if (BAND_OF[j] === i - 1) mask[i * row.length + j] = 0;
    }
    const dims = [rows, row.length];
    const found = await session.run({ statistics: { dims, data: statistics }, mask: { dims, data: mask } });
    const score = (i: number) => {
      const wide = Number(found.wide.data[i]);
      const low = Number(found.narrow.data[i]);
      return narrow ? low : (wide + low) / 2;
    };
    const whole = score(0);
    out.push({
      start: window.start,
      end: window.end,
      speech: window.activity.activeSeconds,
      score: whole,
      narrow,
      bands: Float32Array.from({ length: MAP_BANDS }, (_, b) => whole - score(b + 1)),
    });
  }
  return out;
}

/** Wide statistics, then narrow ones: what the network takes. */
export function describeWindow({ samples, activity }: Window): Float32Array {
  const row = new Float32Array(2 * VOICE_STATISTICS);
  row.set(voiceStatistics(samples, 'wide', activity), 0);
  row.set(voiceStatistics(resample(samples, RATE.wide, RATE.narrow), 'narrow', activity), VOICE_STATISTICS);
  return row;
}

/** Map band of each of the network's inputs; -1 for what belongs to no frequency. */
const BAND_OF: Int8Array = Int8Array.from({ length: 2 * VOICE_STATISTICS }, (_, j) => {
  const hz = frequencyOf(j % VOICE_STATISTICS, j < VOICE_STATISTICS ? 'wide' : 'narrow');
  return hz === null ? -1 : Math.min(MAP_BANDS - 1, Math.floor((hz / MAP_TOP_HZ) * MAP_BANDS));
});

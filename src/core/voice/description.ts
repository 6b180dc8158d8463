/**
 * A window of speech as the numbers every question about voices is asked of: its statistics over the whole spectrum, then
 * over what a telephone lets through; and whether there is anything to hear beyond a telephone's band at all.
 */
import { resample } from '../resample.ts';
import { PowerFrames } from '../stft.ts';
import { frequencyOf, RATE, VOICE_STATISTICS, voiceStatistics } from './features/index.ts';
import type { Window } from './windows.ts';

/** Length of a description. */
export const VOICE_DESCRIPTION = 2 * VOICE_STATISTICS;

type Described = Pick<Window, 'samples' | 'activity'>;

/** Wide statistics, then narrow ones: {@link VOICE_DESCRIPTION} numbers. */
export function describeWindow(window: Described): Float32Array {
  const row = new Float32Array(VOICE_DESCRIPTION);
  row.set(voiceStatistics(window.samples, 'wide', window.activity), 0);
  row.set(describeNarrow(window), VOICE_STATISTICS);
  return row;
}

/** The narrow ones only: VOICE_STATISTICS numbers, of what every road lets through. */
export function describeNarrow({ samples, activity }: Described): Float32Array {
  return voiceStatistics(resample(samples, RATE.wide, RATE.narrow), 'narrow', activity);
}

/** The frequency that number `j` of a description is about, in Hz; null where it is about all of the spectrum. */
export function describedFrequency(j: number): number | null {
  return frequencyOf(j % VOICE_STATISTICS, j < VOICE_STATISTICS ? 'wide' : 'narrow');
}

/** Share of the energy of voiced speech above 4 kHz below which there is taken to be nothing, in decibels. */
const EMPTY_DB = -52;

/** Can nothing be heard above 4 kHz, where somebody speaks? */
export function isNarrow(window: Window): boolean {
  return highBandDb(window) < EMPTY_DB;
}

/** Energy above 4.2 kHz against that of 300 to 3,400 Hz, where somebody speaks, in decibels. */
function highBandDb({ samples, activity }: Window): number {
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

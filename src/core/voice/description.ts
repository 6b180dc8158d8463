/**
 * A window of speech as the numbers every question about voices is asked of: its statistics over the whole spectrum, then
 * over what a telephone lets through; and whether there is anything to hear beyond a telephone's band at all.
 */
import { resample } from '../resample.ts';
import { frequencyOf, RATE, VOICE_STATISTICS, voiceStatistics } from './features/index.ts';
import type { Window } from './windows.ts';

export { isNarrow } from './band.ts';

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

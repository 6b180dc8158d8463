/**
 * What a stretch of speech is described by: about six hundred statistics of how its spectrum moves, of its fine
 * structure and of the wave itself, all taken where somebody speaks. Chosen so that microphone, loudness and pauses say
 * as little as may be.
 */
import { type Activity, speechActivity } from '../activity.ts';
import { BAND_STATISTICS, bandFrequency, bandStatistics } from './bands.ts';
import { clipOf } from './clip.ts';
import { FINE_STATISTICS, fineFrequency, fineStatistics } from './fine.ts';
import { TEXTURE_STATISTICS, textureFrequency, textureStatistics } from './texture.ts';

/** Numbers that describe a clip. */
export const VOICE_STATISTICS = BAND_STATISTICS + FINE_STATISTICS + TEXTURE_STATISTICS;

/**
 * How much of the spectrum is looked at: all of what 16 kHz sampling holds, or what passes a telephone (the clip is then
 * taken at 8 kHz).
 */
export type Breadth = 'wide' | 'narrow';

export const RATE: Readonly<Record<Breadth, number>> = { wide: 16_000, narrow: 8000 };
const TOP_HZ: Readonly<Record<Breadth, number>> = { wide: 7200, narrow: 3400 };

/** {@link VOICE_STATISTICS} numbers of `samples`, which are taken at the rate that goes with `breadth`. */
export function voiceStatistics(samples: Float32Array, breadth: Breadth, activity?: Activity): Float32Array {
  const rate = RATE[breadth];
  const clip = clipOf(samples, rate, activity ?? speechActivity(samples, rate));
  const top = TOP_HZ[breadth];
  const all = [...bandStatistics(clip, top), ...fineStatistics(clip, top), ...textureStatistics(clip, top)];
  return Float32Array.from(all, (v) => (Number.isFinite(v) ? v : 0));
}

/** The frequency that statistic `j` is about, in Hz; null where it is about all of the spectrum. */
export function frequencyOf(j: number, breadth: Breadth): number | null {
  const top = TOP_HZ[breadth];
  if (j < BAND_STATISTICS) return bandFrequency(j, top);
  if (j < BAND_STATISTICS + FINE_STATISTICS) return fineFrequency(j - BAND_STATISTICS, top);
  return textureFrequency(j - BAND_STATISTICS - FINE_STATISTICS, top);
}

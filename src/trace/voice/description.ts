/**
 * A recording as numbers that tell synthesis systems apart: the statistics of its voice in the band of a telephone,
 * averaged over windows of speech. The band above would tell the page a voice was published on as much as the system,
 * and no more than this one of systems on one page; without it a voice is compared alike whatever road it came by. Pauses, loudness and microphone say little in them, but more than nothing: docs/measured/voice.md says how much of
 * what attribution finds is the page a voice was published on.
 */
import type { Sound } from '../../core/sound.ts';
import type { HeardFacts } from '../../core/trace.ts';
import { describeNarrow, isNarrow } from '../../core/voice/description.ts';
import { VOICE_STATISTICS } from '../../core/voice/features/index.ts';
import { type NotSpeech, reasonToDecline } from '../../core/voice/speech.ts';
import { LEAST_SPEECH_S, windowsOf } from '../../core/voice/windows.ts';

/** Length of a description. */
export const DESCRIPTION = VOICE_STATISTICS;
/** Least speech, in seconds, that can be traced. */
export const LEAST_SPEECH = LEAST_SPEECH_S;
/** Most windows described: about a minute of speech, spread over the recording. */
const MOST_WINDOWS = 15;

export interface DescribedVoice {
  readonly heard: HeardFacts;
  /** [DESCRIPTION]; absent where there is not enough speech. */
  readonly description?: Float32Array;
  readonly reason?: NotSpeech;
}

/** Hears the voice in `sound`; never throws for a sound, whatever is in it. */
export function describeVoice(sound: Sound): DescribedVoice {
  const found = windowsOf(sound, MOST_WINDOWS);
  const { windows } = found;
  const narrow = windows.filter(isNarrow).length > windows.length / 2;
  const heard: HeardFacts = {
    duration: sound.duration,
    speechSeconds: found.activeSeconds,
    band: narrow ? 'narrow' : 'wide',
  };
  const reason = reasonToDecline(found);
  if (reason) return { heard, reason };
  const description = new Float32Array(DESCRIPTION);
  const speech = windows.reduce((sum, { activity }) => sum + activity.activeSeconds, 0);
  for (const window of windows) {
    const share = window.activity.activeSeconds / speech;
    describeNarrow(window).forEach((v, j) => {
      description[j] += v * share;
    });
  }
  return { heard, description };
}

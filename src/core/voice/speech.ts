/** Is there enough speech in a recording to say anything about the voice? Asked alike whatever is to be said of it. */
import { type Heard, LEAST_SPEECH_S } from './windows.ts';

/** Least share of voiced frames, in speech. */
const LEAST_VOICED = 0.2;
/** Speech swells and fades; a held chord, a tone, a fan do not. Decibels, and times a second. */
const LEAST_MODULATION_DB = 4;
const LEAST_ONSETS = 0.3;
/** Active seconds below which nothing was found that could be speech. */
const LEAST_ACTIVE_S = 0.2;

/** Silence or noise; speech, but less than {@link LEAST_SPEECH_S} seconds of it; music, tones. */
export type NotSpeech = 'no-speech' | 'too-short' | 'not-speech';

/** Why nothing can be said about a voice; null when something can. */
export function reasonToDecline(heard: Heard): NotSpeech | null {
  if (heard.voicedShare < LEAST_VOICED || heard.activeSeconds < LEAST_ACTIVE_S) return 'no-speech';
  if (heard.activeSeconds < LEAST_SPEECH_S || heard.windows.length === 0) return 'too-short';
  if (heard.modulationDb < LEAST_MODULATION_DB || heard.onsetsPerSecond < LEAST_ONSETS) return 'not-speech';
  return null;
}

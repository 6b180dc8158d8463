/** What a file lacks to be traced, as a result and not as an error: it says nothing about where the file comes from. */
import type { RgbImage } from '../core/image.ts';
import type { HeardFacts, UntraceablePicture, UntraceableSound } from '../core/trace.ts';
import type { NotSpeech } from '../core/voice/speech.ts';
import { SMALLEST } from './description.ts';
import { LEAST_SPEECH } from './voice/description.ts';

type Facts<T> = Omit<T, 'file' | 'sha256' | 'elapsedMs'>;

/** Null where the picture is large enough. */
export function tooSmall({ width, height }: RgbImage): Facts<UntraceablePicture> | null {
  if (Math.min(width, height) >= SMALLEST) return null;
  return { outcome: 'notApplicable', kind: 'image', width, height, reason: 'too-small', limit: SMALLEST };
}

/** Of a sound that was heard and declined. */
export function tooLittleSpeech(
  { duration, speechSeconds }: HeardFacts,
  reason: NotSpeech = 'no-speech',
): Facts<UntraceableSound> {
  return {
    ...{ outcome: 'notApplicable', kind: 'audio', duration, speechSeconds, reason },
    limit: LEAST_SPEECH,
  };
}

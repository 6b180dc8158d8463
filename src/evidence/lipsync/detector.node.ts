/**
 * Do lips and voice belong together? The opening of the followed mouth against the loudness of the sound, at every shift
 * within half a second. Abstains without sound, without a face, and where nobody speaks; what it finds is told and
 * weighs nothing, for too few clips with sound were at hand to calibrate it.
 */
import type { Evidence } from '../../core/evidence.ts';
import type { VideoMedia } from '../../core/media.ts';
import type { Text } from '../../core/text.ts';
import type { Detector, ExamineContext } from '../detector.ts';
import { watch } from '../watch/watch.node.ts';
import { loudness, mouthOpening } from './curves.ts';
import { resampled, syncOf } from './lag.ts';
import { agreement, MEASURED_ON, NO_FACE, NO_SOUND, NOBODY_SPEAKS } from './words.ts';

const NAME = 'lipsync';
const VERSION = '1.0.0';
const RATE = 25;
const LEAST_SECONDS = 1.8;
/** Spread of the mouth's opening (in distances of the eyes) and of the loudness (natural logarithm) of someone speaking. */
const LEAST_MOTION = 0.012;
const LEAST_DYNAMICS = 0.35;

function spread(x: Float64Array): number {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  return Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length);
}

export const lipsync: Detector<'video'> = {
  name: NAME,
  version: VERSION,
  kinds: ['video'],
  async examine(media: VideoMedia, context: ExamineContext): Promise<Evidence> {
    const abstain = (reason: string, summary: Text): Evidence => ({
      ...{ status: 'notApplicable', detector: NAME, version: VERSION, reason, summary, details: {} },
    });
    const { sound } = media;
    if (!sound) return abstain('no-sound', NO_SOUND);
    const { run } = await watch(media, context);
    const seen = run?.person === null ? [] : (run?.frames ?? []).filter(({ mesh }) => mesh !== null);
    const seconds = seen.length > 1 ? seen[seen.length - 1].time - seen[0].time : 0;
    if (seconds < LEAST_SECONDS || seen.length < 8 * seconds) return abstain('no-face', NO_FACE);
    const count = Math.floor(seconds * RATE);
    const start = seen[0].time;
    const voice = loudness(sound, start, RATE, count);
    if (!voice) return abstain('no-sound', NO_SOUND);
    const times = seen.map(({ time }) => time);
    const mouth = resampled(times, seen.map(mouthOpening), start, RATE, count);
    if (spread(mouth) < LEAST_MOTION || spread(voice) < LEAST_DYNAMICS)
      return abstain('nobody-speaks', NOBODY_SPEAKS);
    const sync = syncOf(mouth, voice, RATE);
    return {
      status: 'notDetected',
      detector: NAME,
      version: VERSION,
      claim: 'manipulated',
      summary: agreement(sync.correlation, sync.lagSeconds),
      llr: 0,
      regions: [],
      measuredOn: MEASURED_ON,
      details: { from: start, seconds, ...sync },
    };
  },
};

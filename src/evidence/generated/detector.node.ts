/**
 * Was the clip made by a model, without any camera? The synthesis network's scores of a few frames, which compression
 * shifts and which therefore have a calibration of their own here, and how much of the finest texture travels from frame
 * to frame. With or without people in it.
 */
import type { Evidence } from '../../core/evidence.ts';
import type { VideoMedia } from '../../core/media.ts';
import type { Detector, ExamineContext } from '../detector.ts';
import { bySecond } from '../faceswap/pooling.ts';
import { watch } from '../watch/watch.node.ts';
import { llrInterval, llrOf } from './calibration.ts';
import { type ClipFeatures, clipFeatures } from './features.ts';
import { CALIBRATION } from './fitted.ts';
import { MEASURED_ON, summaryOf, TOO_SMALL } from './words.ts';

const NAME = 'generated';
const VERSION = '1.1.0';

/** The features in the order of the weights; what could not be measured is taken as usual. */
export function vectorOf({ synthesis, motion }: ClipFeatures, mean: readonly number[]): number[] {
  return [synthesis, motion?.memory ?? mean[1]];
}

export const generated: Detector<'video'> = {
  name: NAME,
  version: VERSION,
  kinds: ['video'],
  async examine(media: VideoMedia, context: ExamineContext): Promise<Evidence> {
    const watched = await watch(media, context);
    const features = clipFeatures(watched);
    if (!features) {
      const common = { detector: NAME, version: VERSION, summary: TOO_SMALL, details: {} };
      return { status: 'notApplicable', reason: 'too-small', ...common };
    }
    const vector = vectorOf(features, CALIBRATION.mean);
    const llr = llrOf(vector, CALIBRATION);
    const detected = llr >= CALIBRATION.detectFrom;
    const asked = watched.moments.filter(({ synthesis }) => synthesis !== null);
    const strength = asked.map(({ synthesis }) => {
      const alone = llrOf([synthesis ?? 0, vector[1]], CALIBRATION);
      return 1 / (1 + Math.exp(-alone));
    });
    return {
      status: detected ? 'detected' : 'notDetected',
      detector: NAME,
      version: VERSION,
      claim: 'synthetic',
      summary: summaryOf(llr, detected),
      llr,
      llrInterval: llrInterval(vector, CALIBRATION),
      regions: [],
      perSecond: bySecond(
        asked.map(({ time }) => time),
        strength,
        watched.duration,
      ),
      measuredOn: MEASURED_ON,
      details: {
        synthesis: features.synthesis,
        frames: asked.map(({ time, synthesis }) => ({ time, score: synthesis })),
        motion: features.motion && { ...features.motion },
      },
    };
  },
};

/**
 * Does a face change from frame to frame in ways that a face before a camera does not? Flicker of its texture against
 * its surroundings, motion of its seam, trembling landmarks, what no small motion explains, drift of its identity. The
 * measurements are told; they weigh nothing, because on clips of sources not fitted on they separate nothing
 * (docs/measured/video.md).
 */
import type { Evidence } from '../../core/evidence.ts';
import type { VideoMedia } from '../../core/media.ts';
import type { Detector, ExamineContext } from '../detector.ts';
import { watch } from '../watch/watch.node.ts';
import { changesOf } from './changes.ts';
import { identityDrift } from './drift.ts';
import { temporalFeatures } from './features.ts';
import { scoreChanges } from './score.ts';
import { MEASURED_ON, NO_FACE, NOTED } from './words.ts';

const NAME = 'temporal';
const VERSION = '1.1.0';

export const temporal: Detector<'video'> = {
  name: NAME,
  version: VERSION,
  kinds: ['video'],
  async examine(media: VideoMedia, context: ExamineContext): Promise<Evidence> {
    const { run, people } = await watch(media, context);
    const changes = run && run.person !== null ? changesOf(run) : null;
    if (!changes || !run || run.person === null) {
      const common = { detector: NAME, version: VERSION, summary: NO_FACE, details: {} };
      return { status: 'notApplicable', reason: 'no-face', ...common };
    }
    const { frames } = run;
    return {
      status: 'notDetected',
      detector: NAME,
      version: VERSION,
      claim: 'manipulated',
      summary: NOTED,
      llr: 0,
      regions: [],
      measuredOn: MEASURED_ON,
      details: {
        person: run.person + 1,
        from: frames[0].time,
        to: frames[frames.length - 1].time,
        ...temporalFeatures(changes),
        networkScore: await scoreChanges(changes, context.models),
        identityDrift: identityDrift(people[run.person]),
      },
    };
  },
};

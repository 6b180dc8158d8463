/**
 * What the coding of a video says about its past: programs that wrote it, gaps in its time line, the rhythm of an
 * earlier coding. Told to whoever wants to know; it weighs nothing, for sharing alone does the same.
 */
import type { Evidence } from '../../core/evidence.ts';
import type { VideoMedia } from '../../core/media.ts';
import type { Detector } from '../detector.ts';
import { timelineOf } from './timeline.ts';
import { found, MEASURED_ON, NO_PACKETS, ORDINARY } from './words.ts';

const NAME = 'codec';
const VERSION = '1.0.0';
/** Coded pictures that are looked at: ten minutes at thirty a second. */
const MOST_PACKETS = 18_000;
/** From here on a rhythm is no accident of a few dozen pictures. */
const CLEAR_RHYTHM = 9;
/** Programs that write videos out of other videos, as their tags name them. */
const TOOL = /^(?:enc|tool|encoder|software|writing.?(?:app|library)|©too|com\.apple\.quicktime\.software)$/i;

export const codec: Detector<'video'> = {
  name: NAME,
  version: VERSION,
  kinds: ['video'],
  async examine({ clip, container }: VideoMedia): Promise<Evidence> {
    const packets = await clip.packets(MOST_PACKETS);
    if (packets.length === 0) {
      const common = { detector: NAME, version: VERSION, summary: NO_PACKETS, details: {} };
      return { status: 'notApplicable', reason: 'no-packets', ...common };
    }
    const timeline = timelineOf(packets);
    const tool = Object.entries(container.tags).find(([key]) => TOOL.test(key))?.[1] ?? null;
    const rhythm = (timeline.rhythm?.strength ?? 0) >= CLEAR_RHYTHM;
    const odd = timeline.gaps.length > 0 || rhythm || tool !== null;
    return {
      status: 'notDetected',
      detector: NAME,
      version: VERSION,
      claim: 'manipulated',
      summary: odd ? found({ gaps: timeline.gaps.length, rhythm, tool }) : ORDINARY,
      llr: 0,
      regions: [],
      spans: timeline.gaps.map((start) => ({
        start,
        end: start + 1 / Math.max(1, timeline.frameRate),
        score: 0.5,
      })),
      measuredOn: MEASURED_ON,
      details: {
        codec: container.codec,
        tool,
        ...timeline,
        gaps: [...timeline.gaps],
        rhythm: timeline.rhythm && { ...timeline.rhythm },
      },
    };
  },
};

/**
 * Does the skin of the followed face beat? Forehead and cheeks by POS and CHROM; how clear the beat is and whether the
 * regions agree. It abstains readily (time, light, frame rate, compression), and weighs nothing: a swap may carry the
 * pulse of whoever acted for it (METHODS of 2025 refute the converse), and a compressed recording may show none.
 */
import type { Evidence } from '../../core/evidence.ts';
import type { Json } from '../../core/json.ts';
import type { VideoMedia } from '../../core/media.ts';
import type { Text } from '../../core/text.ts';
import type { Detector, ExamineContext } from '../detector.ts';
import { resampled } from '../lipsync/lag.ts';
import { watch } from '../watch/watch.node.ts';
import type { Run } from '../watch/watched.ts';
import { meanSkin, SKIN_REGIONS, type SkinRegion } from './regions.ts';
import { beatOf, chrom, correlation, heartBand, pos, type SkinSignal } from './rppg.ts';
import { BEAT, MEASURED_ON, NO_BEAT, NO_SKIN, TOO_DARK, TOO_SHORT } from './words.ts';

const NAME = 'pulse';
const VERSION = '1.0.0';
/** Fewer seconds hold too few beats; a slower frame rate blurs them. */
const LEAST_SECONDS = 6;
const LEAST_RATE = 14;
const LEAST_LEVEL = 40;
/** From here on a beat is called clear. */
const CLEAR_DB = 1;

interface RegionBeat {
  readonly region: SkinRegion;
  readonly pos: Float64Array;
  readonly posBeat: ReturnType<typeof beatOf>;
  readonly chromBeat: ReturnType<typeof beatOf>;
}

export const pulse: Detector<'video'> = {
  name: NAME,
  version: VERSION,
  kinds: ['video'],
  async examine(media: VideoMedia, context: ExamineContext): Promise<Evidence> {
    const { run } = await watch(media, context);
    const abstain = (reason: string, summary: Text): Evidence => ({
      ...{ status: 'notApplicable', detector: NAME, version: VERSION, reason, summary, details: {} },
    });
    if (!run || run.person === null) return abstain('no-face', NO_SKIN);
    const frames = run.frames.filter(({ mesh }) => mesh !== null);
    const seconds = frames.length > 1 ? frames[frames.length - 1].time - frames[0].time : 0;
    if (seconds < LEAST_SECONDS || frames.length / seconds < LEAST_RATE)
      return abstain('too-short', TOO_SHORT);
    const beats = SKIN_REGIONS.flatMap((region) => beatIn(run, region, seconds) ?? []);
    if (beats.length === 0) return abstain('too-dark', TOO_DARK);
    const best = beats.reduce((a, b) => (b.posBeat.snrDb > a.posBeat.snrDb ? b : a));
    const agreement: number[] = [];
    for (let i = 0; i < beats.length; i++)
      for (let j = i + 1; j < beats.length; j++) agreement.push(correlation(beats[i].pos, beats[j].pos));
    const coherence = agreement.length ? agreement.reduce((a, b) => a + b, 0) / agreement.length : null;
    const clear = best.posBeat.snrDb >= CLEAR_DB && best.chromBeat.snrDb >= CLEAR_DB;
    return {
      status: 'notDetected',
      detector: NAME,
      version: VERSION,
      claim: 'manipulated',
      summary: clear ? BEAT : NO_BEAT,
      llr: 0,
      regions: [],
      measuredOn: MEASURED_ON,
      details: {
        beatsPerMinute: clear ? Math.round(best.posBeat.hz * 60) : null,
        snrDb: best.posBeat.snrDb,
        coherence,
        seconds,
        regions: beats.map(
          ({ region, posBeat, chromBeat }): Json => ({
            region,
            pos: { beatsPerMinute: posBeat.hz * 60, snrDb: posBeat.snrDb },
            chrom: { beatsPerMinute: chromBeat.hz * 60, snrDb: chromBeat.snrDb },
          }),
        ),
      },
    };
  },
};

/** The beat of one region, or null where it is too dark, clipped or seldom seen. */
function beatIn({ frames }: Run, region: SkinRegion, seconds: number): RegionBeat | null {
  const seen = frames.flatMap((frame) => {
    const mean = meanSkin(frame, region);
    return mean ? [{ time: frame.time, mean }] : [];
  });
  if (seen.length < 0.8 * frames.length) return null;
  const level = seen.reduce((sum, { mean }) => sum + mean[1] / seen.length, 0);
  if (level < LEAST_LEVEL || level > 250) return null;
  const rate = (frames.length - 1) / Math.max(1e-6, seconds);
  const count = Math.floor(seconds * rate);
  const times = seen.map(({ time }) => time);
  const channel = (c: 0 | 1 | 2) =>
    resampled(
      times,
      seen.map(({ mean }) => mean[c]),
      times[0],
      rate,
      count,
    );
  const signal: SkinSignal = { r: channel(0), g: channel(1), b: channel(2) };
  const byPos = pos(signal, rate);
  return {
    region,
    pos: byPos,
    posBeat: beatOf(heartBand(byPos, rate)),
    chromBeat: beatOf(heartBand(chrom(signal, rate), rate)),
  };
}

/**
 * Is the voice synthetic: spoken by a machine, or turned into another's by one? Looks, where somebody speaks, at how the
 * spectrum moves, at its fine structure and at the wave itself. The same question is asked of a recording and of the
 * sound track of a video. Measured on pages and systems it was not fitted on; where those figures are weak, so is its
 * weight.
 */
import type { Evidence, EvidenceMap, Span } from '../../core/evidence.ts';
import type { AudioMedia, VideoMedia } from '../../core/media.ts';
import type { Sound } from '../../core/sound.ts';
import type { Text } from '../../core/text.ts';
import { type NotSpeech, reasonToDecline } from '../../core/voice/speech.ts';
import { type Heard, windowsOf } from '../../core/voice/windows.ts';
import type { Models } from '../../nn/models.ts';
import type { Detector, ExamineContext } from '../detector.ts';
import { type Calibration, llrOf } from '../synthesis/calibration.ts';
import { CALIBRATIONS } from './fitted.ts';
import { MAP_BANDS, type ScoredWindow, scoreWindows } from './score.ts';
import { anyOf, judgeTurns, type Speaker, speakerName, speakersOf } from './speakers.ts';
import {
  inSoundTrack,
  MAP_MEANING,
  MEASURED_ON,
  NO_SOUND,
  NO_SPEECH,
  NOT_SPEECH,
  SPAN,
  summaryOf,
  TOO_SHORT,
} from './words.ts';

const NAME = 'voice';
const VERSION = '1.2.0';
/** From this log-likelihood ratio the status is `detected`. */
const DETECT_FROM = 1;
/** Most windows judged: four minutes of speech, spread over the recording. */
const MOST_WINDOWS = 60;
export const voice: Detector<'audio' | 'video'> = {
  name: NAME,
  version: VERSION,
  kinds: ['audio', 'video'],
  async examine(media: AudioMedia | VideoMedia, { models }: ExamineContext): Promise<Evidence> {
    if (!media.sound) return notApplicable('no-sound', NO_SOUND);
    const evidence = await voiceEvidence(media.sound, models);
    return media.kind === 'video' ? ofVideo(evidence) : evidence;
  },
};

/** Share of altered videos whose voice is synthetic, the others having a real one under an altered picture; assumed. */
const CLONED_SHARE = 0.3;

/**
 * What the voice says about a video as a whole. A human voice does not make the picture real, so that it weighs little;
 * a synthetic one makes the video altered in part, whatever the picture is.
 */
function ofVideo(evidence: Evidence): Evidence {
  if (evidence.status !== 'detected' && evidence.status !== 'notDetected') return evidence;
  const mixed = (llr: number) => Math.log(CLONED_SHARE * Math.exp(llr) + 1 - CLONED_SHARE);
  const { llrInterval: interval, map: _, ...rest } = evidence;
  return {
    ...rest,
    claim: 'manipulated',
    llr: mixed(evidence.llr),
    ...(interval && { llrInterval: [mixed(interval[0]), mixed(interval[1])] as const }),
    summary: inSoundTrack(evidence.summary),
    details: { ...evidence.details, llrOfVoice: evidence.llr },
  };
}

function notApplicable(reason: string, summary: Text, details: Evidence['details'] = {}): Evidence {
  return { status: 'notApplicable', detector: NAME, version: VERSION, reason, summary, details };
}

/** The evidence for a sound, wherever it comes from. */
export async function voiceEvidence(sound: Sound, models: Models): Promise<Evidence> {
  const heard = windowsOf(sound, MOST_WINDOWS, { bySpeaker: true });
  const declined = reasonToDecline(heard);
  if (declined) return notApplicable(declined, DECLINED[declined], factsOf(heard));
  return evidenceOf(sound.duration, heard, await scoreWindows(heard.windows, models));
}

function factsOf(heard: Heard): Evidence['details'] {
  const round = (v: number) => Math.round(v * 100) / 100;
  return {
    speechSeconds: round(heard.activeSeconds),
    voicedShare: round(heard.voicedShare),
    modulationDb: round(heard.modulationDb),
    onsetsPerSecond: round(heard.onsetsPerSecond),
  };
}

const DECLINED: Readonly<Record<NotSpeech, Text>> = {
  'no-speech': NO_SPEECH,
  'too-short': TOO_SHORT,
  'not-speech': NOT_SPEECH,
};

/** The evidence that scored windows of a recording of `duration` seconds amount to; there is at least one window. */
export function evidenceOf(
  duration: number,
  heard: Heard,
  windows: readonly ScoredWindow[],
  calibrations: Readonly<Record<'wide' | 'narrow', Calibration>> = CALIBRATIONS,
): Evidence {
  const speech = windows.reduce((sum, w) => sum + w.speech, 0);
  const speakers = speakersOf(windows, calibrations);
  const [mostTelling] = [...speakers].sort((a, b) => b.llr - a.llr);
  const narrow = windows.filter((w) => w.narrow).length > windows.length / 2;
  const llr = anyOf(speakers.map((one) => one.llr));
  const detected = llr >= DETECT_FROM;
  const strength = (w: ScoredWindow) =>
    1 / (1 + Math.exp(-llrOf(w.score, calibrations[w.narrow ? 'narrow' : 'wide'])));
  const synthetic = windows.reduce((sum, w) => sum + (strength(w) > 0.5 ? w.speech : 0), 0) / speech;
  return {
    status: detected ? 'detected' : 'notDetected',
    detector: NAME,
    version: VERSION,
    claim: 'synthetic',
    summary: summaryOf(llr, synthetic, narrow, cloned(speakers)),
    llr,
    llrInterval: [
      anyOf(speakers.map((one) => one.interval[0])),
      anyOf(speakers.map((one) => one.interval[1])),
    ],
    regions: [],
    spans: detected ? spansOf(windows, strength) : [],
    perSecond: secondsOf(duration, windows, strength),
    map: mapOf(duration, windows),
    turns: judgeTurns(heard.turns, windows, calibrations),
    measuredOn: MEASURED_ON,
    details: {
      score: mostTelling.score,
      falsePositiveRate: 1 - (1 - mostTelling.falsePositiveRate) ** speakers.length,
      band: narrow ? 'narrow' : 'wide',
      syntheticShare: Math.round(synthetic * 1000) / 1000,
      ...factsOf(heard),
      speakers: speakers.map(({ speaker, seconds, llr: own }) => ({
        speaker: speakerName(speaker),
        seconds: Math.round(seconds * 100) / 100,
        llr: Math.round(own * 100) / 100,
      })),
      windows: windows.map(({ start, end, score }) => ({ start, end, score })),
    },
  };
}

/** Names of the speakers that sound synthetic by themselves, where others do not. */
function cloned(speakers: readonly Speaker[]): readonly string[] {
  const found = speakers.filter((one) => one.llr >= DETECT_FROM);
  return found.length < speakers.length ? found.map((one) => speakerName(one.speaker)) : [];
}

/** Windows that sound synthetic by themselves, joined where one follows another. */
function spansOf(windows: readonly ScoredWindow[], strength: (w: ScoredWindow) => number): Span[] {
  const spans: { start: number; end: number; score: number }[] = [];
  for (const window of windows) {
    const score = strength(window);
    if (score <= 0.5) continue;
    const last = spans.at(-1);
    if (last && window.start <= last.end + 0.05) {
      last.score = Math.max(last.score, score);
      last.end = Math.max(last.end, window.end);
    } else {
      spans.push({ start: window.start, end: window.end, score });
    }
  }
  return spans.map((span) => ({ ...span, label: SPAN }));
}

/** Most seconds told one by one: four hours. */
const MOST_SECONDS = 14_400;

function secondsOf(
  duration: number,
  windows: readonly ScoredWindow[],
  strength: (w: ScoredWindow) => number,
): Float32Array {
  const out = new Float32Array(Math.min(MOST_SECONDS, Math.ceil(duration))).fill(Number.NaN);
  for (const window of windows) {
    const score = strength(window);
    for (let s = Math.floor(window.start); s < Math.min(out.length, Math.ceil(window.end)); s++) {
      out[s] = Number.isNaN(out[s]) ? score : Math.max(out[s], score);
    }
  }
  return out;
}

/** Cells along the time axis of the map. */
const MAP_COLUMNS = 120;
/** A fall of the score by this much is drawn at full strength. */
const FULL_FALL = 1;

/** Which frequencies speak for a synthetic voice when, over the spectrogram; NaN where nothing was judged. */
function mapOf(duration: number, windows: readonly ScoredWindow[]): EvidenceMap {
  const data = new Float32Array(MAP_COLUMNS * MAP_BANDS).fill(Number.NaN);
  for (const window of windows) {
    const from = Math.floor((window.start / duration) * MAP_COLUMNS);
    const to = Math.min(MAP_COLUMNS, Math.max(from + 1, Math.ceil((window.end / duration) * MAP_COLUMNS)));
    for (let x = from; x < to; x++) {
      for (let b = 0; b < MAP_BANDS; b++) {
        const fall = Math.max(0, Math.min(1, window.bands[b] / FULL_FALL));
        data[(MAP_BANDS - 1 - b) * MAP_COLUMNS + x] = fall;
      }
    }
  }
  return { width: MAP_COLUMNS, height: MAP_BANDS, data, meaning: MAP_MEANING };
}

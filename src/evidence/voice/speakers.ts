/**
 * A conversation judged voice by voice and turn by turn: a call in which one person is real and the other is not should
 * say who.
 */
import type { SpokenTurn } from '../../core/evidence.ts';
import type { Turn } from '../../core/voice/turns.ts';
import { type Calibration, falsePositiveRate, llrInterval, llrOf } from '../synthesis/calibration.ts';
import type { ScoredWindow } from './score.ts';

type Calibrations = Readonly<Record<'wide' | 'narrow', Calibration>>;

export interface Speaker {
  readonly speaker: number;
  /** Of speech that was judged. */
  readonly seconds: number;
  readonly score: number;
  readonly llr: number;
  readonly interval: readonly [number, number];
  readonly falsePositiveRate: number;
}

/** `A`, `B`, ... `Z`, `AA`, ... */
export function speakerName(speaker: number): string {
  const letter = String.fromCharCode(65 + (speaker % 26));
  return speaker < 26 ? letter : speakerName(Math.floor(speaker / 26) - 1) + letter;
}

/** Windows by their speech; the band that most of them have. */
function judged(windows: readonly ScoredWindow[], calibrations: Calibrations) {
  const seconds = windows.reduce((sum, w) => sum + w.speech, 0);
  const score = windows.reduce((sum, w) => sum + (w.score * w.speech) / seconds, 0);
  const narrow = windows.filter((w) => w.narrow).length > windows.length / 2;
  return { seconds, score, calibration: calibrations[narrow ? 'narrow' : 'wide'] };
}

/** Seconds of speech below which a voice is not judged by itself where others have more. */
const LEAST_S = 1;

/** Everybody who was judged, in the order in which they are first heard; there is at least one window. */
export function speakersOf(windows: readonly ScoredWindow[], calibrations: Calibrations): Speaker[] {
  const names = [...new Set(windows.map((w) => w.speaker))].sort((a, b) => a - b);
  const everybody = names.map((speaker) => {
    const own = windows.filter((w) => w.speaker === speaker);
    const { seconds, score, calibration } = judged(own, calibrations);
    return {
      ...{ speaker, seconds, score, llr: llrOf(score, calibration) },
      interval: llrInterval(score, calibration),
      falsePositiveRate: falsePositiveRate(score, calibration),
    };
  });
  const enough = everybody.filter(({ seconds }) => seconds >= LEAST_S);
  return enough.length > 0 ? enough : everybody;
}

/**
 * The log-likelihood ratio of "one of these voices is synthetic" against "none is", any of them being it alike; of a
 * single voice its own.
 */
export function anyOf(llrs: readonly number[]): number {
  const most = Math.max(...llrs);
  return most + Math.log(llrs.reduce((sum, llr) => sum + Math.exp(llr - most), 0) / llrs.length);
}

/** Each turn by the windows that lie in it. */
export function judgeTurns(
  turns: readonly Turn[],
  windows: readonly ScoredWindow[],
  calibrations: Calibrations,
): SpokenTurn[] {
  return turns.map(({ start, end, speaker }) => {
    const own = windows.filter((w) => w.speaker === speaker && w.start < end && w.end > start);
    const name = speakerName(speaker);
    if (own.length === 0) return { start, end, speaker: name, llr: null };
    const { score, calibration } = judged(own, calibrations);
    return { start, end, speaker: name, llr: llrOf(score, calibration) };
  });
}

/** Three numbers for attribution and two for pairs, on clips of pages left out and on known systems' other clips. */
import { writeFileSync } from 'node:fs';
import { Random } from '../../../src/core/random.ts';
import type { Calibration, PairCalibration } from '../../../src/trace/calibration.ts';
import { similarityOf } from '../../../src/trace/metric.ts';
import { fitCalibration, fitPairs, loss, type Pair, type Question } from '../../trace/likelihood.ts';
import type { DescribedClip } from './described.ts';
import { type Fold, nameOf, openFolds } from './folds.ts';

/** Known systems' held out clips, recordings of unknown corpora, clips of unknown systems. */
export function questionsOf({ gallery, known, strangers }: Fold): Question[] {
  const { sources } = gallery;
  const indexOf = new Map(sources.map((source, i) => [source.name, i]));
  const asked = [...known.filter(({ clip }) => clip.kind === 'generator'), ...strangers];
  return asked.map(({ clip, similarities }) => ({
    ...{ similarities, sources },
    truth: clip.kind === 'recording' ? -2 : (indexOf.get(nameOf(clip.set)) ?? -1),
  }));
}

/**
 * Pairs of different clips on one road, of pages left out: of one system, or of two on the same page, so that a pair is
 * no likelier for sharing its page only.
 */
function pairsOf({ strangers }: Fold, seed: number): Pair[] {
  const random = new Random(seed);
  return strangers.flatMap((a) => {
    const near = strangers.filter(
      ({ clip }) => clip.page === a.clip.page && clip.step === a.clip.step && clip.file !== a.clip.file,
    );
    const [alike, others] = [true, false].map((same) =>
      near.filter((b) => (b.clip.set === a.clip.set) === same),
    );
    if (alike.length === 0 || others.length === 0) return [];
    return [random.pick(alike), random.pick(others)].map((b) => ({
      similarity: similarityOf(a.ready, b.ready),
      same: b.clip.set === a.clip.set,
    }));
  });
}

export interface Fitted extends Calibration {
  readonly pair: PairCalibration;
}

export function calibrationOf(folds: readonly Fold[]): Fitted {
  const questions = folds.flatMap(questionsOf);
  const found = fitCalibration(questions);
  console.error(`loss ${loss(questions, found).toFixed(3)} over ${questions.length} questions`);
  return { ...found, pair: fitPairs(folds.flatMap((fold, i) => pairsOf(fold, i))) };
}

/** Writes `src/trace/voice/fitted.ts`. */
export function calibrate(clips: readonly DescribedClip[]): void {
  const { sharpness, unknown, photographBias, pair } = calibrationOf(openFolds(clips));
  const digits = (v: number) => v.toFixed(3);
  const lines = [
    '/** Written by `npm run recipe:voice -- attribution`; not to be edited. docs/measured/voice.md says on what. */',
    "import type { Calibration, PairCalibration } from '../calibration.ts';",
    '',
    'export const VOICES: Calibration & { readonly pair: PairCalibration } = {',
    `  sharpness: ${digits(sharpness)},`,
    `  unknown: ${digits(unknown)},`,
    `  photographBias: ${digits(photographBias)},`,
    `  pair: { slope: ${digits(pair.slope)}, offset: ${digits(pair.offset)} },`,
    '};',
  ];
  writeFileSync('src/trace/voice/fitted.ts', `${lines.join('\n')}\n`);
  console.error(lines.join('\n'));
}

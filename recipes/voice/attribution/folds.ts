/**
 * Questions of attribution with the truth beside them: what `calibrate` fits three numbers on and
 * `npm run bench:voice -- attribution` prints. A clip that is asked about is never in the metric or in a source's average.
 */
import { grouped } from '../../../src/core/group.ts';
import { Gallery, type Source } from '../../../src/trace/gallery.ts';
import type { MetricData, Prepared } from '../../../src/trace/metric.ts';
import { knownSource } from '../../trace/evaluate.ts';
import { fitMetric } from '../../trace/metric.ts';
import { type DescribedClip, pageFolds } from './described.ts';

/** Directions of the metric. Half and twice as many were no better. */
const RANK = 48;

/** All roads, random ones too: what a road changes is what the metric should look away from. */
export const fitVoiceMetric = (clips: readonly DescribedClip[]): MetricData => fitMetric(clips, RANK);

/** The averages of every set among `clips`, one for each named road. */
export function sourcesOf(metric: MetricData, clips: readonly DescribedClip[]): Source[] {
  const named = clips.filter(({ step }) => step !== 'random');
  return [...grouped(named, (clip) => clip.set)].map(([set, group]) =>
    knownSource(metric, nameOf(set), group[0].kind, group),
  );
}

/** A set as a release calls it. */
export const nameOf = (set: string): string => set.replace(/^(fake|real)_/, '');

export const FOLDS = [0, 1, 2, 3] as const;

/** Clips of a set that are asked about when the fold has its turn; a set of two still has one known clip left. */
const heldOut = ({ index }: DescribedClip, fold: number) => index % FOLDS.length === fold;

export interface Answered {
  readonly clip: DescribedClip;
  readonly similarities: readonly number[];
  readonly ready: Prepared;
}

export interface Fold {
  readonly metric: MetricData;
  /** Clips, on all roads together, that the metric was fitted on. */
  readonly works: number;
  readonly gallery: Gallery;
  /** Which sources the gallery has, with page and kind of system. */
  readonly sources: readonly { readonly source: Source; readonly page: string; readonly family: string }[];
  /** Asked about on named roads. */
  readonly known: readonly Answered[];
  /** Of systems and corpora that are not known. */
  readonly strangers: readonly Answered[];
}

function foldOf(
  clips: readonly DescribedClip[],
  fold: number,
  stranger: (c: DescribedClip) => boolean,
): Fold {
  const heard = clips.filter((clip) => !stranger(clip) && !heldOut(clip, fold));
  const metric = fitVoiceMetric(heard);
  const sources = sourcesOf(metric, heard);
  const gallery = new Gallery(metric, heard.length, sources);
  const about = new Map(heard.map((clip) => [nameOf(clip.set), clip]));
  const answer = (clip: DescribedClip): Answered => {
    const ready = gallery.prepare(clip.description);
    return { clip, ready, similarities: gallery.similarities(ready) };
  };
  const asked = clips.filter(({ step }) => step !== 'random');
  return {
    ...{ metric, works: heard.length, gallery },
    sources: sources.map((source) => {
      const { page = '', family = '' } = about.get(source.name) ?? {};
      return { source, page, family };
    }),
    known: asked.filter((clip) => !stranger(clip) && heldOut(clip, fold)).map(answer),
    strangers: asked.filter(stranger).map(answer),
  };
}

/** Every system is known by its other clips. */
export function closedFolds(clips: readonly DescribedClip[]): Fold[] {
  return FOLDS.map((fold) => foldOf(clips, fold, () => false));
}

/** Fold by fold whole pages are unknown, with all their systems and recordings. */
export function openFolds(clips: readonly DescribedClip[]): Fold[] {
  const pages = pageFolds(clips, FOLDS.length);
  return FOLDS.map((fold) => foldOf(clips, fold, ({ page }) => pages.get(page) === fold));
}

/** Fold by fold every fourth system is unknown, while others of its page are known. */
export function siblingFolds(clips: readonly DescribedClip[]): Fold[] {
  const systems = [...grouped(clips, (clip) => clip.page).values()].flatMap((group) =>
    [...new Set(group.filter((c) => c.kind === 'generator').map((c) => c.set))].map(
      (set, i) => [set, i] as const,
    ),
  );
  const place = new Map(systems);
  return FOLDS.map((fold) =>
    foldOf(clips, fold, ({ set }) => (place.get(set) ?? -1) % FOLDS.length === fold),
  );
}

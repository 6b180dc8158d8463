/**
 * Every view judged by a discriminant that has not heard its page (leave-corpus-out), its kind of system on any page
 * (leave-system-out) or its language: what is measured and calibrated on.
 */
import type { SpeechSet } from '../../src/bench/speech.ts';
import { grouped } from '../../src/core/group.ts';
import { type Part, poolSets } from './debian/pool.ts';
import { poolViews, storedViews, type View } from './describe.ts';
import { type Discriminant, fitDiscriminant, scoreOf } from './discriminant.ts';

export interface Row {
  readonly view: View;
  readonly set: SpeechSet;
  /** A copy of real speech made by a classical vocoder: synthetic, whatever its set. */
  readonly copy: boolean;
  readonly fake: boolean;
  /** How much it counts where the classes lie, beside others; 1 by default. */
  readonly weight?: number;
}

/** What a fit learns from that is never judged: rows of either class, and recordings that say how speech varies. */
export interface Beside {
  readonly learned?: readonly Row[];
  readonly background?: readonly Row[];
}

export interface Judged {
  readonly set: SpeechSet;
  readonly file: string;
  readonly road: View['road'];
  readonly fake: boolean;
  readonly wide: number;
  readonly narrow: number;
}

/** Copies, and what else is no part of the collection, count for half of what a system or corpus of the collection does. */
const BESIDE_WEIGHT = 0.5;

export function allRows(sets: readonly SpeechSet[]): Row[] {
  const byName = new Map(sets.map((set) => [set.name, set]));
  const { views, copies } = storedViews(sets);
  const row = (copy: boolean) => (view: View) => {
    const set = byName.get(view.set.split('+')[0]) as SpeechSet;
    const weight = copy ? BESIDE_WEIGHT : 1;
    return { view, set, copy, fake: copy || set.label === 'fake', weight };
  };
  return [...views.map(row(false)), ...copies.map(row(true))];
}

/** Rows of the parts of the pool that are asked for; none where it was not made or described. */
export function poolRows(parts: readonly Part[]): Row[] {
  return poolSets(parts).flatMap((set) =>
    poolViews([set]).map(
      (view): Row => ({ view, set, copy: false, fake: set.label === 'fake', weight: BESIDE_WEIGHT }),
    ),
  );
}

/** What the release learns beside the collection: how the recordings of the pool vary. */
export const releasedBeside = (): Beside => ({ background: poolRows(['recorded']) });

/** By source, not by file: a set counts by the square root of its views. */
function weightsOf(rows: readonly Row[]): number[] {
  const sizes = new Map<string, number>();
  for (const { view } of rows) sizes.set(view.set, (sizes.get(view.set) ?? 0) + 1);
  return rows.map(({ view, weight = 1 }) => weight / Math.sqrt(sizes.get(view.set) as number));
}

export type Fitted = Readonly<Record<'wide' | 'narrow', Discriminant>>;

export function fitBoth(rows: readonly Row[], background: readonly Row[] = []): Fitted {
  const fake = rows.map((row) => row.fake);
  const weights = weightsOf(rows);
  const backgroundWeights = weightsOf(background);
  const fitted = (part: 'wide' | 'narrow') =>
    fitDiscriminant(
      rows.map((row) => row.view[part]),
      fake,
      weights,
      { background: { rows: background.map((row) => row.view[part]), weights: backgroundWeights } },
    );
  return { wide: fitted('wide'), narrow: fitted('narrow') };
}

/** One part of a protocol: what a fit may learn from, and what it then judges. Copies go with their originals. */
export interface Fold {
  readonly name: string;
  learned(set: SpeechSet, file: string): boolean;
  judged(set: SpeechSet, file: string): boolean;
}

const distinct = (names: readonly string[]) => [...new Set(names)];

/** Leave-corpus-out: each page is judged by a fit that has heard nothing of it. */
export function pageFolds(sets: readonly SpeechSet[]): Fold[] {
  return distinct(sets.map((set) => set.page)).map((page) => ({
    name: page,
    learned: (set) => set.page !== page,
    judged: (set) => set.page === page,
  }));
}

/** Pages in four folds of about as many clips, for what takes too long to be fitted for every page. */
export function quarterFolds(sets: readonly SpeechSet[]): Fold[] {
  const quarters = Array.from({ length: 4 }, () => ({ pages: new Set<string>(), clips: 0 }));
  const pages = [...grouped(sets, (set) => set.page)].map(([page, own]) => ({
    page,
    clips: own.reduce((sum, set) => sum + set.files.length, 0),
  }));
  for (const { page, clips } of pages.sort((a, b) => b.clips - a.clips)) {
    const emptiest = quarters.reduce((a, b) => (b.clips < a.clips ? b : a));
    emptiest.pages.add(page);
    emptiest.clips += clips;
  }
  return quarters.map(({ pages: left }, i) => ({
    name: `quarter ${i}`,
    learned: (set) => !left.has(set.page),
    judged: (set) => left.has(set.page),
  }));
}

/** Folds of pages, for what real speech must be held out by while a kind of system is. */
const REAL_FOLDS = 5;

function realFoldOf(text: string): number {
  let h = 0;
  for (const c of text) h = (Math.imul(h, 31) + c.charCodeAt(0)) >>> 0;
  return h % REAL_FOLDS;
}

/**
 * Leave-system-out: each kind of system is judged by a fit that has met no system of that kind on any page. Real speech
 * has no system: it is judged by fits without its page, in a few folds.
 */
export function familyFolds(sets: readonly SpeechSet[]): Fold[] {
  const fakes = sets.filter((set) => set.label === 'fake');
  const families = distinct(fakes.map((set) => set.family)).map((family) => ({
    name: family,
    learned: (set: SpeechSet) => set.family !== family,
    judged: (set: SpeechSet) => set.family === family,
  }));
  const folds = distinct(
    sets.filter((set) => set.label === 'real').map((set) => String(realFoldOf(set.page))),
  ).map((fold) => ({
    name: `recordings ${fold}`,
    learned: (set: SpeechSet) => set.label === 'fake' || String(realFoldOf(set.page)) !== fold,
    judged: (set: SpeechSet) => set.label === 'real' && String(realFoldOf(set.page)) === fold,
  }));
  return [...families, ...folds];
}

/**
 * What the release learns from: all roads but those that end in a mobile call, which it is measured on. Learning them too
 * takes as much from other roads as it brings to this one (`npm run bench:voice` has both).
 */
export const isLearned = ({ view }: Row): boolean => view.road !== 'mobile' && view.road !== 'random mobile';

/**
 * Every row that is no copy, judged by the fits of the folds it belongs to; `learned` says which of them those may learn
 * from, `beside` what else they do, as far as the fold lets them.
 */
export function judgeFolds(
  rows: readonly Row[],
  folds: readonly Fold[],
  { learned = isLearned, beside = {} }: { learned?: (row: Row) => boolean; beside?: Beside } = {},
): Judged[] {
  const { learned: also = [], background = [] } = beside;
  return folds.flatMap((fold) => {
    const asked = rows.filter(
      ({ copy, set, view }) => !copy && view.road !== 'random mobile' && fold.judged(set, view.file),
    );
    if (asked.length === 0) return [];
    const open = (row: Row) => fold.learned(row.set, row.view.file);
    const fitted = fitBoth(
      [...rows.filter((row) => learned(row) && open(row)), ...also.filter(open)],
      background.filter(open),
    );
    return asked.map(({ view, set, fake }) => ({
      set,
      file: view.file,
      road: view.road,
      fake,
      wide: scoreOf(view.wide, fitted.wide),
      narrow: scoreOf(view.narrow, fitted.narrow),
    }));
  });
}

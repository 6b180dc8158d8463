/**
 * Every view judged by a discriminant that has not heard its page (leave-corpus-out), its kind of system on any page
 * (leave-system-out) or its language: what is measured and calibrated on.
 */
import type { SpeechSet } from '../../src/bench/speech.ts';
import { storedViews, type View } from './describe.ts';
import { type Discriminant, fitDiscriminant, scoreOf } from './discriminant.ts';

export interface Row {
  readonly view: View;
  readonly set: SpeechSet;
  /** A copy of real speech made by a classical vocoder: synthetic, whatever its set. */
  readonly copy: boolean;
  readonly fake: boolean;
}

export interface Judged {
  readonly set: SpeechSet;
  readonly file: string;
  readonly road: View['road'];
  readonly fake: boolean;
  readonly wide: number;
  readonly narrow: number;
}

/** Copies count for half of what a synthesis system does. */
const COPY_WEIGHT = 0.5;

export function allRows(sets: readonly SpeechSet[]): Row[] {
  const byName = new Map(sets.map((set) => [set.name, set]));
  const { views, copies } = storedViews(sets);
  const row = (copy: boolean) => (view: View) => {
    const set = byName.get(view.set.split('+')[0]) as SpeechSet;
    return { view, set, copy, fake: copy || set.label === 'fake' };
  };
  return [...views.map(row(false)), ...copies.map(row(true))];
}

/** By source, not by file: a set counts by the square root of its views. */
function weightsOf(rows: readonly Row[]): number[] {
  const sizes = new Map<string, number>();
  for (const { view } of rows) sizes.set(view.set, (sizes.get(view.set) ?? 0) + 1);
  return rows.map(({ view, copy }) => (copy ? COPY_WEIGHT : 1) / Math.sqrt(sizes.get(view.set) as number));
}

export type Fitted = Readonly<Record<'wide' | 'narrow', Discriminant>>;

export function fitBoth(rows: readonly Row[]): Fitted {
  const fake = rows.map((row) => row.fake);
  const weights = weightsOf(rows);
  const fitted = (part: 'wide' | 'narrow') =>
    fitDiscriminant(
      rows.map((row) => row.view[part]),
      fake,
      weights,
    );
  return { wide: fitted('wide'), narrow: fitted('narrow') };
}

/** What a fold is told by: rows with the same answer are left out together. Null is judged by nobody. */
export type Grouping = (row: Row) => string | null;

export const BY_PAGE: Grouping = ({ set }) => set.page;

/** Folds of pages, for what real speech must be held out by while a kind of system is. */
const REAL_FOLDS = 5;

function foldOf(text: string): number {
  let h = 0;
  for (const c of text) h = (Math.imul(h, 31) + c.charCodeAt(0)) >>> 0;
  return h % REAL_FOLDS;
}

/**
 * Leave-corpus-out: for each group, a fit on all rows of other groups judges the rows of this one that are no copies.
 */
export function judgeWithout(rows: readonly Row[], grouping: Grouping): Judged[] {
  const groups = [...new Set(rows.map(grouping))].filter((g): g is string => g !== null);
  return groups.flatMap((group) => {
    const fitted = fitBoth(rows.filter((row) => grouping(row) !== group));
    return judge(
      rows.filter((row) => grouping(row) === group && !row.copy),
      fitted,
    );
  });
}

/**
 * Leave-system-out: each kind of system is judged by a fit that has met no system of that kind on any page. Real speech
 * has no system: it is judged by fits without its page, in a few folds.
 */
export function judgeWithoutFamily(rows: readonly Row[]): Judged[] {
  const families = [...new Set(rows.filter((r) => r.fake && !r.copy).map((r) => r.set.family))];
  const fakes = families.flatMap((family) => {
    const fitted = fitBoth(rows.filter((row) => row.copy || row.set.family !== family));
    return judge(
      rows.filter((row) => !row.copy && row.set.family === family),
      fitted,
    );
  });
  const reals = Array.from({ length: REAL_FOLDS }, (_, fold) => {
    const outside = rows.filter((row) => row.set.label === 'fake' || foldOf(row.set.page) !== fold);
    const inside = rows.filter((row) => !row.fake && foldOf(row.set.page) === fold);
    return inside.length > 0 ? judge(inside, fitBoth(outside)) : [];
  });
  return [...fakes, ...reals.flat()];
}

function judge(rows: readonly Row[], fitted: Fitted): Judged[] {
  return rows.map(({ view, set, fake }) => ({
    set,
    file: view.file,
    road: view.road,
    fake,
    wide: scoreOf(view.wide, fitted.wide),
    narrow: scoreOf(view.narrow, fitted.narrow),
  }));
}

/** The scores of both protocols, kept in `.cache/voice/judged.json`, so that measuring again costs nothing. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { allRows, familyFolds, type Judged, judgeFolds, pageFolds } from './validate.ts';

const FILE = '.cache/voice/judged.json';

export interface Protocols {
  /** Judged by fits that had not heard the page (corpus) of the file. */
  readonly page: readonly Judged[];
  /** Judged by fits that had met no system of its kind; real speech without its page, in five folds. */
  readonly family: readonly Judged[];
  /** As `page`, with copies of recorded speech made by classical vocoders among the synthetic speech learned from. */
  readonly copies: readonly Judged[];
  /** As `page`, with roads that end in a mobile call learned from too. */
  readonly mobile: readonly Judged[];
}

type Kept = Omit<Judged, 'set'> & { readonly set: string };

/** All protocols; computed where they are not there or `fresh` is asked for (a few minutes of one core). */
export function protocols(sets: readonly SpeechSet[], fresh = false): Protocols {
  const byName = new Map(sets.map((set) => [set.name, set]));
  if (fresh || !existsSync(FILE)) {
    const all = allRows(sets);
    const rows = all.filter((row) => !row.copy);
    const keep = (judged: readonly Judged[]): Kept[] => judged.map((one) => ({ ...one, set: one.set.name }));
    const found = {
      page: keep(judgeFolds(rows, pageFolds(sets))),
      family: keep(judgeFolds(rows, familyFolds(sets))),
      copies: keep(judgeFolds(all, pageFolds(sets))),
      mobile: keep(judgeFolds(rows, pageFolds(sets), () => true)),
    };
    writeFileSync(FILE, JSON.stringify(found));
  }
  const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Record<keyof Protocols, Kept[]>;
  const revive = (list: readonly Kept[]): Judged[] =>
    list.flatMap((one) => {
      const set = byName.get(one.set);
      return set ? [{ ...one, set }] : [];
    });
  return {
    page: revive(kept.page),
    family: revive(kept.family),
    copies: revive(kept.copies),
    mobile: revive(kept.mobile),
  };
}

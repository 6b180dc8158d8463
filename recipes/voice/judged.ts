/**
 * The scores of every protocol, each kept in `.cache/voice/judged` when it was first asked for, so that measuring again
 * costs nothing.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { allRows, familyFolds, type Judged, judgeFolds, pageFolds, type Row } from './validate.ts';

const FOLDER = '.cache/voice/judged';

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
type Protocol = (rows: readonly Row[], sets: readonly SpeechSet[]) => Judged[];

const original = (rows: readonly Row[]) => rows.filter((row) => !row.copy);

const PROTOCOLS: Readonly<Record<keyof Protocols, Protocol>> = {
  page: (rows, sets) => judgeFolds(original(rows), pageFolds(sets)),
  family: (rows, sets) => judgeFolds(original(rows), familyFolds(sets)),
  copies: (rows, sets) => judgeFolds(rows, pageFolds(sets)),
  mobile: (rows, sets) => judgeFolds(original(rows), pageFolds(sets), () => true),
};

/** The scores of one protocol; computed (a minute of one core) where they are not there or `fresh` is asked for. */
export function judged(name: keyof Protocols, sets: readonly SpeechSet[], fresh = false): Judged[] {
  const path = join(FOLDER, `${name}.json`);
  if (fresh || !existsSync(path)) {
    const found = PROTOCOLS[name](allRows(sets), sets);
    mkdirSync(FOLDER, { recursive: true });
    const kept = found.map((one): Kept => ({ ...one, set: one.set.name }));
    writeFileSync(`${path}.partial`, JSON.stringify(kept));
    renameSync(`${path}.partial`, path);
  }
  const byName = new Map(sets.map((set) => [set.name, set]));
  return (JSON.parse(readFileSync(path, 'utf8')) as Kept[]).flatMap((one) => {
    const set = byName.get(one.set);
    return set ? [{ ...one, set }] : [];
  });
}

/** All protocols, each when it is first read. */
export function protocols(sets: readonly SpeechSet[], fresh = false): Protocols {
  const once = new Map<keyof Protocols, Judged[]>();
  const read = (name: keyof Protocols) => {
    const known = once.get(name) ?? judged(name, sets, fresh);
    once.set(name, known);
    return known;
  };
  return {
    get page() {
      return read('page');
    },
    get family() {
      return read('family');
    },
    get copies() {
      return read('copies');
    },
    get mobile() {
      return read('mobile');
    },
  };
}

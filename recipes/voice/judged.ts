/**
 * The scores of every protocol, each kept in `.cache/voice/judged` when it was first asked for, so that measuring again
 * costs nothing.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpeechSet } from '../../src/bench/speech.ts';
import type { Part } from './debian/pool.ts';
import {
  allRows,
  familyFolds,
  type Judged,
  judgeFolds,
  pageFolds,
  poolRows,
  type Row,
  releasedBeside,
} from './validate.ts';

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
  /** As `page`, without anything of the pool of Debian's speech. */
  readonly withoutPool: readonly Judged[];
  /** As `withoutPool`, with parts of the pool learned as more recordings and more synthetic speech. */
  readonly poolRecorded: readonly Judged[];
  readonly poolSynthetic: readonly Judged[];
  readonly poolCopies: readonly Judged[];
  readonly poolRecordedSynthetic: readonly Judged[];
  readonly poolAll: readonly Judged[];
}

type Kept = Omit<Judged, 'set'> & { readonly set: string };
type Protocol = (rows: readonly Row[], sets: readonly SpeechSet[]) => Judged[];

const original = (rows: readonly Row[]) => rows.filter((row) => !row.copy);

/** Pages left out; nothing of the pool but `parts` of it as more of their classes. */
function learnedToo(parts: readonly Part[]): Protocol {
  return (rows, sets) =>
    judgeFolds(original(rows), pageFolds(sets), { beside: { learned: poolRows(parts) } });
}

const PROTOCOLS: Readonly<Record<keyof Protocols, Protocol>> = {
  page: (rows, sets) => judgeFolds(original(rows), pageFolds(sets), { beside: releasedBeside() }),
  family: (rows, sets) => judgeFolds(original(rows), familyFolds(sets), { beside: releasedBeside() }),
  copies: (rows, sets) => judgeFolds(rows, pageFolds(sets), { beside: releasedBeside() }),
  mobile: (rows, sets) =>
    judgeFolds(original(rows), pageFolds(sets), { learned: () => true, beside: releasedBeside() }),
  withoutPool: learnedToo([]),
  poolRecorded: learnedToo(['recorded']),
  poolSynthetic: learnedToo(['synthetic']),
  poolCopies: learnedToo(['copies']),
  poolRecordedSynthetic: learnedToo(['recorded', 'synthetic']),
  poolAll: learnedToo(['recorded', 'synthetic', 'copies']),
};

export const PROTOCOL_NAMES = Object.keys(PROTOCOLS) as (keyof Protocols)[];

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
  return Object.defineProperties(
    {},
    Object.fromEntries(PROTOCOL_NAMES.map((name) => [name, { get: () => read(name) }])),
  ) as Protocols;
}

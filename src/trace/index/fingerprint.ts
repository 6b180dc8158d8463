/** What the index holds and gives back, and the one place where what comes from outside is checked. */
import type { Json } from '../../core/json.ts';
import { duplicateId, notADirection, wrongFacts, wrongLength, wrongSearch, wrongText } from './failures.ts';

/** Something to be found again by likeness. */
export interface Fingerprint {
  /** Unique in the index, 1 to 512 characters. */
  readonly id: string;
  /** What it was taken from, say a file's name or SHA-256; up to 2048 characters. */
  readonly label: string;
  /** As many finite numbers as the index has dimensions, not all zero; only the direction counts. */
  readonly vector: Float32Array;
  /** A little to be shown beside a match; up to 16384 characters of JSON. Null by default. */
  readonly facts?: Json;
}

export interface Match {
  readonly id: string;
  readonly label: string;
  readonly facts: Json;
  /** Cosine similarity, -1..1. */
  readonly similarity: number;
}

export interface SearchOptions {
  /** Leave out what is less similar; -1 by default. */
  readonly minSimilarity?: number;
  /** Compare with everything, however long it takes; false by default. */
  readonly exact?: boolean;
}

/** An index of fingerprints that lasts. Every method rejects with HuoyanError. */
export interface FingerprintIndex {
  readonly dimensions: number;
  /** How neighbours are found: in this process's memory, or by pgvector in the database. */
  readonly engine: 'cells' | 'pgvector';
  /** Adds all or, when one of them is faulty (`bad-argument`), none. What is added is found by the next search. */
  add(items: readonly Fingerprint[]): Promise<void>;
  /** The `k` (1..1000) most similar fingerprints, most similar first. */
  search(vector: Float32Array, k: number, options?: SearchOptions): Promise<Match[]>;
  /** Deletes and says how many of these ids there were. */
  delete(ids: readonly string[]): Promise<number>;
  count(): Promise<number>;
  close(): Promise<void>;
}

/** A fingerprint as it is stored: its vector of unit length, its facts as JSON text. */
export interface Checked {
  readonly id: string;
  readonly label: string;
  readonly vector: Float32Array;
  readonly facts: string;
}

const MOST = { id: 512, label: 2048, facts: 16384 };

/** The items ready to be stored, or the first reason why not (`bad-argument`). */
export function checkedItems(items: readonly Fingerprint[], dimensions: number): Checked[] {
  const seen = new Set<string>();
  return items.map(({ id, label, vector, facts }, i) => {
    if (!isText(id, MOST.id) || id === '') throw wrongText(`the id of item ${i}`, MOST.id);
    if (!isText(label, MOST.label)) throw wrongText(`the label of "${id}"`, MOST.label);
    if (seen.has(id)) throw duplicateId(id);
    seen.add(id);
    return {
      id,
      label,
      vector: checkedVector(vector, dimensions, `"${id}"`),
      facts: checkedFacts(id, facts),
    };
  });
}

/** The vector at unit length; `bad-argument` for a wrong length, NaN, infinity or zero. */
export function checkedVector(vector: Float32Array, dimensions: number, what: string): Float32Array {
  if (vector.length !== dimensions) throw wrongLength(what, vector.length, dimensions);
  let squares = 0;
  for (const x of vector) squares += x * x;
  if (!(squares > 0 && Number.isFinite(squares))) throw notADirection(what);
  const norm = Math.sqrt(squares);
  return vector.map((x) => x / norm);
}

/** `bad-argument` for a search that cannot be answered. */
export function checkSearch(k: number, { minSimilarity = -1 }: SearchOptions): void {
  if (!(Number.isInteger(k) && k >= 1 && k <= 1000)) throw wrongSearch();
  if (!(minSimilarity >= -1 && minSimilarity <= 1)) throw wrongSearch();
}

function checkedFacts(id: string, facts: Json = null): string {
  try {
    const text = JSON.stringify(facts);
    if (typeof text === 'string' && text.length <= MOST.facts) return text;
  } catch {
    // A circle or a BigInt: told below, like anything else that is not JSON.
  }
  throw wrongFacts(id, MOST.facts);
}

/** Databases keep neither NUL nor half of a surrogate pair. */
const isText = (s: unknown, most: number) =>
  typeof s === 'string' && s.length <= most && !s.includes('\0') && !/\p{Surrogate}/u.test(s);

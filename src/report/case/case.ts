/**
 * A case as its report tells it: files with both verdicts, notes, and the history that binds them together; and one
 * analysis by itself, told in the same way.
 */

import type { Outcome } from '../locale/labels.ts';
import type { AnalysisRecord } from '../schema.ts';

export interface CaseFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** When it was received, by the clock of the service. */
  readonly received: Date;
  /** When its examination ended; null while it has not. */
  readonly examined: Date | null;
  /** The URL it was fetched from. */
  readonly source: string | null;
  /** What was found out, in the language of the report; null while there is nothing. */
  readonly record: AnalysisRecord | null;
  /** What a person holds it to be; null when nobody has said. */
  readonly human: Exclude<Outcome, 'unreadable'> | null;
  /** A small JPEG of it, as the service made it. */
  readonly preview: Uint8Array | null;
}

export interface CaseNote {
  readonly at: Date;
  readonly author: string;
  readonly text: string;
}

/** A line of the log that concerns the case or one of its files. */
export interface CustodyLine {
  readonly seq: number;
  /** ISO 8601, UTC, as it was hashed. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  /** JSON text, as it was hashed. */
  readonly detail: string;
  readonly hash: string;
}

export interface CaseModel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** What every document tells of how it was made, and of the log behind it. */
export interface Printed {
  /** Of the case or the analysis. */
  readonly id: string;
  /** The moment of this copy. */
  readonly printed: Date;
  /** Who asked for it. */
  readonly printedBy: string;
  readonly custody: readonly CustodyLine[];
  /** Lines that are not printed because there are too many. */
  readonly custodyLeftOut: number;
  /** What checking the whole log came to when this copy was made. */
  readonly chain: { readonly whole: boolean; readonly lines: number; readonly last: string };
  /** Networks installed when this copy was made. */
  readonly models: readonly CaseModel[];
  /** Names of keys by their ids. */
  readonly people: Readonly<Record<string, string>>;
}

export interface CaseReport extends Printed {
  readonly title: string;
  readonly opened: Date;
  readonly files: readonly CaseFile[];
  readonly notes: readonly CaseNote[];
}

export interface AnalysisReport extends Printed {
  readonly file: Omit<CaseFile, 'human'>;
}

/** What the page and its worker say to each other. */

import type { Processor } from '../../../src/browser/index.ts';
import type { Language, Text } from '../../../src/core/text.ts';

export interface Task {
  readonly id: number;
  readonly file: File;
  readonly language: Language;
}

/** What is shown of one picture; `whole` once its stability is known. */
export interface Shown {
  readonly outcome: string;
  readonly probability: number | null;
  readonly milliseconds: number;
  readonly fragment: string;
  readonly whole: boolean;
}

export type FromWorker =
  | { readonly type: 'ready'; readonly computesOn: Processor }
  | { readonly type: 'broken'; readonly text: Text; readonly hint: Text }
  | { readonly type: 'shown'; readonly id: number; readonly shown: Shown }
  | { readonly type: 'files'; readonly id: number; readonly html: string; readonly json: string };

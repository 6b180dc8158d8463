/** The files on the page: those just given, on their way through, and those the service knows from earlier. */
import type { Analysis } from '../api.ts';

export interface Entry {
  readonly key: string;
  readonly name: string;
  /** Null for one that was named by its address or is known from earlier. */
  readonly file: File | null;
  readonly phase: 'waiting' | 'sending' | 'there';
  /** How much of it has been sent, 0..1. */
  readonly share: number;
  readonly analysis: Analysis | null;
  readonly refused: unknown;
  readonly stop: AbortController;
}

export type Action =
  | { readonly type: 'added'; readonly entries: readonly Entry[] }
  | { readonly type: 'known'; readonly analyses: readonly Analysis[] }
  | { readonly type: 'sending'; readonly key: string; readonly share: number }
  | { readonly type: 'told'; readonly key: string; readonly analysis: Analysis }
  | { readonly type: 'refused'; readonly key: string; readonly refused: unknown }
  | { readonly type: 'erased'; readonly key: string };

let serial = 0;

export function newEntry(file: File | null, name = file?.name ?? ''): Entry {
  return {
    key: `new-${serial++}`,
    name,
    file,
    phase: 'waiting',
    share: 0,
    analysis: null,
    refused: null,
    stop: new AbortController(),
  };
}

export function entriesReducer(entries: readonly Entry[], action: Action): readonly Entry[] {
  if (action.type === 'added') return [...action.entries, ...entries];
  if (action.type === 'known') {
    const here = new Set(entries.map(({ analysis }) => analysis?.id));
    const earlier = action.analyses
      .filter(({ id }) => !here.has(id))
      .map(
        (analysis): Entry => ({
          ...newEntry(null, analysis.name),
          key: analysis.id,
          phase: 'there',
          analysis,
        }),
      );
    return [...entries, ...earlier];
  }
  if (action.type === 'erased') return entries.filter(({ key }) => key !== action.key);
  return entries.map((entry) => {
    if (entry.key !== action.key) return entry;
    if (action.type === 'sending') return { ...entry, phase: 'sending', share: action.share };
    if (action.type === 'told') return { ...entry, phase: 'there', analysis: action.analysis };
    return { ...entry, phase: 'there', refused: action.refused };
  });
}

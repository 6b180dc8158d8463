/**
 * What a trace comes down to, decided once for terminal and page: the one answer that is likelier than all others
 * together, or that there is none.
 */
import type { Attributed, Trace, Traced } from '../../core/trace.ts';

/** One possible source of a picture or of a voice. */
export type Candidate =
  | (Attributed & { readonly kind: 'generator' })
  | {
      readonly kind: 'photograph' | 'recording' | 'unknown';
      readonly of: Medium;
      readonly probability: number;
    };

/** What was traced. */
export type Medium = Traced['kind'];

export type AnswerKind =
  | 'generator'
  | 'photograph'
  | 'recording'
  | 'unknown'
  | 'unclear'
  | 'untraceable'
  | 'unreadable';

/** The order of counts and filters. */
export const ANSWER_KINDS: readonly AnswerKind[] = [
  'generator',
  'unknown',
  'unclear',
  'photograph',
  'recording',
  'untraceable',
  'unreadable',
];

/** Below this no answer is given. */
const LIKELIER_THAN_NOT = 0.5;

/** Every possible source, the most likely first; a probability that is not a number counts as none. */
export function candidatesOf(trace: Traced): Candidate[] {
  const { generators, photograph, unknown } = trace.attribution;
  const of = trace.kind;
  const all: Candidate[] = [
    ...generators.map((one) => ({ ...one, kind: 'generator' as const })),
    { kind: 'unknown', of, probability: unknown },
    { kind: of === 'image' ? 'photograph' : 'recording', of, probability: photograph },
  ];
  const size = ({ probability }: Candidate) => (Number.isNaN(probability) ? 0 : probability);
  return all.sort((a, b) => size(b) - size(a));
}

/** What the trace says; `unclear` where nothing is likelier than all the rest together. */
export function answerKind(trace: Trace): AnswerKind {
  if (trace.outcome === 'unreadable') return 'unreadable';
  if (trace.outcome === 'notApplicable') return 'untraceable';
  const [first] = candidatesOf(trace);
  return first.probability >= LIKELIER_THAN_NOT ? first.kind : 'unclear';
}

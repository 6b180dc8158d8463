/**
 * One `Trace` as the stable record that `huoyan trace --json` and `--ndjson` write (schema.ts is the promise): one
 * language, no number that JSON cannot hold, bounded lists. What only a report shows (fingerprint, preview) stays out.
 */

import type { ConstructionEstimate } from '../../core/construction.ts';
import type { Language, Text } from '../../core/text.ts';
import type { HeardFacts, Trace, Traced, Untraceable } from '../../core/trace.ts';
import { llr, probability, round } from '../numbers.ts';
import { cutText } from '../plain.ts';
import { PRODUCER } from '../producer.ts';
import { choicesOf, type Likely, lossesOf, quantitiesOf } from './construction.ts';
import { type ConstructionRecord, TRACE_SCHEMA, type TraceErrorRecord, type TraceRecord } from './schema.ts';

export interface TraceRecordOptions {
  /** Language of all sentences; English when absent. */
  readonly language?: Language;
}

/** Most generators in a record. */
const MOST_GENERATORS = 10;
/** Most neighbours in a record. */
const MOST_NEIGHBOURS = 1000;
/** Longest name of a generator, in UTF-16 units. */
const NAME_LIMIT = 1000;

/**
 * The record of one trace. Never throws: a trace whose probabilities are not numbers is a defect and becomes an error
 * record with code `internal`, so that no reader ever mistakes it for an answer.
 */
export function toTraceRecord(trace: Trace, options: TraceRecordOptions = {}): TraceRecord {
  const language = options.language ?? 'en';
  if (trace.outcome === 'unreadable') {
    const { code, text, hint } = trace.error;
    return failed(trace, language, { code, message: text[language], hint: hint[language] });
  }
  const common = { ...head(trace, language), sha256: trace.sha256 };
  if (trace.outcome === 'notApplicable') return untraceableRecord(trace, common);
  if (!isAnswer(trace)) return withoutAnswer(trace, language);
  const { photograph } = trace.attribution;
  const answer = answerRecord(trace);
  if (trace.kind === 'audio') {
    const sound = { ...lengthsOf(trace.heard), band: trace.heard.band };
    return { ...common, kind: 'audio', ...answer, recording: probability(photograph), sound };
  }
  const construction = trace.construction && constructionRecord(trace.construction);
  return {
    ...{ ...common, kind: 'image', ...answer, photograph: probability(photograph) },
    ...(construction && { construction }),
  };
}

type Common = ReturnType<typeof head> & { readonly sha256: string };

function untraceableRecord(trace: Untraceable, common: Common): TraceRecord {
  const { reason, limit } = trace;
  if (trace.kind === 'image') return { ...common, kind: 'image', status: 'notApplicable', reason, limit };
  const sound = lengthsOf(trace);
  return { ...common, kind: 'audio', status: 'notApplicable', reason, limit, sound };
}

/** Seconds to the hundredth; what is no number is nothing heard. */
function lengthsOf({ duration, speechSeconds }: Omit<HeardFacts, 'band'>) {
  const seconds = (value: number) => (Number.isFinite(value) ? Math.max(0, round(value, 2)) : 0);
  return { duration: seconds(duration), speechSeconds: seconds(speechSeconds) };
}

/** What pictures and sounds are told alike. */
function answerRecord(trace: Traced) {
  const { generators, unknown } = trace.attribution;
  return {
    status: 'traced' as const,
    attribution: generators.slice(0, MOST_GENERATORS).map((one) => ({
      generator: cutText(one.generator, NAME_LIMIT),
      origin: one.origin,
      probability: probability(one.probability),
    })),
    unknown: probability(unknown),
    neighbours: trace.neighbours.slice(0, MOST_NEIGHBOURS).flatMap((one) => {
      const weight = llr(one.llr);
      if (weight === null || !Number.isFinite(one.similarity)) return [];
      return [{ file: one.file, similarity: round(one.similarity, 4), llr: weight }];
    }),
  };
}

/** Counts to one decimal, parameters to the whole; null when no property is a number. */
function constructionRecord(estimate: ConstructionEstimate): ConstructionRecord | null {
  const shares = (all: readonly Likely<string>[]) =>
    Object.fromEntries(all.map((one) => [one.name, probability(one.probability)]));
  const losses = lossesOf(estimate);
  const all: ConstructionRecord = {};
  for (const { name, value, lo, hi } of quantitiesOf(estimate)) {
    const digits = name === 'parameters' ? 0 : 1;
    all[name] = { value: round(value, digits), lo: round(lo, digits), hi: round(hi, digits) };
  }
  for (const { name, classes } of choicesOf(estimate)) all[name] = shares(classes);
  if (losses.length > 0) all.losses = shares(losses);
  return Object.keys(all).length > 0 ? all : null;
}

/** The record as one line of NDJSON, with the line feed. */
export function toTraceNdjsonLine(trace: Trace, options: TraceRecordOptions = {}): string {
  return `${JSON.stringify(toTraceRecord(trace, options))}\n`;
}

function head(trace: Trace, language: Language) {
  const timing: Record<string, number> = {};
  if (Number.isFinite(trace.elapsedMs)) timing.total = round(trace.elapsedMs, 2);
  return { schema: TRACE_SCHEMA, producer: PRODUCER, language, file: trace.file, timing } as const;
}

function isAnswer(trace: Traced): boolean {
  const { generators, photograph, unknown } = trace.attribution;
  return [photograph, unknown, ...generators.map((one) => one.probability)].every(Number.isFinite);
}

function withoutAnswer(trace: Traced, language: Language): TraceErrorRecord {
  const message: Text = { en: 'the probabilities are not numbers', zh: '概率不是有效数值' };
  const hint: Text = {
    en: 'this is a defect of Huoyan; please report it with the file if you may share it',
    zh: '这是火眼的缺陷；如可分享该文件，请一并报告',
  };
  return failed(trace, language, {
    code: 'internal',
    message: message[language],
    hint: hint[language],
  });
}

function failed(trace: Trace, language: Language, error: TraceErrorRecord['error']): TraceErrorRecord {
  return { ...head(trace, language), error };
}

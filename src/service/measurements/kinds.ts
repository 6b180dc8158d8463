/**
 * The kinds of measurements: what is done with the files that are sent, what comes of it, and how that is shown. Another
 * kind is an entry here, a line of the manifest of jobs (`jobs/manifest.ts`) and a task of the children.
 */
import type { Audit } from '../../core/audit.ts';
import { HuoyanError } from '../../core/errors.ts';
import type { Language, Text } from '../../core/text.ts';
import type { Trace } from '../../core/trace.ts';
import { errorFromWire } from '../../evidence/wire.ts';
import {
  auditFragment,
  auditHtmlParts,
  type ClusterRecord,
  leaderboardFragment,
  leaderboardHtml,
  PRODUCER,
  toAuditRecord,
  toTraceRecord,
  traceFragment,
  traceHtmlParts,
  withinFrame,
} from '../../report/index.ts';
import type { Given, TaskName, Tasks, WireTrace } from '../work/tasks.ts';
import type { MeasuredScores, WireAudit } from './measured.ts';
import type { MeasurementSettings } from './measurement.ts';

/** Has a child process do something. */
export type Ask = <Name extends TaskName>(
  task: Name,
  takes: Tasks[Name]['takes'],
) => Promise<Tasks[Name]['gives']>;

/** What came of the files: what was found, what a list shows of it, and why nothing could be found. */
export interface Made<Measured = unknown> {
  readonly measured: Measured;
  readonly summary: Readonly<Record<string, number>>;
  readonly error?: HuoyanError;
}

export interface Kind<Measured = unknown> {
  readonly kind: 'audit' | 'benchmark' | 'trace' | 'clustering';
  /** Of its ids. */
  readonly prefix: string;
  /** Where it is asked for. */
  readonly path: string;
  readonly none: Text;
  make(ask: Ask, files: readonly Given[], settings: MeasurementSettings): Promise<Made<Measured>>;
  /** The answer for programs. */
  record(measured: Measured, language: Language): unknown;
  /** The report as a page of its own, and as part of one where there is such a part. */
  page(measured: Measured, language: Language, generatedAt: Date): string;
  fragment(measured: Measured, language: Language): string;
}

const unwired = (wire: WireAudit): Audit => ({
  ...wire,
  problems: wire.problems.map((problem) => ({ ...problem, error: errorFromWire(problem.error) })),
});

export const AUDIT: Kind<WireAudit> = {
  kind: 'audit',
  prefix: 'au',
  path: '/v1/audits',
  none: { en: 'there is no such audit', zh: '没有这项审计' },
  async make(ask, files, { service, names }) {
    const { measured } = await ask('audit', { files, service, names });
    const { total, problems } = measured;
    const summary = { fakes: total.n, targeted: total.targeted.rate, problems: problems.length };
    return { measured, summary, ...(total.n === 0 && { error: nothingUsable() }) };
  },
  record: (audit, language) => toAuditRecord(unwired(audit), language),
  page: (audit, language, generatedAt) =>
    [...auditHtmlParts(unwired(audit), { language, generatedAt })].join(''),
  fragment: (audit, language) => auditFragment(unwired(audit), language),
};

export const BENCHMARK: Kind<MeasuredScores> = {
  kind: 'benchmark',
  prefix: 'be',
  path: '/v1/benchmarks',
  none: { en: 'there is no such benchmark', zh: '没有这项评测' },
  async make(ask, files) {
    const { measured } = await ask('benchmark', { files });
    return {
      measured,
      summary: { detectors: measured.scores.files.length, tables: measured.tables.length },
    };
  },
  record: ({ scores, tables }) => ({
    scores: { schema: 'huoyan.bench.scores/1', producer: PRODUCER, ...scores },
    leaderboard: { schema: 'huoyan.bench.leaderboard/1', producer: PRODUCER, tables },
  }),
  page: ({ tables }, language, generatedAt) => leaderboardHtml(tables, { language, generatedAt }),
  fragment: ({ tables }) => leaderboardFragment(tables),
};

/** Traces with their errors as errors again. */
export const tracesOf = (wire: readonly WireTrace[]): Trace[] =>
  wire.map((trace) =>
    trace.outcome === 'unreadable' ? { ...trace, error: errorFromWire(trace.error) } : trace,
  );

/** What `/v1/traces` answers. */
export const tracesRecord = (traces: readonly Trace[], language: Language) => ({
  schema: 'huoyan.traces/1' as const,
  producer: PRODUCER,
  records: traces.map((trace) => toTraceRecord(trace, { language })),
});

export const TRACE: Kind<readonly WireTrace[]> = {
  kind: 'trace',
  prefix: 'tr',
  path: '/v1/traces',
  none: { en: 'there is no such trace', zh: '没有这项追溯' },
  async make(ask, files) {
    const { traces } = await ask('trace', { files, construction: true, view: true });
    const unreadable = traces.filter(({ outcome }) => outcome === 'unreadable').length;
    return { measured: traces, summary: { files: traces.length, unreadable } };
  },
  record: (traces, language) => tracesRecord(tracesOf(traces), language),
  page: (traces, language, generatedAt) =>
    [...traceHtmlParts(tracesOf(traces), { language, generatedAt })].join(''),
  fragment: (traces, language) => traceFragment(tracesOf(traces)[0], language),
};

/** Drawn where the pictures are, so it stays in the language in which it was asked for. */
export const CLUSTERING: Kind<{ readonly record: ClusterRecord; readonly page: string }> = {
  kind: 'clustering',
  prefix: 'cl',
  path: '/v1/clusters',
  none: { en: 'there is no such sorting', zh: '没有这项归类' },
  async make(ask, files, { smallest, language = 'en' }) {
    const measured = await ask('cluster', { files, smallest, language });
    const { clusters, unclustered, skipped } = measured.record;
    const summary = { sources: clusters.length, unclustered: unclustered.length, skipped: skipped.length };
    return { measured, summary };
  },
  record: ({ record }) => record,
  page: ({ page }) => page,
  fragment: ({ page }) => withinFrame(page),
};

function nothingUsable(): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: 'no recorded answer could be used', zh: '没有可用的应答记录' },
    { en: 'the result says line by line why', zh: '结果中逐行说明了原因' },
  );
}

export const KINDS: readonly Kind[] = [AUDIT, BENCHMARK, TRACE, CLUSTERING];

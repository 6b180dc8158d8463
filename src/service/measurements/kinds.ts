/**
 * The kinds of measurements: what is sent, what comes of it, and how that is shown. Another kind is an entry of KINDS and a
 * task of the children (`work/measure.ts`).
 */

import type { RankedTable } from '../../bench/leaderboard.ts';
import type { ScoresReport } from '../../bench/measure/scored.ts';
import type { Audit, AuditProblem } from '../../core/audit.ts';
import type { Language, Text } from '../../core/text.ts';
import { errorFromWire, type WireError } from '../../evidence/wire.ts';
import {
  auditFragment,
  auditHtmlParts,
  leaderboardFragment,
  leaderboardHtml,
  PRODUCER,
  toAuditRecord,
} from '../../report/index.ts';

/** An audit whose errors travel as plain fields. */
export type WireAudit = Omit<Audit, 'problems'> & {
  readonly problems: readonly (Omit<AuditProblem, 'error'> & { readonly error: WireError })[];
};

/** Score files measured, and ranked. */
export interface MeasuredScores {
  readonly scores: ScoresReport;
  readonly tables: readonly RankedTable[];
}

export interface Kind<Measured = unknown> {
  readonly kind: 'audit' | 'benchmark';
  /** Of its ids. */
  readonly prefix: string;
  /** Where it is asked for. */
  readonly path: string;
  readonly none: Text;
  /** The answer for programs. */
  readonly record: (measured: Measured, language: Language) => unknown;
  /** The report as a page of its own, and as part of one. */
  readonly page: (measured: Measured, language: Language, generatedAt: Date) => string;
  readonly fragment: (measured: Measured, language: Language) => string;
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
  record: ({ scores, tables }) => ({
    scores: { schema: 'huoyan.bench.scores/1', producer: PRODUCER, ...scores },
    leaderboard: { schema: 'huoyan.bench.leaderboard/1', producer: PRODUCER, tables },
  }),
  page: ({ tables }, language, generatedAt) => leaderboardHtml(tables, { language, generatedAt }),
  fragment: ({ tables }) => leaderboardFragment(tables),
};

export const KINDS = [AUDIT, BENCHMARK] as const;

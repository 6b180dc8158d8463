/** What children measure, in the form in which it travels between processes. */
import type { RankedTable } from '../../bench/leaderboard.ts';
import type { ScoresReport } from '../../bench/measure/scored.ts';
import type { Audit, AuditProblem } from '../../core/audit.ts';
import type { WireError } from '../../evidence/wire.ts';

/** An audit whose errors travel as plain fields. */
export type WireAudit = Omit<Audit, 'problems'> & {
  readonly problems: readonly (Omit<AuditProblem, 'error'> & { readonly error: WireError })[];
};

/** Score files measured, and ranked. */
export interface MeasuredScores {
  readonly scores: ScoresReport;
  readonly tables: readonly RankedTable[];
}

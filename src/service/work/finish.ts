/**
 * The end of a piece of work: its result, the end of its job and what is to be told to others are written in one
 * transaction, and only while the job is still in the hands of whoever writes. So a result is there once or not at all.
 */
import { serialize } from 'node:v8';
import { gzipSync } from 'node:zlib';
import type { Analysis } from '../../core/analysis.ts';
import { toWire } from '../../evidence/wire.ts';
import { recordsOf } from '../analyses/analysis.ts';
import type { Context } from '../context.ts';
import type { Status } from '../jobs/job.ts';
import { append } from '../log/chain.ts';
import { ANALYSE, type Claim, NOTIFY, type QueueName } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';

/** What a job of ANALYSE carries. */
export interface WorkJob {
  readonly work: string;
}

/** Thrown inside the transaction to undo it: the job is in other hands now, or `unwanted` by anybody. */
class Lapsed extends Error {
  constructor(readonly unwanted: boolean) {
    super();
  }
}

/**
 * Writes the result of a claimed job. False when it was not written: the claim has lapsed, or nobody wants it any more.
 * `poisoned` marks work that was given up without a result.
 */
export async function finish(
  { store, queue, blobs, events, metrics }: Pick<Context, 'store' | 'queue' | 'blobs' | 'events' | 'metrics'>,
  claim: Claim<WorkJob>,
  analysis: Analysis,
  { from = ANALYSE, poisoned = false }: { readonly from?: QueueName; readonly poisoned?: boolean } = {},
): Promise<boolean> {
  const { work } = claim.data;
  const { status, summary, en, zh } = recordsOf(analysis);
  // First, and under the work's own name: writing it twice does no harm, and a result never points to nothing.
  if (analysis.outcome === 'analysed')
    await blobs.keepDerived(work, gzipSync(serialize(toWire(analysis)), { level: 4 }));
  let seconds = 0;
  try {
    const wanted = await store.transaction(async (sql) => {
      const [row] = await sql.query<{ status: Status; started: Date | null }>(
        `select status, started from ${SCHEMA}.work where id = $1 for update`,
        [work],
      );
      const unwanted = !row || row.status === 'cancelled';
      if (!(await queue.finish(from, claim, sql))) throw new Lapsed(unwanted);
      if (unwanted) return false;
      await sql.query(
        `update ${SCHEMA}.work set status = $2, summary = $3::jsonb, record_en = $4, record_zh = $5,
           finished = now(), poisoned = $6 where id = $1`,
        [work, status, JSON.stringify(summary), en, zh, poisoned],
      );
      const listeners = await sql.query<{ id: string }>(
        `select id from ${SCHEMA}.analysis where work = $1 and webhook is not null and cancelled is null`,
        [work],
      );
      for (const { id } of listeners) await queue.send(NOTIFY, { job: id }, 'live', sql);
      await append(sql, { actor: 'huoyan', action: 'work.finish', subject: work, detail: { status } });
      seconds = row.started ? (Date.now() - new Date(row.started).getTime()) / 1000 : 0;
      return true;
    });
    if (!wanted) await blobs.forgetDerived(work);
  } catch (error) {
    if (!(error instanceof Lapsed)) throw error;
    // Erased while it was examined: nobody would ever come for what was kept a moment ago.
    if (error.unwanted) await blobs.forgetDerived(work);
    return false;
  }
  metrics.finished.inc({ status });
  metrics.analysisSeconds.observe({ status }, seconds);
  events.changed(work);
  return true;
}

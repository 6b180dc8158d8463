/**
 * Cancelling and erasing. Faces are biometric data: when nobody's request needs a file any more, its bytes, what was
 * derived from them (record, maps, preview) and its vector in the index are gone from database and disk.
 */
import type { Sql } from '../../trace/index/database.ts';
import type { Context } from '../context.ts';
import { forgetRepeated } from '../jobs/idempotency.ts';
import { isOver } from '../jobs/job.ts';
import { append } from '../log/chain.ts';
import { contentNeeded } from '../measurements/erase.ts';
import { ANALYSE } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { type Row, readRow } from './analysis.ts';

type Needs = Pick<Context, 'store' | 'queue' | 'blobs' | 'events'>;

/** Stops waiting for a request; its work goes on only while another request needs it. */
export async function cancel({ store, queue, events }: Needs, row: Row, actor: string): Promise<void> {
  await store.transaction(async (sql) => {
    await sql.query(`select 1 from ${SCHEMA}.work where id = $1 for update`, [row.work]);
    const current = await readRow(sql, row.id);
    if (!current || isOver(current.status)) return;
    await sql.query(`update ${SCHEMA}.analysis set cancelled = now() where id = $1`, [row.id]);
    const [needed] = await sql.query(
      `select 1 from ${SCHEMA}.analysis where work = $1 and cancelled is null limit 1`,
      [row.work],
    );
    if (!needed) await abandon(sql, queue, row.work);
    await append(sql, { actor, action: 'analysis.cancel', subject: row.id });
  });
  events.changed(row.work);
}

async function abandon(sql: Sql, queue: Needs['queue'], work: string): Promise<void> {
  const [stopped] = await sql.query<{ job: string | null }>(
    `update ${SCHEMA}.work set status = 'cancelled', finished = now()
     where id = $1 and status in ('queued', 'running') returning job`,
    [work],
  );
  if (stopped?.job) await queue.cancel(ANALYSE, stopped.job, sql);
}

/** Erases a request and whatever nothing else needs. `forgetVector` takes the file out of the index. */
export async function erase(
  { store, queue, blobs, events }: Needs,
  row: Row,
  actor: string,
  forgetVector: (sha256: string) => Promise<void>,
): Promise<void> {
  const left = await store.transaction(async (sql) => {
    await sql.query(`select 1 from ${SCHEMA}.work where id = $1 for update`, [row.work]);
    await sql.query(`delete from ${SCHEMA}.analysis where id = $1`, [row.id]);
    await forgetRepeated(sql, row.id);
    await append(sql, { actor, action: 'analysis.erase', subject: row.id, detail: { sha256: row.sha256 } });
    const [workNeeded] = await sql.query(`select 1 from ${SCHEMA}.analysis where work = $1 limit 1`, [
      row.work,
    ]);
    if (workNeeded) return { work: true, content: true };
    await abandon(sql, queue, row.work);
    await sql.query(`delete from ${SCHEMA}.work where id = $1`, [row.work]);
    return { work: false, content: await contentNeeded(sql, row.sha256) };
  });
  if (!left.work) await blobs.forgetDerived(row.work);
  if (!left.content) {
    await blobs.forget(row.sha256);
    await forgetVector(row.sha256);
  }
  events.changed(row.work);
}

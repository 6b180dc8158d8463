/** Stopping and erasing measurements, and letting go of the files they were made of once nothing needs them. */
import type { Sql } from '../../trace/index/database.ts';
import type { Context } from '../context.ts';
import { forgetRepeated } from '../jobs/idempotency.ts';
import { isOver, type Status } from '../jobs/job.ts';
import { append } from '../log/chain.ts';
import { ANALYSE } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import type { MeasuredFile, MeasurementRow } from './measurement.ts';

type Needs = Pick<Context, 'store' | 'queue' | 'blobs' | 'events'>;

/** Whether an accepted request still needs the content: an analysis, or a measurement that is not made yet. */
export async function contentNeeded(sql: Sql, sha256: string): Promise<boolean> {
  const [needed] = await sql.query(
    `select 1 from ${SCHEMA}.work where sha256 = $1
     union all
     select 1 from ${SCHEMA}.measurement
     where held and files @> jsonb_build_array(jsonb_build_object('sha256', $1::text))
     limit 1`,
    [sha256],
  );
  return needed !== undefined;
}

async function forgetUnneeded(
  { store, blobs }: Pick<Context, 'store' | 'blobs'>,
  files: readonly MeasuredFile[],
): Promise<void> {
  for (const { sha256 } of files) if (!(await contentNeeded(store, sha256))) await blobs.forget(sha256);
}

/** Stops a measurement that is not over; what it was to be made of goes. */
export async function cancelMeasurement(context: Needs, row: MeasurementRow, actor: string): Promise<void> {
  const { store, queue, events } = context;
  await store.transaction(async (sql) => {
    const [stopped] = await sql.query<{ job: string | null }>(
      `update ${SCHEMA}.measurement set status = 'cancelled', finished = now()
       where id = $1 and status in ('queued', 'running') returning job`,
      [row.id],
    );
    if (!stopped) return;
    if (stopped.job) await queue.cancel(ANALYSE, stopped.job, sql);
    await append(sql, { actor, action: `${row.kind}.cancel`, subject: row.id });
  });
  events.changed(row.id);
  await releaseMeasured(context);
}

/** Erases a request with its result, and its job when it still waits. */
export async function eraseMeasurement(context: Needs, row: MeasurementRow, actor: string): Promise<void> {
  const { store, queue, events } = context;
  await store.transaction(async (sql) => {
    const [gone] = await sql.query<{ status: Status; job: string | null }>(
      `delete from ${SCHEMA}.measurement where id = $1 returning status, job`,
      [row.id],
    );
    if (!gone) return;
    await forgetRepeated(sql, row.id);
    if (gone.job && !isOver(gone.status)) await queue.cancel(ANALYSE, gone.job, sql);
    await append(sql, { actor, action: `${row.kind}.erase`, subject: row.id });
  });
  await forgetUnneeded(context, row.files);
  events.changed(row.id);
}

/** Lets go of the files of measurements that are over: what was measured is kept, the files are not needed again. */
export async function releaseMeasured(context: Pick<Context, 'store' | 'blobs'>): Promise<void> {
  const rows = await context.store.query<{ files: readonly MeasuredFile[] }>(
    `update ${SCHEMA}.measurement set held = false
     where held and status in ('succeeded', 'failed', 'cancelled') returning files`,
  );
  for (const { files } of rows) await forgetUnneeded(context, files);
}

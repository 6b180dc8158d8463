/** Erasing measurements, and letting go of the tables they were made of once nothing needs them. */
import type { Sql } from '../../trace/index/database.ts';
import type { Context } from '../context.ts';
import { append } from '../log/chain.ts';
import { ANALYSE } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { type MeasuredFile, type MeasurementRow, SELECT_MEASUREMENT } from './measurement.ts';

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

/** Erases a request with its result, and its job when it still waits. */
export async function eraseMeasurement(context: Needs, row: MeasurementRow, actor: string): Promise<void> {
  const { store, queue, events } = context;
  await store.transaction(async (sql) => {
    const [gone] = await sql.query<{ status: string; job: string | null }>(
      `delete from ${SCHEMA}.measurement where id = $1 returning status, job`,
      [row.id],
    );
    if (!gone) return;
    await sql.query(`delete from ${SCHEMA}.idempotency where location like '%' || $1`, [row.id]);
    if (gone.job && (gone.status === 'queued' || gone.status === 'running'))
      await queue.cancel(ANALYSE, gone.job, sql);
    await append(sql, { actor, action: `${row.kind}.erase`, subject: row.id });
  });
  await forgetUnneeded(context, row.files);
  events.changed(row.id);
}

/** Lets go of the tables of measurements that are over: what was measured is kept, the tables are not needed again. */
export async function releaseMeasured(context: Pick<Context, 'store' | 'blobs'>): Promise<void> {
  const rows = await context.store.query<{ files: readonly MeasuredFile[] }>(
    `update ${SCHEMA}.measurement set held = false
     where held and status in ('succeeded', 'failed') returning files`,
  );
  for (const { files } of rows) await forgetUnneeded(context, files);
}

/** Erases what is past its time, a few at a time. */
export async function eraseExpiredMeasurements(context: Needs): Promise<void> {
  const rows = await context.store.query<MeasurementRow>(
    `${SELECT_MEASUREMENT} where expires < now() limit 100`,
  );
  for (const row of rows) await eraseMeasurement(context, row, 'huoyan');
  await releaseMeasured(context);
}

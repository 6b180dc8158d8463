/** Takes files to measure in: request and job are written down together, as those of an analysis are. */
import type { Context } from '../context.ts';
import { newId } from '../identifiers.ts';
import { type Accepted, type Idempotency, once } from '../jobs/idempotency.ts';
import { expiryOf } from '../jobs/job.ts';
import { append } from '../log/chain.ts';
import { deletedMeanwhile } from '../problem.ts';
import { ANALYSE, type Priority } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { eraseMeasurement } from './erase.ts';
import type { Kind } from './kinds.ts';
import { type MeasuredFile, type MeasurementSettings, readMeasurement } from './measurement.ts';

export interface WantedMeasurement {
  readonly files: readonly MeasuredFile[];
  readonly settings: MeasurementSettings;
  readonly owner: string;
  readonly priority: Priority;
  /** To be told of the end. */
  readonly webhook?: string;
  /** Seconds until it is erased; null keeps it. */
  readonly keepSeconds: number | null;
}

type Needs = Pick<Context, 'store' | 'queue' | 'blobs' | 'events'>;

/** Accepts files that are in the store of blobs, and makes sure that they still are. Throws Problem. */
export async function acceptMeasurement(
  context: Needs,
  kind: Kind,
  { files, settings, owner, priority, webhook, keepSeconds }: WantedMeasurement,
  idempotency: Idempotency | null,
): Promise<Accepted> {
  const { store, queue, blobs } = context;
  const id = newId(kind.prefix);
  const accepted = await once(store, owner, idempotency, `${kind.path}/${id}`, async (sql) => {
    const job = await queue.send(ANALYSE, { measurement: id }, priority, sql);
    await sql.query(
      `insert into ${SCHEMA}.measurement (id, kind, owner, settings, files, status, job, webhook, expires)
       values ($1, $2, $3, $4::jsonb, $5::jsonb, 'queued', $6, $7, $8)`,
      [
        id,
        kind.kind,
        owner,
        JSON.stringify(settings),
        JSON.stringify(files),
        job,
        webhook ?? null,
        expiryOf(keepSeconds),
      ],
    );
    const detail = { sha256: files.map(({ sha256 }) => sha256) };
    await append(sql, { actor: owner, action: `${kind.kind}.accept`, subject: id, detail });
  });
  if (accepted.repeated) return accepted;
  for (const { sha256 } of files) {
    if (await blobs.path(sha256)) continue;
    const row = await readMeasurement(store, kind, id);
    if (row) await eraseMeasurement(context, row, 'huoyan');
    throw deletedMeanwhile();
  }
  return accepted;
}

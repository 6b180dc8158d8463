/** Takes tables to measure in: request and job are written down together, as those of an analysis are. */
import type { Context } from '../context.ts';
import { newId } from '../identifiers.ts';
import { append } from '../log/chain.ts';
import { deletedMeanwhile } from '../problem.ts';
import { ANALYSE } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { eraseMeasurement } from './erase.ts';
import type { Kind } from './kinds.ts';
import { type MeasuredFile, type MeasurementSettings, readMeasurement } from './measurement.ts';

export interface WantedMeasurement {
  readonly files: readonly MeasuredFile[];
  readonly settings: MeasurementSettings;
  readonly owner: string;
  /** Seconds until it is erased; null keeps it. */
  readonly keepSeconds: number | null;
}

type Needs = Pick<Context, 'store' | 'queue' | 'blobs' | 'events'>;

/** Accepts tables that are in the store of blobs, and makes sure that they still are. Returns the id. Throws Problem. */
export async function acceptMeasurement(
  context: Needs,
  kind: Kind,
  { files, settings, owner, keepSeconds }: WantedMeasurement,
): Promise<string> {
  const { store, queue, blobs } = context;
  const id = newId(kind.prefix);
  const expires = keepSeconds === null ? null : new Date(Date.now() + keepSeconds * 1000).toISOString();
  await store.transaction(async (sql) => {
    const job = await queue.send(ANALYSE, { measurement: id }, 'live', sql);
    await sql.query(
      `insert into ${SCHEMA}.measurement (id, kind, owner, settings, files, status, job, expires)
       values ($1, $2, $3, $4::jsonb, $5::jsonb, 'queued', $6, $7)`,
      [id, kind.kind, owner, JSON.stringify(settings), JSON.stringify(files), job, expires],
    );
    const detail = { sha256: files.map(({ sha256 }) => sha256) };
    await append(sql, { actor: owner, action: `${kind.kind}.accept`, subject: id, detail });
  });
  for (const { sha256 } of files) {
    if (await blobs.path(sha256)) continue;
    const row = await readMeasurement(store, kind, id);
    if (row) await eraseMeasurement(context, row, 'huoyan');
    throw deletedMeanwhile();
  }
  return id;
}

/**
 * Takes a request in: once this has returned, the request and its job are written down together, and nothing that
 * happens to any process loses it. What was analysed before under the same settings is not analysed again.
 */
import { createHash } from 'node:crypto';
import { PRODUCER } from '../../report/index.ts';
import type { Sql } from '../../trace/index/database.ts';
import type { Context } from '../context.ts';
import { newId } from '../identifiers.ts';
import { type Accepted, type Idempotency, once } from '../jobs/idempotency.ts';
import { expiryOf, type Status } from '../jobs/job.ts';
import { append } from '../log/chain.ts';
import { ANALYSE, NOTIFY, type Priority, type Queue } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { ENROLMENTS, readSetting } from '../store/settings.ts';
import type { Settings, Summary } from './analysis.ts';

export interface Wanted {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly settings: Settings;
  readonly priority: Priority;
  /** Who asks: a key's id, `local` on the loopback address. */
  readonly owner: string;
  readonly batch?: string;
  /** The URL it was fetched from. */
  readonly source?: string;
  /** To be told of the end. */
  readonly webhook?: string;
  /** Seconds until it is erased; null keeps it. */
  readonly keepSeconds: number | null;
}

/** Reasons of a failure that lie with us and not with the file: the next request for the same content tries again. */
const OURS = ['internal', 'timeout', 'cancelled', 'model-missing', 'component-missing'];
const MOST_NAME = 255;

/** Where analyses and batches are asked for. */
export const ANALYSES = '/v1/analyses';
export const BATCHES = '/v1/batches';

type Needs = Pick<Context, 'store' | 'queue' | 'metrics'>;

/** A request that has its id. */
interface Numbered extends Wanted {
  readonly id: string;
}

/** Accepts one file. Throws Problem. */
export async function accept(
  { store, queue, metrics }: Needs,
  wanted: Wanted,
  idempotency: Idempotency | null,
): Promise<Accepted> {
  const numbered = { ...wanted, id: newId('an') };
  let known: readonly boolean[] = [];
  const accepted = await once(store, wanted.owner, idempotency, `${ANALYSES}/${numbered.id}`, async (sql) => {
    known = await writeDown(sql, queue, [numbered]);
  });
  for (const duplicate of known) metrics.accepted.inc({ duplicate: String(duplicate) });
  return accepted;
}

/** Accepts files as one batch: all of them, or none. Throws Problem. */
export async function acceptBatch(
  { store, queue, metrics }: Needs,
  owner: string,
  files: readonly Wanted[],
  idempotency: Idempotency | null,
): Promise<Accepted> {
  const now = Date.now();
  const batch = newId('ba', now);
  let known: readonly boolean[] = [];
  const accepted = await once(store, owner, idempotency, `${BATCHES}/${batch}`, async (sql) => {
    await sql.query(`insert into ${SCHEMA}.batch (id, owner) values ($1, $2)`, [batch, owner]);
    // Ids sort by time, so that the files stay in the order in which they were sent.
    const numbered = files.map((file, i) => ({ ...file, batch, id: newId('an', now + i) }));
    known = await writeDown(sql, queue, numbered);
    await append(sql, {
      actor: owner,
      action: 'batch.accept',
      subject: batch,
      detail: { files: files.length },
    });
  });
  for (const duplicate of known) metrics.accepted.inc({ duplicate: String(duplicate) });
  return accepted;
}

/**
 * Requests and their jobs. Rows of works are locked in one order everywhere, and before the log's end is: so no two
 * transactions wait for each other. Returns which works were known.
 */
async function writeDown(sql: Sql, queue: Queue, requests: readonly Numbered[]): Promise<boolean[]> {
  const works: { readonly request: Numbered; readonly work: string }[] = [];
  for (const request of requests)
    works.push({ request, work: await workOf(sql, request.sha256, request.settings) });
  works.sort((a, b) => (a.work < b.work ? -1 : a.work > b.work ? 1 : 0));
  const known: boolean[] = [];
  for (const { request, work } of works) {
    const duplicate = await ensureWork(sql, queue, work, request);
    known.push(duplicate);
    await sql.query(
      `insert into ${SCHEMA}.analysis (id, work, batch, owner, name, sha256, bytes, source, webhook, expires)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        request.id,
        work,
        request.batch ?? null,
        request.owner,
        request.name.slice(0, MOST_NAME),
        request.sha256,
        request.bytes,
        request.source ?? null,
        request.webhook ?? null,
        expiryOf(request.keepSeconds),
      ],
    );
    if (duplicate && request.webhook) await tellIfOver(sql, queue, work, request);
  }
  for (const { id, owner, sha256, bytes } of requests)
    await append(sql, { actor: owner, action: 'analysis.accept', subject: id, detail: { sha256, bytes } });
  return known;
}

/** What makes two requests the same work. */
async function workOf(sql: Sql, sha256: string, settings: Settings): Promise<string> {
  const enrolments = await readSetting(sql, ENROLMENTS, () => '0');
  const parts = [sha256, settings.stability, settings.prior, PRODUCER.version, enrolments];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Makes sure the work is done or will be; true when it was known already. */
async function ensureWork(sql: Sql, queue: Queue, work: string, wanted: Wanted): Promise<boolean> {
  const { sha256, settings, priority } = wanted;
  const [made] = await sql.query(
    `insert into ${SCHEMA}.work (id, sha256, settings, status) values ($1, $2, $3::jsonb, 'queued')
     on conflict (id) do nothing returning id`,
    [work, sha256, JSON.stringify(settings)],
  );
  if (!made) {
    const [there] = await sql.query<{ status: Status; job: string | null; summary: Summary | string | null }>(
      `select status, job, summary from ${SCHEMA}.work where id = $1 for update`,
      [work],
    );
    const summary = typeof there.summary === 'string' ? JSON.parse(there.summary) : there.summary;
    const again = there.status === 'cancelled' || OURS.includes(summary?.error);
    if (!again) {
      if (there.status === 'queued' && there.job && priority === 'live')
        await queue.hasten(ANALYSE, there.job, priority, sql);
      return true;
    }
  }
  const job = await queue.send(ANALYSE, { work }, priority, sql);
  await sql.query(
    `update ${SCHEMA}.work set status = 'queued', job = $2, summary = null, record_en = null, record_zh = null,
       started = null, finished = null, poisoned = false where id = $1`,
    [work, job],
  );
  return false;
}

async function tellIfOver(sql: Sql, queue: Queue, work: string, { id, priority }: Numbered) {
  const [{ status }] = await sql.query<{ status: Status }>(
    `select status from ${SCHEMA}.work where id = $1`,
    [work],
  );
  if (status === 'succeeded' || status === 'failed') await queue.send(NOTIFY, { job: id }, priority, sql);
}

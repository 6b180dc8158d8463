/**
 * Takes a request in: once this has returned, the request and its job are written down together, and nothing that
 * happens to any process loses it. What was analysed before under the same settings is not analysed again.
 */
import { createHash } from 'node:crypto';
import { PRODUCER } from '../../report/index.ts';
import { type Sql, UNIQUE_VIOLATION } from '../../trace/index/database.ts';
import type { Context } from '../context.ts';
import { newId } from '../identifiers.ts';
import { append } from '../log/chain.ts';
import { Problem } from '../problem.ts';
import { ANALYSE, type Priority, type Queue } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { ENROLMENTS, readSetting } from '../store/settings.ts';
import type { Settings, Status, Summary } from './analysis.ts';

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

/** A name under which a request may be repeated without being carried out twice. */
export interface Idempotency {
  readonly key: string;
  /** SHA-256 of what was asked; the same key for something else is a mistake. */
  readonly request: string;
}

/** Reasons of a failure that lie with us and not with the file: the next request for the same content tries again. */
const OURS = ['internal', 'timeout', 'cancelled', 'model-missing', 'component-missing'];
const MOST_NAME = 255;

/** Accepts `wanted` and returns the id of the request. Throws Problem. */
export async function accept(
  { store, queue, metrics }: Pick<Context, 'store' | 'queue' | 'metrics'>,
  wanted: Wanted,
): Promise<string> {
  const id = newId('an');
  const work = await workOf(store, wanted.sha256, wanted.settings);
  const known = await store.transaction(async (sql) => {
    const duplicate = await ensureWork(sql, queue, work, wanted);
    const expires =
      wanted.keepSeconds === null ? null : new Date(Date.now() + wanted.keepSeconds * 1000).toISOString();
    await sql.query(
      `insert into ${SCHEMA}.analysis (id, work, batch, owner, name, sha256, bytes, source, webhook, expires)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        work,
        wanted.batch ?? null,
        wanted.owner,
        wanted.name.slice(0, MOST_NAME),
        wanted.sha256,
        wanted.bytes,
        wanted.source ?? null,
        wanted.webhook ?? null,
        expires,
      ],
    );
    if (duplicate && wanted.webhook) await tellIfOver(sql, queue, work, id, wanted);
    await append(sql, {
      actor: wanted.owner,
      action: 'analysis.accept',
      subject: id,
      detail: { sha256: wanted.sha256, bytes: wanted.bytes },
    });
    return duplicate;
  });
  metrics.accepted.inc({ duplicate: String(known) });
  return id;
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

async function tellIfOver(sql: Sql, queue: Queue, work: string, analysis: string, wanted: Wanted) {
  const [{ status }] = await sql.query<{ status: Status }>(
    `select status from ${SCHEMA}.work where id = $1`,
    [work],
  );
  if (status === 'succeeded' || status === 'failed')
    await queue.send('notify', { analysis }, wanted.priority, sql);
}

/** The location that was answered to the same request before; null when it is new. Throws Problem when it is another. */
export async function repeated(
  sql: Sql,
  owner: string,
  { key, request }: Idempotency,
): Promise<string | null> {
  const [there] = await sql.query<{ request: string; location: string }>(
    `select request, location from ${SCHEMA}.idempotency where owner = $1 and key = $2`,
    [owner, key],
  );
  if (!there) return null;
  if (there.request === request) return there.location;
  throw new Problem(
    422,
    'idempotency-key-reused',
    {
      en: 'this Idempotency-Key was used for a different request',
      zh: '该 Idempotency-Key 已用于另一个不同的请求',
    },
    { en: 'use a new key for every new request', zh: '每个新请求请使用新的键' },
  );
}

/** Remembers what was answered. Of two requests that race with one key, the first to be written down wins. */
export async function remember(
  sql: Sql,
  owner: string,
  { key, request }: Idempotency,
  location: string,
): Promise<string> {
  try {
    await sql.query(
      `insert into ${SCHEMA}.idempotency (owner, key, request, location) values ($1, $2, $3, $4)`,
      [owner, key, request, location],
    );
    return location;
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    return (await repeated(sql, owner, { key, request })) ?? location;
  }
}

/**
 * A request under an `Idempotency-Key` is carried out once, however often it is sent and whatever breaks in between: that
 * it was, and what was answered, is written down in the transaction that carries it out.
 */
import { type Database, type Sql, UNIQUE_VIOLATION } from '../../trace/index/database.ts';
import { Problem } from '../problem.ts';
import { SCHEMA } from '../store/migrations.ts';

/** A name under which a request may be repeated without being carried out twice. */
export interface Idempotency {
  readonly key: string;
  /** SHA-256 of what was asked; the same key for something else is a mistake. */
  readonly request: string;
}

/** Where to ask, and whether that was answered to the same request before. */
export interface Accepted {
  readonly location: string;
  readonly repeated: boolean;
}

/**
 * Does `act` in one transaction and remembers `location` as the answer; where the same request was answered before, does
 * nothing and returns that answer. Throws Problem 422 when the key stands for another request.
 */
export async function once(
  store: Database,
  owner: string,
  idempotency: Idempotency | null,
  location: string,
  act: (sql: Sql) => Promise<void>,
): Promise<Accepted> {
  const earlier = idempotency && (await repeated(store, owner, idempotency));
  if (earlier) return { location: earlier, repeated: true };
  try {
    await store.transaction(async (sql) => {
      // First: of two that race with one key, the second waits here, holding nothing.
      if (idempotency) {
        await sql.query(
          `insert into ${SCHEMA}.idempotency (owner, key, request, location) values ($1, $2, $3, $4)`,
          [owner, idempotency.key, idempotency.request, location],
        );
      }
      await act(sql);
    });
    return { location, repeated: false };
  } catch (error) {
    if (!idempotency || (error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    const winner = await repeated(store, owner, idempotency);
    if (!winner) throw error;
    return { location: winner, repeated: true };
  }
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

/** The job of `id` was erased: the same can be sent again under the same key. */
export async function forgetRepeated(sql: Sql, id: string): Promise<void> {
  await sql.query(`delete from ${SCHEMA}.idempotency where split_part(location, '/', 4) = $1`, [id]);
}

/** Forgets what was answered days ago. */
export async function forgetOld(sql: Sql): Promise<void> {
  await sql.query(`delete from ${SCHEMA}.idempotency where created < now() - interval '2 days'`);
}

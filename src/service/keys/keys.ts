/**
 * Who may do what. A key is shown once, when it is made; only its SHA-256 is kept (it is 256 random bits, so there is
 * nothing to guess and no salt to add). Roles contain one another: a viewer reads, an analyst also sends and deletes, an
 * admin also hands out keys and looks after the queue.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Sql } from '../../trace/index/database.ts';
import { newId } from '../identifiers.ts';
import { SCHEMA } from '../store/migrations.ts';
import type { Scope } from './scopes.ts';

export const ROLES = ['viewer', 'analyst', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  /** A key's id; `local` on the loopback address; `root` for the key the service was started with. */
  readonly id: string;
  readonly role: Role;
  /** Files a day; null is no limit. */
  readonly daily: number | null;
  /** What the key is for; null is everything. */
  readonly scopes: readonly Scope[] | null;
}

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly daily: number | null;
  readonly scopes: readonly Scope[] | null;
  readonly created: Date;
  readonly used: Date | null;
  readonly revoked: Date | null;
}

export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Whether `role` includes what `wanted` may do. */
export const includes = (role: Role, wanted: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(wanted);

/** Makes a key and returns it; this is the only time it is seen. */
export async function createKey(
  sql: Sql,
  { name, role, daily, scopes }: Pick<KeyRow, 'name' | 'role' | 'daily' | 'scopes'>,
): Promise<{ readonly id: string; readonly key: string }> {
  const id = newId('key');
  const key = `hy_${randomBytes(32).toString('base64url')}`;
  await sql.query(
    `insert into ${SCHEMA}.api_key (id, name, hash, role, daily, scopes) values ($1, $2, $3, $4, $5, $6)`,
    [id, name, hashOfKey(key), role, daily, scopes],
  );
  return { id, key };
}

export function listKeys(sql: Sql): Promise<KeyRow[]> {
  return sql.query<KeyRow>(
    `select id, name, role, daily, scopes, created, used, revoked from ${SCHEMA}.api_key order by id`,
  );
}

/** False when there is no such key that is still good. Its sessions end with it. */
export async function revokeKey(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.query(
    `update ${SCHEMA}.api_key set revoked = now() where id = $1 and revoked is null returning id`,
    [id],
  );
  await sql.query(`delete from ${SCHEMA}.session where api_key = $1`, [id]);
  return rows.length > 0;
}

/** Whose key this is; null when it is nobody's. `root` is the key the service was started with. */
export async function callerOf(sql: Sql, key: string, root: string | undefined): Promise<Caller | null> {
  const hash = hashOfKey(key);
  if (root !== undefined && timingSafeEqual(Buffer.from(hash), Buffer.from(hashOfKey(root)))) {
    return { id: 'root', role: 'admin', daily: null, scopes: null };
  }
  const [row] = await sql.query<Caller>(
    `update ${SCHEMA}.api_key set used = now() where hash = $1 and revoked is null returning id, role, daily, scopes`,
    [hash],
  );
  return row ?? null;
}

/** Whether any key would open the door. */
export async function anyKey(sql: Sql): Promise<boolean> {
  const rows = await sql.query(`select 1 from ${SCHEMA}.api_key where revoked is null limit 1`);
  return rows.length > 0;
}

/** Counts files against a caller's day; false when it has had its share. */
export async function spend(sql: Sql, { id, daily }: Caller, files: number): Promise<boolean> {
  const [{ files: spent }] = await sql.query<{ files: string | number }>(
    `insert into ${SCHEMA}.usage values ($1, current_date, $2)
     on conflict (owner, day) do update set files = ${SCHEMA}.usage.files + $2 returning files`,
    [id, files],
  );
  return daily === null || Number(spent) <= daily;
}

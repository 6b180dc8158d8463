/**
 * Sessions of the web page: a key is exchanged for a cookie that no script can read, and a token that every change must
 * carry in a header, which no other site can make a browser send (CSRF). Only hashes are kept.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Sql } from '../../trace/index/database.ts';
import { SCHEMA } from '../store/migrations.ts';
import { type Caller, hashOfKey } from './keys.ts';

export const COOKIE = 'huoyan-session';
export const CSRF_HEADER = 'x-huoyan-csrf';
const HOURS = 12;

/** A new session of `caller`: what goes into the cookie. */
export async function openSession(sql: Sql, caller: Caller): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expires = new Date(Date.now() + HOURS * 3_600_000).toISOString();
  await sql.query(`insert into ${SCHEMA}.session (hash, api_key, role, expires) values ($1, $2, $3, $4)`, [
    hashOfKey(token),
    caller.id,
    caller.role,
    expires,
  ]);
  return token;
}

/** Whose session this is; null when it is over. */
export async function callerOfSession(sql: Sql, token: string): Promise<Caller | null> {
  const [row] = await sql.query<Caller>(
    `select s.api_key as id, s.role, k.daily, k.scopes from ${SCHEMA}.session s left join ${SCHEMA}.api_key k on k.id = s.api_key
     where s.hash = $1 and s.expires > now()`,
    [hashOfKey(token)],
  );
  return row ?? null;
}

export async function closeSession(sql: Sql, token: string): Promise<void> {
  await sql.query(`delete from ${SCHEMA}.session where hash = $1`, [hashOfKey(token)]);
}

/** What the page must send with every change; follows from the cookie, which other sites cannot read. */
export function csrfToken(token: string): string {
  return createHmac('sha256', token).update('huoyan csrf').digest('base64url');
}

export function csrfFits(token: string, given: string | undefined): boolean {
  const expected = Buffer.from(csrfToken(token));
  const actual = Buffer.from(given ?? '');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

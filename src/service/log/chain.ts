/**
 * The log of who did what: a hash chain. Every line carries the SHA-256 of itself and of the line before, so that
 * nothing in the middle can be changed, taken out or put in without every later hash giving it away. What the chain
 * cannot show is that its end was cut off, or that all of it was made anew: for that, keep the newest hash elsewhere.
 */
import { createHash } from 'node:crypto';
import type { Json } from '../../core/json.ts';
import type { Sql } from '../../trace/index/database.ts';
import { SCHEMA } from '../store/migrations.ts';

export interface LogEntry {
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** A key's id, `local` for the loopback address, `huoyan` for the service itself. */
  readonly actor: string;
  /** What was done, for instance `analysis.accept`. */
  readonly action: string;
  /** To what: an id. */
  readonly subject: string;
  /** JSON text, as it was hashed. */
  readonly detail: string;
  readonly previous: string;
  readonly hash: string;
}

export type Verification =
  | { readonly whole: true; readonly entries: number; readonly last: string }
  | { readonly whole: false; readonly entries: number; readonly brokenAt: number; readonly why: string };

/** What stands before the first line. */
export const GENESIS = '0'.repeat(64);
const PAGE = 1000;

export interface Act {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, Json>>;
}

/** Appends one line; part of the transaction `sql` belongs to, so that the log tells exactly what happened. */
export async function append(sql: Sql, { actor, action, subject, detail = {} }: Act): Promise<LogEntry> {
  // One writer at a time: a chain has one end.
  await sql.query('select pg_advisory_xact_lock(hashtext($1::text))', [`${SCHEMA}.log`]);
  const [end] = await sql.query<{ seq: string | number; hash: string }>(
    `select seq, hash from ${SCHEMA}.log order by seq desc limit 1`,
  );
  const line = {
    seq: end ? Number(end.seq) + 1 : 1,
    at: new Date().toISOString(),
    actor,
    action,
    subject,
    detail: JSON.stringify(detail),
    previous: end?.hash ?? GENESIS,
  };
  const entry: LogEntry = { ...line, hash: hashOf(line) };
  await sql.query(`insert into ${SCHEMA}.log values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    entry.seq,
    entry.at,
    actor,
    action,
    subject,
    entry.detail,
    entry.previous,
    entry.hash,
  ]);
  return entry;
}

/** SHA-256 over all fields of a line but its hash, each with its length, so that no two lines read alike. */
export function hashOf(line: Omit<LogEntry, 'hash'>): string {
  const hash = createHash('sha256');
  for (const field of [
    String(line.seq),
    line.at,
    line.actor,
    line.action,
    line.subject,
    line.detail,
    line.previous,
  ]) {
    hash.update(`${Buffer.byteLength(field)}:`).update(field);
  }
  return hash.digest('hex');
}

/** Lines in order, from after `seq`. */
export async function* entries(sql: Sql, after = 0): AsyncGenerator<LogEntry> {
  for (let last = after; ; ) {
    const rows = await sql.query<LogEntry>(
      `select * from ${SCHEMA}.log where seq > $1 order by seq limit ${PAGE}`,
      [last],
    );
    for (const row of rows) yield { ...row, seq: Number(row.seq) };
    if (rows.length < PAGE) return;
    last = Number(rows[rows.length - 1].seq);
  }
}

/** Goes through the whole chain and says whether it holds, or at which line it first does not. */
export async function verify(lines: AsyncIterable<LogEntry> | Iterable<LogEntry>): Promise<Verification> {
  let [count, previous] = [0, GENESIS];
  for await (const entry of lines) {
    const broken = (why: string) => ({ whole: false, entries: count, brokenAt: entry.seq, why }) as const;
    if (entry.seq !== count + 1) return broken(`line ${count + 1} is missing`);
    if (entry.previous !== previous) return broken('it does not follow the line before it');
    const { hash, ...line } = entry;
    if (hashOf(line) !== hash) return broken('it was changed after it was written');
    previous = hash;
    count++;
  }
  return { whole: true, entries: count, last: previous };
}

/**
 * The tables, as steps that are applied once each, in order, under a lock: several processes may start at once. A step
 * that has been released is never changed; what comes after is a new one.
 *
 * `work` is what has to be computed, once for the same content under the same settings; `analysis` is a request for it.
 * So two people who send the same picture share the work, and each may delete their own request. `measurement` is every other
 * job: an audit or a benchmark made of tables that somebody sent, pictures traced or sorted; its files are held until it is made.
 */
import type { Database } from '../../trace/index/database.ts';

/** Where everything lives, beside pg-boss's own schema. */
export const SCHEMA = 'huoyan_service';

const STEPS: readonly string[] = [
  `
  create table work (
    id text primary key,
    sha256 text not null,
    settings jsonb not null,
    status text not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    job uuid,
    attempts integer not null default 0,
    poisoned boolean not null default false,
    summary jsonb,
    record_en bytea,
    record_zh bytea,
    created timestamptz not null default now(),
    started timestamptz,
    finished timestamptz
  );
  create index work_sha256 on work (sha256);
  create index work_waiting on work (created) where status in ('queued', 'running');

  create table batch (
    id text primary key,
    owner text,
    created timestamptz not null default now()
  );

  create table analysis (
    id text primary key,
    work text not null references work (id),
    batch text references batch (id) on delete set null,
    owner text,
    name text not null,
    sha256 text not null,
    bytes bigint not null,
    source text,
    webhook text,
    created timestamptz not null default now(),
    cancelled timestamptz,
    expires timestamptz
  );
  create index analysis_work on analysis (work);
  create index analysis_batch on analysis (batch) where batch is not null;
  create index analysis_expires on analysis (expires) where expires is not null;

  create table idempotency (
    owner text not null,
    key text not null,
    request text not null,
    location text not null,
    created timestamptz not null default now(),
    primary key (owner, key)
  );

  create table log (
    seq bigint primary key,
    at text not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null,
    previous text not null,
    hash text not null
  );

  create table api_key (
    id text primary key,
    name text not null,
    hash text not null unique,
    role text not null check (role in ('viewer', 'analyst', 'admin')),
    daily integer,
    created timestamptz not null default now(),
    used timestamptz,
    revoked timestamptz
  );

  create table usage (
    owner text not null,
    day date not null,
    files bigint not null default 0,
    primary key (owner, day)
  );

  create table session (
    hash text primary key,
    api_key text,
    role text not null,
    expires timestamptz not null
  );

  create table setting (
    name text primary key,
    value text not null
  );
  `,
  `
  create table folder (
    id text primary key,
    title text not null,
    owner text not null,
    created timestamptz not null default now()
  );

  create table folder_file (
    folder text not null references folder (id) on delete cascade,
    analysis text not null references analysis (id) on delete cascade,
    verdict text,
    added timestamptz not null default now(),
    primary key (folder, analysis)
  );

  create table note (
    id text primary key,
    folder text not null references folder (id) on delete cascade,
    author text not null,
    text text not null,
    at timestamptz not null default now()
  );
  create index log_subject on log (subject);
  `,
  `
  create table measurement (
    id text primary key,
    kind text not null,
    owner text not null,
    settings jsonb not null,
    files jsonb not null,
    held boolean not null default true,
    status text not null check (status in ('queued', 'running', 'succeeded', 'failed')),
    job uuid,
    attempts integer not null default 0,
    summary jsonb,
    error jsonb,
    result bytea,
    created timestamptz not null default now(),
    started timestamptz,
    finished timestamptz,
    expires timestamptz
  );
  create index measurement_kind on measurement (kind, id);
  create index measurement_held on measurement (id) where held;
  create index measurement_expires on measurement (expires) where expires is not null;
  `,
  `
  alter table ${SCHEMA}.measurement add column webhook text;
  alter table ${SCHEMA}.measurement drop constraint measurement_status_check;
  alter table ${SCHEMA}.measurement add constraint measurement_status_check
    check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled'));
  create index idempotency_job on idempotency (split_part(location, '/', 4));
  `,
  `
  alter table ${SCHEMA}.api_key add column scopes text[];
  `,
];

/** Brings the tables up to date. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock(hashtext($1::text))', [SCHEMA]);
    await sql.query(`create schema if not exists ${SCHEMA}`);
    await sql.query(`create table if not exists ${SCHEMA}.step (number integer primary key)`);
    const done = await sql.query<{ number: number }>(`select number from ${SCHEMA}.step`);
    const known = new Set(done.map(({ number }) => number));
    for (const [number, step] of STEPS.entries()) {
      if (known.has(number)) continue;
      for (const statement of statements(step)) await sql.query(statement);
      await sql.query(`insert into ${SCHEMA}.step values ($1)`, [number]);
    }
  });
}

/** Single statements with the schema in front of every table of ours. */
function statements(step: string): string[] {
  return step
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) =>
      one.replace(/\b(create table|references|alter table|on)\s+([a-z_]+)(?=\s*\()/g, `$1 ${SCHEMA}.$2`),
    );
}

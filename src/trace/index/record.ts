/**
 * The lasting record of fingerprints in SQL, the same on PGlite and PostgreSQL. It is the truth; whatever searches in
 * memory is made from it and follows it.
 *
 * Additions and deletions draw their serials from one counter, and whoever draws holds the counter's row until the
 * commit. So serials appear in the order of commits, and "everything after serial n" misses nothing, however many
 * processes write.
 */
import type { Json } from '../../core/json.ts';
import { type Database, type Sql, UNIQUE_VIOLATION } from './database.ts';
import { duplicateId, otherDimensions, otherFormat } from './failures.ts';
import type { Checked } from './fingerprint.ts';

/** Raised when the tables change. */
const FORMAT = 1;
/** Fingerprints in one statement. */
const BATCH = 2000;
/** pgvector's search list: more than the results wanted, at most what it allows. */
const LIST = { least: 100, most: 1000, perResult: 4 };

export interface Stored {
  readonly serial: number;
  readonly id: string;
  readonly label: string;
  readonly facts: Json;
  readonly vector: Float32Array;
}

/** What happened after a serial, in order. */
export interface Changes {
  readonly added: readonly { readonly serial: number; readonly vector: Float32Array }[];
  /** Serials of fingerprints that were deleted. */
  readonly gone: readonly number[];
  /** The serial up to which this is everything. */
  readonly last: number;
  /** True if there may be more after it. */
  readonly more: boolean;
}

export class LastingRecord {
  readonly #bytes: number;

  private constructor(
    readonly database: Database,
    readonly schema: string,
    readonly dimensions: number,
    /** True if pgvector searches here. */
    readonly pgvector: boolean,
    /** Names this very record, so that a file made from another is not taken for its own. */
    readonly identity: string,
  ) {
    this.#bytes = 4 * dimensions;
  }

  /**
   * Opens the tables in `schema` or creates them. With `pgvector` 'if-there' a new record uses it where the server has it;
   * an old one stays as it was made.
   */
  static async open(
    database: Database,
    schema: string,
    dimensions: number,
    pgvector: boolean | 'if-there',
  ): Promise<LastingRecord> {
    const about = await database.transaction(async (sql) => {
      // Two processes that open a new record at once would both create it.
      await sql.query('select pg_advisory_xact_lock(hashtext($1::text))', [schema]);
      const [there] = await sql.query<{ name: string | null }>('select to_regclass($1)::text as name', [
        `${schema}.about`,
      ]);
      if (!there.name) await create(sql, schema, dimensions, pgvector);
      return (
        await sql.query<{ format: number; dimensions: number; identity: string; pgvector: boolean }>(
          `select format, dimensions, identity, pgvector from ${schema}.about`,
        )
      )[0];
    });
    if (about.format !== FORMAT) throw otherFormat();
    if (about.dimensions !== dimensions) throw otherDimensions(about.dimensions, dimensions);
    if (pgvector !== 'if-there' && about.pgvector !== pgvector) throw otherFormat();
    return new LastingRecord(database, schema, dimensions, about.pgvector, about.identity);
  }

  /** Adds all or nothing; the first serial, the others follow it. `bad-argument` if an id is taken. */
  async add(items: readonly Checked[]): Promise<number> {
    try {
      return await this.database.transaction(async (sql) => {
        const first = await this.#draw(sql, items.length);
        for (let start = 0; start < items.length; start += BATCH) {
          await this.#insert(sql, first + start, items.slice(start, start + BATCH));
        }
        return first;
      });
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
      const [taken] = await this.database.query<{ id: string }>(
        `select id from ${this.schema}.fingerprint where id = any($1::text[]) limit 1`,
        [items.map((item) => item.id)],
      );
      throw duplicateId(taken?.id ?? '?');
    }
  }

  /** Deletes what there is of these ids; the serials of the deleted, and the last serial drawn for it. */
  async delete(ids: readonly string[]): Promise<{ gone: number[]; first: number; last: number }> {
    return this.database.transaction(async (sql) => {
      const distinct = [...new Set(ids)];
      const first = await this.#draw(sql, distinct.length);
      const gone = await sql.query<{ serial: number }>(
        `with deleted as (delete from ${this.schema}.fingerprint where id = any($1::text[]) returning serial)
         insert into ${this.schema}.gone (serial, fingerprint)
         select $2::bigint - 1 + row_number() over (), serial from deleted returning fingerprint::float8 as serial`,
        [distinct, first],
      );
      return { gone: gone.map((row) => row.serial), first, last: first + distinct.length - 1 };
    });
  }

  /** At most BATCH changes after a serial. */
  async changes(after: number): Promise<Changes> {
    const rows = await this.database.query<{
      serial: number;
      fingerprint: number | null;
      vector: Uint8Array | null;
      head: number;
    }>(
      `select serial::float8, fingerprint, vector, (select last::float8 from ${this.schema}.about) as head from (
         (select serial, null::float8 as fingerprint, vector from ${this.schema}.fingerprint
          where serial > $1::bigint order by serial limit ${BATCH})
         union all
         (select serial, fingerprint::float8, null from ${this.schema}.gone
          where serial > $1::bigint order by serial limit ${BATCH})
       ) as change order by serial limit ${BATCH}`,
      [after],
    );
    const added = rows.flatMap(({ serial, vector }) => (vector ? [{ serial, vector: floats(vector) }] : []));
    const gone = rows.flatMap(({ fingerprint }) => (fingerprint === null ? [] : [fingerprint]));
    const more = rows.length === BATCH;
    const end = rows.at(-1);
    return { added, gone, last: (more ? end?.serial : end?.head) ?? after, more };
  }

  /** Forgets which fingerprints were deleted up to a serial: nobody will ask for changes before it. */
  async forgetGone(upTo: number): Promise<void> {
    await this.database.query(`delete from ${this.schema}.gone where serial <= $1::bigint`, [upTo]);
  }

  /** The fingerprints of these serials that are still there, in no order. */
  async find(serials: readonly number[]): Promise<Stored[]> {
    const rows = await this.database.query<Row>(
      `select serial::float8, id, label, facts, vector from ${this.schema}.fingerprint
       where serial = any($1::bigint[])`,
      [serials],
    );
    return rows.map(stored);
  }

  /** Candidates for the `k` fingerprints nearest to a unit vector, by pgvector or, with `exact`, by its full scan. */
  async nearest(vector: Float32Array, k: number, exact: boolean): Promise<Stored[]> {
    const list = Math.min(LIST.most, Math.max(LIST.least, LIST.perResult * k));
    return this.database.transaction(async (sql) => {
      if (exact) await sql.query('set local enable_indexscan = off');
      else await sql.query(`set local hnsw.ef_search = ${list}`);
      const rows = await sql.query<Row>(
        `select serial::float8, id, label, facts, vector from ${this.schema}.fingerprint
         order by near <#> $1::halfvec limit ${list}`,
        [vectorText(vector)],
      );
      return rows.map(stored);
    });
  }

  /** The last serial that was drawn. */
  async head(): Promise<number> {
    const [row] = await this.database.query<{ last: number }>(
      `select last::float8 from ${this.schema}.about`,
    );
    return row.last;
  }

  async count(): Promise<number> {
    const [row] = await this.database.query<{ n: number }>(
      `select count(*)::float8 as n from ${this.schema}.fingerprint`,
    );
    return row.n;
  }

  /** The first of `n` serials, which nobody else gets. */
  async #draw(sql: Sql, n: number): Promise<number> {
    const [row] = await sql.query<{ last: number }>(
      `update ${this.schema}.about set last = last + $1::bigint returning last::float8`,
      [n],
    );
    return row.last - n + 1;
  }

  async #insert(sql: Sql, first: number, items: readonly Checked[]): Promise<void> {
    const vectors = new Uint8Array(items.length * this.#bytes);
    for (const [i, { vector }] of items.entries()) {
      vectors.set(new Uint8Array(vector.buffer, vector.byteOffset, this.#bytes), i * this.#bytes);
    }
    const near = this.pgvector ? { column: ', near', value: ', near::halfvec' } : { column: '', value: '' };
    await sql.query(
      `insert into ${this.schema}.fingerprint (serial, id, label, facts, vector${near.column})
       select $1::bigint - 1 + n, id, label, facts::json,
              substring($5::bytea from ((n - 1) * ${this.#bytes} + 1)::int for ${this.#bytes})${near.value}
       from unnest($2::text[], $3::text[], $4::text[], $6::text[]) with ordinality as item(id, label, facts, near, n)`,
      [
        first,
        items.map((item) => item.id),
        items.map((item) => item.label),
        items.map((item) => item.facts),
        vectors,
        this.pgvector ? items.map((item) => vectorText(item.vector)) : [],
      ],
    );
  }
}

async function create(sql: Sql, schema: string, dimensions: number, wanted: boolean | 'if-there') {
  const pgvector = wanted && (await hasPgvector(sql, wanted === true));
  await sql.query(`create schema if not exists ${schema}`);
  await sql.query(
    `create table ${schema}.about (format int not null, dimensions int not null, identity text not null,
       pgvector boolean not null, last bigint not null)`,
  );
  await sql.query(`insert into ${schema}.about values ($1, $2, $3, $4, 0)`, [
    FORMAT,
    dimensions,
    crypto.randomUUID(),
    pgvector,
  ]);
  await sql.query(
    `create table ${schema}.fingerprint (serial bigint primary key, id text not null unique, label text not null,
       facts json not null, vector bytea not null${pgvector ? `, near halfvec(${dimensions}) not null` : ''})`,
  );
  // A vector is read whole and hardly compresses: trying would only cost time.
  await sql.query(`alter table ${schema}.fingerprint alter column vector set storage external`);
  await sql.query(`create table ${schema}.gone (serial bigint primary key, fingerprint bigint not null)`);
  if (pgvector) {
    await sql.query(`create index on ${schema}.fingerprint using hnsw (near halfvec_ip_ops)`);
  }
}

/** True once the extension is installed, which this user may lack the right to do. */
async function hasPgvector(sql: Sql, must: boolean): Promise<boolean> {
  const [available] = await sql.query<{ installed: string | null }>(
    `select installed_version as installed from pg_available_extensions where name = 'vector'`,
  );
  if (available?.installed) return true;
  if (!available && !must) return false;
  await sql.query('savepoint before_extension');
  try {
    await sql.query('create extension vector');
    return true;
  } catch (error) {
    if (must) throw error;
    await sql.query('rollback to savepoint before_extension');
    return false;
  }
}

interface Row {
  readonly serial: number;
  readonly id: string;
  readonly label: string;
  readonly facts: Json;
  readonly vector: Uint8Array;
}

const stored = (row: Row): Stored => ({ ...row, vector: floats(row.vector) });

/** The numbers in bytes that may begin at any address. */
const floats = (bytes: Uint8Array) => new Float32Array(Uint8Array.from(bytes).buffer);

/** A vector as pgvector reads it, to the precision that a half keeps. */
const vectorText = (vector: Float32Array) => `[${Array.from(vector, (x) => x.toPrecision(5)).join(',')}]`;

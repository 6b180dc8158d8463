/**
 * An index of fingerprints that lasts: in a folder (PGlite, nothing to install) or on a PostgreSQL server.
 *
 * In a folder PGlite keeps the record and our own cells (`cells.ts`) search it in memory, although PGlite brings
 * pgvector, because that was measured (docs/measured/index.md, `npm run bench:index`): inside WebAssembly pgvector's HNSW
 * takes more than 3 ms of processor time for every vector that is added, thirty times what record and cells take
 * together, and every search costs it some four times as much. `search: 'pgvector'`
 * chooses it all the same. On a server pgvector searches where it is installed; elsewhere every search is exact, in
 * this process's memory.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asHuoyanError } from '../../core/errors.ts';
import { CellsIndex } from './cells-index.node.ts';
import type { Database } from './database.ts';
import { folderUnusable, wrongDimensions, wrongName } from './failures.ts';
import type { FingerprintIndex } from './fingerprint.ts';
import { lockFolder } from './folder-lock.node.ts';
import { openPglite } from './pglite.node.ts';
import { PgvectorIndex } from './pgvector-index.ts';
import { openPostgres } from './postgres.node.ts';
import { LastingRecord } from './record.ts';

export type IndexPlace =
  /** A folder of this machine, created if absent; one process at a time. `cells` by default. */
  | { readonly folder: string; readonly search?: 'cells' | 'pgvector' }
  /** A server (`postgres://user:password@host:port/database`) and which index on it, `fingerprints` by default. */
  | { readonly database: string; readonly name?: string };

export interface IndexOptions {
  /** The length of the fingerprints, 2..2000. */
  readonly dimensions: number;
}

/**
 * Opens an index or creates it. Rejects with HuoyanError: `bad-argument` (dimensions or kind differ from what is there,
 * a name that is none), `permission-denied` (folder not writable or in use, server refuses), `corrupt`, `not-found`
 * (no server there), `component-missing` (an optional package is not installed).
 */
export async function openIndex(place: IndexPlace, { dimensions }: IndexOptions): Promise<FingerprintIndex> {
  if (!(Number.isInteger(dimensions) && dimensions >= 2 && dimensions <= 2000)) {
    throw wrongDimensions(dimensions);
  }
  return 'folder' in place
    ? inFolder(place.folder, place.search === 'pgvector', dimensions)
    : onServer(place.database, place.name ?? 'fingerprints', dimensions);
}

/**
 * The index `name` within a database that somebody else opened and closes; `shared` where other processes may use it
 * too. Its search is in this process's memory, or pgvector's where a shared database has that.
 */
export async function openIndexWithin(
  database: Database,
  name: string,
  shared: boolean,
  { dimensions }: IndexOptions,
): Promise<FingerprintIndex> {
  const lent: Database = { ...database, close: async () => {} };
  return over(lent, `huoyan_${name}`, dimensions, shared && 'if-there', { shared, exact: shared });
}

async function inFolder(folder: string, pgvector: boolean, dimensions: number): Promise<FingerprintIndex> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw folderUnusable(folder, cause);
  }
  const unlock = await lockFolder(folder);
  try {
    const opened = await openPglite(join(folder, 'record'), pgvector);
    const database: Database = {
      ...opened,
      async close() {
        await opened.close();
        await unlock();
      },
    };
    return await over(database, 'huoyan', dimensions, pgvector, {
      file: join(folder, 'cells'),
      shared: false,
      exact: false,
    });
  } catch (error) {
    await unlock().catch(() => {});
    throw error;
  }
}

async function onServer(url: string, name: string, dimensions: number): Promise<FingerprintIndex> {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) throw wrongName(name);
  const database = await openPostgres(url);
  return over(database, `huoyan_${name}`, dimensions, 'if-there', { shared: true, exact: true });
}

async function over(
  database: Database,
  schema: string,
  dimensions: number,
  pgvector: boolean | 'if-there',
  options: { readonly file?: string; readonly shared: boolean; readonly exact: boolean },
): Promise<FingerprintIndex> {
  try {
    const record = await LastingRecord.open(database, schema, dimensions, pgvector);
    return record.pgvector ? new PgvectorIndex(record) : await CellsIndex.open(record, options);
  } catch (error) {
    await database.close().catch(() => {});
    throw asHuoyanError(error);
  }
}

/**
 * The database of the service: PGlite in a folder (nothing to install, one process), or a PostgreSQL server for many
 * processes. Everything above this file sees the same SQL.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../trace/index/database.ts';
import { lockFolder } from '../../trace/index/folder-lock.node.ts';
import { openPglite } from '../../trace/index/pglite.node.ts';
import { openPostgres } from '../../trace/index/postgres.node.ts';
import { migrate } from './migrations.ts';

export interface Store extends Database {
  /** Whether other processes may be at work on the same tables. */
  readonly shared: boolean;
}

export interface StorePlace {
  /** The service's folder. */
  readonly data: string;
  /** `postgres://…`; PGlite in the folder where absent. */
  readonly database?: string;
}

/** Connections of one process: requests, the queue and the results of workers side by side. */
const CONNECTIONS = 12;

/** Opens the database and brings its tables up to date. Rejects with HuoyanError, see `openPglite` and `openPostgres`. */
export async function openStore({ data, database: url }: StorePlace): Promise<Store> {
  if (url !== undefined) {
    const database = await openPostgres(url, CONNECTIONS);
    return ready({ ...database, shared: true });
  }
  await mkdir(join(data, 'database'), { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(data);
  try {
    const database = await openPglite(join(data, 'database', 'pglite'), false);
    return await ready({
      ...database,
      shared: false,
      async close() {
        await database.close();
        await unlock();
      },
    });
  } catch (error) {
    await unlock().catch(() => {});
    throw error;
  }
}

async function ready(store: Store): Promise<Store> {
  try {
    await migrate(store);
    return store;
  } catch (error) {
    await store.close().catch(() => {});
    throw error;
  }
}

/** PGlite, PostgreSQL in this process with its files in a folder: nothing to install, one process at a time. */
import type { Extensions, PGlite, Transaction } from '@electric-sql/pglite';
import type { Database, Sql } from './database.ts';
import { componentMissing, folderBroken } from './failures.ts';

/** Opens or creates the database in `folder`; `pgvector` loads that extension. `component-missing`, `corrupt`. */
export async function openPglite(folder: string, pgvector: boolean): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite').catch((cause) => {
    throw componentMissing('@electric-sql/pglite', cause);
  });
  const extensions: Extensions = pgvector ? { vector: await vectorExtension() } : {};
  let db: PGlite;
  try {
    db = await PGlite.create(folder, { extensions });
  } catch (cause) {
    throw folderBroken(folder, cause);
  }
  return {
    ...sqlOf(db),
    async script(statements) {
      try {
        return (await db.exec(statements)).flatMap(({ rows }) => rows as Record<string, unknown>[]);
      } catch (error) {
        // One connection serves everybody: a transaction that a failed statement left open would spoil what follows.
        await db.exec('rollback').catch(() => {});
        throw error;
      }
    },
    transaction: (work) => db.transaction((transaction) => work(sqlOf(transaction))),
    close: () => db.close(),
  };
}

async function vectorExtension() {
  try {
    return (await import('@electric-sql/pglite-pgvector')).vector;
  } catch (cause) {
    throw componentMissing('@electric-sql/pglite-pgvector', cause);
  }
}

const sqlOf = (db: PGlite | Transaction): Sql => ({
  async query<Row>(statement: string, values: readonly unknown[] = []) {
    return (await db.query<Row>(statement, [...values])).rows;
  },
});

/** A PostgreSQL server: many processes at a time. */
import type { Pool, PoolClient } from 'pg';
import { HuoyanError } from '../../core/errors.ts';
import type { Database, Sql } from './database.ts';
import { componentMissing, databaseUnreachable } from './failures.ts';

/**
 * Connects to `postgres://user:password@host:port/database` over at most `connections` connections. `component-missing`,
 * `not-found`, `permission-denied`.
 */
export async function openPostgres(url: string, connections = 4): Promise<Database> {
  const { default: pg } = await import('pg').catch((cause) => {
    throw componentMissing('pg', cause);
  });
  let pool: Pool;
  try {
    pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: 10_000 });
    // An idle connection that the server drops is replaced at the next query; unheard, the event would end the process.
    pool.on('error', () => {});
    // So would that of a connection which is lost in the middle of a transaction; the statement that meets it rejects.
    pool.on('connect', (client) => client.on('error', () => {}));
    await pool.query('select 1');
  } catch (cause) {
    throw databaseUnreachable(cause);
  }
  return {
    ...sqlOf(pool),
    async script(statements) {
      const client = await pool.connect().catch(told);
      try {
        const results = await client.query(statements);
        return (Array.isArray(results) ? results : [results]).flatMap(({ rows }) => rows ?? []);
      } catch (error) {
        await client.query('rollback').catch(() => {});
        return told(error);
      } finally {
        client.release();
      }
    },
    async transaction(work) {
      const client = await pool.connect().catch(told);
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const result = await work(sqlOf(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((e: Error) => {
          broken = e;
        });
        return told(error);
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

const sqlOf = (client: Pool | PoolClient): Sql => ({
  async query<Row>(statement: string, values: readonly unknown[] = []) {
    return (await client.query(statement, [...values]).catch(told)).rows as Row[];
  },
});

/** PostgreSQL's own codes for a lost connection, a server going down, and a right that is lacking. */
const UNREACHABLE = /^(08|57P|28)|^42501$/;

/** Throws what the server said about a statement as it is; what kept the two apart, or a lacking right, as such. */
function told(error: unknown): never {
  const { code, severity } = error as { code?: string; severity?: string };
  const isAnswer = error instanceof Error && severity !== undefined && code !== undefined;
  if (error instanceof HuoyanError || (isAnswer && !UNREACHABLE.test(code))) throw error;
  throw databaseUnreachable(error);
}

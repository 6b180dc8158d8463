/** What the index and the service want of a database: PGlite in this process and PostgreSQL on a server both give it. */

/** PostgreSQL's code for a value that a unique column already holds. */
export const UNIQUE_VIOLATION = '23505';

export interface Sql {
  /** Rows of one statement; `$1` and so on stand for `values` (text, numbers, text arrays, bytes). */
  query<Row>(statement: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Database extends Sql {
  /** Several statements at once, without values; the rows of all of them. Nothing is left open if one fails. */
  script(statements: string): Promise<Record<string, unknown>[]>;
  /** All of `work` or, if it throws, nothing of it. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

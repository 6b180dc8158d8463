/**
 * What is waiting to be done, in pg-boss's tables beside ours, so that a request and its job are written in one
 * transaction, and so are a result and the end of its job. A job whose worker no longer gives a sign of life is handed to another; the attempt
 * that lost it can no longer finish it. A job that has taken too many attempts along goes to a queue for such jobs.
 */
import { randomUUID } from 'node:crypto';
import { PgBoss } from 'pg-boss';
import type { Database, Sql } from '../../trace/index/database.ts';

/** Names of the queues: to analyse; what failed at it too often; to tell others; what could not be told. */
export const ANALYSE = 'analyse';
export const POISONED = 'analyse-poisoned';
export const NOTIFY = 'notify';
export const UNTOLD = 'notify-untold';
export type QueueName = typeof ANALYSE | typeof POISONED | typeof NOTIFY | typeof UNTOLD;

/** More urgent first. */
export const PRIORITY = { live: 20, batch: 10, low: 0 } as const;
export type Priority = keyof typeof PRIORITY;

/** A job in the hands of this process; finishing it is only possible while it still is. */
export interface Claim<Data> {
  readonly id: string;
  readonly retryCount: number;
  readonly data: Data;
}

/** Signs of life a job must give at least this often, in seconds; pg-boss allows no less than 10. */
const HEARTBEAT_S = 10;
/** How often lapsed jobs are looked for, in seconds. */
const MONITOR_S = 2;
/** Attempts that may be lost to processes that die before the job itself is held to be the cause. */
const ATTEMPTS = 6;

export class Queue {
  readonly #boss: PgBoss;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** Creates or upgrades pg-boss's tables. `trouble` hears of what goes wrong in the background. */
  static async open(database: Database, shared: boolean, trouble: (error: Error) => void): Promise<Queue> {
    const boss = new PgBoss({
      db: statements(database),
      backend: shared ? 'postgres' : 'pglite',
      schema: 'huoyan_queue',
      schedule: false,
      superviseIntervalSeconds: MONITOR_S,
      monitorIntervalSeconds: MONITOR_S,
      reindex: false,
    });
    boss.on('error', trouble);
    await boss.start();
    const queue = new Queue(boss);
    await boss.createQueue(POISONED);
    await boss.createQueue(UNTOLD);
    await boss.createQueue(ANALYSE, {
      deadLetter: POISONED,
      retryLimit: ATTEMPTS - 1,
      expireInSeconds: 3600,
      heartbeatSeconds: HEARTBEAT_S,
      retentionSeconds: 30 * 86_400,
      deleteAfterSeconds: 3600,
    });
    await boss.createQueue(NOTIFY, {
      deadLetter: UNTOLD,
      retryLimit: 8,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 3600,
      expireInSeconds: 60,
      deleteAfterSeconds: 3600,
    });
    // pg-boss asks the database about a queue it meets for the first time; within a transaction of PGlite's only
    // connection that question would wait for itself.
    for (const name of [ANALYSE, POISONED, NOTIFY, UNTOLD]) await boss.touch(name, randomUUID());
    return queue;
  }

  /** Puts a job in; part of the transaction `sql` belongs to. Returns its id. */
  async send(name: QueueName, data: object, priority: Priority, sql: Sql): Promise<string> {
    const id = await this.#boss.send(name, data, { priority: PRIORITY[priority], db: within(sql) });
    if (id === null) throw new Error(`the queue ${name} took no job`);
    return id;
  }

  /** Raises the priority of a job that still waits. */
  async hasten(name: QueueName, id: string, priority: Priority, sql: Sql): Promise<void> {
    await this.#boss.update(name, undefined, { id, priority: PRIORITY[priority], db: within(sql) });
  }

  /** Up to `most` jobs, the most urgent first, now in the hands of this process. */
  async claim<Data>(name: QueueName, most: number): Promise<Claim<Data>[]> {
    const jobs = await this.#boss.fetch<Data>(name, { batchSize: most, includeMetadata: true });
    return jobs.map(({ id, retryCount, data }) => ({ id, retryCount, data }));
  }

  /** Ends a job; false when it is no longer in the hands of this process, and nothing may be written for it. */
  async finish(name: QueueName, { id, retryCount }: Claim<unknown>, sql: Sql): Promise<boolean> {
    const done = await this.#boss.complete(name, { id, retryCount }, null, { db: within(sql) });
    // pg-boss 12.35 says this, but its types leave it out.
    return (done as { readonly affected?: number }).affected === 1;
  }

  /** Hands a job back, to be tried again while attempts are left. */
  async giveBack(name: QueueName, { id, retryCount }: Claim<unknown>, why: string): Promise<void> {
    await this.#boss.fail(name, { id, retryCount }, { why });
  }

  /** Signs of life. */
  async touch(name: QueueName, claims: readonly Claim<unknown>[]): Promise<void> {
    if (claims.length === 0) return;
    await this.#boss.touch(
      name,
      claims.map(({ id, retryCount }) => ({ id, retryCount })),
    );
  }

  /** Takes a job out, wherever it is. */
  async cancel(name: QueueName, id: string, sql: Sql): Promise<void> {
    await this.#boss.cancel(name, id, { db: within(sql) });
  }

  /** Where no other process can be at work: jobs that a process held when it died wait again. */
  async reclaimAll(database: Database): Promise<void> {
    for (const name of [ANALYSE, NOTIFY] as const) {
      const held = await database.query<{ id: string }>(
        `select id from huoyan_queue.job where name = $1 and state = 'active'`,
        [name],
      );
      const ids = held.map(({ id }) => id);
      if (ids.length > 0) await this.#boss.fail(name, ids, { why: 'the process ended' });
    }
  }

  /** Stops the background work; what is claimed stays claimed. */
  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false, close: false });
  }
}

const within = (sql: Sql) => ({
  executeSql: async (text: string, values?: unknown[]) => ({
    rows: await sql.query<Record<string, unknown>>(text, values ?? []),
  }),
});

/** pg-boss's statements without values may be several in one. */
const statements = (database: Database) => ({
  executeSql: async (text: string, values?: unknown[]) => ({
    rows: values?.length
      ? await database.query<Record<string, unknown>>(text, values)
      : await database.script(text),
  }),
});

/**
 * Who waits for an analysis hears of its end at once when it ended in this process, and within half a second when it
 * ended in another: one question to the database for all that are waited for.
 */
import { EventEmitter } from 'node:events';
import type { Sql } from '../trace/index/database.ts';
import { SCHEMA } from './store/migrations.ts';

const LOOK_MS = 500;

export class Events {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #waited = new Map<string, { count: number; state: string }>();
  readonly #sql: Sql;
  #timer: NodeJS.Timeout | null = null;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Some work, or a measurement, has changed its state. */
  changed(work: string): void {
    this.#emitter.emit(work);
  }

  /** Calls `heard` after every change of `work` until the returned function is called. */
  follow(work: string, heard: () => void): () => void {
    this.#emitter.on(work, heard);
    const waited = this.#waited.get(work) ?? { count: 0, state: '' };
    waited.count++;
    this.#waited.set(work, waited);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
    return () => {
      this.#emitter.off(work, heard);
      if (--waited.count === 0) this.#waited.delete(work);
      if (this.#waited.size > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#emitter.removeAllListeners();
  }

  async #look(): Promise<void> {
    const ids = [...this.#waited.keys()];
    const rows = await this.#sql
      .query<{ id: string; status: string }>(
        `select id, status from ${SCHEMA}.work where id = any($1::text[])
         union all select id, status from ${SCHEMA}.measurement where id = any($1::text[])`,
        [ids],
      )
      .catch(() => null);
    if (!rows) return;
    const states = new Map(rows.map(({ id, status }) => [id, status]));
    for (const id of ids) {
      const waited = this.#waited.get(id);
      const state = states.get(id) ?? 'gone';
      if (!waited || waited.state === state) continue;
      waited.state = state;
      this.#emitter.emit(id);
    }
  }
}

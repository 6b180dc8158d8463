/**
 * Who waits for something hears of its changes at once when they happened in this process, and within half a second when
 * in another: one question to the database for all that is waited for.
 */
import { EventEmitter } from 'node:events';
import type { Sql } from '../trace/index/database.ts';
import { SCHEMA } from './store/migrations.ts';

const LOOK_MS = 500;

/** A watch over some works. */
export interface Watch {
  /** Resolves after the next change of any of them since it was last asked, or after `withinMs`. */
  changed(withinMs: number): Promise<void>;
  release(): void;
}

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

  /** Watches `works` until it is released; a change that falls between two questions is not missed. */
  watch(works: readonly string[]): Watch {
    let changed = false;
    let heard = () => {};
    const hear = () => {
      changed = true;
      heard();
    };
    for (const work of works) this.#follow(work, hear);
    return {
      changed: (withinMs) =>
        new Promise<void>((resolve) => {
          const end = () => {
            clearTimeout(timer);
            heard = () => {};
            changed = false;
            resolve();
          };
          const timer = setTimeout(end, Math.max(1, withinMs));
          heard = end;
          if (changed) end();
        }),
      release: () => {
        for (const work of works) this.#unfollow(work, hear);
      },
    };
  }

  #follow(work: string, heard: () => void): void {
    this.#emitter.on(work, heard);
    const waited = this.#waited.get(work) ?? { count: 0, state: '' };
    waited.count++;
    this.#waited.set(work, waited);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
  }

  #unfollow(work: string, heard: () => void): void {
    this.#emitter.off(work, heard);
    const waited = this.#waited.get(work);
    if (waited && --waited.count === 0) this.#waited.delete(work);
    if (this.#waited.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
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

/** Waiting for the end of something on behalf of a request: `?wait=` seconds, or `Prefer: wait=` (RFC 7240). */
import type { Context as Http } from 'hono';
import { isOver, type Status } from '../analyses/analysis.ts';
import type { Events } from '../events.ts';

/** Longest time one request may wait, in seconds. */
export const MOST_WAIT_S = 60;

/** The seconds a request wants to wait; what is no number is none. */
export function waitOf(http: Http, query: string | number | undefined): number {
  const preferred = /\bwait=(\d{1,4})\b/.exec(http.req.header('prefer') ?? '')?.[1];
  const seconds = Number(query ?? preferred ?? 0);
  return seconds > 0 ? Math.min(MOST_WAIT_S, seconds) : 0;
}

/** The row once it is over, or after `seconds`; `followed` is what `Events` knows it by. Stays as it was when it is gone. */
export async function untilOver<Row extends { readonly status: Status }>(
  events: Events,
  followed: string,
  row: Row,
  seconds: number,
  read: () => Promise<Row | null>,
): Promise<Row> {
  if (seconds <= 0 || isOver(row.status)) return row;
  const until = Date.now() + seconds * 1000;
  let current: Row | null = row;
  let stir = () => {};
  const release = events.follow(followed, () => stir());
  try {
    while (current && !isOver(current.status) && Date.now() < until) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, until - Date.now()));
        stir = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      current = await read();
    }
  } finally {
    release();
  }
  return current ?? row;
}

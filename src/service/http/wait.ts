/** Waiting for the end of a job on behalf of a request: `?wait=` seconds, or `Prefer: wait=` (RFC 7240). */
import type { Context as Http } from 'hono';
import type { Events } from '../events.ts';
import { isOver, type Job, type JobKind } from '../jobs/job.ts';

/** Longest time one request may wait, in seconds. */
export const MOST_WAIT_S = 60;

/** The seconds a request wants to wait; what is no number is none. */
export function waitOf(http: Http): number {
  const preferred = /\bwait=(\d{1,4})\b/.exec(http.req.header('prefer') ?? '')?.[1];
  const seconds = Number(http.req.query('wait') ?? preferred ?? 0);
  return seconds > 0 ? Math.min(MOST_WAIT_S, seconds) : 0;
}

/** Whether a request wants to be answered before it is carried out (RFC 7240). */
export const wantsLater = (http: Http): boolean => /\brespond-async\b/.test(http.req.header('prefer') ?? '');

/** The job once it is over, or after `seconds`. Stays as it was when it is gone. */
export async function untilOver<Row extends Job>(
  events: Events,
  kind: JobKind<Row>,
  row: Row,
  seconds: number,
): Promise<Row> {
  if (seconds <= 0 || isOver(row.status)) return row;
  const until = Date.now() + seconds * 1000;
  const watch = events.watch(await kind.followed(row));
  let current: Row | null = row;
  try {
    while (current && !isOver(current.status) && Date.now() < until) {
      await watch.changed(until - Date.now());
      current = await kind.read(row.id);
    }
  } finally {
    watch.release();
  }
  return current ?? row;
}

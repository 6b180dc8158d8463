/**
 * What everything that is asked for and done later has in common, whatever it is: a state, a place to ask, an end, a time
 * after which it is erased. What is done, and what is told of it, each kind says for itself (`manifest.ts`); the queue, the
 * waiting, the events, the lists, the webhooks and the retention are the same for all.
 */
import type { Language, Text } from '../../core/text.ts';

export type Status = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export const STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export const isOver = (status: Status): boolean => status !== 'queued' && status !== 'running';

/** Seconds after which to ask again. */
export const POLL_AFTER_S = 1;

/** A time as it is told. */
export const iso = (at: Date | null): string | null => (at ? new Date(at).toISOString() : null);

/** When something asked for now is to be erased: after so many seconds; null keeps it. */
export const expiryOf = (keepSeconds: number | null): string | null =>
  keepSeconds === null ? null : new Date(Date.now() + keepSeconds * 1000).toISOString();

export interface Job {
  readonly id: string;
  readonly status: Status;
  readonly finished: Date | null;
  /** The URL that is told of the end. */
  readonly webhook: string | null;
}

export interface JobKind<Row extends Job = Job> {
  /** In sentences, and in what webhooks are called: `audit.succeeded`. */
  readonly noun: string;
  /** Of its ids. */
  readonly prefix: string;
  /** Where it is asked for, for instance `/v1/audits`. */
  readonly path: string;
  readonly none: Text;
  /** The one of `id`; null when there is none, or `id` could not be one. */
  read(id: string): Promise<Row | null>;
  /** The newest first, from after `after`; at most `most`. `filter` is what the kind's own query says. */
  list(after: string | null, most: number, filter: Readonly<Record<string, unknown>>): Promise<Row[]>;
  /** What is past its time; a few at a time. */
  expired(): Promise<Row[]>;
  /** By what `Events` hears of its changes. */
  followed(row: Row): Promise<readonly string[]>;
  /** Differs as soon as there is something new to tell. */
  state(row: Row): string;
  /** As it stands in a list. */
  listed(row: Row, language: Language): object;
  /** As it is told while it goes on. */
  underWay(row: Row, language: Language): Promise<object>;
  /** With all that came of it. */
  whole(row: Row, language: Language): Promise<object>;
  /** Stops it, unless it is over. */
  cancel(row: Row, actor: string): Promise<void>;
  /** Erases it, and what only it needs. */
  erase(row: Row, actor: string): Promise<void>;
}

/**
 * What a job can be about, and what doing it means: the dispatcher (`dispatcher.ts`) hands out jobs without knowing what
 * is in them. All of them wait in one queue, so that priorities, lost processes and back-pressure hold for all alike.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { Claim } from '../queue/queue.ts';

/** What a job of ANALYSE carries: the id of a piece of work, or of a measurement. */
export type JobData = { readonly work: string } | { readonly measurement: string };

export interface Trade {
  /** In spans. */
  readonly name: string;
  /** Makes an attempt. Null when nobody wants it any more. Throws where another attempt may fare better. */
  attempt(claim: Claim<unknown>, id: string, signal: AbortSignal): Promise<Attempted | null>;
  /** Gives a job an end whose every attempt took its process along. */
  bury(claim: Claim<unknown>, id: string): Promise<void>;
  /** Which of these somebody still waits for. */
  wanted(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface Attempted {
  /** In spans. */
  readonly outcome: string;
  /** Writes the end down, unless the job is in other hands by now. */
  write(): Promise<void>;
}

/** A file whose child died is tried so many times; a crash may be the machine's fault, twice hardly. */
export const CRASHES = 2;

export function contentGone(): HuoyanError {
  return new HuoyanError(
    'not-found',
    { en: 'the content is no longer in the store', zh: '文件内容已不在存储中' },
    { en: 'send the file again', zh: '请重新发送该文件' },
  );
}

export function givenUp(): HuoyanError {
  return new HuoyanError(
    'internal',
    {
      en: 'every attempt at this file ended with the process that made it',
      zh: '对该文件的每次尝试都使进程意外终止',
    },
    {
      en: 'an administrator finds it among the poisoned work, and may have it tried again',
      zh: '管理员可在“中毒任务”中找到它，并安排重试',
    },
  );
}

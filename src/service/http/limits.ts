/** How much one caller may ask at once, and how much may wait altogether before more is turned away. */
import type { MiddlewareHandler } from 'hono';
import type { Context } from '../context.ts';
import { type Caller, spend } from '../keys/keys.ts';
import { Problem } from '../problem.ts';
import { SCHEMA } from '../store/migrations.ts';
import type { Env } from './env.ts';

/** Callers remembered at once; beyond that the longest unseen is forgotten, which only gives it a full bucket. */
const MOST_CALLERS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** A bucket of tokens for every caller: so many requests a second, twice as many at once. */
export function rateLimit({ options }: Pick<Context, 'options'>): MiddlewareHandler<Env> {
  const { requestsPerSecond: rate } = options;
  const buckets = new Map<string, Bucket>();
  return async (http, next) => {
    const who = http.get('caller')?.id ?? http.env.incoming.socket.remoteAddress ?? '';
    const now = performance.now();
    const bucket = buckets.get(who) ?? { tokens: rate * 2, at: now };
    bucket.tokens = Math.min(rate * 2, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    buckets.delete(who);
    buckets.set(who, bucket);
    if (buckets.size > MOST_CALLERS) buckets.delete(buckets.keys().next().value as string);
    if (bucket.tokens < 1) {
      const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / rate));
      throw new Problem(
        429,
        'too-many-requests',
        { en: `more than ${rate} requests a second`, zh: `每秒请求超过 ${rate} 次` },
        { en: `wait ${seconds} s`, zh: `请等待 ${seconds} 秒` },
        { headers: { 'retry-after': String(seconds) }, members: { limit: rate } },
      );
    }
    bucket.tokens--;
    await next();
  };
}

/** Lets requests to the desk, where somebody waits at the line for a child process, while there is room. */
export type DeskDoor = <T>(
  caller: Caller,
  /** Calls `charge` with the files it brings, before anything is done with them. */
  work: (charge: (files: number) => Promise<void>) => Promise<T>,
) => Promise<T>;

/**
 * A door that so many may be behind at once: a request beyond that would wait longer than its sender does. Throws Problem
 * 429 then, and when the caller has had its files of the day.
 */
export function deskDoor({ store, options }: Pick<Context, 'store' | 'options'>): DeskDoor {
  const limit = options.maxAtDesk;
  let inside = 0;
  return async (caller, work) => {
    if (inside >= limit) {
      throw new Problem(
        429,
        'queue-full',
        { en: `${inside} requests are waiting already`, zh: `已有 ${inside} 个请求在等待` },
        { en: 'try again in a moment, or ask several services', zh: '请稍后重试，或分散到多个服务' },
        { headers: { 'retry-after': '2' }, members: { waiting: inside, limit } },
      );
    }
    inside++;
    try {
      return await work(async (files) => {
        if (!(await spend(store, caller, files))) throw quotaUsed(caller);
      });
    } finally {
      inside--;
    }
  };
}

/** Throws Problem 429 when so much waits that more would only wait longer, or the caller has had its share of the day. */
export async function admit(
  { store, options, metrics, blobs }: Pick<Context, 'store' | 'options' | 'metrics' | 'blobs'>,
  caller: Caller,
  files: number,
): Promise<void> {
  const waiting = await countWaiting(store);
  metrics.waiting.set(waiting);
  if (waiting + files > options.maxWaiting) {
    throw new Problem(
      429,
      'queue-full',
      { en: `${waiting} jobs are waiting already`, zh: `已有 ${waiting} 项任务在等待` },
      { en: 'try again later, or add workers', zh: '请稍后重试，或增加工作进程' },
      { headers: { 'retry-after': '30' }, members: { waiting, limit: options.maxWaiting } },
    );
  }
  const free = await blobs.freeMb();
  if (free !== null && free < LEAST_FREE_MB) {
    throw new Problem(
      507,
      'disk-full',
      { en: `only ${free} MB are left on the disk`, zh: `磁盘仅剩 ${free} MB` },
      { en: 'delete analyses, or give the service more room', zh: '请删除部分分析，或为服务扩充空间' },
    );
  }
  if (!(await spend(store, caller, files))) throw quotaUsed(caller);
}

function quotaUsed({ daily }: Caller): Problem {
  return new Problem(
    429,
    'quota-used',
    { en: `this key may send ${daily} files a day`, zh: `该密钥每天可发送 ${daily} 个文件` },
    {
      en: 'go on tomorrow (UTC), or ask an administrator for more',
      zh: '请明日（UTC）继续，或向管理员申请更多额度',
    },
    { headers: { 'retry-after': '3600' }, members: { limit: daily ?? 0 } },
  );
}

const LEAST_FREE_MB = 200;

export async function countWaiting(store: Context['store']): Promise<number> {
  const [{ waiting }] = await store.query<{ waiting: number | string }>(
    `select (select count(*) from ${SCHEMA}.work where status in ('queued', 'running'))
       + (select count(*) from ${SCHEMA}.measurement where status in ('queued', 'running')) as waiting`,
  );
  return Number(waiting);
}

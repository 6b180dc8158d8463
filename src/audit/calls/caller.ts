/**
 * Calls to a service as a careful customer makes them: nothing asked twice, never faster than agreed, longer and
 * longer waits (with jitter) where the service asks for them, a limit on how many are paid for.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { Random } from '../../core/random.ts';
import { type Act, type Call, type Pace, ServiceFailure } from '../recogniser.ts';
import type { Entry } from './journal.node.ts';

/** Time, so that a test need not wait. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export interface Memory {
  get(key: string): Entry | undefined;
  /** `paid` entries must outlast a power cut. */
  add(entry: Entry, paid: boolean): Promise<void>;
}

export interface CallerOptions {
  readonly recogniser: string;
  /** Key of an act of this recogniser with its settings. */
  readonly keyOf: (act: Act) => string;
  readonly memory: Memory;
  readonly pace: Pace;
  /** Whether a call costs somebody money; default true. */
  readonly paid?: boolean;
  /** At most so many calls are made; what is remembered does not count. */
  readonly mostCalls?: number;
  readonly clock?: Clock;
  readonly seed?: number;
}

const ATTEMPTS = 7;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

export interface CallCounts {
  /** Acts that were answered from memory. */
  remembered: number;
  /** Requests made, repetitions after throttling included. */
  made: number;
  /** Waits the service asked for. */
  throttled: number;
}

export class Caller {
  readonly counts: CallCounts = { remembered: 0, made: 0, throttled: 0 };
  readonly #options: CallerOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #underWay = new Map<string, Promise<Json>>();
  /** When the next call may begin. */
  #next = 0;

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? REAL_CLOCK;
    this.#random = new Random(options.seed ?? 1);
  }

  readonly call: Call = async (act, work) => {
    const key = this.#options.keyOf(act);
    const known = this.#options.memory.get(key);
    if (known) {
      this.counts.remembered++;
      if (known.refused) throw refusal(known.refused);
      return known.answer as never;
    }
    const already = this.#underWay.get(key);
    if (already) return already as never;
    const promise = this.#perform(key, act, work);
    this.#underWay.set(key, promise);
    try {
      return (await promise) as never;
    } finally {
      this.#underWay.delete(key);
    }
  };

  async #perform(key: string, act: Act, work: (signal: AbortSignal) => Promise<Json>): Promise<Json> {
    const { recogniser, memory, pace, paid = true } = this.#options;
    const head = { key, recogniser, operation: act.operation };
    for (let attempt = 1; ; attempt++) {
      await this.#turn();
      try {
        const answer = await limited(work, pace.timeoutMs);
        await memory.add({ ...head, answer }, paid);
        return answer;
      } catch (thrown) {
        if (!(thrown instanceof ServiceFailure)) throw thrown;
        if (thrown.kind === 'refused') {
          await memory.add({ ...head, refused: thrown.text }, paid);
          throw thrown;
        }
        const again = thrown.kind === 'throttled' || thrown.kind === 'unavailable';
        if (!again || attempt >= ATTEMPTS) throw thrown;
        if (thrown.kind === 'throttled') this.counts.throttled++;
        const wait = thrown.retryAfterMs ?? this.#backOff(attempt);
        // Everybody waits: other calls would be refused just the same.
        this.#next = Math.max(this.#next, this.#clock.now() + Math.min(wait, LONGEST_WAIT_MS));
      }
    }
  }

  /** Doubles each time; the upper half of it is left to chance, so that many clients do not return together. */
  #backOff(attempt: number): number {
    const whole = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
    return whole * this.#random.uniform(0.5, 1);
  }

  /** Waits for this call's place in the queue. */
  async #turn(): Promise<void> {
    const { pace, mostCalls = Number.POSITIVE_INFINITY } = this.#options;
    if (this.counts.made >= mostCalls) throw quotaReached(mostCalls);
    this.counts.made++;
    const now = this.#clock.now();
    const begin = Math.max(now, this.#next);
    this.#next = begin + (Number.isFinite(pace.perSecond) ? 1000 / pace.perSecond : 0);
    if (begin > now) await this.#clock.sleep(begin - now);
  }
}

async function limited<T>(work: (signal: AbortSignal) => Promise<T>, timeoutMs: number): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    return await work(limit.signal);
  } catch (thrown) {
    if (limit.signal.aborted && !(thrown instanceof HuoyanError)) throw tookTooLong(timeoutMs, thrown);
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}

function tookTooLong(timeoutMs: number, cause: unknown): ServiceFailure {
  const seconds = timeoutMs / 1000;
  return new ServiceFailure(
    'unavailable',
    { en: `no answer within ${seconds} s`, zh: `${seconds} 秒内没有应答` },
    { en: 'run the audit again: it goes on where it stopped', zh: '请重新运行：审计会从中断处继续' },
    null,
    { cause },
  );
}

function refusal(text: { en: string; zh: string }): ServiceFailure {
  return new ServiceFailure('refused', text, {
    en: 'the service had refused this picture; it was not asked again',
    zh: '该服务此前已拒绝此图片，未再次询问',
  });
}

/** Thrown when no more calls may be made; the journal holds what was paid for. */
export class QuotaReached extends HuoyanError {}

function quotaReached(most: number): QuotaReached {
  return new QuotaReached(
    'cancelled',
    { en: `the limit of ${most} calls is reached`, zh: `已达到 ${most} 次调用的上限` },
    {
      en: 'run the same command again to go on where it stopped, or raise --max-calls',
      zh: '重新运行同一命令即可从中断处继续，或提高 --max-calls',
    },
  );
}

/**
 * Takes jobs from the queue as fast as child processes become free, and writes what they find. Any number of these may
 * run, in any number of processes and on any number of machines, over one database and one store of blobs.
 */
import { asHuoyanError } from '../../core/errors.ts';
import { analysisTrade } from '../analyses/trade.ts';
import type { Context } from '../context.ts';
import { measurementTrade } from '../measurements/trade.ts';
import { ANALYSE, type Claim, POISONED } from '../queue/queue.ts';
import { ENROLMENTS, readSetting } from '../store/settings.ts';
import { inSpan } from '../tracing.ts';
import type { Crew } from './crew.ts';
import type { JobData, Trade } from './trade.ts';

type Needs = Omit<Context, 'desk' | 'studio'>;

/** How long to wait before looking for jobs again when nobody says that there are any. */
const LOOK_MS = 500;
/** How often running jobs give a sign of life and are checked for cancellation. */
const PULSE_MS = 2000;

interface Running {
  readonly claim: Claim<JobData>;
  readonly stop: AbortController;
}

export class Dispatcher {
  readonly #context: Needs;
  readonly #crew: Crew;
  readonly #trades: { readonly analysis: Trade; readonly measurement: Trade };
  readonly #running = new Map<string, Running>();
  #enrolments: string | null = null;
  #stopping = false;
  #loop: Promise<void> | null = null;
  #pulse: NodeJS.Timeout | null = null;
  #wake = () => {};

  constructor(context: Needs, crew: Crew) {
    this.#context = context;
    this.#crew = crew;
    this.#trades = { analysis: analysisTrade(context, crew), measurement: measurementTrade(context, crew) };
  }

  start(): void {
    this.#crew.warm();
    this.#loop ??= this.#run();
    this.#pulse ??= setInterval(() => void this.#beat().catch((error) => this.#trouble(error)), PULSE_MS);
  }

  /** There may be something to do. */
  wake(): void {
    this.#wake();
  }

  /** Takes nothing more, and waits up to `graceMs` for what is under way; the rest is handed back to the queue. */
  async drain(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#loop;
    const until = Date.now() + graceMs;
    while (this.#running.size > 0 && Date.now() < until) await sleep(50);
    for (const { stop } of this.#running.values()) stop.abort();
    while (this.#running.size > 0) await sleep(20);
    if (this.#pulse) clearInterval(this.#pulse);
  }

  async #run(): Promise<void> {
    const { queue } = this.#context;
    while (!this.#stopping) {
      let found = 0;
      try {
        const room = this.#crew.free;
        const claims = room > 0 ? await queue.claim<JobData>(ANALYSE, room) : [];
        found = claims.length;
        for (const claim of claims) void this.#handle(claim);
        await this.#bury();
      } catch (error) {
        this.#trouble(error);
      }
      if (found === 0 && !this.#stopping) await this.#rest();
    }
  }

  async #handle(claim: Claim<JobData>): Promise<void> {
    const { log, queue } = this.#context;
    const stop = new AbortController();
    this.#running.set(claim.id, { claim, stop });
    const { trade, id } = this.#tradeOf(claim.data);
    try {
      const attributes = { 'huoyan.work': id, 'huoyan.attempt': claim.retryCount };
      await inSpan(trade.name, { kind: 'consumer', attributes }, async (tell) => {
        const attempted = await trade.attempt(claim, id, stop.signal);
        tell({ 'huoyan.outcome': attempted?.outcome ?? 'unwanted' });
        await attempted?.write();
      });
    } catch (error) {
      log.warn({ work: id, attempt: claim.retryCount, err: plain(error) }, 'attempt lost');
      await queue.giveBack(ANALYSE, claim, plain(error)).catch((cause) => this.#trouble(cause));
    } finally {
      this.#running.delete(claim.id);
      this.#wake();
    }
  }

  #tradeOf(data: JobData): { readonly trade: Trade; readonly id: string } {
    if ('work' in data) return { trade: this.#trades.analysis, id: data.work };
    return { trade: this.#trades.measurement, id: data.measurement };
  }

  /** Work whose every attempt took its process along gets an end, too. */
  async #bury(): Promise<void> {
    for (const claim of await this.#context.queue.claim<JobData>(POISONED, 10)) {
      const { trade, id } = this.#tradeOf(claim.data);
      this.#context.log.error({ work: id }, 'given up after too many attempts');
      await trade.bury(claim, id);
    }
  }

  async #beat(): Promise<void> {
    const { queue, store, refresh } = this.#context;
    const enrolments = await readSetting(store, ENROLMENTS, () => '0');
    // Another process may have enrolled a generator; ours must know it from now on.
    if (this.#enrolments !== null && this.#enrolments !== enrolments) refresh();
    this.#enrolments = enrolments;
    const running = [...this.#running.values()];
    if (running.length === 0) return;
    await queue.touch(
      ANALYSE,
      running.map(({ claim }) => claim),
    );
    for (const trade of Object.values(this.#trades)) {
      const own = running.flatMap(({ claim, stop }) => {
        const found = this.#tradeOf(claim.data);
        return found.trade === trade ? [{ id: found.id, stop }] : [];
      });
      if (own.length === 0) continue;
      const wanted = await trade.wanted(own.map(({ id }) => id));
      for (const { id, stop } of own) if (!wanted.has(id)) stop.abort();
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #trouble(error: unknown): void {
    this.#context.log.error({ err: plain(error) }, 'dispatcher');
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const plain = (error: unknown) => asHuoyanError(error).message;

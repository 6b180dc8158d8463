/**
 * Takes jobs from the queue as fast as child processes become free, and writes what they find. Any number of these may
 * run, in any number of processes and on any number of machines, over one database and one store of blobs.
 */
import type { Analysis } from '../../core/analysis.ts';
import { asHuoyanError, HuoyanError } from '../../core/errors.ts';
import { fromWire, unreadable } from '../../evidence/wire.ts';
import type { Settings, Status } from '../analyses/analysis.ts';
import type { Context } from '../context.ts';
import { ANALYSE, type Claim, POISONED } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { ENROLMENTS, readSetting } from '../store/settings.ts';
import { inSpan } from '../tracing.ts';
import { type Crew, errorOfLoss, Lost } from './crew.ts';
import { finish, type WorkJob } from './finish.ts';

type Needs = Omit<Context, 'desk'>;

/** How long to wait before looking for jobs again when nobody says that there are any. */
const LOOK_MS = 500;
/** How often running jobs give a sign of life and are checked for cancellation. */
const PULSE_MS = 2000;
/** A file whose child died is tried so many times; a crash may be the machine's fault, twice hardly. */
const CRASHES = 2;

interface Running {
  readonly claim: Claim<WorkJob>;
  readonly stop: AbortController;
}

export class Dispatcher {
  readonly #context: Needs;
  readonly #crew: Crew;
  readonly #running = new Map<string, Running>();
  #enrolments: string | null = null;
  #stopping = false;
  #loop: Promise<void> | null = null;
  #pulse: NodeJS.Timeout | null = null;
  #wake = () => {};

  constructor(context: Needs, crew: Crew) {
    this.#context = context;
    this.#crew = crew;
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
        const claims = room > 0 ? await queue.claim<WorkJob>(ANALYSE, room) : [];
        found = claims.length;
        for (const claim of claims) void this.#handle(claim);
        await this.#bury();
      } catch (error) {
        this.#trouble(error);
      }
      if (found === 0 && !this.#stopping) await this.#rest();
    }
  }

  async #handle(claim: Claim<WorkJob>): Promise<void> {
    const { log, queue } = this.#context;
    const stop = new AbortController();
    this.#running.set(claim.id, { claim, stop });
    try {
      const attributes = { 'huoyan.work': claim.data.work, 'huoyan.attempt': claim.retryCount };
      await inSpan('analyse', { kind: 'consumer', attributes }, async (tell) => {
        const analysis = await this.#analyse(claim, stop.signal);
        tell({ 'huoyan.outcome': analysis?.outcome ?? 'unwanted' });
        if (analysis) await finish(this.#context, claim, analysis);
      });
    } catch (error) {
      log.warn({ work: claim.data.work, attempt: claim.retryCount, err: plain(error) }, 'attempt lost');
      await queue.giveBack(ANALYSE, claim, plain(error)).catch((cause) => this.#trouble(cause));
    } finally {
      this.#running.delete(claim.id);
      this.#wake();
    }
  }

  /** The analysis of a job; null when nobody wants it any more. Throws where another attempt may fare better. */
  async #analyse(claim: Claim<WorkJob>, signal: AbortSignal): Promise<Analysis | null> {
    const { store, queue, blobs, events, options } = this.#context;
    const { work } = claim.data;
    const [row] = await store.query<{ sha256: string; settings: Settings | string }>(
      `update ${SCHEMA}.work set status = 'running', started = now(), attempts = attempts + 1
       where id = $1 and status in ('queued', 'running') returning sha256, settings`,
      [work],
    );
    if (!row) {
      await queue.finish(ANALYSE, claim, store);
      return null;
    }
    events.changed(work);
    const settings: Settings = typeof row.settings === 'string' ? JSON.parse(row.settings) : row.settings;
    const path = await blobs.path(row.sha256);
    if (!path) return unreadable(row.sha256, gone());
    const { timeoutMs } = options;
    try {
      const file = { name: row.sha256, path };
      const asked = { file, stability: settings.stability, prior: settings.prior, preview: true };
      const { analysis } = await this.#crew.ask('analyse', asked, { timeoutMs, signal });
      return fromWire(analysis);
    } catch (error) {
      if (error instanceof HuoyanError) return unreadable(row.sha256, error);
      if (!(error instanceof Lost)) throw error;
      const { why } = error.loss;
      const final = why === 'timeout' || why === 'memory' || claim.retryCount + 1 >= CRASHES;
      if (why === 'cancelled' || !final) throw error;
      return unreadable(row.sha256, errorOfLoss(error.loss, timeoutMs));
    }
  }

  /** Work whose every attempt took its process along gets an end, too. */
  async #bury(): Promise<void> {
    for (const claim of await this.#context.queue.claim<WorkJob>(POISONED, 10)) {
      this.#context.log.error({ work: claim.data.work }, 'given up after too many attempts');
      await finish(this.#context, claim, unreadable('', givenUp()), { from: POISONED, poisoned: true });
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
    const works = running.map(({ claim }) => claim.data.work);
    const rows = await store.query<{ id: string; status: Status }>(
      `select id, status from ${SCHEMA}.work where id = any($1::text[])`,
      [works],
    );
    const wanted = new Set(rows.filter(({ status }) => status !== 'cancelled').map(({ id }) => id));
    for (const { claim, stop } of running) if (!wanted.has(claim.data.work)) stop.abort();
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

function gone(): HuoyanError {
  return new HuoyanError(
    'not-found',
    { en: 'the content is no longer in the store', zh: '文件内容已不在存储中' },
    { en: 'send the file again', zh: '请重新发送该文件' },
  );
}

function givenUp(): HuoyanError {
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

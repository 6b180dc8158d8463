/**
 * Work in other processes that may be killed at any moment. Decoders and ONNX Runtime are native code: a thread stopped
 * inside it (time limit, Ctrl-C) takes the whole process along (measured: `terminate()` during `session.run` of
 * onnxruntime-node 1.30 aborts), and so does any crash in it. A process can be killed, and the kernel gives its memory
 * back. Knows nothing of what the jobs are: `huoyan analyze` and the service both stand on it.
 *
 * A worker is a module that is run with its settings as JSON in `process.argv[2]`, sends `{ready: true}` when it can
 * work, and answers every message `{id, …}` with one `{id, …}`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Why a job has no answer. */
export interface Loss {
  /**
   * `timeout`: it took longer than it may; `memory`: its process grew larger than it may; `crash`: its process ended;
   * `cancelled`: its signal was aborted, or the pool was closed.
   */
  readonly why: 'timeout' | 'memory' | 'crash' | 'cancelled';
  /** The signal or exit code of a crash, the limit that was met. */
  readonly how: string;
  /** What its process last wrote to standard error. */
  readonly words: string;
}

export type Outcome<Reply> = { readonly reply: Reply } | { readonly loss: Loss };

export interface ProcessPoolOptions {
  /** The module of a worker. */
  readonly url: URL;
  /** Worker processes, at least 1. They start one by one as there is work for them. */
  readonly workers: number;
  /** What every worker gets at its start, as JSON. */
  readonly settings: unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** Resident megabytes beyond which a worker is stopped; only watched where the system tells (Linux). */
  readonly memoryMb?: number;
  /** Called when workers cannot be started at all: the installation, not a job, is to blame. */
  readonly broken: (loss: Loss) => void;
}

export interface RunOptions {
  readonly timeoutMs: number;
  /** Kills the worker of this job. */
  readonly signal?: AbortSignal;
}

interface Task<Job, Reply> {
  readonly job: Job;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly settle: (outcome: Outcome<Reply>) => void;
}

interface Seat<Job, Reply> {
  readonly worker: ChildProcess;
  ready: boolean;
  task: Task<Job, Reply> | null;
  timer: NodeJS.Timeout | null;
  /** Replaced as soon as its task is done. */
  stale: boolean;
  words: string;
}

/** Start-up failures in a row after which the installation, not a job, is to blame. */
const MAX_FAILED_STARTS = 3;
/** A worker that needs more JavaScript heap than this is stopped before it takes the process along. */
const WORKER_HEAP_MB = 1536;
/** A worker is to be one core; helpers of the garbage collector would take a part of another, and more than they save. */
export const WORKER_FLAGS = [`--max-old-space-size=${WORKER_HEAP_MB}`, '--single-threaded-gc'] as const;
/** How much of what a worker writes to standard error is kept, in UTF-16 units, to tell why it died. */
const LAST_WORDS = 4096;
/** Loading the engine takes well below a second; a worker that is not ready by now will never be. */
const START_TIMEOUT_MS = 60_000;
const WATCH_MS = 250;
const PAGE_BYTES = 4096;

export class ProcessPool<Job extends { readonly id: number }, Reply extends { readonly id: number }> {
  readonly #options: ProcessPoolOptions;
  readonly #seats: Seat<Job, Reply>[] = [];
  readonly #queue: Task<Job, Reply>[] = [];
  #watch: NodeJS.Timeout | null = null;
  #failedStarts = 0;
  #closed = false;

  constructor(options: ProcessPoolOptions) {
    this.#options = options;
    if (options.memoryMb !== undefined) {
      this.#watch = setInterval(() => void this.#weigh(), WATCH_MS);
      this.#watch.unref();
    }
  }

  /** Seats that could take a job at once, started or not. */
  get free(): number {
    const busy = this.#seats.filter((seat) => seat.task !== null).length;
    return Math.max(0, this.#options.workers - busy - this.#queue.length);
  }

  /** Process ids of the workers that run. */
  get pids(): number[] {
    return this.#seats.flatMap(({ worker }) => worker.pid ?? []);
  }

  /** Resolves with the answer or with why there is none; never rejects. */
  run(job: Job, { timeoutMs, signal }: RunOptions): Promise<Outcome<Reply>> {
    return new Promise((settle) => {
      if (this.#closed || signal?.aborted) return settle({ loss: CANCELLED });
      const task: Task<Job, Reply> = { job, timeoutMs, signal, settle };
      signal?.addEventListener('abort', () => this.#cancel(task), { once: true });
      this.#queue.push(task);
      this.#assign();
    });
  }

  /** Starts workers up to the limit, so that the first jobs do not wait for them. */
  warm(): void {
    while (this.#seats.length < this.#options.workers && !this.#closed) this.#start();
  }

  /** Has every worker replaced by a new one once it is idle: what it loaded at its start has changed. */
  refresh(): void {
    for (const seat of [...this.#seats]) {
      seat.stale = true;
      if (!seat.task) this.#dismiss(seat);
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#watch) clearInterval(this.#watch);
    for (const task of this.#queue.splice(0)) task.settle({ loss: CANCELLED });
    for (const seat of this.#seats.splice(0)) {
      if (seat.timer) clearTimeout(seat.timer);
      seat.worker.kill('SIGKILL');
      seat.task?.settle({ loss: CANCELLED });
    }
  }

  /** Gives every waiting task a free worker, starting new ones up to the limit. */
  #assign(): void {
    while (this.#queue.length > 0 && !this.#closed) {
      const free = this.#seats.find((seat) => seat.task === null);
      if (!free && this.#seats.length >= this.#options.workers) return;
      const seat = free ?? this.#start();
      seat.task = this.#queue.shift() as Task<Job, Reply>;
      if (seat.ready) this.#give(seat);
    }
  }

  #start(): Seat<Job, Reply> {
    const worker = startWorker(this.#options);
    const seat: Seat<Job, Reply> = { worker, ready: false, task: null, timer: null, stale: false, words: '' };
    this.#seats.push(seat);
    seat.timer = setTimeout(
      () => this.#lose(seat, 'timeout', `${START_TIMEOUT_MS / 1000} s`),
      START_TIMEOUT_MS,
    );
    worker.stderr?.setEncoding('utf8').on('data', (text: string) => {
      seat.words = (seat.words + text).slice(-LAST_WORDS);
    });
    worker.on('message', (reply: Reply | { readonly ready: true }) => {
      if ('ready' in reply) {
        seat.ready = true;
        this.#failedStarts = 0;
        if (seat.timer) clearTimeout(seat.timer);
        if (seat.task) this.#give(seat);
        return;
      }
      if (seat.task?.job.id !== reply.id) return;
      this.#settle(seat, { reply });
      if (seat.stale) this.#dismiss(seat);
      this.#assign();
    });
    worker.on('error', (error) => this.#lose(seat, 'crash', error.message));
    // `close`, not `exit`: its last words have arrived by then.
    worker.on('close', (code, signal) => this.#lose(seat, 'crash', signal ?? `exit code ${code}`));
    return seat;
  }

  #give(seat: Seat<Job, Reply>): void {
    const { job, timeoutMs } = seat.task as Task<Job, Reply>;
    seat.timer = setTimeout(() => this.#lose(seat, 'timeout', `${timeoutMs} ms`), timeoutMs);
    // A worker that has just died cannot take it; its `close` event settles the matter.
    seat.worker.send(job, () => {});
  }

  #settle(seat: Seat<Job, Reply>, outcome: Outcome<Reply>): void {
    if (seat.timer) clearTimeout(seat.timer);
    seat.timer = null;
    const task = seat.task;
    seat.task = null;
    task?.settle(outcome);
  }

  #cancel(task: Task<Job, Reply>): void {
    const waiting = this.#queue.indexOf(task);
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1);
      task.settle({ loss: CANCELLED });
      return;
    }
    const seat = this.#seats.find((one) => one.task === task);
    if (!seat) return;
    this.#settle(seat, { loss: CANCELLED });
    this.#dismiss(seat);
    this.#assign();
  }

  /** Takes a dead or stuck worker out; its job gets no answer, a later job a new worker. */
  #lose(seat: Seat<Job, Reply>, why: Loss['why'], how: string): void {
    if (!this.#seats.includes(seat)) return;
    this.#dismiss(seat);
    if (this.#closed) return;
    const loss: Loss = { why, how, words: seat.words };
    if (!seat.ready && ++this.#failedStarts >= MAX_FAILED_STARTS) {
      this.#options.broken(loss);
      return;
    }
    // A worker that died before it was ready has not seen the job: the job gets another chance.
    if (!seat.ready && seat.task) this.#queue.unshift(seat.task);
    else if (seat.task) this.#settle(seat, { loss });
    this.#assign();
  }

  #dismiss(seat: Seat<Job, Reply>): void {
    const at = this.#seats.indexOf(seat);
    if (at >= 0) this.#seats.splice(at, 1);
    if (seat.timer) clearTimeout(seat.timer);
    seat.worker.kill('SIGKILL');
  }

  async #weigh(): Promise<void> {
    const limit = (this.#options.memoryMb ?? Number.POSITIVE_INFINITY) * 2 ** 20;
    for (const seat of [...this.#seats]) {
      if (!seat.task || !seat.worker.pid) continue;
      const statm = await readFile(`/proc/${seat.worker.pid}/statm`, 'latin1').catch(() => '');
      const resident = Number(statm.split(' ')[1]) * PAGE_BYTES;
      if (resident > limit) this.#lose(seat, 'memory', `${this.#options.memoryMb} MB`);
    }
  }
}

const CANCELLED: Loss = { why: 'cancelled', how: 'cancelled', words: '' };

/** A process that runs the module at `url`; a TypeScript source (only in a checkout, where tsx is) through tsx. */
function startWorker({ url, settings, env }: ProcessPoolOptions): ChildProcess {
  const loader = url.pathname.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
  return fork(fileURLToPath(url), [JSON.stringify(settings)], {
    execArgv: [...loader, ...WORKER_FLAGS],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(env && { env: { ...process.env, ...env } }),
  });
}

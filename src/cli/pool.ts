/**
 * Batches: many files over a few worker threads. The pool never holds more than a small window of files, so a folder of
 * a million entries or a slow reader of our output costs no memory. A worker that dies or hangs on a file costs that
 * file an error record and is replaced; the rest go on.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Analysis } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import { fromWire, unreadable, type WireJob, type WireReply } from './wire.ts';
import type { WorkerSettings } from './worker.ts';

/** A file to analyse (by path, or by its bytes), or one that was already found to be unreadable. */
export type Input =
  | { readonly name: string; readonly bytes?: Uint8Array }
  | { readonly name: string; readonly error: HuoyanError };

export interface PoolOptions {
  /** Worker threads, at least 1. They start one by one as there is work for them. */
  readonly workers: number;
  /** Milliseconds one file may take before its worker is given up. */
  readonly timeoutMs: number;
  readonly settings: WorkerSettings;
  /** `input`: in the order the files came; `finished`: as soon as each is done. */
  readonly order: 'input' | 'finished';
  readonly signal?: AbortSignal;
  /** Another worker module, for tests. */
  readonly workerUrl?: URL;
}

interface Task {
  readonly job: WireJob;
  readonly settle: (analysis: Analysis) => void;
}

interface Seat {
  worker: Worker;
  ready: boolean;
  task: Task | null;
  timer: NodeJS.Timeout | null;
}

/** Start-up failures in a row after which the installation, not a file, is to blame. */
const MAX_FAILED_STARTS = 3;
/** A worker that needs more JavaScript heap than this is stopped before it takes the process along. */
const WORKER_HEAP_MB = 1536;
/** Loading the engine takes well below a second; a worker that is not ready by now will never be. */
const START_TIMEOUT_MS = 60_000;

/**
 * Analyses `inputs` and yields one Analysis for each. Stops early, without an error, when `signal` is aborted.
 * Throws HuoyanError `internal` when workers cannot be started at all.
 */
export async function* analyseMany(
  inputs: AsyncIterable<Input>,
  options: PoolOptions,
): AsyncGenerator<Analysis> {
  const { signal, order } = options;
  const source = inputs[Symbol.asyncIterator]();
  const window = options.workers * 3;
  /** Files under way, in the order they came; null while not finished. */
  const underWay = new Map<number, Analysis | null>();
  let pulling = false;
  let exhausted = false;
  let failure: unknown = null;
  let serial = 0;
  // One promise per wait, woken by whatever happens: racing long-lived promises would gather reactions for ever.
  let wake = () => {};
  const pool = new Pool(options, (error) => {
    failure ??= error;
    wake();
  });
  const stop = () => wake();
  signal?.addEventListener('abort', stop);

  const pull = () => {
    pulling = true;
    source.next().then(
      (result) => {
        pulling = false;
        if (result.done) exhausted = true;
        else {
          const id = serial++;
          underWay.set(id, null);
          void pool.analyse(id, result.value).then((analysis) => {
            underWay.set(id, analysis);
            wake();
          });
        }
        wake();
      },
      (error) => {
        failure ??= error;
        wake();
      },
    );
  };

  try {
    while (true) {
      if (failure) throw failure;
      if (signal?.aborted) return;
      if (!exhausted && !pulling && underWay.size < window) pull();
      const finished = takeFinished(underWay, order);
      if (finished) yield finished;
      else if (exhausted && underWay.size === 0) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    pool.close();
    // A source that waits for standard input might never return; nobody waits for it.
    source.return?.()?.catch(() => {});
  }
}

/** Removes and returns the next finished analysis: of the first file, or of any. */
function takeFinished(underWay: Map<number, Analysis | null>, order: PoolOptions['order']): Analysis | null {
  for (const [id, analysis] of underWay) {
    if (analysis) {
      underWay.delete(id);
      return analysis;
    }
    if (order === 'input') return null;
  }
  return null;
}

class Pool {
  readonly #options: PoolOptions;
  readonly #url: URL;
  readonly #seats: Seat[] = [];
  readonly #queue: Task[] = [];
  readonly #fail: (error: HuoyanError) => void;
  #failedStarts = 0;
  #closed = false;

  /** `fail` is called when the pool cannot work at all. */
  constructor(options: PoolOptions, fail: (error: HuoyanError) => void) {
    this.#options = options;
    this.#url = options.workerUrl ?? workerModule();
    this.#fail = fail;
  }

  analyse(id: number, input: Input): Promise<Analysis> {
    if ('error' in input) return Promise.resolve(unreadable(input.name, input.error));
    return new Promise((settle) => {
      this.#queue.push({ job: { id, name: input.name, bytes: input.bytes }, settle });
      this.#assign();
    });
  }

  /** Gives every waiting task a free worker, starting new ones up to the limit. */
  #assign(): void {
    while (this.#queue.length > 0 && !this.#closed) {
      const free = this.#seats.find((seat) => seat.task === null);
      if (!free && this.#seats.length >= this.#options.workers) return;
      const seat = free ?? this.#start();
      seat.task = this.#queue.shift() as Task;
      if (seat.ready) this.#give(seat);
    }
  }

  #start(): Seat {
    const worker = new Worker(this.#url, {
      workerData: this.#options.settings,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
      ...(this.#url.pathname.endsWith('.ts') ? { execArgv: ['--import', 'tsx'] } : {}),
    });
    const seat: Seat = { worker, ready: false, task: null, timer: null };
    this.#seats.push(seat);
    seat.timer = setTimeout(() => this.#lose(seat, () => tookTooLong(START_TIMEOUT_MS)), START_TIMEOUT_MS);
    let reason: unknown;
    worker.on('message', (reply: WireReply) => {
      if ('ready' in reply) {
        seat.ready = true;
        this.#failedStarts = 0;
        if (seat.timer) clearTimeout(seat.timer);
        if (seat.task) this.#give(seat);
        return;
      }
      if (seat.task?.job.id !== reply.id) return;
      this.#settle(seat, fromWire(reply.analysis));
      this.#assign();
    });
    worker.on('error', (error) => {
      reason = error;
    });
    worker.on('messageerror', (error) => {
      reason = error;
      this.#lose(seat, (name) => crashed(name, error));
    });
    worker.on('exit', () => this.#lose(seat, (name) => crashed(name, reason)));
    return seat;
  }

  #give(seat: Seat): void {
    const { job } = seat.task as Task;
    const { timeoutMs } = this.#options;
    seat.timer = setTimeout(() => this.#lose(seat, () => tookTooLong(timeoutMs)), timeoutMs);
    seat.worker.postMessage(job, job.bytes ? transferable(job.bytes) : []);
  }

  #settle(seat: Seat, analysis: Analysis): void {
    if (seat.timer) clearTimeout(seat.timer);
    seat.timer = null;
    const task = seat.task;
    seat.task = null;
    task?.settle(analysis);
  }

  /** Takes a dead or stuck worker out; its file gets an error record, a later file a new worker. */
  #lose(seat: Seat, why: (name: string) => HuoyanError): void {
    const at = this.#seats.indexOf(seat);
    if (at < 0) return;
    this.#seats.splice(at, 1);
    if (seat.timer) clearTimeout(seat.timer);
    void seat.worker.terminate();
    if (this.#closed) return;
    const name = seat.task?.job.name ?? '';
    if (!seat.ready && ++this.#failedStarts >= MAX_FAILED_STARTS) {
      this.#fail(why(name));
      return;
    }
    // A worker that died before it was ready has not seen the file: the file gets another chance.
    if (!seat.ready && seat.task) this.#queue.unshift(seat.task);
    else if (seat.task) this.#settle(seat, unreadable(name, why(name)));
    this.#assign();
  }

  close(): void {
    this.#closed = true;
    for (const seat of this.#seats) {
      if (seat.timer) clearTimeout(seat.timer);
      // Idle workers let their engine go themselves; busy ones are stopped.
      if (seat.ready && seat.task === null) seat.worker.postMessage(null);
      else void seat.worker.terminate();
    }
  }
}

/** The buffer behind `bytes` when it is theirs alone, so that it can be given away; else nothing, and it is copied. */
function transferable(bytes: Uint8Array): ArrayBuffer[] {
  const { buffer } = bytes;
  const alone = bytes.byteOffset === 0 && bytes.byteLength === buffer.byteLength;
  return alone && buffer instanceof ArrayBuffer ? [buffer] : [];
}

/** The worker beside this file in the sources, or wherever the bundler put this code in `dist/`. */
function workerModule(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./worker.ts', import.meta.url);
  const beside = new URL('./worker.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('./cli/worker.js', import.meta.url);
}

/** The error of a file that took longer than it may. */
export function tookTooLong(timeoutMs: number): HuoyanError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new HuoyanError(
    'timeout',
    { en: `not finished within ${seconds} s`, zh: `未能在 ${seconds} 秒内完成` },
    {
      en: 'allow more with --timeout SECONDS, or skip the stability ladder with --no-stability',
      zh: '可用 --timeout 秒数 放宽限制，或用 --no-stability 跳过稳定性检验',
    },
  );
}

function crashed(name: string, reason: unknown): HuoyanError {
  const outOfMemory = (reason as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const message = reason instanceof Error ? reason.message : 'no reason given';
  if (outOfMemory) {
    return new HuoyanError(
      'too-large',
      { en: 'analysing this file needs more memory than is allowed', zh: '分析此文件所需内存超出限制' },
      { en: 'analyse a smaller copy of it', zh: '请改用缩小后的副本' },
      { cause: reason },
    );
  }
  return new HuoyanError(
    'internal',
    { en: `the analysis worker stopped: ${message}`, zh: `分析进程意外停止：${message}` },
    {
      en: `run "huoyan doctor"; if all is well there, please report this${name ? ' with the file, if you may share it' : ''}`,
      zh: `请运行 huoyan doctor；如检查无异常，请报告此问题${name ? '（可分享时请附上该文件）' : ''}`,
    },
    { cause: reason },
  );
}

/**
 * Batches: many files over a few worker processes. The pool never holds more than a small window of files, so a folder
 * of a million entries or a slow reader of our output costs no memory. A worker that dies or hangs on a file costs that
 * file an error record and is replaced; the rest go on.
 *
 * Processes, not threads: decoders and ONNX Runtime are native code. A thread stopped inside it (time limit, Ctrl-C)
 * takes the whole process along (measured: `terminate()` during `session.run` of onnxruntime-node 1.30 aborts), and so
 * does any crash in it. A process can be killed at any moment, and the kernel gives its memory back.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Analysis } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import { fromWire, unreadable, type WireJob, type WireReply } from './wire.ts';
import type { WorkerSettings } from './worker.ts';

/** A file to analyse (by path, or by its bytes), or one that was already found to be unreadable. */
export type Input =
  | { readonly name: string; readonly bytes?: Uint8Array }
  | { readonly name: string; readonly error: HuoyanError };

export interface PoolOptions {
  /** Worker processes, at least 1. They start one by one as there is work for them. */
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
  readonly worker: ChildProcess;
  ready: boolean;
  task: Task | null;
  timer: NodeJS.Timeout | null;
}

/** Start-up failures in a row after which the installation, not a file, is to blame. */
const MAX_FAILED_STARTS = 3;
/** A worker that needs more JavaScript heap than this is stopped before it takes the process along. */
const WORKER_HEAP_MB = 1536;
/** How much of what a worker writes to standard error is kept, in UTF-16 units, to tell why it died. */
const LAST_WORDS = 4096;
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
    const worker = startWorker(this.#url, this.#options.settings);
    const seat: Seat = { worker, ready: false, task: null, timer: null };
    this.#seats.push(seat);
    seat.timer = setTimeout(() => this.#lose(seat, () => tookTooLong(START_TIMEOUT_MS)), START_TIMEOUT_MS);
    let words = '';
    worker.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS);
    });
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
    worker.on('error', (error) => this.#lose(seat, (name) => crashed(name, error.message, words)));
    // `close`, not `exit`: its last words have arrived by then.
    worker.on('close', (code, signal) =>
      this.#lose(seat, (name) => crashed(name, signal ?? `exit code ${code}`, words)),
    );
    return seat;
  }

  #give(seat: Seat): void {
    const { job } = seat.task as Task;
    const { timeoutMs } = this.#options;
    seat.timer = setTimeout(() => this.#lose(seat, () => tookTooLong(timeoutMs)), timeoutMs);
    // A worker that has just died cannot take it; its `close` event settles the matter.
    seat.worker.send(job, () => {});
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
    seat.worker.kill('SIGKILL');
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
      seat.worker.kill('SIGKILL');
    }
  }
}

/** A process that runs the module at `url`; a TypeScript source (only in a checkout, where tsx is) through tsx. */
function startWorker(url: URL, settings: WorkerSettings): ChildProcess {
  const loader = url.pathname.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
  return fork(fileURLToPath(url), [JSON.stringify(settings)], {
    execArgv: [...loader, `--max-old-space-size=${WORKER_HEAP_MB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
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

/** The error of a file whose worker died: `how` (signal or exit code), and what it last wrote to standard error. */
function crashed(name: string, how: string, words: string): HuoyanError {
  const cause = words.trim() === '' ? how : `${how}: ${words.trim()}`;
  if (words.includes('heap out of memory') || how === 'SIGKILL') {
    return new HuoyanError(
      'too-large',
      {
        en: `the analysis ran out of memory and was stopped (${how})`,
        zh: `分析所需内存超出限制，已被中止（${how}）`,
      },
      {
        en: 'analyse a smaller copy of the file, or fewer files at a time with --jobs 1',
        zh: '请改用缩小后的副本，或用 --jobs 1 减少同时分析的文件数',
      },
      { cause },
    );
  }
  const reason = /^\w*Error: .*$/m.exec(words)?.[0] ?? how;
  return new HuoyanError(
    'internal',
    { en: `the analysis process stopped: ${reason}`, zh: `分析进程意外停止：${reason}` },
    {
      en: `run "huoyan doctor"; if all is well there, please report this${name ? ' with the file, if you may share it' : ''}`,
      zh: `请运行 huoyan doctor；如检查无异常，请报告此问题${name ? '（可分享时请附上该文件）' : ''}`,
    },
    { cause },
  );
}

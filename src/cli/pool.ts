/**
 * Batches: many files over a few worker processes. The pool never holds more than a small window of files, so a folder
 * of a million entries or a slow reader of our output costs no memory. A worker that dies or hangs on a file costs that
 * file an error record and is replaced; the rest go on.
 */
import type { Analysis } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import { fromWire, unreadable } from '../evidence/wire.ts';
import { workerModule } from '../processes/module.ts';
import { type Loss, ProcessPool } from '../processes/pool.ts';
import type { Input } from './input.ts';
import type { WireJob, WireReply, WorkerSettings } from './worker.ts';

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
  const pool = new ProcessPool<WireJob, WireReply>({
    url: options.workerUrl ?? workerModule(import.meta.url, './worker.ts', 'cli/worker'),
    workers: options.workers,
    settings: options.settings,
    broken: (loss) => {
      failure ??= errorOf('', loss, options.timeoutMs);
      wake();
    },
  });
  const analyse = async (id: number, input: Input): Promise<Analysis> => {
    const { name } = input;
    if ('error' in input) return unreadable(name, input.error);
    const { bytes, path, release } = input;
    const outcome = await pool.run({ id, name, bytes, path }, { timeoutMs: options.timeoutMs });
    await release?.();
    if ('reply' in outcome) return fromWire(outcome.reply.analysis);
    return unreadable(name, errorOf(name, outcome.loss, options.timeoutMs));
  };
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
          void analyse(id, result.value).then((analysis) => {
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

function errorOf(name: string, { why, how, words }: Loss, timeoutMs: number): HuoyanError {
  return why === 'timeout' ? tookTooLong(timeoutMs) : crashed(name, how, words);
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

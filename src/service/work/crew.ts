/** The child processes as the rest of the service sees them: ask for a task, get its answer or a typed error. */
import { HuoyanError } from '../../core/errors.ts';
import { errorFromWire } from '../../evidence/wire.ts';
import { workerModule } from '../../processes/module.ts';
import { type Loss, ProcessPool } from '../../processes/pool.ts';
import type { ChildJob, ChildReply, TaskName, Tasks } from './tasks.ts';

export interface CrewOptions {
  readonly workers: number;
  /** Resident megabytes of one child. */
  readonly memoryMb: number;
  /** Where enrolled generators are kept. */
  readonly home: string;
  readonly broken: (error: HuoyanError) => void;
}

/** A task that has no answer because its process did not live to give one; another attempt may. */
export class Lost extends Error {
  constructor(readonly loss: Loss) {
    super(`${loss.why}: ${loss.how} ${loss.words.trim().slice(-400)}`.trim());
  }
}

export class Crew {
  readonly #pool: ProcessPool<ChildJob, ChildReply>;
  #serial = 0;

  constructor({ workers, memoryMb, home, broken }: CrewOptions) {
    this.#pool = new ProcessPool({
      url: workerModule(import.meta.url, './child.ts', 'service/child'),
      workers,
      settings: {},
      env: { HUOYAN_HOME: home },
      memoryMb,
      broken: (loss) => broken(errorOfLoss(loss, 0)),
    });
  }

  get free(): number {
    return this.#pool.free;
  }

  /** Rejects with HuoyanError for what the file is, and with {@link Lost} when its process died or was stopped. */
  async ask<Name extends TaskName>(
    task: Name,
    takes: Tasks[Name]['takes'],
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Tasks[Name]['gives']> {
    const job = { id: ++this.#serial, task, ...takes } as unknown as ChildJob;
    const outcome = await this.#pool.run(job, options);
    if ('loss' in outcome) throw new Lost(outcome.loss);
    if ('error' in outcome.reply) throw errorFromWire(outcome.reply.error);
    return outcome.reply.gives;
  }

  /**
   * The same for whoever sent the file: a child that was lost becomes the HuoyanError to tell them, one that was stopped by
   * `signal` HuoyanError `cancelled`.
   */
  async askFor<Name extends TaskName>(
    task: Name,
    takes: Tasks[Name]['takes'],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Tasks[Name]['gives']> {
    try {
      return await this.ask(task, takes, { timeoutMs, signal });
    } catch (error) {
      if (error instanceof Lost && signal?.aborted) throw nobodyWaits();
      throw error instanceof Lost ? errorOfLoss(error.loss, timeoutMs) : error;
    }
  }

  warm(): void {
    this.#pool.warm();
  }

  /** What children loaded at their start has changed. */
  refresh(): void {
    this.#pool.refresh();
  }

  close(): void {
    this.#pool.close();
  }
}

function nobodyWaits(): HuoyanError {
  return new HuoyanError(
    'cancelled',
    { en: 'nobody waits for the answer any more', zh: '请求方已断开，任务已取消' },
    { en: 'send it again', zh: '请重新发送' },
  );
}

/** What to tell the sender of the file. */
export function errorOfLoss({ why, how, words }: Loss, timeoutMs: number): HuoyanError {
  const cause = words.trim() === '' ? how : `${how}: ${words.trim()}`;
  if (why === 'timeout') {
    const seconds = Math.round(timeoutMs / 1000);
    return new HuoyanError(
      'timeout',
      { en: `not finished within ${seconds} s`, zh: `未能在 ${seconds} 秒内完成` },
      {
        en: 'send a smaller copy, or start the service with a longer --timeout',
        zh: '请发送缩小后的副本，或以更长的 --timeout 启动服务',
      },
      { cause },
    );
  }
  if (why === 'memory' || words.includes('heap out of memory')) {
    return new HuoyanError(
      'too-large',
      { en: 'the analysis needed too much memory and was stopped', zh: '分析所需内存超出限制，已被中止' },
      { en: 'send a smaller copy of the file', zh: '请发送缩小后的副本' },
      { cause },
    );
  }
  return new HuoyanError(
    'internal',
    { en: `the analysis process stopped (${how})`, zh: `分析进程意外停止（${how}）` },
    {
      en: 'the file may be built to break programs that read it; "huoyan doctor" tells whether the installation is well',
      zh: '该文件可能是为破坏读取程序而构造的；可用 huoyan doctor 检查安装是否正常',
    },
    { cause },
  );
}

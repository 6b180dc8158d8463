/** A few files, one after the other, in this thread: the way to the first verdict without starting workers. */
import type { Analysis } from '../core/analysis.ts';
import { type Engine, openEngine } from '../evidence/analyse.node.ts';
import { unreadable } from '../evidence/wire.ts';
import { analyseLocal, type Input, type LocalFile } from './input.ts';
import { tookTooLong } from './pool.ts';
import type { WorkerSettings } from './worker.ts';

export interface HereOptions {
  readonly settings: WorkerSettings;
  readonly timeoutMs: number;
  /** Threads inside one operator. */
  readonly threads: number;
  readonly signal: AbortSignal;
}

/** Analyses `inputs` in order. Ends early, without an error, when the signal is aborted. */
export async function* analyseHere(inputs: readonly Input[], options: HereOptions): AsyncGenerator<Analysis> {
  const engine = await openEngine({ threads: options.threads });
  try {
    for (const input of inputs) {
      if (options.signal.aborted) return;
      const analysis =
        'error' in input ? unreadable(input.name, input.error) : await analyseOne(engine, input, options);
      if (options.signal.aborted) return;
      yield analysis;
    }
  } finally {
    await engine.close();
  }
}

/** One file, given up when its time is over or the user stops. */
async function analyseOne(engine: Engine, input: LocalFile, options: HereOptions): Promise<Analysis> {
  const { settings, timeoutMs } = options;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const late = () => unreadable(input.name, tookTooLong(timeoutMs));
  const given = new Promise<Analysis>((resolve) => {
    signal.addEventListener('abort', () => resolve(late()), { once: true });
  });
  try {
    const work = analyseLocal(engine, input, { ...settings.analyse, signal });
    const analysis = await Promise.race([work, given]);
    // The engine notices the end of its time as a cancellation; the user is told which limit it was.
    return limit.signal.aborted && analysis.outcome === 'unreadable' ? late() : analysis;
  } finally {
    clearTimeout(timer);
    await input.release?.();
  }
}

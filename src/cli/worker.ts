/**
 * One analysis worker of a batch: a process with an engine of its own (networks warm, one thread inside each operator)
 * that takes a file, answers with its analysis, and takes the next, until its parent is gone. See `pool.ts`.
 */
import { asHuoyanError } from '../core/errors.ts';
import { type AnalyseOptions, openEngine } from '../evidence/analyse.node.ts';
import { toWire, unreadable, type WireAnalysis } from '../evidence/wire.ts';
import { analyseLocal, type LocalFile } from './input.ts';

/** What the pool hands every worker at its start; travels as JSON. */
export interface WorkerSettings {
  readonly analyse: Pick<AnalyseOptions, 'prior' | 'stability' | 'preview' | 'budgetSeconds'>;
}

/** One file for a worker: a path it reads itself, or the bytes of standard input. */
export interface WireJob extends Omit<LocalFile, 'release'> {
  readonly id: number;
}

export interface WireReply {
  readonly id: number;
  readonly analysis: WireAnalysis;
}

// Ctrl-C reaches every process of the terminal; when to stop is the parent's decision.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

const { analyse } = JSON.parse(process.argv[2]) as WorkerSettings;
const engine = await openEngine({ threads: 1 });

const reply = (message: WireReply | { readonly ready: true }) => process.send?.(message);

process.on('message', async (job: WireJob) => {
  try {
    const analysis = await analyseLocal(engine, job, analyse);
    reply({ id: job.id, analysis: toWire(analysis) });
  } catch (thrown) {
    reply({ id: job.id, analysis: toWire(unreadable(job.name, asHuoyanError(thrown))) });
  }
});
reply({ ready: true });

/**
 * One analysis worker of a batch: a thread with an engine of its own (networks warm, one thread inside each operator)
 * that takes a file, answers with its analysis, and takes the next. See `pool.ts`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { asHuoyanError } from '../core/errors.ts';
import { type AnalyseOptions, openEngine } from '../evidence/analyse.node.ts';
import { toWire, unreadable, type WireJob, type WireReply } from './wire.ts';

/** What the pool hands every worker at its start; plain data. */
export interface WorkerSettings {
  readonly analyse: Pick<AnalyseOptions, 'prior' | 'stability' | 'preview'>;
}

const port = parentPort;
if (!port) throw new Error('worker.ts runs inside a worker thread');
const { analyse } = workerData as WorkerSettings;
const engine = await openEngine({ threads: 1 });

const reply = (message: WireReply) => port.postMessage(message);

port.on('message', async (job: WireJob | null) => {
  if (job === null) {
    await engine.close().catch(() => {});
    port.close();
    return;
  }
  try {
    const analysis = job.bytes
      ? await engine.analyseBytes(job.bytes, job.name, analyse)
      : await engine.analyseFile(job.name, analyse);
    reply({ id: job.id, analysis: toWire(analysis) });
  } catch (thrown) {
    reply({ id: job.id, analysis: toWire(unreadable(job.name, asHuoyanError(thrown))) });
  }
});
reply({ ready: true });

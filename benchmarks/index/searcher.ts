/**
 * The searching half of the benchmark, in a process of its own, so that its memory is that of the index alone. Arguments:
 * one JSON object (`Task`); prints one JSON object (`Searched`).
 */
import { peakMemory } from '../../src/bench/peak-memory.ts';
import { openIndex } from '../../src/trace/index/open.node.ts';
import { type Cloud, drawn } from './clouds.ts';
import { timed } from './timing.ts';

export interface Task {
  readonly folder: string;
  readonly search: 'cells' | 'pgvector';
  readonly cloud: Cloud;
  readonly seed: number;
  readonly queries: number;
  readonly k: number;
  readonly exact: boolean;
}

/** Searches before the clock counts, in which PGlite's code is compiled. */
const WARM_UP = 300;

export interface Searched {
  readonly openMs: number;
  /** Milliseconds by the clock and of processor time, one of each per query. */
  readonly wallMs: readonly number[];
  readonly cpuMs: readonly number[];
  readonly ids: readonly (readonly string[])[];
  readonly residentBytes: number;
  readonly peakBytes: number;
}

const task: Task = JSON.parse(process.argv[2]);
const { dimensions } = task.cloud;
const opening = await timed(() => openIndex({ folder: task.folder, search: task.search }, { dimensions }));
const index = opening.result;
const queries = drawn(task.cloud, task.seed, task.queries);
const ids: string[][] = [];
const wallMs: number[] = [];
const cpuMs: number[] = [];
for (let q = -WARM_UP; q < task.queries; q++) {
  const at = Math.max(0, q) * dimensions;
  const once = await timed(() =>
    index.search(queries.subarray(at, at + dimensions), task.k, { exact: task.exact }),
  );
  if (q < 0) continue;
  wallMs.push(once.wallMs);
  cpuMs.push(once.cpuMs);
  ids.push(once.result.map((match) => match.id));
}
const searched: Searched = {
  openMs: opening.wallMs,
  wallMs,
  cpuMs,
  ids,
  residentBytes: process.memoryUsage.rss(),
  peakBytes: peakMemory(),
};
await index.close();
process.stdout.write(JSON.stringify(searched));

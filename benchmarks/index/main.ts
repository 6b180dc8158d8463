/**
 * The index of fingerprints at full size: build time, latency, recall against full comparison, memory, disk, re-opening.
 * `npm run bench:index [-- --rows 1000000 --dimensions 64 --sources 2000 --spread 0.5 --queries 1000 --pgvector-rows 10000]`;
 * some minutes on a quiet machine, 2 GB of memory. `--keep` and `--reuse` spare the building. The goal: 10 ms at the 99th percentile and recall@10 of 0.98
 * at a million. Prints tables for docs/measured/index.md.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { Cells } from '../../src/trace/index/cells.ts';
import { EFFORT } from '../../src/trace/index/cells-index.node.ts';
import { openIndex } from '../../src/trace/index/open.node.ts';
import { type Cloud, drawing, drawn, exactNeighbours } from './clouds.ts';
import type { Searched, Task } from './searcher.ts';
import { quantile, table, timed } from './timing.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    dimensions: { type: 'string', default: '64' },
    sources: { type: 'string', default: '2000' },
    spread: { type: 'string', default: '0.5' },
    queries: { type: 'string', default: '1000' },
    'pgvector-rows': { type: 'string', default: '10000' },
    /** Where the indexes are made and removed again. */
    folder: { type: 'string', default: tmpdir() },
    /** Leave the large index there, and say where. */
    keep: { type: 'boolean', default: false },
    /** A folder that a run with the same options left: only its searches are measured. */
    reuse: { type: 'string' },
  },
});
const [rows, dimensions, sources, spread, queries] = [
  values.rows,
  values.dimensions,
  values.sources,
  values.spread,
  values.queries,
].map(Number);
const K = 10;
/** Vectors in one call of `add`. */
const CALL = 10_000;
/** Additions one at a time, each searched for at once and then deleted. */
const SINGLE = 100;
const SEED = { rows: 2, queries: 3, singles: 4 };

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const ms = (x: number) => x.toFixed(2);
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const times = (all: readonly number[]) => [quantile(all, 0.5), quantile(all, 0.99), Math.max(...all)].map(ms);
const told = ({ sources, spread }: Cloud) =>
  sources ? `${sources} sources, spread ${spread}` : 'no sources (Gaussian)';
const say = (text: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const recallOf = (found: readonly (readonly string[])[], exact: readonly (readonly number[])[]) =>
  found.reduce((sum, ids, q) => sum + ids.filter((id) => exact[q].includes(Number(id))).length, 0) /
  (K * exact.length);

async function sizeOf(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.size;
  const inside = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return inside.reduce((a, b) => a + b, 0);
}

async function searchedApart(task: Task): Promise<Searched> {
  const script = fileURLToPath(new URL('./searcher.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), script, JSON.stringify(task)],
    { maxBuffer: 2 ** 28 },
  );
  return JSON.parse(stdout);
}

interface Whole {
  readonly search: 'cells' | 'pgvector';
  readonly rows: number;
  readonly built: { readonly wallMs: number; readonly cpuMs: number } | null;
  readonly closeMs: number;
  readonly bytes: { readonly record: number; readonly cells: number };
  readonly fast: Searched;
  readonly recall: number;
  readonly full: Searched;
  readonly fullRecall: number;
  readonly singles: { readonly found: number; readonly still: number; readonly addMs: readonly number[] };
}

/** An index in a folder from nothing: filled, closed, opened by another process and asked. */
async function whole(
  search: 'cells' | 'pgvector',
  cloud: Cloud,
  count: number,
  kept: { readonly reuse?: string; readonly keep: boolean } = { keep: false },
): Promise<Whole> {
  const folder = kept.reuse ?? (await mkdtemp(join(values.folder, 'huoyan-bench-index-')));
  try {
    say(`${search}: ${count} rows are drawn`);
    const all = drawn(cloud, SEED.rows, count);
    const row = (i: number) => all.subarray(i * dimensions, (i + 1) * dimensions);
    const index = await openIndex({ folder, search }, { dimensions });
    say(`${search}: ${count} rows ${kept.reuse ? 'are there' : 'are added'}`);
    const fill = async () => {
      for (let start = 0; start < count; start += CALL) {
        const items = Array.from({ length: Math.min(CALL, count - start) }, (_, i) => ({
          id: String(start + i),
          label: `sha256:${(start + i).toString(16).padStart(64, '0')}`,
          vector: row(start + i),
          facts: { source: (start + i) % 7 },
        }));
        await index.add(items);
      }
    };
    const built = kept.reuse ? null : await timed(fill);
    const singles = { found: 0, still: 0, addMs: [] as number[] };
    const next = drawing(cloud, SEED.singles);
    for (let i = 0; i < SINGLE; i++) {
      const vector = next();
      const id = `single ${i}`;
      const added = await timed(() => index.add([{ id, label: 'one', vector }]));
      singles.addMs.push(added.wallMs);
      if ((await index.search(vector, 1))[0].id === id) singles.found++;
      await index.delete([id]);
      if ((await index.search(vector, K)).some((match) => match.id === id)) singles.still++;
    }
    const closing = await timed(() => index.close());
    const cellsBytes = search === 'cells' ? await sizeOf(join(folder, 'cells')) : 0;
    const bytes = { record: await sizeOf(join(folder, 'record')), cells: cellsBytes };
    const task = { folder, search, cloud, seed: SEED.queries, queries, k: K };
    say(`${search}: searches`);
    const fast = await searchedApart({ ...task, exact: false });
    const fullQueries = Math.min(queries, 200);
    const full = await searchedApart({ ...task, exact: true, queries: fullQueries });
    say(`${search}: p50, p99, max ${times(fast.wallMs).join(', ')} ms; full comparison`);
    const exact = exactNeighbours(all, drawn(cloud, SEED.queries, queries), dimensions, K);
    return {
      search,
      rows: count,
      built,
      closeMs: closing.wallMs,
      bytes,
      fast,
      recall: recallOf(fast.ids, exact),
      full,
      fullRecall: recallOf(full.ids, exact.slice(0, fullQueries)),
      singles,
    };
  } finally {
    if (kept.keep) say(`kept: ${folder}`);
    else if (!kept.reuse) await rm(folder, { recursive: true, force: true });
  }
}

/** What the cells in memory find in other clouds, without the record: that costs the same for any. */
async function cellsAlone(cloud: Cloud, count: number): Promise<string[]> {
  say(`cells alone: ${told(cloud)}`);
  const all = drawn(cloud, SEED.rows, count);
  const cells = new Cells(dimensions);
  const built = await timed(() => {
    for (let i = 0; i < count; i++) cells.add(i, all.subarray(i * dimensions, (i + 1) * dimensions));
  });
  const n = Math.min(queries, 200);
  const asked = drawn(cloud, SEED.queries, n);
  const found: string[][] = [];
  const cpuMs: number[] = [];
  for (let q = 0; q < n; q++) {
    const query = asked.subarray(q * dimensions, (q + 1) * dimensions);
    const once = await timed(() => cells.search(query, K, -1, EFFORT));
    cpuMs.push(once.cpuMs);
    found.push(once.result.map(String));
  }
  const recall = recallOf(found, exactNeighbours(all, asked, dimensions, K));
  return [
    told(cloud),
    String(n),
    recall.toFixed(4),
    ms(quantile(cpuMs, 0.5)),
    ms(quantile(cpuMs, 0.99)),
    seconds(built.cpuMs),
    String(cells.cells),
  ];
}

const rowFor = (w: Whole, name: string, searched: Searched, recall: number) => [
  w.search,
  String(w.rows),
  name,
  String(searched.ids.length),
  recall.toFixed(4),
  ...times(searched.wallMs),
  ...[quantile(searched.cpuMs, 0.5), quantile(searched.cpuMs, 0.99)].map(ms),
];
const SEARCH_HEAD = ['engine', 'rows', 'search', 'queries', `recall@${K}`];
const TIME_HEAD = ['p50 ms', 'p99 ms', 'max ms'];

/** Everything about one index, printed as soon as it is known. */
function print(w: Whole): void {
  console.log(`
${table(
  [...SEARCH_HEAD, ...TIME_HEAD, 'CPU p50 ms', 'CPU p99 ms'],
  [rowFor(w, 'default', w.fast, w.recall), rowFor(w, 'exact', w.full, w.fullRecall)],
)}

${table(
  ['adding', 'adding, CPU', 'closing', 'opening', 'memory after', 'memory at most', 'record', 'cells'],
  [
    [
      w.built ? seconds(w.built.wallMs) : '–',
      w.built ? seconds(w.built.cpuMs) : '–',
      seconds(w.closeMs),
      seconds(w.fast.openMs),
      megabytes(w.fast.residentBytes),
      megabytes(w.fast.peakBytes),
      megabytes(w.bytes.record),
      megabytes(w.bytes.cells),
    ],
  ],
)}

${table(
  ['added one at a time', ...TIME_HEAD, 'found at once', 'found after deletion'],
  [[String(SINGLE), ...times(w.singles.addMs), String(w.singles.found), String(w.singles.still)]],
)}

Load average: ${loadavg()[0].toFixed(1)}`);
}

const cloud: Cloud = { dimensions, sources, spread };
console.log(`${dimensions} dimensions, ${told(cloud)}; ${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.version};
load average at the beginning: ${loadavg()[0].toFixed(1)}`);
print(await whole('cells', cloud, rows, values));

const others: string[][] = [];
for (const other of [cloud, { ...cloud, spread: 1 }, { ...cloud, sources: 0 }]) {
  others.push(await cellsAlone(other, rows));
}
console.log(`
The cells alone, without the record's share of a search, on ${rows} rows:

${table(['cloud', 'queries', `recall@${K}`, 'CPU p50 ms', 'CPU p99 ms', 'building, CPU', 'cells'], others)}

Load average: ${loadavg()[0].toFixed(1)}`);

const compared = Number(values['pgvector-rows']);
if (compared) {
  const smaller = { ...cloud, sources: Math.max(1, Math.round((sources * compared) / rows)) };
  for (const search of ['cells', 'pgvector'] as const) print(await whole(search, smaller, compared));
}

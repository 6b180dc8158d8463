/**
 * `npm run bench:analyze`: speed and memory of the built command on pictures made at run time. Measures the real
 * process from outside (start to finish, peak memory with its workers), on two cores, and asserts nothing.
 *
 *   npm run bench:analyze -- [--pictures 1000] [--jobs 2] [--repeat 5] [--short] [--json FILE]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { encodeJpeg, encodePng } from '../../src/media/index.node.ts';
import { enlarged, scene } from './pictures.ts';

const { values } = parseArgs({
  options: {
    pictures: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    repeat: { type: 'string' },
    short: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const PICTURES = Number(values.pictures ?? (values.short ? 60 : 1000));
const REPEAT = Number(values.repeat ?? (values.short ? 2 : 5));
const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** Files that differ; the batch repeats them under other names. */
const DISTINCT = 50;

interface Run {
  /** Milliseconds from the start of the process to its first record, and to its end. */
  readonly firstMs: number;
  readonly wallMs: number;
  readonly peakMiB: number | null;
  readonly records: readonly Record_[];
}

interface Record_ {
  readonly timing: Readonly<Record<string, number>>;
  readonly verdict?: { readonly label: string };
  readonly evidence?: readonly { readonly detector: string; readonly status: string }[];
  readonly error?: { readonly code: string; readonly message: string };
}

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
}

/** On a machine with more cores the process is held to two, where the tool for it exists. */
const TWO_CORES =
  availableParallelism() > 2 && spawnSync('taskset', ['--version']).status === 0
    ? ['taskset', '-c', '0,1']
    : [];

async function run(args: readonly string[]): Promise<Run> {
  const [program, ...rest] = [
    ...TWO_CORES,
    process.execPath,
    COMMAND,
    'analyze',
    '--ndjson',
    '--quiet',
    ...args,
  ];
  const started = performance.now();
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const memory = watchMemory(child);
  const records: Record_[] = [];
  let firstMs = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    if (records.length === 0) firstMs = performance.now() - started;
    records.push(JSON.parse(line));
  }
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once('exit', resolve));
  const wallMs = performance.now() - started;
  const failed = records.find((record) => record.error);
  if (failed?.error) throw new Error(`${failed.error.code}: ${failed.error.message}`);
  return { firstMs, wallMs, peakMiB: memory(), records };
}

/**
 * Watches the peak memory of a process and its workers together: the sum of their proportional set sizes, in which a
 * page that several share counts once (Linux keeps it in /proc); null where it cannot be told.
 */
function watchMemory(child: ChildProcess): () => number | null {
  let peak: number | null = null;
  const look = async () => {
    let sum = 0;
    for (const pid of await family(child.pid)) {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      sum += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
    }
    if (sum > 0) peak = Math.max(peak ?? 0, sum);
  };
  const timer = setInterval(look, 200);
  child.once('exit', () => clearInterval(timer));
  return () => peak;
}

/** A process and all that it started. */
async function family(pid: number | undefined): Promise<number[]> {
  if (pid === undefined) return [];
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(
    children
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((child) => family(Number(child))),
  );
  return [pid, ...below.flat()];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

async function repeated(args: readonly string[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (let i = 0; i < REPEAT; i++) runs.push(await run(args));
  return runs;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const mib = (value: number | null) => (value === null ? 'not known here' : `${value.toFixed(0)} MiB`);

/** Mean milliseconds of every stage, longest first. */
function stages(records: readonly Record_[]): string {
  const sums = new Map<string, number>();
  for (const { timing } of records)
    for (const [k, ms] of Object.entries(timing)) sums.set(k, (sums.get(k) ?? 0) + ms);
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .map(([name, ms]) => `${name} ${(ms / records.length).toFixed(1)}`)
    .join(', ');
}

async function measure(folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  const batch = join(folder, 'batch');
  await mkdir(batch);
  for (let i = 0; i < Math.min(DISTINCT, PICTURES); i++) {
    const image = await scene(i + 1, 512, 512);
    // Four in five are JPEG, as in the world outside.
    const bytes = i % 5 === 4 ? await encodePng(image) : await encodeJpeg(image, { quality: 75 + (i % 20) });
    await writeFile(join(batch, `${i}`), bytes);
  }
  for (let i = DISTINCT; i < PICTURES; i++)
    await copyFile(join(batch, `${i % DISTINCT}`), join(batch, `${i}`));
  const one = join(batch, '0');

  const cold = await repeated([one]);
  rows.push({
    what: 'cold process to first verdict',
    measured: seconds(median(cold.map((r) => r.firstMs))),
    goal: '1.5 s',
  });
  const coldPlain = await repeated(['--no-stability', one]);
  rows.push({
    what: 'the same without stability',
    measured: seconds(median(coldPlain.map((r) => r.firstMs))),
    goal: '',
  });

  const many = await run(['--no-stability', '--jobs', values.jobs, batch]);
  const rate = (PICTURES * 1000) / many.wallMs;
  const steady = ((PICTURES - 1) * 1000) / (many.wallMs - many.firstMs);
  const evidence = (many.records[0].evidence ?? []).map((e) => `${e.detector} ${e.status}`).join(', ');
  rows.push({
    what: `${PICTURES} pictures 512x512, no stability`,
    measured: `${rate.toFixed(1)}/s`,
    goal: '20/s',
  });
  rows.push({ what: 'the same once started', measured: `${steady.toFixed(1)}/s`, goal: '' });
  rows.push({ what: `peak memory over ${PICTURES} pictures`, measured: mib(many.peakMiB), goal: '700 MiB' });

  const full = await run([
    '--jobs',
    values.jobs,
    ...Array.from({ length: Math.min(60, PICTURES) }, (_, i) => join(batch, `${i}`)),
  ]);
  rows.push({
    what: 'pictures 512x512 with stability',
    measured: `${((full.records.length * 1000) / full.wallMs).toFixed(1)}/s`,
    goal: '',
  });

  const large = join(folder, 'large.jpg');
  const image = await enlarged(await scene(99, 2000, 1500), 8000, 6000, 99);
  await writeFile(large, await encodeJpeg(image, { quality: 92 }));
  const largePlain = await repeated(['--no-stability', large]);
  rows.push({
    what: '48-megapixel JPEG, cold process',
    measured: seconds(median(largePlain.map((r) => r.wallMs))),
    goal: '3 s',
  });
  rows.push({
    what: 'its peak memory',
    measured: mib(Math.max(...largePlain.map((r) => r.peakMiB ?? 0))),
    goal: '',
  });
  const largeFull = await run([large]);
  rows.push({ what: 'the same with stability', measured: seconds(largeFull.wallMs), goal: '' });

  console.log(`stages of a 512x512 picture, ms: ${stages(many.records)}`);
  console.log(`stages of the 48-megapixel picture, ms: ${stages(largePlain[0].records)}`);
  console.log(`evidence: ${evidence}\n`);
  return rows;
}

const folder = await mkdtemp(join(tmpdir(), 'huoyan-bench-'));
try {
  const rows = await measure(folder);
  const [cpu] = cpus();
  console.log(
    `${cpu?.model ?? 'unknown CPU'}, ${TWO_CORES.length ? 'held to 2' : cpus().length} cores, Node ${process.version}\n`,
  );
  console.log('| what | measured | goal |\n| --- | --- | --- |');
  for (const row of rows) console.log(`| ${row.what} | ${row.measured} | ${row.goal} |`);
  if (values.json)
    await writeFile(
      values.json,
      `${JSON.stringify({ cpu: cpu?.model, node: process.version, rows }, null, 2)}\n`,
    );
} finally {
  await rm(folder, { recursive: true, force: true });
}

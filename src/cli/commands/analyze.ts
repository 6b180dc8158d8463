/**
 * `huoyan analyze`: files in, verdicts out. One or a few files are analysed right here, because starting workers costs
 * more than it saves; more go through the pool. Records leave in constant memory, whatever the number of files.
 */
import { availableParallelism } from 'node:os';
import type { Analysis } from '../../core/analysis.ts';
import { HuoyanError } from '../../core/errors.ts';
import type { VerdictLabel } from '../../core/verdict.ts';
import { emptyCounts, outcomeOf, terminalSummary } from '../../report/index.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { HtmlReport } from '../html.ts';
import type { Input } from '../input.ts';
import { checkInputs, namedInputsOf } from '../inputs.ts';
import { analyseMany } from '../pool.ts';
import { printerFor } from '../printer.ts';
import { Fetched } from '../remote.ts';
import { inShard, ResultsTable, type Shard } from '../results-table.ts';

export interface AnalyzeFlags {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly maps?: boolean;
  readonly html?: string;
  readonly stability?: boolean;
  readonly prior?: number;
  readonly jobs?: number;
  readonly filesFrom?: string;
  /** Address of the S3-compatible store that `s3://…` is asked of; what the environment says where absent. */
  readonly s3Endpoint?: string;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds of work a video may cost. */
  readonly budget?: number;
  /** Part and number of parts, as `I/N`. */
  readonly shard?: string;
  /** A Parquet file. */
  readonly out?: string;
  readonly failOn?: readonly VerdictLabel[];
  readonly verbose?: boolean;
}

/** So few files are analysed in this thread. */
const FEW = 3;
const TIMEOUT_S = 120;

/** Runs the command and returns its exit code. */
export async function analyze(paths: readonly string[], flags: AnalyzeFlags, io: Console): Promise<number> {
  checkInputs(paths, flags);
  const shard = flags.shard === undefined ? null : shardOf(flags.shard);
  const table = flags.out === undefined ? null : await ResultsTable.open(flags.out);
  const html = flags.html === undefined ? null : await HtmlReport.open(flags.html, io.language);
  const printer = printerFor(flags, io);
  const copies = new Fetched();
  const stopping = stopOnSignals();
  const started = performance.now();
  const counts = emptyCounts();
  let done = 0;
  let evidenceFailed = 0;
  let matched = false;

  try {
    await printer.begin();
    const named = namedInputsOf(paths, flags);
    const mine = shard ? inShard(named, shard) : named;
    // A list that arrives on standard input may come from a program that waits for each answer: look at nothing ahead.
    const ahead = flags.filesFrom === '-' ? 1 : 2 * (flags.jobs ?? availableParallelism());
    const inputs = table
      ? table.pending(copies.fetch(table.changed(mine), ahead))
      : copies.fetch(mine, ahead);
    for await (const analysis of results(inputs, flags, html !== null, stopping.signal)) {
      counts[outcomeOf(analysis)]++;
      done++;
      if (analysis.outcome === 'analysed') {
        if (analysis.evidence.some((one) => one.status === 'failed')) evidenceFailed++;
        matched ||= matches(analysis.verdict.label, flags.failOn ?? []);
      }
      await printer.print(analysis);
      await html?.add(analysis);
      await table?.add(analysis);
      io.status(() => progress(done, counts.unreadable, performance.now() - started));
    }
    const elapsedMs = performance.now() - started;
    const complete = !stopping.signal.aborted;
    await printer.end({ counts, elapsedMs, complete });
    await html?.finish();
    const options = { language: io.language, colour: io.colorStderr, columns: io.columnsStderr };
    if (done !== 1 || !printer.human) io.note(terminalSummary(counts, { ...options, elapsedMs }));
    if (table && complete) {
      const rows = await table.finish();
      io.note({ en: `${rows} rows written: ${table.path}`, zh: `已写出 ${rows} 行：${table.path}` });
      if (done === 0) return EXIT.ok;
    }
    if (html) io.note({ en: `report written: ${html.path}`, zh: `报告已写出：${html.path}` });
    if (evidenceFailed > 0) {
      io.note({
        en: `in ${evidenceFailed} file(s) some evidence could not be examined; -v tells which, "huoyan doctor" may tell why`,
        zh: `有 ${evidenceFailed} 个文件的部分证据未能检验；-v 可查看是哪些，huoyan doctor 可帮助查明原因`,
      });
    }
    if (done === 0 && complete) {
      io.error(
        new HuoyanError(
          'not-found',
          { en: 'no pictures found', zh: '没有找到图片' },
          { en: 'name a file, or a folder that holds pictures', zh: '请指定图片文件，或含有图片的文件夹' },
        ),
      );
      return EXIT.failure;
    }
    if (!complete) {
      io.note({ en: `stopped after ${done} file(s)`, zh: `已中止，完成 ${done} 个文件` });
      return EXIT.interrupted;
    }
  } finally {
    stopping.release();
    await html?.discard();
    await table?.leave();
    await copies.close();
  }
  if (counts.unreadable === done) return EXIT.failure;
  if (matched) return EXIT.failOn;
  return counts.unreadable > 0 || evidenceFailed > 0 ? EXIT.partial : EXIT.ok;
}

/** Whether `label` is one of those asked for; `suspect` includes what is worse than suspect. */
function matches(label: VerdictLabel, asked: readonly VerdictLabel[]): boolean {
  if (asked.includes(label)) return true;
  return asked.includes('suspect') && (label === 'synthetic' || label === 'manipulated');
}

function progress(done: number, unreadable: number, elapsedMs: number): { en: string; zh: string } {
  const rate = ((done * 1000) / Math.max(1, elapsedMs)).toFixed(1);
  return {
    en: `${done} done${unreadable ? `, ${unreadable} unreadable` : ''}, ${rate}/s`,
    zh: `已完成 ${done} 个${unreadable ? `，无法读取 ${unreadable} 个` : ''}，每秒 ${rate} 个`,
  };
}

function shardOf(text: string): Shard {
  const match = /^(\d{1,7})\/(\d{1,7})$/.exec(text);
  const shard = { part: Number(match?.[1]), of: Number(match?.[2]) };
  if (match && shard.part >= 1 && shard.part <= shard.of) return shard;
  throw usageError(
    { en: `"${text}" is no part of a whole`, zh: `“${text}”不是有效的分片` },
    { en: 'for instance --shard 3/16: the third of sixteen', zh: '例如 --shard 3/16：十六份中的第三份' },
  );
}

/** Every analysis, from this thread or from the pool. */
async function* results(
  inputs: AsyncGenerator<Input>,
  flags: AnalyzeFlags,
  preview: boolean,
  signal: AbortSignal,
): AsyncGenerator<Analysis> {
  const settings = {
    analyse: {
      prior: flags.prior,
      stability: flags.stability ?? true,
      preview,
      budgetSeconds: flags.budget,
    },
  };
  const timeoutMs = (flags.timeout ?? TIMEOUT_S) * 1000;
  const workers = flags.jobs ?? availableParallelism();
  const first: Input[] = [];
  let more = true;
  // As above: nothing ahead.
  if (flags.filesFrom !== '-') {
    while (first.length <= FEW && more) {
      const next = await inputs.next();
      if (next.done) more = false;
      else first.push(next.value);
    }
  }
  if (!more) {
    const { analyseHere } = await import('../here.ts');
    yield* analyseHere(first, { settings, timeoutMs, threads: Math.min(workers, 4), signal });
    return;
  }
  const order = flags.ndjson ? 'finished' : 'input';
  yield* analyseMany(chain(first, inputs), { workers, timeoutMs, settings, order, signal });
}

async function* chain(first: readonly Input[], rest: AsyncGenerator<Input>): AsyncGenerator<Input> {
  yield* first;
  yield* rest;
}

/** Turns Ctrl-C and a polite kill into an aborted signal; the second one ends the process at once. */
function stopOnSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

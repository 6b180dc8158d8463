/**
 * A detector on a data set, file by file and condition by condition, into a score file. What is there already is not
 * asked again (known by content, so a file under two names is asked once); what fails is a row that says so; only what
 * would fail for every file ends the run.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { asHuoyanError, HuoyanError } from '../../core/errors.ts';
import type { ImageMedia } from '../../core/media.ts';
import { readImage } from '../../media/index.node.ts';
import type { BenchItem } from '../data/item.ts';
import { type BenchDetector, Hopeless, type Sample } from '../detectors/detector.ts';
import type { ScoreWriter } from '../scores/file.node.ts';
import type { ScoreRow } from '../scores/row.ts';

/** What happens to a picture before it is judged. */
export interface Condition {
  /** `stored` for nothing. */
  readonly name: string;
  /** The file that arrives; absent for nothing. Deterministic in picture and item. */
  readonly apply?: (image: ImageMedia, item: BenchItem) => Promise<Uint8Array>;
}

export const STORED: Condition = { name: 'stored' };

export interface RunOptions {
  readonly conditions?: readonly Condition[];
  /** For one file; default 120,000. */
  readonly timeoutMs?: number;
  /** Files at a time; default what the detector likes. */
  readonly jobs?: number;
  readonly dataset?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, of: number) => void;
}

export interface RunResult {
  readonly asked: number;
  /** Rows that were there, or whose content had been judged under another name. */
  readonly known: number;
  readonly failed: number;
  /** Why the run ended before its time. */
  readonly ended: HuoyanError | null;
}

const TIMEOUT_MS = 120_000;

export async function runBench(
  items: readonly BenchItem[],
  detector: BenchDetector,
  writer: ScoreWriter,
  options: RunOptions = {},
): Promise<RunResult> {
  const { conditions = [STORED], progress, signal } = options;
  const place = (condition: string, key: string) => `${condition}\0${key}`;
  const rows = new Map(writer.earlier.map((row) => [place(row.condition, row.key), row]));
  const byContent = new Map(
    writer.earlier.flatMap((row) =>
      row.sha256 && row.status !== 'failed' ? [[place(row.condition, row.sha256), row] as const] : [],
    ),
  );
  const temporary = await mkdtemp(join(tmpdir(), 'huoyan-bench-'));
  let [done, asked, known, failed] = [0, 0, 0, 0];
  let ended: HuoyanError | null = null;
  let prepared = false;
  try {
    for (const condition of conditions) {
      const waiting: BenchItem[] = [];
      for (const item of items) {
        const earlier = rows.get(place(condition.name, item.key));
        if (earlier && earlier.status !== 'failed' && (await sameContent(item, earlier))) {
          known++;
          done++;
        } else waiting.push(item);
      }
      progress?.(done, items.length * conditions.length);
      if (waiting.length === 0) continue;
      if (!prepared) await detector.prepare?.(samplesOf(items, conditions[0], temporary));
      prepared = true;
      let next = 0;
      const work = async () => {
        while (next < waiting.length && !ended && !signal?.aborted) {
          const item = waiting[next++];
          const started = performance.now();
          const common = commonOf(item, condition, options.dataset);
          let row: ScoreRow;
          try {
            const bytes = await readItem(item);
            const sha256 = createHash('sha256').update(bytes).digest('hex');
            // Asked for as late as possible: a copy may have been judged meanwhile. What is fitted knows files by name.
            const copy = detector.prepare ? undefined : byContent.get(place(condition.name, sha256));
            if (copy) {
              known++;
              row = { ...copy, ...common, sha256 };
            } else {
              asked++;
              const opinion = await judged(detector, item, bytes, condition, temporary, options);
              const elapsedMs = Math.round(performance.now() - started);
              row = { ...common, score: null, ...opinion, sha256, elapsedMs };
              byContent.set(place(condition.name, sha256), row);
            }
          } catch (thrown) {
            if (thrown instanceof Hopeless) {
              ended = thrown.reason;
              return;
            }
            if (signal?.aborted) return;
            failed++;
            const error = asHuoyanError(thrown);
            row = { ...common, score: null, status: 'failed', reason: `${error.code}: ${error.text.en}` };
          }
          await writer.add(row);
          progress?.(++done, items.length * conditions.length);
        }
      };
      const jobs = Math.max(1, options.jobs ?? detector.concurrency ?? 1);
      await Promise.all(Array.from({ length: jobs }, work));
      if (ended || signal?.aborted) break;
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return { asked, known, failed, ended };
}

async function sameContent(item: BenchItem, row: ScoreRow): Promise<boolean> {
  if (!row.sha256) return true;
  try {
    return (
      createHash('sha256')
        .update(await readFile(item.path))
        .digest('hex') === row.sha256
    );
  } catch {
    return false;
  }
}

async function readItem(item: BenchItem): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(item.path));
  } catch (cause) {
    throw new HuoyanError(
      'not-found',
      { en: `${item.key} cannot be read`, zh: `无法读取 ${item.key}` },
      { en: 'check that the data set is whole', zh: '请检查数据集是否完整' },
      { cause },
    );
  }
}

function commonOf(item: BenchItem, condition: Condition, dataset?: string) {
  const { key, label, source, generator, identities, split } = item;
  return {
    ...{ key, label, condition: condition.name },
    ...(dataset ? { dataset } : {}),
    ...(source ? { source } : {}),
    ...(generator ? { generator } : {}),
    ...(identities?.length ? { identity: identities.join('+') } : {}),
    ...(split ? { split } : {}),
  };
}

async function judged(
  detector: BenchDetector,
  item: BenchItem,
  bytes: Uint8Array,
  condition: Condition,
  temporary: string,
  { timeoutMs = TIMEOUT_MS, signal }: RunOptions,
) {
  if (condition.apply && item.media !== 'image')
    return { status: 'notApplicable', reason: 'not-a-picture' } as const;
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  const sample = await arrived(item, bytes, condition, temporary);
  try {
    // Raced as well as told: a detector that does not listen must not hold the batch up.
    return await Promise.race([detector.judge(sample, limit), whenAborted(limit, detector.name, timeoutMs)]);
  } finally {
    await sample.discard();
  }
}

function whenAborted(signal: AbortSignal, name: string, timeoutMs: number): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener(
      'abort',
      () =>
        reject(
          new HuoyanError(
            'timeout',
            {
              en: `${name} gave no answer within ${timeoutMs / 1000} s`,
              zh: `${name} 在 ${timeoutMs / 1000} 秒内未回答`,
            },
            { en: 'allow more with --timeout', zh: '可用 --timeout 放宽时限' },
          ),
        ),
      { once: true },
    );
  });
}

interface Arrived extends Sample {
  discard(): Promise<void>;
}

let files = 0;

/** The sample after `condition`. Throws HuoyanError for a file that is no picture where one is needed. */
async function arrived(
  item: BenchItem,
  stored: Uint8Array,
  condition: Condition,
  temporary: string,
): Promise<Arrived> {
  const bytes = condition.apply ? await condition.apply(await readImage(stored, item.key), item) : stored;
  let image: Promise<ImageMedia> | undefined;
  const paths: string[] = [];
  const fileOf = async (content: Uint8Array) => {
    const path = join(temporary, `${files++}${endingOf(content) ?? extname(item.key)}`);
    paths.push(path);
    await writeFile(path, content);
    return path;
  };
  let path: Promise<string> | undefined;
  return {
    ...{ item, bytes, fileOf },
    image() {
      image ??= readImage(bytes, item.key);
      return image;
    },
    async file() {
      if (!condition.apply) return item.path;
      path ??= fileOf(bytes);
      return path;
    },
    async discard() {
      await Promise.all(paths.map((one) => rm(one, { force: true })));
    },
  };
}

/** The usual ending of a picture's file, by its first byte; null for anything else. */
function endingOf(bytes: Uint8Array): string | null {
  return { 255: '.jpg', 137: '.png', 82: '.webp' }[bytes[0]] ?? null;
}

/** Every item that can be read, as it arrives; for detectors that are fitted first. */
async function* samplesOf(
  items: readonly BenchItem[],
  condition: Condition,
  temporary: string,
): AsyncGenerator<Sample> {
  for (const item of items) {
    if (condition.apply && item.media !== 'image') continue;
    let sample: Arrived;
    try {
      sample = await arrived(item, await readItem(item), condition, temporary);
    } catch {
      continue;
    }
    yield sample;
    await sample.discard();
  }
}

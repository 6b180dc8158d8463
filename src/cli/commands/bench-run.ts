/** `huoyan bench run`: a detector on a data set, under one or many conditions, into a score file that can be continued. */
import { defended } from '../../bench/attack/defence.ts';
import { STEPS, stepOf } from '../../bench/conditions/ladder.ts';
import type { BenchItem } from '../../bench/data/item.ts';
import type { SplitBy } from '../../bench/data/split.ts';
import type { BenchDetector } from '../../bench/detectors/detector.ts';
import { type Condition, type RunOptions, runBench } from '../../bench/run/run.ts';
import { ScoreWriter } from '../../bench/scores/file.node.ts';
import type { ScoreMeta } from '../../bench/scores/row.ts';
import { grouped } from '../../core/group.ts';
import { Random } from '../../core/random.ts';
import { leakageText, PRODUCER } from '../../report/index.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { CommandFailure, usageError } from '../failure.ts';
import { divide, examine, openSet } from './bench-data.ts';
import { type DetectorFlags, openDetector } from './bench-detectors.ts';

export interface BenchRunFlags extends DetectorFlags {
  readonly out: string;
  readonly only?: string;
  readonly split?: string;
  readonly by?: SplitBy;
  readonly conditions?: string;
  readonly mostPerSource?: number;
  readonly most?: number;
  readonly seed?: number;
  readonly timeout?: number;
  readonly jobs?: number;
  readonly leakage: boolean;
  readonly allowUpload?: boolean;
  /** Judge by the mean over random crops and re-encodings. */
  readonly defended?: boolean;
}

/** Runs the command and returns its exit code. */
export function benchRun(root: string, flags: BenchRunFlags, io: Console): Promise<number> {
  const conditions = conditionsOf(flags.conditions, flags.seed ?? 1);
  return runUnder(root, flags, io, async (detector) => ({
    conditions,
    ...(flags.defended ? { judged: defended(detector, { seed: flags.seed }) } : {}),
  }));
}

/** What a run does to every file, and the detector that is judged instead of the one named. */
export interface Plan {
  readonly conditions: readonly Condition[];
  readonly judged?: BenchDetector;
}

/** A run under conditions that may be made with the detector in hand. Returns the exit code. */
export async function runUnder(
  root: string,
  flags: BenchRunFlags,
  io: Console,
  plan: (detector: BenchDetector) => Promise<Plan>,
): Promise<number> {
  const seed = flags.seed ?? 1;
  const set = openSet(root);
  const { splits } = divide(set, { by: flags.by, seed });
  const chosen = choose(
    set.items.map((item, i) => ({ ...item, split: splits[i] })),
    flags,
  );
  if (chosen.length === 0) {
    throw usageError(
      { en: 'no file of the data set was chosen', zh: '没有选中数据集中的任何文件' },
      {
        en: 'see what there is with: huoyan bench data FOLDER',
        zh: '可用 huoyan bench data 文件夹 查看内容',
      },
    );
  }
  const named = await openDetector(flags);
  try {
    const { conditions, judged: detector = named } = await plan(named);
    if (detector.sendsTo && !flags.allowUpload) {
      throw usageError(
        {
          en: `${detector.name} would be sent ${chosen.length} files, to ${detector.sendsTo}`,
          zh: `将向 ${detector.sendsTo}（${detector.name}）发送 ${chosen.length} 个文件`,
        },
        {
          en: 'say --allow-upload if they may leave this machine',
          zh: '若允许文件离开本机，请加 --allow-upload',
        },
      );
    }
    if (flags.leakage) {
      const leakage = await examine(
        { ...set, items: chosen },
        chosen.map(({ split }) => split),
        { seed, sample: 600 },
        io,
      );
      io.note(leakageText(leakage, io.language).trimEnd());
    }
    const meta: ScoreMeta = {
      schema: 'huoyan.scores/1',
      detector: {
        name: detector.name,
        ...(detector.version ? { version: detector.version } : {}),
        ...(detector.settings ? { settings: detector.settings } : {}),
      },
      ...{ dataset: set.layout, polarity: 'higher-is-fake', scale: detector.scale, seed },
      ...(detector.threshold === undefined ? {} : { threshold: detector.threshold }),
      ...(detector.seenGenerators ? { seenGenerators: detector.seenGenerators } : {}),
      environment: {
        huoyan: PRODUCER.version,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
      },
      command: `huoyan ${process.argv.slice(2).join(' ')}`,
    };
    const writer = await ScoreWriter.open(flags.out, meta);
    const stop = new AbortController();
    const interrupted = () => stop.abort();
    process.once('SIGINT', interrupted);
    const options: RunOptions = {
      ...{ conditions, dataset: set.layout, jobs: flags.jobs, signal: stop.signal },
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
      progress: (done, of) => io.status(() => ({ en: `${done} of ${of} judged`, zh: `已判 ${done}/${of}` })),
    };
    try {
      const { asked, known, failed, ended } = await runBench(chosen, detector, writer, options);
      io.note({
        en: `${flags.out}: ${asked} judged, ${known} known already, ${failed} failed`,
        zh: `${flags.out}：新判 ${asked}，已知 ${known}，失败 ${failed}`,
      });
      if (ended) throw new CommandFailure(EXIT.failure, ended);
      if (stop.signal.aborted) return EXIT.interrupted;
      return failed > 0 ? EXIT.partial : EXIT.ok;
    } finally {
      process.off('SIGINT', interrupted);
      await writer.close();
    }
  } finally {
    await named.close();
  }
}

/** `all`, `stored`, or names of steps. */
function conditionsOf(named: string | undefined, seed: number): Condition[] {
  const names = named === undefined ? ['stored'] : named === 'all' ? STEPS : named.split(',');
  return names.map((name) => {
    const step = stepOf(name.trim(), seed);
    if (step) return step;
    throw usageError(
      { en: `there is no condition "${name}"`, zh: `没有名为“${name}”的条件` },
      { en: `all, or some of: ${STEPS.join(', ')}`, zh: `all，或：${STEPS.join('、')}` },
    );
  });
}

/** The files asked for, by key, part, number a source and number altogether; by chance, the same each time. */
function choose(items: readonly BenchItem[], flags: BenchRunFlags): BenchItem[] {
  const { only, split, mostPerSource, most, seed = 1 } = flags;
  const patterns = only?.split(',').map((pattern) => pattern.trim()) ?? [];
  let chosen = items.filter(
    ({ key, split: part }) =>
      (patterns.length === 0 || patterns.some((pattern) => key.includes(pattern))) &&
      (split === undefined || part === split),
  );
  const random = new Random(seed);
  if (mostPerSource !== undefined) {
    chosen = [
      ...grouped(chosen, (item) => `${item.label} ${item.generator ?? item.source ?? ''}`).values(),
    ].flatMap((members) => random.shuffle([...members]).slice(0, mostPerSource));
  }
  if (most !== undefined) {
    // Both classes alike, as far as there are files.
    const [reals, fakes] = ['real', 'fake'].map((label) =>
      random.shuffle(chosen.filter((item) => item.label === label)),
    );
    const half = Math.max(most >> 1, most - reals.length);
    chosen = [...fakes.slice(0, half), ...reals.slice(0, most - Math.min(half, fakes.length))];
  }
  return chosen.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** `huoyan bench score`: what score files of any detector are worth, and whether two of them differ. */
import type { EvaluateOptions } from '../../bench/measure/evaluate.ts';
import { everyTwo, scoredFile, scoresReport } from '../../bench/measure/scored.ts';
import { readScores } from '../../bench/scores/file.node.ts';
import type { ScoreMeta, ScoreTable } from '../../bench/scores/row.ts';
import { HuoyanError } from '../../core/errors.ts';
import { comparisonText, evaluationText, flipsText, PRODUCER } from '../../report/index.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { CommandFailure, usageError } from '../failure.ts';

export interface BenchScoreFlags {
  readonly json?: boolean;
  readonly compare?: boolean;
  readonly polarity?: ScoreMeta['polarity'];
  readonly threshold?: number;
  readonly seen?: string;
  readonly rounds?: number;
  readonly seed?: number;
}

/** Redraws behind an interval unless told. */
const ROUNDS = 1000;

/** Runs the command and returns its exit code. */
export async function benchScore(
  files: readonly string[],
  flags: BenchScoreFlags,
  io: Console,
): Promise<number> {
  if (flags.compare && files.length < 2) {
    throw usageError(
      { en: 'a comparison needs two score files', zh: '比较至少需要两个分数文件' },
      { en: 'name the files of both detectors', zh: '请指定两个检测器的分数文件' },
    );
  }
  const tables = await Promise.all(files.map((file) => read(file, flags.polarity)));
  const options: EvaluateOptions = {
    rounds: flags.rounds ?? ROUNDS,
    seed: flags.seed ?? 1,
    ...(flags.threshold === undefined ? {} : { threshold: flags.threshold }),
    ...(flags.seen === undefined ? {} : { seenGenerators: flags.seen.split(',').map((name) => name.trim()) }),
  };
  const results = tables.map((table) => scoredFile(table, options));
  const comparisons = flags.compare ? everyTwo(tables, options) : [];
  if (flags.json) {
    const document = {
      schema: 'huoyan.bench.scores/1',
      producer: PRODUCER,
      ...scoresReport(results, comparisons),
    };
    await io.write(`${JSON.stringify(document)}\n`);
  } else {
    for (const { table, conditions, flips } of results) {
      for (const one of conditions) await io.write(evaluationText(table.name, one, io.language));
      for (const one of flips) await io.write(flipsText(one.condition, one, io.language));
    }
    for (const one of comparisons) await io.write(comparisonText(one, io.language));
  }
  for (const { table } of results) {
    if (table.incomplete === 0) continue;
    io.note({
      en: `${table.name}: its last line was cut off and is left out`,
      zh: `${table.name}：最后一行不完整，已略去`,
    });
  }
  const lacking = results.some(({ conditions }) =>
    conditions.some(({ reals, fakes }) => reals === 0 || fakes === 0),
  );
  if (lacking) {
    io.note({
      en: 'a file holds only one class: nothing that compares the two can be computed from it',
      zh: '有文件只含一类样本：无法计算需要两类对比的指标',
    });
  }
  return lacking ? EXIT.partial : EXIT.ok;
}

/** A broken score file is a broken contract, and says so by the exit code. */
async function read(file: string, polarity: ScoreMeta['polarity'] | undefined): Promise<ScoreTable> {
  try {
    return await readScores(file, { polarity });
  } catch (thrown) {
    if (thrown instanceof HuoyanError && thrown.code === 'corrupt')
      throw new CommandFailure(EXIT.contract, thrown);
    throw thrown;
  }
}

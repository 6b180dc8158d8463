/** `huoyan bench leaderboard`: score files of many detectors as one page, in Markdown and in HTML. */
import { leaderboardOf } from '../../bench/leaderboard.ts';
import { readScores } from '../../bench/scores/file.node.ts';
import { HuoyanError } from '../../core/errors.ts';
import { leaderboardHtml, leaderboardMarkdown, PRODUCER } from '../../report/index.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { CommandFailure } from '../failure.ts';
import { WholeFile } from '../whole-file.ts';

export interface BenchLeaderboardFlags {
  readonly markdown: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly rounds?: number;
  readonly seed?: number;
}

/** Runs the command and returns its exit code. */
export async function benchLeaderboard(
  files: readonly string[],
  flags: BenchLeaderboardFlags,
  io: Console,
): Promise<number> {
  const outputs = await Promise.all(
    [flags.markdown, flags.html].flatMap((path) => (path === undefined ? [] : [WholeFile.open(path)])),
  );
  try {
    const scores = await Promise.all(
      files.map((file) =>
        readScores(file).catch((thrown) => {
          if (thrown instanceof HuoyanError && thrown.code === 'corrupt')
            throw new CommandFailure(EXIT.contract, thrown);
          throw thrown;
        }),
      ),
    );
    const tables = leaderboardOf(scores, { rounds: flags.rounds ?? 1000, seed: flags.seed ?? 1 });
    const names = files.map((file) => file.split(/[\\/]/).at(-1)).join(' ');
    await outputs[0].finish([leaderboardMarkdown(tables, `huoyan bench leaderboard ${names}`)]);
    await outputs[1]?.finish([leaderboardHtml(tables, { language: io.language, generatedAt: new Date() })]);
    for (const { path } of outputs) io.note({ en: `written: ${path}`, zh: `已写出：${path}` });
    if (flags.json) {
      const document = { schema: 'huoyan.bench.leaderboard/1', producer: PRODUCER, tables };
      await io.write(`${JSON.stringify(document)}\n`);
    }
    return tables.length > 0 ? EXIT.ok : EXIT.failure;
  } finally {
    for (const output of outputs) await output.discard();
  }
}

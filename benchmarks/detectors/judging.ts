/** Detectors over files into score files under the cache, which go on where they stopped. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchItem } from '../../src/bench/data/item.ts';
import type { BenchDetector } from '../../src/bench/detectors/detector.ts';
import { type Condition, runBench } from '../../src/bench/run/run.ts';
import { readScores, ScoreWriter } from '../../src/bench/scores/file.node.ts';
import type { ScoreMeta, ScoreRow, ScoreTable } from '../../src/bench/scores/row.ts';

/** Nothing is judged; what was judged before is shown, conditions that are whole. */
const SO_FAR = process.argv.includes('--so-far');

/** One detector on `items`, as its score file has it now. Throws what ended the run. */
export async function judged(
  detector: BenchDetector,
  items: readonly BenchItem[],
  conditions: readonly Condition[],
  { cache, dataset, file }: { readonly cache: string; readonly dataset: string; readonly file: string },
): Promise<ScoreTable> {
  mkdirSync(cache, { recursive: true });
  const path = join(cache, `${file}.scores.csv`);
  const { name, settings, scale, threshold, seenGenerators } = detector;
  const meta: ScoreMeta = {
    ...{ schema: 'huoyan.scores/1', detector: { name, ...(settings ? { settings } : {}) } },
    ...{ dataset, polarity: 'higher-is-fake', scale },
    ...(threshold === undefined ? {} : { threshold }),
    ...(seenGenerators ? { seenGenerators } : {}),
  };
  if (SO_FAR) {
    await detector.close();
    return shown(existsSync(path) ? (await readScores(path)).rows : [], meta, items, conditions);
  }
  const writer = await ScoreWriter.open(path, meta);
  const started = performance.now();
  try {
    const { asked, known, failed, ended } = await runBench(items, detector, writer, { conditions, dataset });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.error(`${path}: ${asked} judged, ${known} known, ${failed} failed, ${seconds} s`);
    if (ended) throw ended;
  } finally {
    await writer.close();
    await detector.close();
  }
  return shown((await readScores(path)).rows, meta, items, conditions);
}

/** Rows of `items` in those `conditions` that are whole: an earlier run may have judged other files, or been cut off. */
function shown(
  rows: readonly ScoreRow[],
  meta: ScoreMeta,
  items: readonly BenchItem[],
  conditions: readonly Condition[],
): ScoreTable {
  const keys = new Set(items.map(({ key }) => key));
  const { dataset, detector } = meta;
  return {
    ...{ name: detector.name, meta, incomplete: 0 },
    rows: conditions.flatMap(({ name }) => {
      const own = rows.filter((row) => row.condition === name && keys.has(row.key));
      return own.length < keys.size ? [] : own.map((row) => ({ ...row, dataset }));
    }),
  };
}

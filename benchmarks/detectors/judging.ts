/** Detectors over files into score files under the cache, which go on where they stopped. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchItem } from '../../src/bench/data/item.ts';
import type { BenchDetector } from '../../src/bench/detectors/detector.ts';
import { type Condition, runBench } from '../../src/bench/run/run.ts';
import { readScores, ScoreWriter } from '../../src/bench/scores/file.node.ts';
import type { ScoreTable } from '../../src/bench/scores/row.ts';

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
  const writer = await ScoreWriter.open(path, {
    ...{ schema: 'huoyan.scores/1', detector: { name, ...(settings ? { settings } : {}) } },
    ...{ dataset, polarity: 'higher-is-fake', scale },
    ...(threshold === undefined ? {} : { threshold }),
    ...(seenGenerators ? { seenGenerators } : {}),
  });
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
  // An earlier run may have judged other files, or under other conditions.
  const keys = new Set(items.map(({ key }) => key));
  const names = new Set(conditions.map((condition) => condition.name));
  const table = await readScores(path);
  return { ...table, rows: table.rows.filter((row) => keys.has(row.key) && names.has(row.condition)) };
}

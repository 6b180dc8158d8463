/** Score files measured as `huoyan bench score` does it: each in every condition, and any two against each other. */
import { grouped } from '../../core/group.ts';
import type { ScoreTable } from '../scores/row.ts';
import { type Comparison, compareTables } from './compare.ts';
import { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.ts';
import { type Flips, flipsAgainst } from './flips.ts';

export interface ScoredFile {
  readonly table: ScoreTable;
  /** The first condition first. */
  readonly conditions: readonly Evaluation[];
  readonly flips: readonly Flips[];
}

/** One file in every condition it holds. */
export function scoredFile(table: ScoreTable, options: EvaluateOptions): ScoredFile {
  const conditions = [...grouped(table.rows, (row) => row.condition).values()].map((rows) =>
    evaluate(rows, table.meta, options),
  );
  const threshold = conditions[0].accuracy.fixed.threshold;
  // Attacked files are compared with the clean ones of the same size, which stand first.
  const start = conditions[0].condition;
  return { table, conditions, flips: flipsAgainst(table.rows, threshold, start) };
}

/** Every two files, on what both answered. */
export function everyTwo(tables: readonly ScoreTable[], options: EvaluateOptions): Comparison[] {
  return tables.flatMap((first, i) =>
    tables.slice(i + 1).map((second) => compareTables(first, second, options)),
  );
}

/** The document of `huoyan bench score --json`, but for its head. */
export interface ScoresReport {
  readonly files: readonly {
    readonly name: string;
    readonly detector: ScoreTable['meta']['detector'];
    readonly incomplete: number;
    readonly conditions: readonly Evaluation[];
    readonly flips: readonly Flips[];
  }[];
  readonly comparisons: readonly Comparison[];
}

export function scoresReport(files: readonly ScoredFile[], comparisons: readonly Comparison[]): ScoresReport {
  return {
    files: files.map(({ table, conditions, flips }) => ({
      name: table.name,
      detector: table.meta.detector,
      incomplete: table.incomplete,
      conditions,
      flips,
    })),
    comparisons,
  };
}

/** Score files become rows of a leaderboard: those that judged the same files in the same first condition stand together. */
import { grouped } from '../core/group.ts';
import type { Rate, Share } from './intervals.ts';
import { type Comparison, compareTables } from './measure/compare.ts';
import { type EvaluateOptions, type Evaluation, evaluate } from './measure/evaluate.ts';
import { flipsAgainst } from './measure/flips.ts';
import { type GeneratorMean, seenAndUnseen } from './measure/generators.ts';
import type { Estimate } from './measure/redraw.ts';
import type { ScoreTable } from './scores/row.ts';

export interface RankedDetector {
  readonly detector: string;
  readonly files: number;
  readonly answered: number;
  readonly auc: Estimate;
  readonly equalErrorRate: Estimate;
  readonly tprAt1: Estimate;
  readonly balanced: Estimate;
  readonly logLoss: Estimate | null;
  readonly calibrationError: number | null;
  readonly worst: { readonly condition: string; readonly auc: Estimate } | null;
  readonly flips: number | null;
  /** Every condition it was judged in, the first one first; of that one nothing can flip. */
  readonly conditions: readonly {
    readonly condition: string;
    readonly auc: Estimate;
    readonly flips: (Rate & Share) | null;
  }[];
  /** Mean areas over generators it was fitted on and over others; null where that is not known or there are none. */
  readonly seen: GeneratorMean | null;
  readonly unseen: GeneratorMean | null;
  readonly itemwise: boolean;
}

export interface RankedTable {
  readonly name: string;
  readonly reals: number;
  readonly fakes: number;
  readonly sources: { readonly real: number; readonly fake: number };
  readonly condition: string;
  readonly rows: readonly RankedDetector[];
  /** The first detector named against every other, on the files both answered. */
  readonly comparisons: readonly Comparison[];
}

/** One table for every set of files, detectors by area, best first. */
export function leaderboardOf(tables: readonly ScoreTable[], options: EvaluateOptions = {}): RankedTable[] {
  const judged = tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => {
      const condition = table.rows.some((row) => row.condition === 'stored')
        ? 'stored'
        : table.rows[0].condition;
      const first = table.rows.filter((row) => row.condition === condition);
      const files = first.map((row) => `${row.label} ${row.key}`).sort();
      return { table, condition, files: `${condition}\n${files.join('\n')}` };
    });
  return [...grouped(judged, ({ files }) => files).values()].map((members) => {
    const ranked = members.map(({ table, condition }) => rankedOf(table, condition, options));
    const [{ evaluation }] = ranked;
    const [{ table, condition }] = members;
    return {
      name: table.rows[0].dataset ?? table.meta.dataset ?? 'unnamed data set',
      ...{ reals: evaluation.reals, fakes: evaluation.fakes, sources: evaluation.sources, condition },
      rows: ranked.map(({ row }) => row).sort((a, b) => b.auc.value - a.auc.value),
      comparisons: members.slice(1).map((other) =>
        compareTables(named(table), named(other.table), {
          ...{ condition, rounds: options.rounds, seed: options.seed },
        }),
      ),
    };
  });
}

/** Called by its detector, not by its file. */
const named = (table: ScoreTable): ScoreTable => ({ ...table, name: table.meta.detector.name });

function rankedOf(table: ScoreTable, condition: string, options: EvaluateOptions) {
  const conditions = grouped(table.rows, (row) => row.condition);
  const of = (name: string): Evaluation => evaluate(conditions.get(name) ?? [], table.meta, options);
  const evaluation = of(condition);
  const others = [...conditions.keys()].filter((name) => name !== condition).map(of);
  const { seen, unseen } = seenAndUnseen(
    conditions.get(condition) ?? [],
    options.seenGenerators ?? table.meta.seenGenerators,
    options,
  );
  const [worst] = others.toSorted((a, b) => a.figures.auc.value - b.figures.auc.value);
  const flips = flipsAgainst(table.rows, evaluation.accuracy.fixed.threshold, condition);
  const turnedIn = (name: string) => {
    const found = flips.find((one) => one.condition === name);
    return found ? { ...found.flips, n: found.asked } : null;
  };
  const turned = flips.reduce((sum, one) => ({ count: sum.count + one.flips.count, n: sum.n + one.asked }), {
    count: 0,
    n: 0,
  });
  const probability = evaluation.stated ?? evaluation.calibrated;
  const { figures, coverage, n } = evaluation;
  const row: RankedDetector = {
    detector: table.meta.detector.name,
    files: n,
    answered: coverage.ok.rate + coverage.inconclusive.rate,
    ...{ auc: figures.auc, equalErrorRate: figures.equalErrorRate, tprAt1: figures.tprAt1 },
    balanced: evaluation.accuracy.fixed.balanced,
    logLoss: probability?.logLoss ?? null,
    calibrationError: probability?.calibrationError ?? null,
    worst: worst ? { condition: worst.condition, auc: worst.figures.auc } : null,
    flips: turned.n > 0 ? turned.count / turned.n : null,
    conditions: [evaluation, ...others].map((one) => ({
      ...{ condition: one.condition, auc: one.figures.auc },
      flips: turnedIn(one.condition),
    })),
    ...{ seen, unseen },
    itemwise: evaluation.itemwise,
  };
  return { row, evaluation };
}

/** Two detectors on the files both of them answered: DeLong's test, and the difference with sources redrawn. */
import { isAnswered, type ScoreTable, sourceOf } from '../scores/row.ts';
import { Ranking, summarise } from './curve.ts';
import { type AucComparison, compareAucs } from './delong.ts';
import { type Estimate, estimate, redraws } from './redraw.ts';

export interface Comparison {
  readonly first: string;
  readonly second: string;
  /** Files that both answered, of those that both were asked. */
  readonly common: number;
  readonly asked: number;
  readonly delong: AucComparison;
  /** Difference of the areas, first minus second, with whole sources redrawn. */
  readonly clustered: Estimate;
  readonly itemwise: boolean;
}

/** Compares on one condition. Labels are those of the first; a file the two label differently is left out. */
export function compareTables(
  first: ScoreTable,
  second: ScoreTable,
  { condition = 'stored', rounds = 1000, seed = 1 } = {},
): Comparison {
  const others = new Map(
    second.rows.filter((row) => row.condition === condition).map((row) => [row.key, row]),
  );
  const pairs = first.rows.flatMap((row) => {
    const other = row.condition === condition ? others.get(row.key) : undefined;
    return other && other.label === row.label ? [[row, other] as const] : [];
  });
  const both = pairs.flatMap(([a, b]) => (isAnswered(a) && isAnswered(b) ? [{ a, b }] : []));
  const positive = both.map(({ a }) => a.label === 'fake');
  const rankings = [both.map(({ a }) => a.score), both.map(({ b }) => b.score)].map(
    (scores) => new Ranking(scores, positive),
  );
  const difference = (weights?: ArrayLike<number>) =>
    summarise(rankings[0], weights).auc - summarise(rankings[1], weights).auc;
  const drawn = redraws(
    both.map(({ a }) => ({ label: a.label, source: sourceOf(a) })),
    { rounds, seed },
  );
  return {
    ...{ first: first.name, second: second.name, common: both.length, asked: pairs.length },
    delong: compareAucs(rankings[0].scores, rankings[1].scores, positive),
    clustered: estimate(difference(), drawn.weights.map(difference)),
    itemwise: drawn.itemwise,
  };
}

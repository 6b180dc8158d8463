/**
 * What a data set gives away before anybody looks at a picture: copies on both sides of a split or of the labels, and
 * how far a classifier gets that only sees what kind of file it was given. Printed before any score, because a score
 * below these figures is none.
 */
import { Random } from '../../core/random.ts';
import type { BenchItem } from '../data/item.ts';
import { Ranking, summarise } from '../measure/curve.ts';
import { foldsBySource } from '../measure/folds.ts';
import { fitLogistic, logitOf } from '../measure/logistic.ts';
import { type Estimate, estimate, redraws } from '../measure/redraw.ts';
import { type Copies, findCopies } from './copies.ts';
import { type FileFacts, factsOf, formatFeatures } from './facts.ts';

/** From this area on the trivial rival knows too much. */
export const SUSPICIOUS_AUC = 0.6;

export interface Leakage {
  /** Files looked at, of how many: beyond a limit a seeded sample is taken. */
  readonly examined: number;
  readonly of: number;
  readonly unreadable: number;
  readonly copies: {
    readonly pairs: number;
    readonly exact: number;
    /** One a real, the other a fake: as with a swap and its original, or a mistake. */
    readonly acrossLabels: number;
    readonly acrossSources: number;
    readonly acrossSplits: number;
    readonly examples: readonly (readonly [string, string])[];
  };
  /** Area of the format-only classifier, each file judged by one that has not seen its source; null with one class. */
  readonly formatOnly: { readonly auc: Estimate; readonly itemwise: boolean } | null;
}

export interface LeakageOptions {
  /** Most files looked at; default 1500. */
  readonly sample?: number;
  readonly seed?: number;
  readonly rounds?: number;
  readonly progress?: (done: number, of: number) => void;
}

/** Looks at the files of `items`; `splits` says on which side each stands, where it is split. */
export async function leakageOf(
  items: readonly BenchItem[],
  splits: readonly (string | undefined)[],
  options: LeakageOptions = {},
): Promise<Leakage> {
  const { sample = 1500, seed = 1, progress } = options;
  const chosen = sampled(items, sample, seed);
  const facts: (FileFacts | null)[] = [];
  for (const i of chosen) {
    facts.push(await factsOf(items[i]));
    progress?.(facts.length, chosen.length);
  }
  const pairs = findCopies(facts);
  const item = (position: number) => items[chosen[position]];
  const across = (of: (position: number) => unknown) =>
    pairs.filter(({ first, second }) => of(first) !== undefined && of(first) !== of(second)).length;
  const crossing = ({ first, second }: Copies) =>
    Number(splits[chosen[first]] !== splits[chosen[second]]) * 2 +
    Number(item(first).label !== item(second).label);
  const readable = facts.flatMap((one, position) => (one ? [{ facts: one, item: item(position) }] : []));
  return {
    ...{ examined: chosen.length, of: items.length, unreadable: chosen.length - readable.length },
    copies: {
      pairs: pairs.length,
      exact: pairs.filter(({ exact }) => exact).length,
      acrossLabels: across((position) => item(position).label),
      acrossSources: across((position) => item(position).source),
      acrossSplits: across((position) => splits[chosen[position]]),
      examples: pairs
        .toSorted((a, b) => crossing(b) - crossing(a))
        .slice(0, 5)
        .map(({ first, second }) => [item(first).key, item(second).key] as const),
    },
    formatOnly: formatOnly(readable, options),
  };
}

/** As many of each class as there is room for, by chance. */
function sampled(items: readonly BenchItem[], most: number, seed: number): number[] {
  const all = [...items.keys()];
  if (all.length <= most) return all;
  const random = new Random(seed);
  const fakes = random.shuffle(all.filter((i) => items[i].label === 'fake'));
  const reals = random.shuffle(all.filter((i) => items[i].label === 'real'));
  const half = Math.floor(most / 2);
  const kept = Math.max(half, most - reals.length);
  return [...fakes.slice(0, kept), ...reals.slice(0, most - Math.min(kept, fakes.length))].sort(
    (a, b) => a - b,
  );
}

function formatOnly(
  files: readonly { readonly facts: FileFacts; readonly item: BenchItem }[],
  { seed = 1, rounds = 500 }: LeakageOptions,
): Leakage['formatOnly'] {
  const rows = files.map(({ facts }) => formatFeatures(facts));
  const clustered = files.map(({ item }) => ({ label: item.label, source: item.source ?? item.key }));
  const scores = crossFitted(rows, clustered, seed);
  if (!scores) return null;
  const positive = clustered.map(({ label }) => label === 'fake');
  const ranking = new Ranking(scores.values, positive);
  const drawn = redraws(clustered, { rounds, seed });
  const auc = estimate(
    summarise(ranking).auc,
    drawn.weights.map((weights) => summarise(ranking, weights).auc),
  );
  return { auc, itemwise: scores.itemwise };
}

/** Log-odds of each row by a classifier fitted on other sources; null when a class is missing in some fold's rest. */
export function crossFitted(
  rows: readonly (readonly number[])[],
  items: readonly { readonly label: 'real' | 'fake'; readonly source: string }[],
  seed = 1,
): { readonly values: readonly number[]; readonly itemwise: boolean } | null {
  const folds = foldsBySource(items, 5, seed);
  const values = rows.map(() => Number.NaN);
  for (let fold = 0; fold < folds.count; fold++) {
    const others = [...rows.keys()].filter((i) => folds.of[i] !== fold);
    const positive = others.map((i) => items[i].label === 'fake');
    if (!positive.includes(true) || !positive.includes(false)) return null;
    const fitted = fitLogistic(
      others.map((i) => rows[i]),
      positive,
    );
    for (const i of rows.keys()) if (folds.of[i] === fold) values[i] = logitOf(fitted, rows[i]);
  }
  return { values, itemwise: folds.itemwise };
}

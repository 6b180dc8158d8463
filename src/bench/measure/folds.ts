/** Items into folds by source, so that nothing is fitted on a source it is then judged on. */
import { grouped } from '../../core/group.ts';
import { Random } from '../../core/random.ts';
import type { Clustered } from './redraw.ts';

export interface Folds {
  /** Fold of each item, 0 .. count - 1. */
  readonly of: readonly number[];
  readonly count: number;
  /** A class had fewer sources than there are folds, so its items were dealt out one by one. */
  readonly itemwise: boolean;
}

/** Deals the sources of each class out to `count` folds, large ones first, each to the fold that has least. */
export function foldsBySource(items: readonly Clustered[], count = 5, seed = 1): Folds {
  const of = new Array<number>(items.length).fill(0);
  const random = new Random(seed);
  let itemwise = false;
  const placed = new Map<string, number>();
  for (const members of grouped(items.keys(), (i) => items[i].label).values()) {
    let clusters = [...grouped(members, (i) => items[i].source).values()];
    const alone = clusters.length < count;
    if (alone) {
      itemwise = true;
      clusters = members.map((i) => [i]);
    }
    const load = new Array<number>(count).fill(0);
    random.shuffle(clusters);
    clusters.sort((a, b) => b.length - a.length);
    for (const cluster of clusters) {
      const { source } = items[cluster[0]];
      // A source with both classes stays whole.
      const fold = (alone ? undefined : placed.get(source)) ?? load.indexOf(Math.min(...load));
      placed.set(source, fold);
      load[fold] += cluster.length;
      for (const i of cluster) of[i] = fold;
    }
  }
  return { of, count, itemwise };
}

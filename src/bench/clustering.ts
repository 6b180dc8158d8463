/**
 * How well a clustering found the true groups. Both are given as one label an item, in the same order; an item that
 * was left unclustered has a label of its own (see {@link labelsOf}). Definitions as in Manning, Raghavan and Schütze,
 * Introduction to Information Retrieval, 16.3, and Hubert and Arabie, Comparing partitions, 1985.
 */

/** How often each pair of labels meets, and each label alone. */
interface Table {
  readonly items: number;
  readonly cells: readonly number[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** For each row, the size of its largest cell. */
  readonly largest: readonly number[];
}

function table<A, B>(found: readonly A[], truth: readonly B[]): Table {
  if (found.length !== truth.length) throw new RangeError(`${found.length} labels against ${truth.length}`);
  const cells = new Map<A, Map<B, number>>();
  const columns = new Map<B, number>();
  found.forEach((label, i) => {
    const row = cells.get(label) ?? new Map<B, number>();
    cells.set(label, row);
    row.set(truth[i], (row.get(truth[i]) ?? 0) + 1);
    columns.set(truth[i], (columns.get(truth[i]) ?? 0) + 1);
  });
  const rows = [...cells.values()].map((row) => [...row.values()]);
  return {
    items: found.length,
    cells: rows.flat(),
    rows: rows.map((row) => row.reduce((sum, n) => sum + n, 0)),
    columns: [...columns.values()],
    largest: rows.map((row) => Math.max(...row)),
  };
}

/**
 * Share 0..1 of items that belong to the most frequent true group of their cluster. 1 also when every item is a cluster
 * of its own: to be read beside the number of clusters. NaN for no items.
 */
export function purity(found: readonly unknown[], truth: readonly unknown[]): number {
  const { largest, items } = table(found, truth);
  return largest.reduce((sum, n) => sum + n, 0) / items;
}

/**
 * Mutual information over the arithmetic mean of the two entropies, 0..1; 1 for the same partition, 0 for independent
 * ones. 1 when both are a single group; NaN for no items.
 */
export function normalisedMutualInformation(found: readonly unknown[], truth: readonly unknown[]): number {
  const { cells, rows, columns, items } = table(found, truth);
  if (items === 0) return Number.NaN;
  const entropy = (counts: readonly number[]) =>
    counts.reduce((sum, n) => sum - (n / items) * Math.log(n / items), 0);
  const separate = entropy(rows) + entropy(columns);
  return separate === 0 ? 1 : Math.max(0, (2 * (separate - entropy(cells))) / separate);
}

/**
 * Share of pairs on which both agree, so scaled that chance is 0 and agreement is 1 (it can fall below 0).
 * 1 when both are trivial in the same way; NaN for no items.
 */
export function adjustedRand(found: readonly unknown[], truth: readonly unknown[]): number {
  const { cells, rows, columns, items } = table(found, truth);
  if (items === 0) return Number.NaN;
  const pairs = (counts: readonly number[]) => counts.reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const together = pairs(cells);
  const most = (pairs(rows) + pairs(columns)) / 2;
  if (most === together) return 1;
  const chance = (pairs(rows) * pairs(columns)) / pairs([items]);
  return (together - chance) / (most - chance);
}

export interface ClusteringScore {
  readonly items: number;
  readonly purity: number;
  readonly normalisedMutualInformation: number;
  readonly adjustedRand: number;
  /** Clusters found, single unclustered items not among them. */
  readonly foundSources: number;
  readonly trueSources: number;
  /** Share 0..1 of items that are in a cluster at all. */
  readonly clustered: number;
}

/**
 * All of it for clusters of items 0 .. truth.length - 1, every item in at most one of them. Items in none count as a
 * cluster of their own. Throws RangeError for an item named twice or out of range.
 */
export function scoreClustering(
  clusters: readonly (readonly number[])[],
  truth: readonly unknown[],
): ClusteringScore {
  const found = labelsOf(clusters, truth.length);
  return {
    items: truth.length,
    purity: purity(found, truth),
    normalisedMutualInformation: normalisedMutualInformation(found, truth),
    adjustedRand: adjustedRand(found, truth),
    foundSources: clusters.length,
    trueSources: new Set(truth).size,
    clustered: clusters.reduce((sum, c) => sum + c.length, 0) / truth.length,
  };
}

/** One label for each of `items` items: the index of its cluster, or below zero, each its own, for those in none. */
export function labelsOf(clusters: readonly (readonly number[])[], items: number): number[] {
  const labels = Array.from({ length: items }, (_, i) => -1 - i);
  clusters.forEach((members, label) => {
    for (const member of members) {
      if (!(labels[member] < 0)) throw new RangeError(`item ${member} is named twice or is none of ${items}`);
      labels[member] = label;
    }
  });
  return labels;
}

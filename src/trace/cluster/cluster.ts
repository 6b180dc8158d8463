/**
 * Pictures sorted into sources: who belongs together when for every pair it is known how much likelier its similarity
 * is for one source than for two. Groups grow as long as the mean evidence between them speaks for one source; the
 * evidence is averaged and not added up because pairs that share pictures are not independent witnesses.
 */
import { averageLinkage } from './linkage.ts';
import type { Pairs } from './pairs.ts';

export interface ClusterOptions {
  /**
   * Log-likelihood ratio (natural logarithm) of a similarity: above zero where it is likelier for two pictures of one
   * source than for two of different sources.
   */
  readonly llr: (similarity: number) => number;
  /** Probability 0..1 (exclusive) that two pictures of the folder share a source, before looking; 0.1 by default. */
  readonly prior?: number;
  /** Groups of fewer pictures stay unclustered; 3 by default. */
  readonly smallest?: number;
}

export interface SourceCluster {
  /** 1 for the largest, and on. */
  readonly id: number;
  /** The picture most like all others first. */
  readonly members: readonly number[];
  /** Mean probability 0..1, over pairs of members, that they share a source; 1 for a single picture. */
  readonly cohesion: number;
}

export interface Clustering {
  /** Largest first, then the most cohesive. */
  readonly clusters: readonly SourceCluster[];
  /** Pictures without (enough) company, ascending. */
  readonly unclustered: readonly number[];
}

/** Two pictures of one cluster and the probability 0..1 that they share a source. */
export interface SourceLink {
  readonly a: number;
  readonly b: number;
  readonly probability: number;
}

export const PRIOR = 0.1;
export const SMALLEST = 3;
/** Where the calibration is flat, the similarity itself, so faded that it cannot outweigh it, decides who joins first. */
const FADED = 1e-4;

/** The pictures 0 .. count - 1 of `similarities` by source. Throws RangeError for a prior that is none. */
export function clusterSources(similarities: Pairs, options: ClusterOptions): Clustering {
  const odds = logOdds(similarities, options);
  const smallest = options.smallest ?? SMALLEST;
  const groups = averageLinkage(similarities.count, (i, j) => odds(i, j) + FADED * similarities.get(i, j));
  const clusters = groups
    .filter((group) => group.length >= smallest)
    .map((group) => described(group, (i, j) => chance(odds(i, j))))
    .sort(
      (a, b) => b.members.length - a.members.length || b.cohesion - a.cohesion || a.members[0] - b.members[0],
    )
    .map((cluster, i) => ({ id: i + 1, ...cluster }));
  const unclustered = groups
    .filter((group) => group.length < smallest)
    .flat()
    .sort((a, b) => a - b);
  return { clusters, unclustered };
}

/**
 * Each clustered picture with the up to `partners` pictures of its cluster that it most probably shares its source
 * with, likelier than not: a network that can be drawn. Every pair once, a < b.
 */
export function sourceLinks(
  similarities: Pairs,
  { clusters }: Clustering,
  options: ClusterOptions,
  partners = 3,
): SourceLink[] {
  const odds = logOdds(similarities, options);
  const links = new Map<string, SourceLink>();
  for (const { members } of clusters) {
    for (const one of members) {
      const nearest = members
        .filter((other) => other !== one && odds(one, other) > 0)
        .sort((a, b) => similarities.get(one, b) - similarities.get(one, a) || a - b)
        .slice(0, partners);
      for (const other of nearest) {
        const [a, b] = one < other ? [one, other] : [other, one];
        links.set(`${a} ${b}`, { a, b, probability: chance(odds(a, b)) });
      }
    }
  }
  return [...links.values()].sort((x, y) => x.a - y.a || x.b - y.b);
}

/** Logarithm of the odds, after looking, that two pictures share a source. */
function logOdds(
  similarities: Pairs,
  { llr, prior = PRIOR }: ClusterOptions,
): (i: number, j: number) => number {
  if (!(prior > 0 && prior < 1)) throw new RangeError(`a prior of ${prior} is not between 0 and 1`);
  const before = Math.log(prior / (1 - prior));
  return (i, j) => {
    const evidence = llr(similarities.get(i, j));
    if (Number.isNaN(evidence))
      throw new RangeError(`similarity ${similarities.get(i, j)} has no likelihood ratio`);
    return evidence + before;
  };
}

const chance = (logOdds: number) => 1 / (1 + Math.exp(-logOdds));

function described(group: readonly number[], probability: (i: number, j: number) => number) {
  const company = new Map(group.map((i) => [i, 0]));
  let total = 0;
  for (let x = 0; x < group.length; x++) {
    for (let y = 0; y < x; y++) {
      const p = probability(group[y], group[x]);
      total += p;
      company.set(group[x], (company.get(group[x]) ?? 0) + p);
      company.set(group[y], (company.get(group[y]) ?? 0) + p);
    }
  }
  const members = [...group].sort((a, b) => (company.get(b) ?? 0) - (company.get(a) ?? 0) || a - b);
  const pairs = (group.length * (group.length - 1)) / 2;
  return { members, cohesion: pairs === 0 ? 1 : total / pairs };
}

/**
 * Agglomerative clustering by average linkage, cut at a mean affinity of zero, along a chain of nearest neighbours:
 * from any group to the one it has most affinity with, and on, until two name each other; those are joined. Average
 * linkage is reducible (joining two groups brings neither closer to a third), so the groups are those of the textbook
 * algorithm in O(n^2) instead of O(n^3) time (Bruynooghe 1977; Müllner, arXiv 1109.2378), and a
 * group without a neighbour above the cut is finished on the spot. The npm package ml-hclust copies the matrix at
 * every join: at 1,600 pictures it had not answered after 100 s, where this takes a tenth of a second.
 */

/** Affinities beyond this count as this. */
const MOST = 30;
/** Affinities are rounded to multiples of 1 / GRAIN, so that sums are exact and do not depend on their order. */
const GRAIN = 2 ** 26;

/**
 * Groups of 0 .. count - 1, each ascending, in order of their first member. Two groups are joined as long as the mean
 * of `affinity(i, j)` (symmetric, asked once for i < j, any number but NaN) over the pairs between them is above zero,
 * the highest mean first. The groups do not depend on the order of the pictures unless two means are exactly equal.
 * Memory: 8 count^2 bytes.
 */
export function averageLinkage(count: number, affinity: (i: number, j: number) => number): number[][] {
  /** Sum of affinities between groups; a group is known by one of its members. */
  const sums = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const value = Math.round(Math.max(-MOST, Math.min(MOST, affinity(i, j))) * GRAIN) / GRAIN;
      sums[i * count + j] = value;
      sums[j * count + i] = value;
    }
  }
  const members = Array.from({ length: count }, (_, i) => [i]);
  const open = new Set(members.keys());
  const done: number[][] = [];
  const chain: number[] = [];
  while (open.size > 0) {
    if (chain.length === 0) chain.push(open.values().next().value as number);
    const tip = chain[chain.length - 1];
    const before = chain.at(-2);
    // Starting from the one before, which wins ties: the chain cannot run in circles.
    let nearest = before ?? -1;
    let best = before === undefined ? 0 : mean(tip, before);
    for (const other of open) {
      if (other === tip) continue;
      const value = mean(tip, other);
      if (value > best) {
        nearest = other;
        best = value;
      }
    }
    if (nearest < 0) {
      done.push(members[tip]);
      open.delete(tip);
      chain.pop();
    } else if (nearest !== before) {
      chain.push(nearest);
    } else {
      chain.length -= 2;
      join(tip, nearest);
    }
  }
  for (const group of done) group.sort((a, b) => a - b);
  return done.sort((a, b) => a[0] - b[0]);

  function mean(a: number, b: number): number {
    return sums[a * count + b] / (members[a].length * members[b].length);
  }

  /** `b` becomes part of `a`. */
  function join(a: number, b: number): void {
    open.delete(b);
    for (const other of open) {
      sums[a * count + other] += sums[b * count + other];
      sums[other * count + a] = sums[a * count + other];
    }
    members[a].push(...members[b]);
  }
}

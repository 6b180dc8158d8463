/**
 * Copies of one picture told from different pictures of one source: the first says who reposted what, only the second
 * says something about where pictures come from.
 */
import { grouped } from '../../core/group.ts';
import { hammingDistance, type PerceptualHash } from '../../core/perceptual-hash.ts';

/** Hashes that differ in more of their 64 bits are of different pictures. */
export const MOST_DIFFERENT_BITS = 8;

/**
 * Groups of two or more pictures connected by small distances, each ascending, in order of their first member; `null`
 * stands for a picture without a hash and is near to none.
 */
export function nearIdentical(
  hashes: readonly (PerceptualHash | null)[],
  most: number = MOST_DIFFERENT_BITS,
): number[][] {
  const parent = hashes.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  for (let j = 1; j < hashes.length; j++) {
    const b = hashes[j];
    if (b === null) continue;
    for (let i = 0; i < j; i++) {
      const a = hashes[i];
      if (a === null || hammingDistance(a, b) > most) continue;
      // The smaller index is the root, so that groups come out in order.
      const [low, high] = [root(i), root(j)].sort((x, y) => x - y);
      parent[high] = low;
    }
  }
  return [...grouped(parent.keys(), root).values()].filter((group) => group.length > 1);
}

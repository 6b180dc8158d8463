/** The last step of every search: candidates judged by their full-precision vectors. */
import type { Match } from './fingerprint.ts';
import type { Stored } from './record.ts';

/** The `k` candidates most similar to a unit vector and not below `minSimilarity`, most similar first. */
export function ranked(
  query: Float32Array,
  candidates: readonly Stored[],
  k: number,
  minSimilarity: number,
): Match[] {
  return candidates
    .map(({ id, label, facts, vector }) => ({ id, label, facts, similarity: cosine(query, vector) }))
    .filter((match) => match.similarity >= minSimilarity)
    .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1))
    .slice(0, k);
}

/** Of unit vectors; rounding can carry the sum a little beyond 1. */
function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return Math.min(1, Math.max(-1, sum));
}

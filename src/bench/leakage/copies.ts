/** Copies of one picture under several names: between parts of a split they are answers given away in advance. */
import { hammingDistance, type PerceptualHash } from '../../core/perceptual-hash.ts';

/** Hashes that differ in at most so many of 64 bits belong to copies of one picture. */
export const MOST_DIFFERENT_BITS = 6;

export interface Copies {
  readonly first: number;
  readonly second: number;
  readonly exact: boolean;
}

export interface Hashed {
  readonly sha256: string;
  readonly hash: PerceptualHash | null;
}

/** All pairs of copies among `files`, by content hash or by look. Quadratic: for some thousands of files. */
export function findCopies(files: readonly (Hashed | null)[]): Copies[] {
  const pairs: Copies[] = [];
  for (let second = 1; second < files.length; second++) {
    const b = files[second];
    if (!b) continue;
    for (let first = 0; first < second; first++) {
      const a = files[first];
      if (!a) continue;
      const exact = a.sha256 === b.sha256;
      const alike = a.hash && b.hash && hammingDistance(a.hash, b.hash) <= MOST_DIFFERENT_BITS;
      if (exact || alike) pairs.push({ first, second, exact });
    }
  }
  return pairs;
}

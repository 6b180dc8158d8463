/**
 * A data set into training, validation and test so that nothing is on both sides: no person, no source, or no
 * generator. What hangs together (a fake with two people ties both) goes to one side as a whole, large pieces first.
 */
import { grouped } from '../../core/group.ts';
import { Random } from '../../core/random.ts';
import type { BenchItem, Split } from './item.ts';

export type SplitBy = 'identity' | 'source' | 'generator';

export interface SplitOptions {
  readonly by: SplitBy;
  /** Shares of train, val, test; default 0.7, 0.15, 0.15. */
  readonly shares?: readonly [number, number, number];
  readonly seed?: number;
}

export interface SplitResult {
  /** For each item. */
  readonly of: readonly Split[];
  /** Pieces that could not be taken apart, and the share of files in the largest. */
  readonly pieces: number;
  readonly largest: number;
}

const PARTS: readonly Split[] = ['train', 'val', 'test'];

export function splitItems(items: readonly BenchItem[], options: SplitOptions): SplitResult {
  const { by, shares = [0.7, 0.15, 0.15], seed = 1 } = options;
  const parent = items.map((_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
    return i;
  };
  const first = new Map<string, number>();
  items.forEach((item, i) => {
    for (const tie of tiesOf(item, by)) {
      const other = first.get(tie);
      if (other === undefined) first.set(tie, i);
      else parent[find(i)] = find(other);
    }
  });
  const pieces = [...grouped(items.keys(), find).values()];
  const of = new Array<Split>(items.length).fill('train');
  const random = new Random(seed);
  // Reals and fakes are dealt out apart, so that each part has its share of both; a piece with both counts as fake.
  for (const group of grouped(pieces, (piece) => piece.some((i) => items[i].label === 'fake')).values()) {
    const all = group.reduce((sum, piece) => sum + piece.length, 0);
    const filled = [0, 0, 0];
    for (const piece of random.shuffle(group).sort((a, b) => b.length - a.length)) {
      const lacking = shares.map((share, part) => share * all - filled[part]);
      const part = lacking.indexOf(Math.max(...lacking));
      filled[part] += piece.length;
      for (const i of piece) of[i] = PARTS[part];
    }
  }
  const largest = Math.max(0, ...pieces.map((piece) => piece.length)) / Math.max(1, items.length);
  return { of, pieces: pieces.length, largest };
}

/** What an item may not share with the other side. */
function tiesOf(item: BenchItem, by: SplitBy): string[] {
  const source = item.source === undefined ? [] : [`source ${item.source}`];
  if (by === 'source') return source;
  if (by === 'identity') return [...source, ...(item.identities ?? []).map((name) => `person ${name}`)];
  // Held out by generator: its pictures stay together, and photographs are split by their source.
  return item.generator === undefined ? source : [`generator ${item.generator}`];
}

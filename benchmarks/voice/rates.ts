/** Error rates of judged voices with their intervals, as every table of this benchmark prints them. */
import type { Condition } from '../../recipes/voice/channel.ts';
import { scoreOn } from '../../recipes/voice/fit.ts';
import type { Judged } from '../../recipes/voice/validate.ts';
import { Ranking, summarise } from '../../src/bench/measure/curve.ts';
import { type Estimate, estimate, redraws } from '../../src/bench/measure/redraw.ts';

/** One judged file, as every column of a table sees it. */
export interface Item {
  readonly key: string;
  readonly label: 'real' | 'fake';
  readonly source: string;
  readonly score: number;
}

export const itemOf = (one: Judged): Item => ({
  key: `${one.set.name}/${one.file}`,
  label: one.fake ? 'fake' : 'real',
  source: one.set.name,
  score: scoreOn(one),
});
export const onRoad = (judged: readonly Judged[], road: Condition) =>
  judged.filter((one) => one.road === road).map(itemOf);

/** Every source counts the same, whatever its number of files. */
export function bySource(items: readonly Item[]): number[] {
  const sizes = new Map<string, number>();
  for (const { source } of items) sizes.set(source, (sizes.get(source) ?? 0) + 1);
  return items.map(({ source }) => 1 / (sizes.get(source) as number));
}

/** What an error rate counts alike, in words, and its name in what follows. */
export const COUNTED_BY = [
  ['file', 'files'],
  ['source', 'sources'],
] as const;

/** Equal error rate over files, with whole sources redrawn; and with every source counting the same. */
export function errorRates(items: readonly Item[]): { files: Estimate; sources: Estimate } {
  const ranking = new Ranking(
    items.map((i) => i.score),
    items.map((i) => i.label === 'fake'),
  );
  const even = bySource(items);
  const rounds = redraws(items).weights;
  const rate = (weights?: ArrayLike<number>) => summarise(ranking, weights).equalErrorRate;
  return {
    files: estimate(
      rate(),
      rounds.map((w) => rate(w)),
    ),
    sources: estimate(
      rate(even),
      rounds.map((w) => rate(Float64Array.from(w, (n, i) => n * even[i]))),
    ),
  };
}

/** Equal error rates of `theirs` less those of `ours`, on the same files and the same redraws. */
export function errorGap(
  ours: readonly Item[],
  theirs: readonly Item[],
): { files: Estimate; sources: Estimate } {
  return meanErrorGap([[ours, theirs]]);
}

/** The same, as the mean over several pairs of lists that hold the same files in the same order. */
export function meanErrorGap(pairs: readonly (readonly [ours: readonly Item[], theirs: readonly Item[]])[]): {
  files: Estimate;
  sources: Estimate;
} {
  const [items] = pairs[0];
  const positive = items.map((i) => i.label === 'fake');
  const rankings = pairs.map((pair) =>
    pair.map((list) => {
      const scores = new Map(list.map((item) => [item.key, item.score]));
      return new Ranking(
        items.map(({ key }) => scores.get(key) as number),
        positive,
      );
    }),
  );
  const even = bySource(items);
  const rounds = redraws(items).weights;
  const gap = (weights?: ArrayLike<number>) =>
    rankings.reduce((sum, [mine, other]) => {
      const [a, b] = [mine, other].map((ranking) => summarise(ranking, weights).equalErrorRate);
      return sum + (b - a) / rankings.length;
    }, 0);
  return {
    files: estimate(
      gap(),
      rounds.map((w) => gap(w)),
    ),
    sources: estimate(
      gap(even),
      rounds.map((w) => gap(Float64Array.from(w, (n, i) => n * even[i]))),
    ),
  };
}

export const percent = (v: number) => (Number.isFinite(v) ? `${(100 * v).toFixed(1)} %` : '–');
export const interval = ({ value, lo, hi }: Estimate) => `${percent(value)} (${percent(lo)}–${percent(hi)})`;
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
export const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

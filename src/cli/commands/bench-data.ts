/** `huoyan bench data`: what a folder holds as a data set, how it splits, and what it gives away. */
import type { BenchItem, BenchSet, Split } from '../../bench/data/item.ts';
import { openBenchSet } from '../../bench/data/manifest.ts';
import { type SplitBy, splitItems } from '../../bench/data/split.ts';
import { type Leakage, leakageOf } from '../../bench/leakage/leakage.ts';
import { HuoyanError } from '../../core/errors.ts';
import { grouped } from '../../core/group.ts';
import { dataText, leakageText, PRODUCER } from '../../report/index.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { CommandFailure } from '../failure.ts';

export interface BenchDataFlags {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly by?: SplitBy;
  readonly leakage: boolean;
  readonly sample?: number;
  readonly seed?: number;
}

/** Runs the command and returns its exit code. */
export async function benchData(root: string, flags: BenchDataFlags, io: Console): Promise<number> {
  const set = openSet(root);
  const { splits, division } = divide(set, flags);
  if (flags.ndjson) {
    for (const [i, item] of set.items.entries()) {
      const { path, ...rest } = item;
      await io.write(`${JSON.stringify({ ...rest, split: splits[i] })}\n`);
    }
    return EXIT.ok;
  }
  const leakage = flags.leakage ? await examine(set, splits, flags, io) : null;
  const summary = summaryOf(set, splits);
  if (flags.json) {
    const document = {
      ...{ schema: 'huoyan.bench.data/1', producer: PRODUCER, layout: set.layout, root },
      ...{ ...summary, missing: set.missing, division, leakage },
    };
    await io.write(`${JSON.stringify(document)}\n`);
  } else {
    await io.write(dataText({ layout: set.layout, missing: set.missing, ...summary }, io.language));
    if (leakage) await io.write(leakageText(leakage, io.language));
  }
  return set.items.length === 0 ? EXIT.failure : set.missing > 0 ? EXIT.partial : EXIT.ok;
}

/** The data set in `root`; a broken list in it is a broken contract. */
export function openSet(root: string): BenchSet {
  try {
    return openBenchSet(root);
  } catch (thrown) {
    if (thrown instanceof HuoyanError && thrown.code === 'corrupt')
      throw new CommandFailure(EXIT.contract, thrown);
    throw thrown;
  }
}

/** What copies and format give away, with progress told. */
export function examine(
  set: BenchSet,
  splits: readonly (Split | undefined)[],
  { sample, seed }: { readonly sample?: number; readonly seed?: number },
  io: Console,
): Promise<Leakage> {
  return leakageOf(set.items, splits, {
    sample,
    seed,
    progress: (done, of) =>
      io.status(() => ({ en: `${done} of ${of} files looked at`, zh: `已查看 ${done}/${of} 个文件` })),
  });
}

/** The official split, or one made anew so that nothing stands on both sides. */
export function divide(set: BenchSet, { by, seed }: { readonly by?: SplitBy; readonly seed?: number }) {
  if (by === undefined) return { splits: set.items.map(({ split }) => split), division: null };
  const { of, pieces, largest } = splitItems(set.items, { by, seed });
  return { splits: of, division: { by, seed: seed ?? 1, pieces, largest } };
}

function summaryOf({ items }: BenchSet, splits: readonly (Split | undefined)[]) {
  const count = (label: BenchItem['label']) => items.filter((item) => item.label === label).length;
  const sources = (label: BenchItem['label']) =>
    new Set(items.flatMap((item) => (item.label === label && item.source ? [item.source] : []))).size;
  const tally = <K>(key: (item: BenchItem, i: number) => K | undefined) =>
    [...grouped(items.entries(), ([i, item]) => key(item, i))]
      .flatMap(([name, members]) => (name === undefined ? [] : [[String(name), members.length] as const]))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    files: items.length,
    reals: count('real'),
    fakes: count('fake'),
    sources: { real: sources('real'), fake: sources('fake') },
    people: new Set(items.flatMap(({ identities = [] }) => identities)).size,
    media: Object.fromEntries(tally(({ media }) => media)),
    splits: Object.fromEntries(tally((_, i) => splits[i])),
    variants: Object.fromEntries(tally(({ variant }) => variant)),
    generators: Object.fromEntries(tally(({ generator }) => generator)),
  };
}

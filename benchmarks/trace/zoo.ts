/**
 * `npm run bench:trace -- zoo`: sources told apart by single pictures of the zoo, 32 by 32 pixels. A picture is seen by
 * its residual statistics and by the fingerprint network's embedding together, in a space fitted without what is asked
 * about: other pictures in the closed set; everywhere else generators that a fold leaves out of network and space.
 */
import { CHANGES, type Change } from '../../recipes/fingerprint/changes.ts';
import { readAll } from '../../recipes/fingerprint/embedded.ts';
import { type FittedSpace, fitSpace, meanOf } from '../../recipes/fingerprint/fit-space.ts';
import { FOLDS, type Generator, generators } from '../../recipes/fingerprint/generators.ts';
import { looksAt } from '../../recipes/fingerprint/looks.ts';
import type { NetworkName } from '../../recipes/fingerprint/networks.ts';
import { photographs, type Small } from '../../recipes/fingerprint/pictures.ts';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import { coordinates, inner, unit } from '../../src/trace/parsing/space.ts';
import { head, interval, mean, percent, row, separation, spread } from './table.ts';

const { all } = generators();
const isFull = (g: Generator) => g.declaration.family !== 'shallow';
const full = all.filter(isFull);
const TIERS = [
  ['full', isFull],
  ['shallow', (g: Generator) => !isFull(g)],
] as const;
type Tier = (typeof TIERS)[number][0];
/** Pictures of one source, the first half to fit on and the second to ask about. */
const EACH = 100;
const ENROLLED = 20;
/** Axes of the space, and pictures of a source that it is fitted on: more of either changes little. */
const FIT = { axes: 200, each: 30 };
/**
 * Those of the space in which "none of the known ones" is asked about the full tier. It is fitted on that tier alone, of
 * fewer sources, which span fewer axes that mean something.
 */
const FIT_KNOWN = { axes: 90, each: 50 };

const second = <T>(list: readonly T[]): T[] => list.slice(list.length >> 1);
const first = <T>(list: readonly T[]): T[] => list.slice(0, list.length >> 1);
const distance = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
  return sum;
};

const last = ({ count, data }: Small): Small => ({
  count: EACH,
  data: data.subarray((count - EACH) * (data.length / count)),
});

/** Statistics and embedding end to end, of the last pictures of every generator and of photographs. */
async function seen(
  network: NetworkName,
  of: readonly Generator[],
  change: Change = 'stored',
): Promise<{ generators: Float32Array[][]; photographs: Float32Array[] }> {
  const chosen = of.map((g) => ({ ...g, pictures: last(g.pictures) }));
  const read = await readAll(network, chosen, change);
  const joined = async (pictures: Small, embeddings: readonly Float32Array[]) =>
    (await looksAt(pictures, change)).map((look, i) => {
      const out = new Float32Array(look.length + embeddings[i].length);
      out.set(look);
      out.set(embeddings[i], look.length);
      return out;
    });
  const lists: Float32Array[][] = [];
  for (const { generator, readings } of read.generators)
    lists.push(
      await joined(
        generator.pictures,
        readings.map((r) => r.embedding),
      ),
    );
  // Photographs that trained nothing, as many faces as textures.
  const real: Float32Array[] = [];
  let from = 0;
  for (const subject of ['faces', 'textures'] as const) {
    const pictures = photographs('sample', subject);
    from += pictures.count;
    const embeddings = read.photographs.slice(from - EACH, from).map((r) => r.embedding);
    real.push(...(await joined(last(pictures), embeddings)));
  }
  const shuffled = new Random(8).shuffle(real);
  return { generators: lists, photographs: shuffled };
}

console.log('## Sources of the zoo\n');
console.log(
  `${full.length} full generators and ${all.length - full.length} shallow ones, pictures of 32 by 32 pixels, ${EACH} of each.\n`,
);

interface Sources {
  /** Of every source, its pictures as they were sent. */
  readonly lists: readonly (readonly Float32Array[])[];
}

/** Which source pictures of the second halves go to, by averages of the first halves, `enrolled` in one way or more. */
class ClosedSet {
  private constructor(
    private readonly space: FittedSpace,
    private readonly prototypes: readonly (readonly Float32Array[])[],
  ) {}

  static async of(enrolled: readonly Sources[]): Promise<ClosedSet> {
    const space = await fitSpace(
      enrolled.flatMap(({ lists }) => lists.map(first)),
      FIT,
    );
    const average = (list: readonly Float32Array[]) => coordinates(space, meanOf(first(list)));
    return new ClosedSet(
      space,
      enrolled.map(({ lists }) => lists.map(average)),
    );
  }

  /** Share of a source's pictures, or of means of ten, that go to it and no other of `among`. */
  right({ lists }: Sources, source: number, among: readonly number[], pooled: 1 | 10): number {
    const own = second(lists[source]).map((v) => coordinates(this.space, v));
    const groups = Array.from({ length: Math.floor(own.length / pooled) }, (_, i) =>
      meanOf(own.slice(pooled * i, pooled * i + pooled)),
    );
    const named = (place: Float32Array) => {
      const distances = among.map((s) => Math.min(...this.prototypes.map((p) => distance(p[s], place))));
      return among[distances.indexOf(Math.min(...distances))];
    };
    return mean(groups.map((place) => (named(place) === source ? 1 : 0)));
  }
}

const sources = async (of: readonly Generator[], change: Change = 'stored'): Promise<Sources> => {
  const { generators: lists, photographs: real } = await seen('all', of, change);
  return { lists: [...lists, real] };
};

async function closedSet(): Promise<void> {
  console.log('### Closed set\n');
  const everything = all.map((_, i) => i).concat(all.length);
  console.log(
    `Share of pictures not fitted on that go to their source, in % (95 % interval over generators), among all ${everything.length} sources, as stored (chance ${percent(1 / everything.length)} %).\n`,
  );
  head('tier', 'one picture', 'mean of ten', 'generators');
  const stored = await sources(all);
  const whole = await ClosedSet.of([stored]);
  for (const [tier, wanted] of TIERS) {
    const own = all.flatMap((g, i) => (wanted(g) ? [i] : []));
    const shares = (pooled: 1 | 10) =>
      interval(own.map((source) => whole.right(stored, source, everything, pooled)));
    row([tier, shares(1), shares(10), own.length]);
  }
  console.log(
    `\nAmong the ${full.length} full ones and photographs, re-saved and resized; and among five sources, as the literature has it (photographs and four full generators, 40 draws; chance 20 %). Averages are known under each of these changes, and the nearest counts.\n`,
  );
  const among = full.map((_, i) => i).concat(full.length);
  const PHOTOGRAPH = full.length;
  head('change', 'one picture', 'mean of ten', 'photographs', 'five sources');
  const known = await ClosedSet.of(await Promise.all(CHANGES.map((change) => sources(full, change))));
  for (const change of CHANGES) {
    const asked = await sources(full, change);
    const random = new Random(5);
    const fives = Array.from({ length: 40 }, () => {
      const drawn = [...random.shuffle(full.map((_, i) => i)).slice(0, 4), PHOTOGRAPH];
      return mean(drawn.map((source) => known.right(asked, source, drawn, 1)));
    });
    const shares = (pooled: 1 | 10) =>
      interval(full.map((_, source) => known.right(asked, source, among, pooled)));
    row([change, shares(1), shares(10), percent(known.right(asked, PHOTOGRAPH, among, 1)), interval(fives)]);
  }
  console.log('');
}

interface Placed {
  readonly generator: Generator;
  readonly tier: Tier;
  readonly fold: number;
  /** The space that the fold leaves it out of. */
  readonly space: FittedSpace;
  /** Coordinates of its pictures there. */
  readonly places: readonly Float32Array[];
}
interface Open {
  readonly known: number[];
  readonly unknown: number[];
}

/**
 * How much a picture lies where a known source lies: near one, and much nearer than to the next. Of d1 and d2, the
 * squared distances to the two nearest sources, log(d2 / d1 ** 2).
 */
function familiarity(own: Float32Array, known: readonly Float32Array[]): number {
  let [one, two] = [Infinity, Infinity];
  for (const place of known) {
    const d = distance(place, own);
    if (d < one) [one, two] = [d, one];
    else if (d < two) two = d;
  }
  return Math.log(two) - 2 * Math.log(one);
}

/** Every generator seen by the network and in the spaces that were fitted without it. */
async function strangers(): Promise<{ placed: Placed[]; open: Record<Tier, Open> }> {
  const placed: Placed[] = [];
  const open: Record<Tier, Open> = {
    full: { known: [], unknown: [] },
    shallow: { known: [], unknown: [] },
  };
  for (let fold = 0; fold < FOLDS; fold++) {
    const { generators: lists } = await seen(`configurations-${fold}`, all);
    const entries = all.map((generator, i) => ({ generator, list: lists[i] }));
    const inside = entries.filter(({ generator }) => generator.folds.configurations !== fold);
    const outside = entries.filter(({ generator }) => generator.folds.configurations === fold);
    const space = await fitSpace(
      inside.map(({ list }) => first(list)),
      FIT,
    );
    for (const [tier, wanted] of TIERS) {
      const of = (list: typeof entries) => list.filter(({ generator }) => wanted(generator));
      const own =
        tier === 'full'
          ? await fitSpace(
              of(inside).map(({ list }) => first(list)),
              FIT_KNOWN,
            )
          : space;
      const known = of(inside).map(({ list }) => coordinates(own, meanOf(first(list))));
      const ask = (list: typeof entries) =>
        of(list).flatMap(({ list: pictures }) =>
          second(pictures).map((v) => familiarity(coordinates(own, v), known)),
        );
      open[tier].known.push(...ask(inside));
      open[tier].unknown.push(...ask(outside));
      for (const { generator, list } of of(outside))
        placed.push({ generator, tier, fold, space, places: list.map((v) => coordinates(space, v)) });
    }
  }
  return { placed, open };
}

function openSet(open: Record<string, Open>): void {
  console.log('### None of the known ones\n');
  console.log(
    'AUROC of how near a picture lies to one known generator and how much nearer than to the next: other pictures of known generators against pictures of generators left out, both of one tier.\n',
  );
  head('tier', 'AUROC', 'pictures');
  for (const [tier, { known, unknown }] of Object.entries(open))
    row([tier, separation(known, unknown).toFixed(3), known.length + unknown.length]);
  console.log('');
}

/**
 * Log-likelihood ratio of one source against two for two places, where the pictures of a source vary by 1 and sources
 * by `between` along every axis (probabilistic LDA, Prince and Elder 2007). With the mean of `pooled` pictures on each
 * side, what varies is a `pooled`-th.
 */
function sameSource(a: Float32Array, b: Float32Array, between: Float32Array, pooled: number): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    const own = between[k];
    const total = own + 1 / pooled;
    const det = total * total - own * own;
    const squares = a[k] * a[k] + b[k] * b[k];
    sum += (squares / total - (total * squares - 2 * own * a[k] * b[k]) / det) / 2;
    sum += Math.log(total) - Math.log(det) / 2;
  }
  return sum;
}

function pairs(placed: readonly Placed[]): void {
  console.log('### The same generator or not, generators left out\n');
  console.log(
    'Pairs of pictures of one and of two generators, both of one tier and left out by one fold: mean cosine of their places, AUC of the log-likelihood ratio of one source against two (probabilistic LDA), balanced accuracy in % at the threshold that is best on the other folds (literature: 83 %; guessing: 50 %).\n',
  );
  head('tier', 'pictures on each side', 'cosine within', 'between', 'AUC', 'balanced accuracy', 'pairs');
  for (const [tier] of TIERS) {
    for (const pooled of [1, 10]) {
      const folds = [
        ...grouped(
          placed.filter((p) => p.tier === tier),
          (p) => p.fold,
        ).values(),
      ].map((group) => {
        const { between } = group[0].space;
        const random = new Random(11);
        const draw = ({ places }: Placed, half: typeof first) =>
          meanOf(random.shuffle(half(places)).slice(0, pooled));
        const same: number[] = [];
        const other: number[] = [];
        const cosines: { within: number[]; between: number[] } = { within: [], between: [] };
        for (let k = 0; k < 2000; k++) {
          const one = random.pick(group);
          const two = random.pick(group.filter((p) => p !== one));
          const [own, again, others] = [draw(one, first), draw(one, second), draw(two, second)];
          same.push(sameSource(own, again, between, pooled));
          other.push(sameSource(own, others, between, pooled));
          cosines.within.push(inner(unit(own), unit(again)));
          cosines.between.push(inner(unit(own), unit(others)));
        }
        return { same, other, cosines };
      });
      const accuracy = ({ same, other }: { same: number[]; other: number[] }, t: number) =>
        (mean(same.map((v) => (v > t ? 1 : 0))) + mean(other.map((v) => (v > t ? 0 : 1)))) / 2;
      const held = folds.map((own) => {
        const rest = folds.filter((p) => p !== own);
        const candidates = rest
          .flatMap((p) => [...p.same, ...p.other])
          .sort((a, b) => a - b)
          .filter((_, i) => i % 40 === 0);
        const worth = (t: number) => mean(rest.map((p) => accuracy(p, t)));
        const threshold = candidates
          .map((t) => ({ t, worth: worth(t) }))
          .reduce((a, b) => (b.worth > a.worth ? b : a)).t;
        return accuracy(own, threshold);
      });
      const same = folds.flatMap((p) => p.same);
      const other = folds.flatMap((p) => p.other);
      row([
        tier,
        pooled,
        mean(folds.flatMap((p) => p.cosines.within)).toFixed(3),
        mean(folds.flatMap((p) => p.cosines.between)).toFixed(3),
        separation(same, other).toFixed(3),
        `${percent(mean(held))} (folds ${held.map(percent).join(', ')})`,
        same.length + other.length,
      ]);
    }
  }
  console.log('');
}

function enrolment(placed: readonly Placed[]): void {
  console.log('### Enrolment of generators left out\n');
  console.log(
    `${ENROLLED} pictures of each generator that a fold leaves out are enrolled; share of its other pictures that go to it, in % (95 % interval over generators), among all generators of its tier in that fold.\n`,
  );
  head('tier', 'one picture', 'ten pictures', 'among', 'chance');
  for (const [tier] of TIERS) {
    const shares: Record<number, number[]> = { 1: [], 10: [] };
    const among: number[] = [];
    for (const group of grouped(
      placed.filter((p) => p.tier === tier),
      (p) => p.fold,
    ).values()) {
      const prototypes = group.map(({ places }) => meanOf(places.slice(0, ENROLLED)));
      among.push(group.length);
      group.forEach(({ places }, own) => {
        for (const pooled of [1, 10]) {
          const asked = places.slice(ENROLLED);
          const right: number[] = [];
          for (let i = 0; i + pooled <= asked.length; i += pooled) {
            const picture = meanOf(asked.slice(i, i + pooled));
            const distances = prototypes.map((p) => distance(p, picture));
            right.push(distances.indexOf(Math.min(...distances)) === own ? 1 : 0);
          }
          shares[pooled].push(mean(right));
        }
      });
    }
    row([
      tier,
      interval(shares[1]),
      interval(shares[10]),
      `${Math.min(...among)}–${Math.max(...among)}`,
      percent(mean(among.map((n) => 1 / n))),
    ]);
  }
  console.log('');
}

/** How much survives a change: cosine of a picture's place before and after, against another picture's. */
async function degradation(placed: readonly Placed[]): Promise<void> {
  console.log('### What re-saving leaves\n');
  console.log(
    'Mean cosine (95 % interval) between the place of a picture as stored and after the change, full generators that one fold leaves out, beside that to another picture of the same generator after it and of another generator.\n',
  );
  head('change', 'the same picture', 'another of the same generator', 'of another generator');
  const own = placed.filter((p) => p.fold === 0 && p.tier === 'full');
  const { space } = own[0];
  const before = own.map(({ places }) => places.map(unit));
  const asked = own.map((p) => p.generator);
  for (const change of CHANGES) {
    const { generators: lists } = await seen('configurations-0', asked, change);
    const after = lists.map((list) => list.map((v) => unit(coordinates(space, v))));
    const random = new Random(3);
    const [itself, same, other]: number[][] = [[], [], []];
    before.forEach((list, g) => {
      for (let k = 0; k < 60; k++) {
        const i = random.below(list.length);
        const elsewhere = (g + 1 + random.below(before.length - 1)) % before.length;
        itself.push(inner(list[i], after[g][i]));
        same.push(inner(list[i], after[g][(i + 1 + random.below(list.length - 1)) % list.length]));
        other.push(inner(list[i], random.pick(after[elsewhere])));
      }
    });
    row([change, spread(itself), spread(same), spread(other)]);
  }
  console.log('');
}

await closedSet();
const { placed, open } = await strangers();
openSet(open);
pairs(placed);
enrolment(placed);
await degradation(placed);

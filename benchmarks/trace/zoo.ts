/**
 * `npm run bench:trace -- zoo`: the fingerprint network on generators of the zoo, pictures of 32 by 32 pixels. Closed
 * set with the network that is shipped, on pictures it was not trained on; everything else with networks that were
 * trained without the generators asked about (four folds, a quarter of every family each).
 */

import { CHANGES } from '../../recipes/fingerprint/changes.ts';
import { type Reading, readAll } from '../../recipes/fingerprint/embedded.ts';
import { fitSpace, meanOf } from '../../recipes/fingerprint/fit-parser.ts';
import { FOLDS, type Generator, generators } from '../../recipes/fingerprint/generators.ts';
import { readNetwork } from '../../recipes/fingerprint/networks.ts';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import { inner, project } from '../../src/trace/parsing/space.ts';
import { head, interval, mean, percent, row, separation, spread } from './table.ts';

const { all } = generators();
const full = all.filter((g) => g.declaration.family !== 'shallow');
const TIERS = [
  ['full', (g: Generator) => g.declaration.family !== 'shallow'],
  ['shallow', (g: Generator) => g.declaration.family === 'shallow'],
] as const;
const ENROLLED = 20;
const second = <T>(list: readonly T[]): T[] => list.slice(list.length >> 1);
const first = <T>(list: readonly T[]): T[] => list.slice(0, list.length >> 1);

interface Placed {
  readonly generator: Generator;
  readonly fold: number;
  readonly places: readonly Float32Array[];
}

console.log('## Fingerprints of the zoo\n');
console.log(
  `${full.length} full generators and ${all.length - full.length} shallow ones, 32 by 32 pixels; ${Math.max(...all.map((g) => g.pictures.count))} pictures of each full and ${Math.min(...all.map((g) => g.pictures.count))} of each shallow one.\n`,
);

/** Closed set: the average of each source's first half, stored and re-saved, against pictures of the second half. */
async function closedSet(): Promise<void> {
  console.log('### Closed set\n');
  const stored = await readAll('all', all);
  const resaved = await readAll('all', all, 'jpeg75');
  const names = [...stored.generators.map(({ generator }) => generator.declaration.name), 'photograph'];
  const lists = (read: typeof stored) => [...read.generators.map((g) => g.readings), read.photographs];
  const space = fitSpace(lists(stored).map((list) => first(list).map((r) => r.embedding)));
  const place = (list: readonly Reading[]) => project(space, meanOf(list.map((r) => r.embedding)));
  const prototypes = [stored, resaved].map((read) => lists(read).map((list) => place(first(list))));
  const sourcesOf = (name: string) => names.indexOf(name);
  const best = (embedding: Float32Array, among: readonly number[]): number => {
    const own = project(space, embedding);
    const score = (s: number) => Math.max(...prototypes.map((p) => inner(p[s], own)));
    return among.reduce((a, b) => (score(b) > score(a) ? b : a));
  };
  const everything = names.map((_, i) => i);
  console.log(
    `Share of pictures not trained on that go to their source, in %, among all ${names.length} sources (chance ${percent(1 / names.length)} %): one picture, and the mean of ten; and among five sources, as the literature has it (photographs and four full generators, 40 draws; chance 20 %).\n`,
  );
  head(
    'change',
    'full',
    'shallow',
    'photographs',
    'full, ten pictures',
    'shallow, ten pictures',
    'five sources',
  );
  for (const change of CHANGES) {
    const read = change === 'stored' ? stored : await readAll('all', all, change);
    const right = (list: readonly Reading[], source: number, among = everything, pooled = 1) => {
      const asked = second(list);
      const groups = Array.from({ length: Math.floor(asked.length / pooled) }, (_, i) =>
        asked.slice(i * pooled, (i + 1) * pooled),
      );
      return mean(groups.map((g) => (best(meanOf(g.map((r) => r.embedding)), among) === source ? 1 : 0)));
    };
    const tier = (wanted: (g: Generator) => boolean, pooled: number) =>
      interval(
        read.generators
          .filter(({ generator }) => wanted(generator))
          .map(({ generator, readings }) =>
            right(readings, sourcesOf(generator.declaration.name), everything, pooled),
          ),
      );
    const random = new Random(5);
    const fives = Array.from({ length: 40 }, () => {
      const drawn = random.shuffle([...full]).slice(0, 4);
      const among = [...drawn.map((g) => sourcesOf(g.declaration.name)), names.length - 1];
      const photos = right(read.photographs.slice(0, 400), names.length - 1, among);
      const others = drawn.map((g) => {
        const own = sourcesOf(g.declaration.name);
        return right(read.generators[own].readings, own, among);
      });
      return mean([photos, ...others]);
    });
    row([
      change,
      tier(TIERS[0][1], 1),
      tier(TIERS[1][1], 1),
      percent(right(read.photographs.slice(0, 800), names.length - 1)),
      tier(TIERS[0][1], 10),
      tier(TIERS[1][1], 10),
      interval(fives),
    ]);
  }
  const network = readNetwork('all');
  console.log(`\nThe network knows ${network.sources.length} generators and photographs.\n`);
}

/** Every generator seen by the network that was trained without it, in the space fitted without it. */
async function strangers(): Promise<{
  placed: Placed[];
  open: Record<string, { known: number[]; unknown: number[] }>;
}> {
  const placed: Placed[] = [];
  const open: Record<string, { known: number[]; unknown: number[] }> = {};
  for (let fold = 0; fold < FOLDS; fold++) {
    const { generators: read } = await readAll(`configurations-${fold}`, all);
    const inside = read.filter(({ generator }) => generator.folds.configurations !== fold);
    const outside = read.filter(({ generator }) => generator.folds.configurations === fold);
    const space = fitSpace(inside.map(({ readings }) => first(readings).map((r) => r.embedding)));
    const prototypes = inside.map(({ readings }) =>
      project(space, meanOf(first(readings).map((r) => r.embedding))),
    );
    const nearest = (own: Float32Array) => Math.max(...prototypes.map((p) => inner(p, own)));
    for (const [tier, wanted] of TIERS) {
      open[tier] ??= { known: [], unknown: [] };
      for (const { generator, readings } of inside)
        if (wanted(generator))
          open[tier].known.push(...second(readings).map((r) => nearest(project(space, r.embedding))));
      for (const { generator, readings } of outside)
        if (wanted(generator))
          open[tier].unknown.push(...second(readings).map((r) => nearest(project(space, r.embedding))));
    }
    for (const { generator, readings } of outside)
      placed.push({ generator, fold, places: readings.map((r) => project(space, r.embedding)) });
  }
  return { placed, open };
}

function openSet(open: Record<string, { known: number[]; unknown: number[] }>): void {
  console.log('### None of the known ones\n');
  console.log(
    'AUROC of the cosine to the nearest known generator: other pictures of known generators against pictures of generators left out, both of one tier.\n',
  );
  head('tier', 'AUROC', 'pictures');
  for (const [tier, { known, unknown }] of Object.entries(open))
    row([tier, separation(known, unknown).toFixed(3), known.length + unknown.length]);
  console.log('');
}

function withinAndBetween(placed: readonly Placed[]): void {
  console.log('### The same generator or not, generators left out\n');
  console.log(
    'Cosine between two pictures of one and of two generators (both of one tier and left out by one fold), its AUC, and balanced accuracy in % at the threshold that is best on the other folds (literature: 83 %).\n',
  );
  head('tier', 'pictures pooled on each side', 'within', 'between', 'AUC', 'balanced accuracy', 'pairs');
  for (const [tier, wanted] of TIERS) {
    for (const pooled of [1, 10]) {
      const pairs = [
        ...grouped(
          placed.filter((p) => wanted(p.generator)),
          (p) => p.fold,
        ).values(),
      ].map((group) => {
        const random = new Random(11);
        const draw = ({ places }: Placed, from: number) => {
          const half = random.shuffle(from === 0 ? first(places) : second(places)).slice(0, pooled);
          const sum = meanOf(half);
          const length = Math.sqrt(inner(sum, sum)) || 1;
          return sum.map((v) => v / length);
        };
        const same: number[] = [];
        const other: number[] = [];
        for (let k = 0; k < 2000; k++) {
          const one = random.pick(group);
          const two = random.pick(group.filter((p) => p !== one));
          const own = draw(one, 0);
          same.push(inner(own, draw(one, 1)));
          other.push(inner(own, draw(two, 1)));
        }
        return { same, other };
      });
      const accuracy = ({ same, other }: { same: number[]; other: number[] }, t: number) =>
        (mean(same.map((v) => (v > t ? 1 : 0))) + mean(other.map((v) => (v > t ? 0 : 1)))) / 2;
      const thresholds = Array.from({ length: 96 }, (_, i) => i / 50 - 0.95);
      const held = pairs.map((own) => {
        const rest = pairs.filter((p) => p !== own);
        const worth = (t: number) => mean(rest.map((p) => accuracy(p, t)));
        return accuracy(
          own,
          thresholds.reduce((a, b) => (worth(b) > worth(a) ? b : a)),
        );
      });
      const same = pairs.flatMap((p) => p.same);
      const other = pairs.flatMap((p) => p.other);
      row([
        tier,
        pooled,
        mean(same).toFixed(3),
        mean(other).toFixed(3),
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
    `${ENROLLED} pictures of each generator that a fold leaves out are enrolled; share of its other pictures that go to it, in %, among all generators of its tier in that fold.\n`,
  );
  head('tier', 'one picture', 'ten pictures', 'among', 'chance');
  for (const [tier, wanted] of TIERS) {
    const shares: Record<number, number[]> = { 1: [], 10: [] };
    const among: number[] = [];
    for (const group of grouped(
      placed.filter((p) => wanted(p.generator)),
      (p) => p.fold,
    ).values()) {
      const prototypes = group.map(({ places }) => meanOf(places.slice(0, ENROLLED)));
      const lengths = prototypes.map((p) => Math.sqrt(inner(p, p)) || 1);
      among.push(group.length);
      group.forEach(({ places }, own) => {
        for (const pooled of [1, 10]) {
          const asked = places.slice(ENROLLED);
          const right: number[] = [];
          for (let i = 0; i + pooled <= asked.length; i += pooled) {
            const picture = meanOf(asked.slice(i, i + pooled));
            const scores = prototypes.map((p, k) => inner(p, picture) / lengths[k]);
            right.push(scores.indexOf(Math.max(...scores)) === own ? 1 : 0);
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

/** How much of a fingerprint survives: cosine of a picture's embedding before and after, against another picture's. */
async function degradation(): Promise<void> {
  console.log('### What re-saving leaves\n');
  console.log(
    'Mean cosine between the embedding of a picture as stored and after the change (generators left out, full tier), beside that to another picture of the same generator after it and of another generator.\n',
  );
  head('change', 'the same picture', 'another of the same generator', 'of another generator');
  const fold = 0;
  const { generators: read } = await readAll(`configurations-${fold}`, all);
  const inside = read.filter(({ generator }) => generator.folds.configurations !== fold);
  const space = fitSpace(inside.map(({ readings }) => first(readings).map((r) => r.embedding)));
  const outside = (list: typeof read) =>
    list.filter(({ generator }) => generator.folds.configurations === fold && TIERS[0][1](generator));
  const before = outside(read).map(({ readings }) => readings.map((r) => project(space, r.embedding)));
  for (const change of CHANGES) {
    const after = outside((await readAll(`configurations-${fold}`, all, change)).generators).map(
      ({ readings }) => readings.map((r) => project(space, r.embedding)),
    );
    const random = new Random(3);
    const [own, same, other]: number[][] = [[], [], []];
    before.forEach((list, g) => {
      for (let k = 0; k < 60; k++) {
        const i = random.below(list.length);
        const elsewhere = (g + 1 + random.below(before.length - 1)) % before.length;
        own.push(inner(list[i], after[g][i]));
        same.push(inner(list[i], after[g][(i + 1 + random.below(list.length - 1)) % list.length]));
        other.push(inner(list[i], random.pick(after[elsewhere])));
      }
    });
    row([change, spread(own), spread(same), spread(other)]);
  }
  console.log('');
}

await closedSet();
const { placed, open } = await strangers();
openSet(open);
withinAndBetween(placed);
enrolment(placed);
await degradation();

/**
 * The pool of training views, in pairs of an authentic face and one that is not: a DFDC original and a fake made of it, a
 * face and its self-blend, a photograph and a fake of another source. Both of a pair have the same past.
 * Shards of `.cache/faceswap/views-N.u8`, planes R, G, B of FACE_SIDE squared, with `.json` beside them.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grouped } from '../../src/core/group.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { FACE_SIDE, intoPlanes } from '../../src/evidence/faceswap/view.ts';
import { travelled } from './chain.ts';
import { type Crops, readCrops } from './crops.ts';
import { partOf, selfBlend } from './self-blend.ts';

/** Pairs in a shard. */
export const SHARD = 1000;
export const VIEW_BYTES = 3 * FACE_SIDE * FACE_SIDE;

export type PairKind = 'dfdc' | 'self-blend' | 'other';

export interface PairFact {
  readonly kind: PairKind;
  /** The set that its second half is of; empty for a self-blend, which nobody made. */
  readonly fake: string;
}

interface Pair extends PairFact {
  readonly halves: readonly [RgbImage, RgbImage];
}

/** Shares of the three kinds of pairs, and of DFDC among the faces that are blended into themselves. */
const KINDS: readonly (readonly [PairKind, number])[] = [
  ['dfdc', 0.42],
  ['self-blend', 0.4],
  ['other', 0.18],
];
/** DFDC pairs that are of two originals, because many a crop has no counterpart. */
const LOOSE = 0.35;
/** DFDC fakes of which only a part is put into their original. */
const PARTLY = 0.3;
const DFDC_OF_BLENDS = 0.35;
/** Among the other fakes, faces that are generated as a whole. */
const GENERATED_OF_OTHERS = 0.3;
const OTHER_FACE = 0.25;

/** Picks crops so that sets count by the root of their size, not by their size. */
class Chooser {
  readonly #sets: { readonly indices: readonly number[]; readonly weight: number }[];

  constructor(crops: Crops, wanted: (fact: Crops['facts'][number]) => boolean) {
    const indices = crops.facts.flatMap((fact, i) => (fact.side === 'train' && wanted(fact) ? [i] : []));
    this.#sets = [...grouped(indices, (i) => crops.facts[i].set).values()].map((list) => ({
      indices: list,
      weight: Math.sqrt(Math.min(100, list.length)),
    }));
    if (this.#sets.length === 0) throw new RangeError('no crops of this kind to learn from');
  }

  pick(random: Random): number {
    return random.pick(random.weighted(this.#sets, ({ weight }) => weight).indices);
  }
}

function kindOf(random: Random): PairKind {
  let left = random.uniform();
  for (const [kind, share] of KINDS) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'other';
}

/** The authentic crop of each DFDC original, and the fakes that were made of it, on the training side. */
function dfdcPairs(crops: Crops): { readonly real: number; readonly fakes: readonly number[] }[] {
  const learnt = crops.facts.flatMap((fact, i) =>
    fact.side === 'train' && fact.original !== undefined ? [{ fact, i }] : [],
  );
  return [...grouped(learnt, ({ fact }) => fact.original ?? '').values()].flatMap((all) => {
    const real = all.find(({ fact }) => fact.role === 'real');
    const fakes = all.flatMap(({ fact, i }) => (fact.role === 'swap' ? [i] : []));
    return real && fakes.length > 0 ? [{ real: real.i, fakes }] : [];
  });
}

/** Makes the shards that are not there yet, up to `count`. */
export async function makeViews(cache: string, count: number): Promise<void> {
  const crops = readCrops(cache);
  const dfdc = (set: string) => set.includes('dfdc');
  const pairs = dfdcPairs(crops);
  const from = {
    dfdcFake: new Chooser(crops, (f) => f.role === 'swap' && dfdc(f.set)),
    dfdcReal: new Chooser(crops, (f) => f.role === 'real' && dfdc(f.set)),
    otherReal: new Chooser(crops, (f) => f.role === 'real' && !dfdc(f.set)),
    otherFake: new Chooser(crops, (f) => (f.role === 'swap' || f.role === 'reenact') && !dfdc(f.set)),
    generated: new Chooser(crops, (f) => f.role === 'generated'),
  };
  const meshed = (i: number) => ({ image: crops.image(i), mesh: crops.mesh(i) });
  const dfdcPair = (random: Random): Pair => {
    if (random.chance(LOOSE)) {
      const real = from.dfdcReal.pick(random);
      const made = from.dfdcFake.pick(random);
      return { kind: 'dfdc', fake: crops.facts[made].set, halves: [crops.image(real), crops.image(made)] };
    }
    const { real, fakes } = random.pick(pairs);
    const made = random.pick(fakes);
    const face = crops.image(made);
    const fake = random.chance(PARTLY) ? partOf(face, meshed(real), random) : face;
    return { kind: 'dfdc', fake: crops.facts[made].set, halves: [crops.image(real), fake] };
  };
  const pairOf = async (kind: PairKind, random: Random): Promise<Pair> => {
    if (kind === 'dfdc') return dfdcPair(random);
    if (kind === 'self-blend') {
      const real = (random.chance(DFDC_OF_BLENDS) ? from.dfdcReal : from.otherReal).pick(random);
      const other = random.chance(OTHER_FACE) ? meshed(from.otherReal.pick(random)) : undefined;
      return { kind, fake: '', halves: [crops.image(real), await selfBlend(meshed(real), random, other)] };
    }
    const fakes = random.chance(GENERATED_OF_OTHERS) ? from.generated : from.otherFake;
    const real = from.otherReal.pick(random);
    const made = fakes.pick(random);
    return { kind, fake: crops.facts[made].set, halves: [crops.image(real), crops.image(made)] };
  };
  for (let shard = 0; shard < count; shard++) {
    const stem = join(cache, `views-${shard}`);
    if (existsSync(`${stem}.json`)) continue;
    const pixels = new Uint8Array(2 * SHARD * VIEW_BYTES);
    const facts: PairFact[] = [];
    for (let at = 0; at < SHARD; at++) {
      const seed = shard * 1_000_003 + at;
      const random = new Random(seed);
      const { kind, fake, halves } = await pairOf(kindOf(random), random);
      for (const side of [0, 1] as const) {
        // The same past for both: whatever differs between them is what there is to learn.
        const view = await travelled(halves[side], FACE_SIDE, new Random(seed ^ 0x5bd1e995));
        intoPlanes(view, pixels, (2 * at + side) * VIEW_BYTES);
      }
      facts.push({ kind, fake });
    }
    writeFileSync(`${stem}.u8`, pixels);
    writeFileSync(`${stem}.json.partial`, JSON.stringify(facts));
    renameSync(`${stem}.json.partial`, `${stem}.json`);
    console.error(`views: shard ${shard + 1} of ${count}`);
  }
}

export interface Views {
  readonly facts: readonly PairFact[];
  /** Planes R, G, B of the authentic (0) or the other (1) half of pair `i`. */
  planes(i: number, side: 0 | 1): Uint8Array;
}

const shardsIn = (cache: string): number[] =>
  readdirSync(cache)
    .flatMap((name) => /^views-(\d+)\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

/** The number of shards that are complete. */
export const countShards = (cache: string): number => shardsIn(cache).length;

/** Every shard that is complete. */
export function readViews(cache: string): Views {
  const shards = shardsIn(cache);
  const pixels = shards.map((n) => readFileSync(join(cache, `views-${n}.u8`)));
  return {
    facts: shards.flatMap(
      (n) => JSON.parse(readFileSync(join(cache, `views-${n}.json`), 'utf8')) as PairFact[],
    ),
    planes(i, side) {
      const at = (2 * (i % SHARD) + side) * VIEW_BYTES;
      return pixels[Math.floor(i / SHARD)].subarray(at, at + VIEW_BYTES);
    },
  };
}

/** The sampled generators with what model parsing must find out about them, and which fold leaves each out. */
import type { Construction } from '../../src/core/construction.ts';
import { Random } from '../../src/core/random.ts';
import { type Ranges, rangesOf, toVector } from '../../src/trace/parsing/vector.ts';
import { construction } from '../../src/zoo/construction.ts';
import type { Family, ZooDeclaration } from '../../src/zoo/declaration.ts';
import { zooModel } from '../../src/zoo/zoo.ts';
import { wholeCatalogue } from '../zoo/cached.ts';
import { type Small, sampled } from './pictures.ts';

/**
 * `configurations`: every fold leaves out a quarter of each family, as RED's folds mix families. `families`: every fold
 * leaves out whole families of full generators; shallow ones, which are of none, stay. `all` leaves out nothing.
 */
export type Protocol = 'configurations' | 'families' | 'all';

export const FOLDS = 4;
const FAMILY_FOLDS: Readonly<Partial<Record<Family, number>>> = {
  ...{ gan: 0, vae: 1, 'face-swap': 1, diffusion: 2, autoregressive: 2, flow: 2 },
  ...{ translation: 3, 'super-resolution': 3, inpainting: 3, attack: 2 },
};

export interface Generator {
  readonly declaration: ZooDeclaration;
  readonly pictures: Small;
  readonly construction: Construction;
  /** See `vector.ts`. */
  readonly vector: Float32Array;
  /** The fold that leaves it out; -1 for none. */
  readonly folds: Readonly<Record<Protocol, number>>;
}

/** A quarter of every family by name, whichever generators are trained already. */
function quarterOf(): Map<string, number> {
  const random = new Random(4);
  const turn = new Map<Family, number>();
  return new Map(
    wholeCatalogue().map(({ name, family }) => {
      const next = turn.get(family) ?? random.below(FOLDS);
      turn.set(family, next + 1);
      return [name, next % FOLDS];
    }),
  );
}

export function generators(): { all: Generator[]; ranges: Ranges } {
  const found = sampled();
  const built = found.map(({ declaration }) => construction(zooModel(declaration)));
  const ranges = rangesOf(built);
  const quarters = quarterOf();
  const all = found.map(({ declaration, pictures }, i) => ({
    ...{ declaration, pictures, construction: built[i], vector: toVector(built[i], ranges) },
    folds: {
      configurations: quarters.get(declaration.name)!,
      families: FAMILY_FOLDS[declaration.family] ?? -1,
      all: -1,
    },
  }));
  return { all, ranges };
}

/** Those of the full tier, with ranges over them alone: what model parsing goes by and is measured on. */
export function fullGenerators(): { full: Generator[]; ranges: Ranges; all: Generator[] } {
  const { all } = generators();
  const chosen = all.filter(({ declaration }) => declaration.family !== 'shallow');
  const ranges = rangesOf(chosen.map((g) => g.construction));
  return { all, ranges, full: chosen.map((g) => ({ ...g, vector: toVector(g.construction, ranges) })) };
}

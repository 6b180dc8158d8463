/**
 * Which files the detectors are judged on: a few of every source and generator, because a hundred files of one camera
 * say little more than four. The source is the set, of DFDC
 * the original clip.
 */
import { basename } from 'node:path';
import { type FaceRole, type FaceSet, faceSets, sideOf } from '../../recipes/faceswap/sets.ts';
import { type Placed, place, trainingSets } from '../../recipes/synthesis/splits.ts';
import { imageSets } from '../../src/bench/corpus.ts';
import type { BenchItem } from '../../src/bench/data/item.ts';
import type { FitProtocol } from '../../src/bench/peers/baselines.ts';
import { FOLDS } from '../../src/evidence/synthesis/score.ts';

/** `most` of a list, evenly taken. */
export function spread<T>(list: readonly T[], most: number): T[] {
  const n = Math.min(most, list.length);
  return Array.from({ length: n }, (_, k) => list[Math.floor((k * list.length) / n)]);
}

/** How many files of each set are taken. */
export interface Caps {
  readonly real: number;
  readonly fake: number;
}

export interface PictureFiles {
  readonly items: readonly BenchItem[];
  readonly sets: ReadonlyMap<string, Placed>;
  /** The split the left-out networks were fitted by, for the baselines. */
  readonly protocol: FitProtocol;
}

/** Photographs, and pictures that are generated as a whole. */
export function pictureFiles(data: string, caps: Caps): PictureFiles {
  const placed = imageSets(data)
    .map(place)
    .filter(({ role }) => role === 'whole' || role === 'real');
  const sets = new Map(placed.map((set) => [set.name, set]));
  const setOf = (item: BenchItem) => sets.get(item.source as string) as Placed;
  const teachers = Array.from(
    { length: FOLDS },
    (_, fold) => new Set(trainingSets(placed, fold).map((set) => set.name)),
  );
  return {
    items: placed.flatMap(({ name, label, files }) =>
      spread(
        // What CelebFOM calls real is the driving picture of a fake set.
        files.filter((file) => !/celebfom\/.*_real\./.test(file)),
        caps[label],
      ).map((path) => itemOf(name, path, label)),
    ),
    sets,
    protocol: {
      count: FOLDS,
      foldOf: (item) => setOf(item).fold,
      mayLearn: (item, fold) => teachers[fold].has(item.source as string),
    },
  };
}

export interface FaceFiles {
  readonly items: readonly BenchItem[];
  /** Methods the shipped network learned from. DFDC is one, though the files here are of other originals. */
  readonly seen: readonly string[];
}

/** Faces of people and sources no face network learned from, and methods of both kinds. Clips are left to `bench:faces`. */
export function faceFiles(data: string, caps: Caps): FaceFiles {
  const sets = faceSets(data).filter(({ name, role }) => !name.startsWith('video_') && role !== 'generated');
  const label = (role: FaceRole) => (role === 'real' ? 'real' : 'fake');
  const judged = (set: FaceSet) =>
    set.files.filter((file) => {
      const original = set.originals?.get(basename(file));
      // What a network was fitted on is kept only of fakes, as "seen"; of DFDC nothing is.
      return sideOf(set.name, original) === 'held-out' || (set.role !== 'real' && !set.originals);
    });
  const items = sets.flatMap((set) =>
    spread(judged(set), caps[label(set.role)]).map((path) =>
      itemOf(set.name, path, label(set.role), set.originals?.get(basename(path))),
    ),
  );
  const taught = sets.filter(({ name, originals }) => originals || sideOf(name) === 'train');
  return { items, seen: taught.map(({ name }) => generatorOf(name)) };
}

const generatorOf = (set: string) => set.replace(/^fake_/, '');

function itemOf(set: string, path: string, label: 'real' | 'fake', original?: string): BenchItem {
  return {
    ...{ key: path.slice(path.indexOf(`/${set}/`) + 1), path, label, media: 'image' },
    source: original === undefined ? set : `dfdc ${original}`,
    ...(label === 'fake' ? { generator: generatorOf(set) } : {}),
  };
}

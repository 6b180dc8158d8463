/** Real pictures by side of the split, and what the splice traces measure on made splices and their untouched twins. */

import { type ImageSet, imageSets } from '../../src/bench/corpus.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { judgeable } from '../../src/evidence/splice/noise.ts';
import type { Cells } from '../../src/evidence/splice/strips.ts';
import { cellColumn, cellRow } from '../../src/evidence/splice/strips.ts';
import { type LastSave, lastSave, readTraces } from '../../src/evidence/splice/traces.ts';
import { RADII, sumTraces, type WindowFeatures, windowFeatures } from '../../src/evidence/splice/windows.ts';
import { decodePixels, readBytes, readImageFile } from '../../src/media/index.node.ts';
import { finalSave, makeSplice, prepareHost, SAVES, type Save } from './forge.ts';

export type Side = 'fit' | 'calibrate' | 'test';

/** Pictures a folder may give, so that no source outweighs the others. */
const PER_SOURCE = 24;
const LEAST_SIDE = 128;

export interface Sample {
  readonly source: string;
  readonly save: Save | 'stored';
  readonly spliced: boolean;
  readonly cells: Cells;
  readonly windows: readonly WindowFeatures[];
  /** 1 where the map shows something, 0 where it abstains. */
  readonly shown: Uint8Array;
  /** Share of each cell that comes from the donor; null for an untouched picture. */
  readonly donor: Float32Array | null;
}

/** A stable small number of a name (FNV-1a). */
export function hashOf(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Folders whose pictures are tiny (32x32) say nothing here. */
const LEFT_OUT = new Set(['real_cifar10_png32']);

/** The real sources, each on one side by its rank in a seeded order: two fifths fit, one calibrate, two test. */
export function realSources(folder: string): { set: ImageSet; side: Side }[] {
  const sets = imageSets(folder).filter((s) => s.label === 'real' && !LEFT_OUT.has(s.name));
  const order = [...sets].sort((a, b) => hashOf(`splice ${a.name}`) - hashOf(`splice ${b.name}`));
  const sides: Side[] = ['fit', 'test', 'calibrate', 'fit', 'test'];
  return order.map((set, i) => ({ set, side: sides[i % 5] }));
}

/** At most 24 files of a set, evenly spread. */
export function someFiles(set: ImageSet): string[] {
  const step = Math.max(1, set.files.length / PER_SOURCE);
  return Array.from(
    { length: Math.min(PER_SOURCE, set.files.length) },
    (_, i) => set.files[Math.floor(i * step)],
  );
}

/** Decoded, or null when it cannot be or is too small to judge. */
export async function readReal(path: string): Promise<RgbImage | null> {
  try {
    const image = await decodePixels(await readBytes(path));
    return Math.min(image.width, image.height) < LEAST_SIDE ? null : image;
  } catch {
    return null;
  }
}

/** The features of one picture. */
export function measure(
  image: RgbImage,
  save: LastSave | null,
  about: { source: string; save: Save | 'stored'; mask: Float32Array | null },
): Sample {
  const traces = readTraces(image, save);
  const summed = sumTraces(traces);
  return {
    source: about.source,
    save: about.save,
    spliced: about.mask !== null,
    cells: traces.cells,
    windows: RADII.map((radius) => windowFeatures(summed, radius)),
    shown: Uint8Array.from(traces.noise, (_, cell) => (judgeable(traces.facts, cell) ? 1 : 0)),
    donor: about.mask ? donorShare(about.mask, image, traces.cells) : null,
  };
}

function donorShare(mask: Float32Array, image: RgbImage, cells: Cells): Float32Array {
  const share = new Float32Array(cells.cols * cells.rows);
  const count = new Float32Array(share.length);
  for (let y = 0; y < image.height; y++) {
    const base = cellRow(cells, y) * cells.cols;
    for (let x = 0; x < image.width; x++) {
      const cell = base + cellColumn(cells, x);
      share[cell] += mask[y * image.width + x];
      count[cell]++;
    }
  }
  for (let i = 0; i < share.length; i++) share[i] /= Math.max(1, count[i]);
  return share;
}

export interface SampleOptions {
  readonly seed: number;
  /** Splices (each with its twin) a host picture gives. */
  readonly perHost: number;
  /** How many of the final saves each splice goes through, drawn by chance. */
  readonly saves: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Longest sides a host is cropped to, pixels. */
const LONGEST = [448, 640, 640, 960, 1280] as const;

/** Made splices and their untouched twins from the pictures of some sources. */
export async function* makeSamples(
  sets: readonly ImageSet[],
  options: SampleOptions,
): AsyncGenerator<Sample> {
  const files = sets.flatMap((set) => someFiles(set).map((path) => ({ source: set.name, path })));
  const random = new Random(options.seed);
  random.shuffle(files);
  let done = 0;
  for (const { source, path } of files) {
    options.onProgress?.(done++, files.length);
    const stored = await readReal(path);
    if (!stored) continue;
    for (let k = 0; k < options.perHost; k++) {
      const host = await prepareHost(stored, random, random.pick(LONGEST));
      if (Math.min(host.width, host.height) < LEAST_SIDE) break;
      let splice = null;
      for (let attempt = 0; attempt < 6 && !splice; attempt++) {
        const other = random.pick(files);
        if (other.path === path) continue;
        const donor = await readReal(other.path);
        if (donor) splice = await makeSplice(host, donor, random);
      }
      if (!splice) continue;
      for (const save of random.shuffle([...SAVES]).slice(0, options.saves)) {
        const bad = await finalSave(splice.image, save);
        yield measure(bad.image, bad.save, { source, save, mask: splice.mask });
        const good = await finalSave(host, save);
        yield measure(good.image, good.save, { source, save, mask: null });
      }
    }
  }
}

/** The pictures of some sources exactly as stored, at full size: where a false alarm would hurt. */
export async function* storedSamples(sets: readonly ImageSet[]): AsyncGenerator<Sample> {
  for (const set of sets) {
    for (const path of someFiles(set)) {
      const stored = await readStored(path);
      if (stored) yield measure(stored.image, stored.save, { source: set.name, save: 'stored', mask: null });
    }
  }
}

/** A file as stored, with what its container tells; null when it cannot be read or is too small. */
export async function readStored(path: string): Promise<{ image: RgbImage; save: LastSave | null } | null> {
  try {
    const media = await readImageFile(path);
    if (Math.min(media.pixels.width, media.pixels.height) < LEAST_SIDE) return null;
    return { image: media.pixels, save: lastSave(media.container) };
  } catch {
    return null;
  }
}

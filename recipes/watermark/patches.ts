/**
 * What is marked in training: tiles of photographs of half the corpus's real sources, one sample a mark unit, and pages
 * with lines of text, which no photograph is like. The other half of the sources is what benchmarks measure on.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ImageSet, imageSets } from '../../src/bench/corpus.ts';
import type { Plane } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { decodePixels, resize } from '../../src/media/index.node.ts';
import { unitPx } from '../../src/protect/watermark/embed.ts';
import { reducedLuma } from '../../src/protect/watermark/plane.ts';
import { SIDE } from './network.ts';
import { isLearned } from './sources.ts';

/** Pictures that tiles are cut from, of each source. */
export const PICTURES_OF_A_SOURCE = 8;
const PATCHES_OF_A_PICTURE = 10;
const PAGES = 0.12;

/** The part of `plane` that begins at (x, y). */
function part(plane: Plane, x: number, y: number): Uint8Array {
  const out = new Uint8Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row++) {
    const from = (y + row) * plane.width + x;
    for (let column = 0; column < SIDE; column++) out[row * SIDE + column] = plane.data[from + column] + 0.5;
  }
  return out;
}

/** The sources that tiles are cut from. */
export function learnedSets(data: string): ImageSet[] {
  return imageSets(data).filter(({ label, name }) => label === 'real' && isLearned(name));
}

/** Tiles of photographs, cut once; one after the other, SIDE squared bytes each. */
export async function photographPatches(data: string, file: string): Promise<Uint8Array> {
  if (existsSync(file)) return readFileSync(file);
  const patches: Uint8Array[] = [];
  const random = new Random(5);
  for (const { name, files } of learnedSets(data)) {
    for (const path of files.slice(0, PICTURES_OF_A_SOURCE)) {
      const image = await readFile(path)
        .then((bytes) => decodePixels(bytes))
        .catch(() => null);
      if (!image) continue;
      const unit = unitPx(image.width, image.height);
      const size = { width: Math.round(image.width / unit), height: Math.round(image.height / unit) };
      if (Math.min(size.width, size.height) < SIDE) continue;
      const plane = reducedLuma(unit > 1 ? await resize(image, size) : image, 1);
      for (let i = 0; i < PATCHES_OF_A_PICTURE; i++)
        patches.push(
          part(plane, random.below(plane.width - SIDE + 1), random.below(plane.height - SIDE + 1)),
        );
    }
    console.error(`${name}: ${patches.length} tiles so far`);
  }
  mkdirSync(dirname(file), { recursive: true });
  const all = Buffer.concat(patches);
  writeFileSync(file, all);
  return all;
}

/** A page: lines of dark strokes on light, or the other way round. */
function page(random: Random): Uint8Array {
  const dark = random.chance(0.3);
  const [paper, ink] = dark
    ? [random.below(60), 160 + random.below(90)]
    : [215 + random.below(41), random.below(90)];
  const out = new Uint8Array(SIDE * SIDE).fill(paper);
  const height = 4 + random.below(8);
  if (random.chance(0.25)) return out;
  for (
    let top = random.below(12);
    top + height < SIDE;
    top += Math.round(height * random.uniform(1.5, 2.2))
  ) {
    for (let x = random.below(16); x < SIDE - random.below(40); x += 2 + random.below(4)) {
      const [from, to] = [top + random.below(3), top + height - random.below(3)];
      for (let y = from; y < to; y++) out[y * SIDE + x] = ink;
      if (random.chance(0.5)) out.fill(ink, from * SIDE + x, from * SIDE + Math.min(SIDE, x + 3));
    }
  }
  return out;
}

/** `batch` tiles as float planes, 0..255. */
export function drawPatches(photographs: Uint8Array, batch: number, random: Random): Float32Array {
  const plane = SIDE * SIDE;
  const out = new Float32Array(batch * plane);
  for (let i = 0; i < batch; i++) {
    const from = random.below(photographs.length / plane) * plane;
    out.set(random.chance(PAGES) ? page(random) : photographs.subarray(from, from + plane), i * plane);
  }
  return out;
}

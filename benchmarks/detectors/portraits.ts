/**
 * Parts of the corpus' pictures, kept as small PNG files under the cache: the middle of each, or a face with its
 * surroundings. Both classes alike, and small enough that every step and attack can be shown to every detector.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchItem } from '../../src/bench/data/item.ts';
import { crop, type RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { facesOf } from '../../src/evidence/faces.node.ts';
import { judgeable } from '../../src/evidence/faceswap/score.ts';
import type { Face } from '../../src/face/face.ts';
import { encodePng, readBytes, readImage, shrinkTo } from '../../src/media/index.node.ts';
import type { FaceFiles } from './files.ts';

/** Longest side. */
export const PORTRAIT_SIDE = 320;
/** Surroundings of a face on each side, in parts of its longer side. */
const AROUND = 0.7;

/** The largest face that can be judged; null for none. */
export async function largestFace(image: RgbImage): Promise<Face | null> {
  return judgeable((await facesOf(image)) ?? [])[0] ?? null;
}

async function portrait(image: RgbImage): Promise<RgbImage | null> {
  const face = await largestFace(image);
  if (!face) return null;
  const { box } = face;
  const room = AROUND * Math.max(box.width, box.height);
  const x = Math.max(0, Math.floor(box.x - room));
  const y = Math.max(0, Math.floor(box.y - room));
  const width = Math.min(image.width - x, Math.ceil(box.width + 2 * room));
  const height = Math.min(image.height - y, Math.ceil(box.height + 2 * room));
  const cut = await shrinkTo(crop(image, { x, y, width, height }), PORTRAIT_SIDE);
  return (await largestFace(cut)) ? cut : null;
}

/** Longest side of {@link middles}. */
export const MIDDLE_SIDE = 384;

/** The middle of each picture, at most MIDDLE_SIDE pixels, for what would take too long on whole photographs. */
export async function middles(items: readonly BenchItem[], cache: string): Promise<BenchItem[]> {
  const folder = join(cache, 'middles');
  mkdirSync(folder, { recursive: true });
  const made: BenchItem[] = [];
  for (const item of items) {
    const path = join(folder, `${createHash('sha256').update(item.key).digest('hex').slice(0, 24)}.png`);
    if (!existsSync(path)) {
      const { pixels } = await readImage(await readBytes(item.path), item.key);
      const [width, height] = [pixels.width, pixels.height].map((side) => Math.min(side, MIDDLE_SIDE));
      const x = (pixels.width - width) >> 1;
      const y = (pixels.height - height) >> 1;
      writeFileSync(path, await encodePng(crop(pixels, { x, y, width, height }), { compression: 3 }));
    }
    made.push({ ...item, path });
  }
  return made;
}

/**
 * At most `most` of each class, by chance (the same each time), of people and sources no network here learned from; fakes
 * by methods that were learned from only where `alsoSeen`.
 */
export async function portraits(
  { items, seen }: FaceFiles,
  most: number,
  cache: string,
  { alsoSeen = false } = {},
): Promise<BenchItem[]> {
  const folder = join(cache, 'portraits');
  mkdirSync(folder, { recursive: true });
  const found: BenchItem[] = [];
  for (const label of ['real', 'fake'] as const) {
    const candidates = items.filter(
      ({ label: own, generator }) =>
        own === label &&
        // Of DFDC the originals here are unseen, though others were learned from.
        (alsoSeen || generator === undefined || !seen.includes(generator) || /dfdc/.test(generator)),
    );
    let left = most;
    for (const item of new Random(1).shuffle([...candidates])) {
      if (left === 0) break;
      const path = join(folder, `${createHash('sha256').update(item.key).digest('hex').slice(0, 24)}.png`);
      if (!existsSync(path)) {
        const cut = await portrait((await readImage(await readBytes(item.path), item.key)).pixels);
        if (!cut) continue;
        writeFileSync(path, await encodePng(cut, { compression: 3 }));
      }
      found.push({ ...item, path });
      left--;
    }
  }
  return found;
}

/**
 * Finds every face of the corpus once and keeps it aligned, with its mesh: `.cache/faceswap/crops/SET.{u8,f32,json}`.
 * Sets that are there already are left alone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RgbImage } from '../../src/core/image.ts';
import { faceView } from '../../src/evidence/faceswap/view.ts';
import type { FaceFinder } from '../../src/face/detect.ts';
import { installedFaceFinder } from '../../src/face/finder.node.ts';
import { apply } from '../../src/face/geometry.ts';
import { decodePixels, readBytes } from '../../src/media/index.node.ts';
import { framesOf } from './frames.ts';
import { type FaceRole, type FaceSet, faceSets, type Side, sideOf } from './sets.ts';

/** Side of a kept crop, and that side in parts of the face's hull: more room than the network's view has, to move in. */
export const CROP = 192;
export const CROP_ROOM = 1.5;
const POINTS = 468;
/** A face narrower than this teaches nothing about seams. */
const LEAST_WIDTH = 56;
/** At most so many faces of one picture. CelebBlend has its two originals inset in the corners. */
/** Frames taken of a clip. */
const FRAMES = 8;
const facesOf = (set: string) => (set.includes('celebblend') ? 1 : 3);

export interface CropFact {
  readonly set: string;
  readonly role: FaceRole;
  readonly side: Side;
  readonly file: string;
  /** The video it is a frame of, where the set is split by it. */
  readonly original?: string;
  /** Width of the face in the picture, in pixels. */
  readonly widthPx: number;
}

export interface Crops {
  readonly facts: readonly CropFact[];
  image(i: number): RgbImage;
  /** 468 points x, y in crop pixels. */
  mesh(i: number): Float32Array;
}

const plane = CROP * CROP * 3;

/** The picture, or a few frames of the clip. */
async function* picturesOf(file: string): AsyncGenerator<RgbImage> {
  try {
    if (/\.(mp4|mkv|mov|webm)$/.test(file)) yield* framesOf(file, FRAMES);
    else yield await decodePixels(await readBytes(file), {});
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}

async function* everyPicture(set: FaceSet): AsyncGenerator<{ file: string; image: RgbImage }> {
  for (const file of set.files) for await (const image of picturesOf(file)) yield { file, image };
}

async function cutSet(set: FaceSet, finder: FaceFinder, folder: string): Promise<number> {
  const facts: CropFact[] = [];
  const pixels: Uint8Array[] = [];
  const meshes: Float32Array[] = [];
  for await (const { file, image } of everyPicture(set)) {
    const faces = await finder.find(image, { maxFaces: facesOf(set.name), minFacePx: LEAST_WIDTH });
    for (const face of faces) {
      if (!face.mesh || face.box.width < LEAST_WIDTH) continue;
      const { image: crop, toView: toCrop } = faceView(image, face, CROP, CROP_ROOM);
      const mesh = new Float32Array(POINTS * 2);
      for (let i = 0; i < POINTS; i++) {
        const p = apply(toCrop, { x: face.mesh[i * 3], y: face.mesh[i * 3 + 1] });
        mesh.set([p.x, p.y], i * 2);
      }
      const original = set.originals?.get(basename(file));
      facts.push({
        set: set.name,
        role: set.role,
        side: sideOf(set.name, original),
        file: basename(file),
        original,
        widthPx: Math.round(face.box.width),
      });
      pixels.push(Uint8Array.from(crop.data));
      meshes.push(mesh);
    }
  }
  writeFileSync(join(folder, `${set.name}.u8`), Buffer.concat(pixels));
  writeFileSync(join(folder, `${set.name}.f32`), Buffer.concat(meshes.map((m) => Buffer.from(m.buffer))));
  writeFileSync(join(folder, `${set.name}.json`), JSON.stringify(facts));
  return facts.length;
}

/** Cuts what has not been cut yet. */
export async function cutCrops(data: string, cache: string): Promise<void> {
  const folder = join(cache, 'crops');
  mkdirSync(folder, { recursive: true });
  const finder = installedFaceFinder();
  for (const set of faceSets(data)) {
    if (existsSync(join(folder, `${set.name}.json`))) continue;
    const count = await cutSet(set, finder, folder);
    if (count > 0) console.error(`${set.name}: ${count} faces of ${set.files.length} pictures`);
  }
}

/** Everything that was cut. */
export function readCrops(cache: string): Crops {
  const folder = join(cache, 'crops');
  const facts: CropFact[] = [];
  const where: { pixels: Buffer; meshes: Float32Array; at: number }[] = [];
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()) {
    const rows = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CropFact[];
    if (rows.length === 0) continue;
    const stem = join(folder, basename(name, '.json'));
    const pixels = readFileSync(`${stem}.u8`);
    const raw = readFileSync(`${stem}.f32`);
    const meshes = new Float32Array(Uint8Array.from(raw).buffer);
    rows.forEach((row, at) => {
      // The split may have changed since the faces were cut.
      facts.push({ ...row, side: sideOf(row.set, row.original) });
      where.push({ pixels, meshes, at });
    });
  }
  return {
    facts,
    image: (i) => {
      const { pixels, at } = where[i];
      return { width: CROP, height: CROP, data: pixels.subarray(at * plane, (at + 1) * plane) };
    },
    mesh: (i) => where[i].meshes.subarray(where[i].at * POINTS * 2, (where[i].at + 1) * POINTS * 2),
  };
}

/**
 * Packs the real pictures the zoo is trained on: faces and textures of 64x64 pixels, `npx tsx recipes/zoo/pictures.ts`.
 *
 * All of them are shrunk at least twofold, so that what a JPEG left in them is gone before a generator learns from
 * them. A fifth, by file, is kept from training: pictures are sampled from those. Groups are halves by file as well.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, type ImageSet, imageSets } from '../../src/bench/corpus.ts';
import { crop, type RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { decodePixels, readBytes, resize } from '../../src/media/index.node.ts';
import type { PictureSource, Subject } from '../../src/zoo/declaration.ts';
import { type Pack, packedPictures } from '../../src/zoo/packed-pictures.ts';

export const CACHE = '.cache/zoo';
const SIDE = 64;

/** Sets of upright faces, and how much of the middle of the picture is face. */
const FACES: Readonly<Record<string, number>> = {
  real_lfw_deepfunneled: 0.5,
  real_lfw_original10: 0.5,
  real_celeba178_ciagan: 0.7,
  real_celebs112_png: 0.95,
  real_dfdc_faces224: 0.85,
};
/** At most so many pictures of one set of faces, evenly taken. */
const FACES_EACH = 700;
const TEXTURES =
  /^real_.*(bsds500|camera_exif|clothing_phone|grocery|iphone8|kodak_crops|mcmaster|phototourism|picsum|pixabay|places50|polyu|sun_hays|unsplash|imagenet|dicm)/;
const TEXTURES_TOTAL = 4000;

type Part = 'train' | 'sample';

function planar(image: RgbImage): Uint8Array {
  const n = image.width * image.height;
  const out = new Uint8Array(3 * n);
  for (let i = 0; i < n; i++) for (let c = 0; c < 3; c++) out[c * n + i] = image.data[i * 3 + c];
  return out;
}

class Packing {
  readonly #pictures: Record<Part, Uint8Array[]> = { train: [], sample: [] };
  readonly #groups: Record<Part, number[]> = { train: [], sample: [] };

  add(image: RgbImage, file: number): void {
    const part: Part = file % 5 === 4 ? 'sample' : 'train';
    this.#pictures[part].push(planar(image));
    this.#groups[part].push(Math.floor(file / 5) % 2);
  }

  save(subject: Subject): void {
    for (const part of ['train', 'sample'] as const) {
      writeFileSync(join(CACHE, `${subject}-${part}.u8`), Buffer.concat(this.#pictures[part]));
      writeFileSync(join(CACHE, `${subject}-${part}.groups`), Uint8Array.from(this.#groups[part]));
      console.error(`${subject}, ${part}: ${this.#pictures[part].length} pictures`);
    }
  }
}

const isTexture = (set: ImageSet): boolean => TEXTURES.test(set.name);

/** The sets of pictures below `folder` that the zoo is trained on, with what for and the licence as stated. */
export function zooSets(folder: string): { name: string; subject: Subject; licence: string }[] {
  const subjectOf = (set: ImageSet) =>
    set.name in FACES ? 'faces' : isTexture(set) ? 'textures' : undefined;
  return imageSets(folder).flatMap((set) => {
    const subject = subjectOf(set);
    return subject ? [{ name: set.name, subject, licence: set.licence }] : [];
  });
}

async function pack(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const sets = imageSets(folder);
  const faces = new Packing();
  let file = 0;
  for (const [name, share] of Object.entries(FACES)) {
    const files = sets.find((set) => set.name === name)?.files ?? [];
    const step = Math.max(1, files.length / FACES_EACH);
    for (let i = 0; i < files.length; i += step) {
      const picture = await decodePixels(await readBytes(files[Math.floor(i)]), {});
      const side = Math.floor(Math.min(picture.width, picture.height) * share);
      if (side < SIDE) continue;
      const x = (picture.width - side) >> 1;
      const y = (picture.height - side) >> 1;
      const face = crop(picture, { x, y, width: side, height: side });
      faces.add(await resize(face, { width: SIDE, height: SIDE, kernel: 'lanczos3' }), file++);
    }
  }
  faces.save('faces');

  const textures = new Packing();
  const files = sets.filter(isTexture).flatMap((set) => set.files);
  const random = new Random(64);
  for (let i = 0; i < files.length; i++) {
    const picture = await decodePixels(await readBytes(files[i]), {});
    const longest = 512 / Math.max(picture.width, picture.height);
    const scale = Math.min(0.5, longest);
    const width = Math.round(picture.width * scale);
    const height = Math.round(picture.height * scale);
    if (Math.min(width, height) < SIDE) continue;
    const small = await resize(picture, { width, height, kernel: 'lanczos3' });
    for (let k = 0; k < TEXTURES_TOTAL / files.length; k++) {
      const x = random.below(width - SIDE + 1);
      const y = random.below(height - SIDE + 1);
      textures.add(crop(small, { x, y, width: SIDE, height: SIDE }), i);
    }
  }
  textures.save('textures');
}

/** What `pack` wrote. Throws when it has not run. */
export function zooPictures(part: Part): PictureSource {
  const read = (subject: Subject): Pack => {
    const data = new Uint8Array(readFileSync(join(CACHE, `${subject}-${part}.u8`)));
    const groups = new Uint8Array(readFileSync(join(CACHE, `${subject}-${part}.groups`)));
    return { data, groups, count: groups.length, side: SIDE };
  };
  return packedPictures({ faces: read('faces'), textures: read('textures') });
}

if (process.argv[1]?.endsWith('pictures.ts')) {
  const folder = dataFolder();
  if (!folder) {
    console.error('no picture corpus: set HUOYAN_DATA to its folder');
    process.exit(5);
  }
  await pack(folder);
}

/**
 * Which pictures of faces are learnt from and which are judged. Split by source and by method, never by file; DFDC, which
 * is one source, by original video, so that a fake and the clip it was made from stand on one side.
 *
 * - `real`: photographs and frames of people;
 * - `swap`: another face blended in; `reenact`: the face moved by somebody else's motion or by a voice;
 * - `generated`: a face no camera saw, which is not this evidence's question and is reported apart;
 * - `skip`: real faces with synthetic detail (restoration), whose label would be wrong either way.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { imageSets } from '../../src/bench/corpus.ts';

export type FaceRole = 'real' | 'swap' | 'reenact' | 'generated';
export type Side = 'train' | 'held-out';

export interface FaceSet {
  readonly name: string;
  readonly role: FaceRole;
  readonly licence: string;
  readonly files: readonly string[];
  /** By file name, the video it is a frame of; only where a set is split by it. */
  readonly originals?: ReadonlyMap<string, string>;
}

const SKIP =
  /restor|gfpgan|codeformer|gpen_(colorization|inpainting)|bop_oldphoto|esrgan|bsrgan|inpaint|repaint|tv_faces/;
const SWAP = /dfdc|faceswap|inswapper|blendface|celebblend/;
const REENACT =
  /aniportrait|celebfom|dreamtalk|edtalk|liveportrait|musev|anitalker|sadtalker|hyperlips|reenact/;

/** Methods and sources that no network of this recipe learns from. */
const HELD_OUT =
  /faceswap_dlib|video_(real|fake)_dfdc|celebblend|liveportrait|dlib_johns|gallery_5celeb|5celebs_small|hdtf|bbt_actors|u2net|fake_(kandinsky|kolors|qwen|sd3x)/;

/** One original in ten of DFDC is held out. */
const HELD_OUT_ORIGINALS = 10;

function roleOf(name: string): FaceRole {
  if (!/^(fake|impersonation)_/.test(name)) return 'real';
  return SWAP.test(name) ? 'swap' : REENACT.test(name) ? 'reenact' : 'generated';
}

/** FNV-1a, so that a split does not hang on the order of files. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (const c of text) h = Math.imul(h ^ c.charCodeAt(0), 0x01000193) >>> 0;
  return h;
}

/** On which side a face of `set` stands. */
export function sideOf(set: string, original?: string): Side {
  const out = original === undefined ? HELD_OUT.test(set) : hash(original) % HELD_OUT_ORIGINALS === 0;
  return out ? 'held-out' : 'train';
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

function originalsOf(folder: string): Map<string, string> {
  const lines = readFileSync(join(folder, 'LABELS.csv'), 'utf8').trim().split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      const [file, , original] = line.split(',');
      return [file, original || basename(file, '.jpg')] as const;
    }),
  );
}

/** Every set of `folder` (the data folder) in which a face may be looked for. */
export function faceSets(folder: string): FaceSet[] {
  const pictures = imageSets(folder).map((set) => ({
    name: set.name,
    role: roleOf(set.name),
    licence: set.licence,
    // What CelebFOM calls real is the driving picture of a fake set: left out.
    files: set.files.filter((file) => !(set.name === 'fake_celebfom' && /_real\./.test(file))),
    originals: set.name.includes('dfdc_faces224') ? originalsOf(join(folder, 'images', set.name)) : undefined,
  }));
  const people = readdirSync(join(folder, 'faces')).map((name) => {
    const path = join(folder, 'faces', name);
    const meta = JSON.parse(readFileSync(join(path, 'META.json'), 'utf8'));
    return {
      name,
      role: roleOf(name),
      licence: String(meta.licence ?? 'not stated'),
      files: walk(path)
        .filter((file) => /\.(jpe?g|png|webp)$/i.test(file) && !/impersonation_celebfom\/real\//.test(file))
        .sort(),
    };
  });
  const clips = readdirSync(join(folder, 'video')).map((name) => {
    const path = join(folder, 'video', name);
    const meta = JSON.parse(readFileSync(join(path, 'META.json'), 'utf8'));
    return {
      name: `video_${name}`,
      role: roleOf(name),
      licence: String(meta.licence ?? 'not stated'),
      files: walk(path)
        .filter((file) => !file.endsWith('.json'))
        .sort(),
    };
  });
  return [...pictures, ...people, ...clips].filter((set) => !SKIP.test(set.name));
}

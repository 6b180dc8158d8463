/**
 * A clip as pictures for a recogniser: frames at times spread evenly, and in each of them the same person, cut out with
 * surroundings, so that what is judged is one face and not whoever stands nearest. Frames are decoded again when
 * somebody wants their bytes, so that a folder of clips fits in memory; the same clip gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { HuoyanError } from '../../core/errors.ts';
import { type Box, crop } from '../../core/image.ts';
import type { VideoMedia } from '../../core/media.ts';
import { FaceFinder } from '../../face/detect.ts';
import { FaceEmbedder } from '../../face/embed.ts';
import { facesAvailable, installedNetworks } from '../../face/finder.node.ts';
import { type Sighting, trackFaces } from '../../face/track.ts';
import { encodePng, readMediaFile, shrinkTo, spreadOver } from '../../media/index.node.ts';
import type { Picture } from '../recogniser.ts';

export const CLIP_NAME = /\.(mp4|m4v|mov|mkv|webm)$/i;

/** Frames taken of a clip unless told. */
export const DEFAULT_FRAMES = 8;
/** Surroundings of a face on each side, in parts of its longer side: services look for the face themselves. */
const AROUND = 0.8;
/** Longest side that is sent; more only costs. */
const MOST_SIDE = 1024;
const MOST_FACES = 6;
const LEAST_FACE_PX = 32;
const LEAST_FACE_PART = 0.06;
/** Clips whose pictures are kept at a time. */
const KEPT = 2;

/** A frame and the part of it that is shown; the whole of it where no face was found in the clip. */
interface Cut {
  readonly time: number;
  readonly box: Box | null;
}

/**
 * At most `count` pictures of the person seen longest in the clip at `path`, in order of time; frames without that
 * person are left out. Where nobody is found, or the face networks are not installed, the whole frames. Throws
 * HuoyanError for what is no clip that can be decoded here.
 */
export async function clipPictures(path: string, count = DEFAULT_FRAMES): Promise<Picture[]> {
  return withClip(path, async ({ clip }) => {
    const frames = Math.max(1, Math.floor(clip.duration * (clip.frameRate || 25)));
    const times = spreadOver([{ start: 0, end: clip.duration }], Math.min(count, frames));
    const cuts = await follow(clip, times);
    const made = await cutOut(clip, cuts);
    kept.set(path, made);
    return cuts.map(({ time }, i): Picture => {
      const sha256 = createHash('sha256').update(made[i]).digest('hex');
      return { file: `${path}#${time.toFixed(2)}`, sha256, bytes: () => again(path, cuts, i) };
    });
  });
}

async function withClip<T>(path: string, work: (media: VideoMedia) => Promise<T>): Promise<T> {
  const media = await readMediaFile(path);
  try {
    if (media.kind !== 'video') {
      throw new HuoyanError(
        'unsupported-format',
        { en: `"${path}" is named like a video and is none`, zh: `“${path}”按名称应为视频，实际不是` },
        { en: 'name it by what it is, or leave it out', zh: '请按实际类型命名，或不要放入' },
      );
    }
    return await work(media);
  } finally {
    if (media.kind !== 'image') await media.file.close().catch(() => {});
  }
}

/** Where the person seen longest is, in each frame that shows them. */
async function follow(clip: VideoMedia['clip'], times: readonly number[]): Promise<Cut[]> {
  const networks = (await facesAvailable()) ? installedNetworks() : null;
  const finder = networks && new FaceFinder(networks);
  const embedder = networks && new FaceEmbedder(networks, 'faceres');
  const minFacePx = Math.max(LEAST_FACE_PX, Math.max(clip.width, clip.height) * LEAST_FACE_PART);
  const seen: number[] = [];
  const found: Sighting[][] = [];
  for await (const { time, pixels } of clip.frames({ times })) {
    // Two times may fall on one frame where the frame rate is low or varies.
    if (seen.length > 0 && time <= seen[seen.length - 1]) continue;
    seen.push(time);
    const faces = (await finder?.find(pixels, { maxFaces: MOST_FACES, minFacePx })) ?? [];
    const sightings: Sighting[] = [];
    for (const face of faces)
      sightings.push({ time, shot: 0, face, identity: await embedder?.embed(pixels, face) });
    found.push(sightings);
  }
  const [person] = trackFaces(found);
  if (!person) return seen.map((time) => ({ time, box: null }));
  return person.sightings.map(({ time, face }) => ({ time, box: face.box }));
}

/** The pictures of `cuts` as PNG. */
async function cutOut(clip: VideoMedia['clip'], cuts: readonly Cut[]): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for await (const { pixels } of clip.frames({ times: cuts.map(({ time }) => time) })) {
    const cut = cuts[made.length];
    if (!cut) break;
    const part = cut.box ? crop(pixels, around(cut.box, pixels)) : pixels;
    made.push(await encodePng(await shrinkTo(part, MOST_SIDE)));
  }
  if (made.length < cuts.length) {
    throw new HuoyanError(
      'corrupt',
      { en: 'a frame could not be decoded a second time', zh: '有一帧无法再次解码' },
      { en: 'the file may have changed meanwhile; run again', zh: '文件可能已变动，请重新运行' },
    );
  }
  return made;
}

function around(box: Box, image: { readonly width: number; readonly height: number }): Box {
  const room = AROUND * Math.max(box.width, box.height);
  const x = Math.min(image.width - 1, Math.max(0, Math.floor(box.x - room)));
  const y = Math.min(image.height - 1, Math.max(0, Math.floor(box.y - room)));
  const width = Math.max(1, Math.min(image.width - x, Math.ceil(box.width + 2 * room)));
  const height = Math.max(1, Math.min(image.height - y, Math.ceil(box.height + 2 * room)));
  return { x, y, width, height };
}

/** Pictures of the clips that were asked for last: frames of one clip are asked for one after the other. */
const kept = {
  clips: new Map<string, Promise<readonly Uint8Array[]>>(),
  set(path: string, made: readonly Uint8Array[] | Promise<readonly Uint8Array[]>) {
    const promise = Promise.resolve(made);
    this.clips.delete(path);
    this.clips.set(path, promise);
    promise.catch(() => this.clips.delete(path));
    if (this.clips.size > KEPT) this.clips.delete(this.clips.keys().next().value as string);
    return promise;
  },
};

async function again(path: string, cuts: readonly Cut[], i: number): Promise<Uint8Array> {
  const made =
    kept.clips.get(path) ??
    kept.set(
      path,
      withClip(path, ({ clip }) => cutOut(clip, cuts)),
    );
  return (await made)[i];
}

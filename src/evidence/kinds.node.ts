/**
 * What differs between pictures, sounds and videos before and after the detectors: under which re-shippings the verdict
 * is asked again, and what a report shows. Adding a kind is an entry here.
 */
import type { Media, MediaKind, MediaOf } from '../core/media.ts';
import { excerpt } from '../core/sound.ts';
import { encodeJpeg, readImage, shrinkTo } from '../media/index.node.ts';
import { reship } from '../media/reshipping.node.ts';
import { LADDER, movedBy, type Reshipping } from '../media/reshipping.ts';
import { reshipSound, type SoundReshipping, soundReshippings } from '../media/sound/reshipping.node.ts';
import { spectrogram } from '../media/sound/spectrogram.ts';
import { carryFaces } from './faces.node.ts';

interface Kind<M extends Media, Step extends string> {
  /** The re-shippings of the stability ladder, mildest first, as far as they can be made here. */
  ladder(): Promise<readonly Step[]>;
  /** The same file as it arrives after one of them. */
  reship(media: M, step: Step): Promise<M>;
  /** A small JPEG of what there is to be seen. */
  preview(media: M): Promise<Uint8Array>;
}

const PREVIEW_SIDE = 1024;
/** Most seconds of a recording that the ladder examines again, step by step. */
const LADDER_SECONDS = 60;

const SOUND_LADDER: readonly SoundReshipping[] = ['mp3', 'opus', 'mobile', 'telephone'];

const image: Kind<MediaOf<'image'>, Reshipping> = {
  ladder: async () => LADDER,
  async reship(media, step) {
    const arrived = await readImage(await reship(media.pixels, step), media.name);
    // What was found in the picture need not be searched for again.
    carryFaces(media.pixels, arrived.pixels, movedBy(step, media.pixels));
    return arrived;
  },
  preview: async ({ pixels }) => encodeJpeg(await shrinkTo(pixels, PREVIEW_SIDE), { quality: 85 }),
};

const audio: Kind<MediaOf<'audio'>, SoundReshipping> = {
  ladder: () => soundReshippings(SOUND_LADDER),
  async reship(media, step) {
    return { ...media, sound: await reshipSound(excerpt(media.sound, LADDER_SECONDS), step) };
  },
  preview: async ({ sound }) => encodeJpeg(spectrogram(sound), { quality: 85 }),
};

const video: Kind<MediaOf<'video'>, never> = {
  ladder: async () => [],
  reship: async (media) => media,
  async preview({ clip }) {
    const options = { longestSide: PREVIEW_SIDE };
    for await (const frame of clip.frames({ times: [clip.duration / 2] }, options)) {
      return encodeJpeg(frame.pixels, { quality: 85 });
    }
    return new Uint8Array(0);
  },
};

const KINDS = { image, audio, video } as const satisfies Record<MediaKind, unknown>;

/** How media of one kind are handled. */
export function kindOf(media: Media): Kind<Media, string> {
  return KINDS[media.kind] as unknown as Kind<Media, string>;
}

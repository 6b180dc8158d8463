/** The explicit label of any file: of a picture, of a video's first two seconds, of a sound's beginning. */
import { HuoyanError } from '../../core/errors.ts';
import { readMedia, sniff } from '../../media/index.node.ts';
import { fileOf } from '../../media/random-access.node.ts';
import { openVideo } from '../../media/video/open.node.ts';
import { type ExplicitVerdict, explicitIn, explicitOn, explicitOnFrames } from './explicit-found.ts';

/** When the words must stand, in seconds: shorter videos are looked at as far as they go. */
const TIMES = [0.05, 0.7, 1.3, 1.9];
/** Frames are shrunk to less than twice that, longest side. */
const LONGEST = 960;
/** Sound is listened to for so long. */
const HEARD_SECONDS = 30;

/** `inconclusive` as well where nothing can be decoded: that is no error of a check of labels. */
export async function explicitOf(bytes: Uint8Array, name: string): Promise<ExplicitVerdict> {
  try {
    const found = sniff(bytes);
    if (found.status === 'video') return (await ofVideo(bytes)) ?? (await ofSound(bytes, name));
    if (found.status === 'audio') return await ofSound(bytes, name);
    const media = await readMedia(bytes, name);
    return media.kind === 'image' ? explicitOn(media.pixels) : 'inconclusive';
  } catch (thrown) {
    if (thrown instanceof HuoyanError) return 'inconclusive';
    throw thrown;
  }
}

/** Null where there are no pictures in it. */
async function ofVideo(bytes: Uint8Array): Promise<ExplicitVerdict | null> {
  const { clip, close } = await openVideo(fileOf(bytes)).catch((thrown) => {
    if (thrown instanceof HuoyanError && thrown.code === 'unsupported-format')
      return { clip: null, close() {} };
    throw thrown;
  });
  if (!clip) return null;
  try {
    const frames = [];
    const times = TIMES.filter((time) => time < clip.duration);
    for await (const { pixels } of clip.frames({ times }, { longestSide: LONGEST })) frames.push(pixels);
    return frames.length === 0 ? 'inconclusive' : explicitOnFrames(frames);
  } finally {
    close();
  }
}

async function ofSound(bytes: Uint8Array, name: string): Promise<ExplicitVerdict> {
  const media = await readMedia(bytes, name, { maxHeardSeconds: HEARD_SECONDS });
  await (media.kind === 'image' ? undefined : media.file.close());
  return media.kind === 'audio' ? explicitIn(media.sound) : 'inconclusive';
}

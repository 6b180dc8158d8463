/** Which frames of a video file a mark is read from. */
import type { RandomAccess } from '../../core/media.ts';
import type { ReadLimits } from '../../media/index.node.ts';
import { openVideo } from '../../media/video/open.node.ts';
import type { ReadOptions } from './read.ts';
import { type ClipReading, readClip } from './read-clip.ts';

/** Frames looked at, spread over the clip. */
const FRAMES = 8;

/** Throws HuoyanError as `openVideo` does. */
export async function readVideo(
  file: RandomAccess,
  options: ReadOptions,
  limits?: Partial<ReadLimits>,
): Promise<ClipReading> {
  const { clip, close } = await openVideo(file, limits);
  try {
    const spread = Array.from({ length: FRAMES }, (_, i) => (clip.duration * (i + 0.5)) / FRAMES);
    // Frames coded by themselves are found at once and are the best likenesses; short clips have few of them.
    const keys = await clip.keyTimes(spread);
    const between = spread.slice(0, FRAMES - keys.length);
    const times = [...new Set([...keys, ...between])].sort((a, b) => a - b);
    return await readClip(clip.frames({ times }), options);
  } finally {
    close();
  }
}

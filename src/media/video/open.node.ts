/** The pictures of a video file, without its sound: for what looks at frames only. */
import type { RandomAccess } from '../../core/media.ts';
import { openContainer } from '../av/container.node.ts';
import { unsupported } from '../failures.ts';
import { type ReadLimits, withDefaults } from '../limits.ts';
import { type OpenClip, openClip } from './clip.node.ts';

/**
 * The clip in `file`; `close` lets go of the decoder and not of the file. Throws HuoyanError `component-missing`,
 * `unsupported-format`, `too-many-pixels`, `corrupt`, `timeout`.
 */
export async function openVideo(
  file: RandomAccess,
  limits?: Partial<ReadLimits>,
): Promise<{ readonly clip: OpenClip; close(): void }> {
  const container = await openContainer(file);
  try {
    if (!container.video) throw noVideo();
    const clip = await openClip(container, container.video, withDefaults(limits));
    return { clip, close: () => container.close() };
  } catch (thrown) {
    container.close();
    throw thrown;
  }
}

/** What a file without pictures is told as. */
export function noVideo() {
  return unsupported(
    { en: 'there is no video in this file', zh: '该文件中没有视频' },
    { en: 'give a video or a picture', zh: '请给出视频或图片' },
  );
}

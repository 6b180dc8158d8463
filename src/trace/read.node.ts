/** Any file as what can be traced: a still picture or a sound. */

import { HuoyanError } from '../core/errors.ts';
import type { AudioMedia, ImageMedia } from '../core/media.ts';
import { readMedia, readMediaFile } from '../media/index.node.ts';

/**
 * The picture or sound in `bytes`, or in the file `name`; a sound's file is open until it is closed. Throws HuoyanError,
 * for a video `unsupported-format`.
 */
export async function readTraceable(name: string, bytes?: Uint8Array): Promise<ImageMedia | AudioMedia> {
  const media = bytes ? await readMedia(bytes, name) : await readMediaFile(name);
  if (media.kind !== 'video') return media;
  await media.file.close();
  throw new HuoyanError(
    'unsupported-format',
    { en: 'videos are not traced', zh: '暂不支持视频溯源' },
    {
      en: 'give a frame of it as a picture, or its sound track as a file of its own; huoyan analyze takes whole videos',
      zh: '请提供其中一帧图片，或单独的音轨文件；huoyan analyze 可分析整段视频',
    },
  );
}

/** A few frames of a clip, equally far apart. */
import type { RgbImage } from '../../src/core/image.ts';
import { readMediaFile } from '../../src/media/index.node.ts';

export async function* framesOf(file: string, count: number): AsyncGenerator<RgbImage> {
  const media = await readMediaFile(file);
  try {
    if (media.kind !== 'video') return;
    for await (const { pixels } of media.clip.frames({ budget: count })) yield pixels;
  } finally {
    if (media.kind !== 'image') await media.file.close();
  }
}

/** Files as pictures: hashed once, their bytes read again when somebody wants them, so that a gallery fits in memory. */
import { createHash } from 'node:crypto';
import { readBytes } from '../../media/index.node.ts';
import type { Picture } from '../recogniser.ts';

/** Throws HuoyanError for what cannot be read. */
export async function pictureAt(file: string): Promise<Picture> {
  const sha256 = createHash('sha256')
    .update(await readBytes(file))
    .digest('hex');
  return { file, sha256, bytes: () => readBytes(file) };
}

export const PICTURE_NAME = /\.(jpe?g|png|webp|avif|gif|tiff?|bmp)$/i;

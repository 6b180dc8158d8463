/** A user's own pictures as what generators start from: every picture of a folder, its middle square, shrunk. */
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import { crop } from '../core/image.ts';
import { listFiles, readImageFile, resize } from '../media/index.node.ts';
import type { PictureSource } from './declaration.ts';
import { packedPictures } from './packed-pictures.ts';

/** Enough to draw from; more would only take memory. */
const MOST = 2000;

export interface UserPictures {
  /** Draws pictures of the side they were read for, mirrored half of the time, whatever the subject. */
  readonly source: PictureSource;
  readonly count: number;
  /** Files that could not be read, with the reason. */
  readonly failed: readonly { readonly path: string; readonly error: HuoyanError }[];
}

/** Reads at most 2,000 pictures of `folder`. Throws HuoyanError `not-found` when there is none that can be read. */
export async function userPictures(folder: string, side: number): Promise<UserPictures> {
  const planes: Uint8Array[] = [];
  const failed: { path: string; error: HuoyanError }[] = [];
  for await (const file of listFiles([folder])) {
    if (planes.length >= MOST) break;
    try {
      if (file.status === 'error') throw file.error;
      planes.push(await middleSquare(file.path, side));
    } catch (thrown) {
      failed.push({ path: file.path, error: asHuoyanError(thrown) });
    }
  }
  const count = planes.length;
  if (count === 0) {
    throw new HuoyanError(
      'not-found',
      { en: `no picture in "${folder}" can be read`, zh: `“${folder}”中没有可读取的图片` },
      failed[0]?.error.hint ?? {
        en: 'name a folder with JPEG, PNG, WebP or other pictures',
        zh: '请指定含有 JPEG、PNG、WebP 等图片的文件夹',
      },
    );
  }
  // A single picture stands for both groups, rather than leaving one without any.
  const shown = count === 1 ? [planes[0], planes[0]] : planes;
  const data = new Uint8Array(shown.length * planes[0].length);
  shown.forEach((plane, i) => {
    data.set(plane, i * plane.length);
  });
  const groups = Uint8Array.from(shown, (_, i) => i % 2);
  const pack = { count: shown.length, side, data, groups };
  return { source: packedPictures({ faces: pack, textures: pack }), count, failed };
}

/** Planar [3, side, side]. */
async function middleSquare(path: string, side: number): Promise<Uint8Array> {
  const { pixels } = await readImageFile(path);
  const width = Math.min(pixels.width, pixels.height);
  const square = crop(pixels, {
    ...{ x: (pixels.width - width) >> 1, y: (pixels.height - width) >> 1 },
    ...{ width, height: width },
  });
  const { data } = await resize(square, { width: side, height: side, kernel: 'lanczos3' });
  const plane = side * side;
  return Uint8Array.from({ length: 3 * plane }, (_, i) => data[(i % plane) * 3 + Math.floor(i / plane)]);
}

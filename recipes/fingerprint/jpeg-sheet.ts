/** Small pictures through one JPEG, side by side on its grid: what encoding each alone would do, at a fraction of the time. */
import type { RgbImage } from '../../src/core/image.ts';
import { decodePixels, encodeJpeg } from '../../src/media/index.node.ts';

/** Replaces the pictures `which` of `pixels` [.., 3, side, side], `side` a multiple of 16, by what a JPEG leaves of them. */
export async function throughJpeg(
  pixels: Uint8Array,
  side: number,
  which: readonly number[],
  quality: number,
): Promise<void> {
  if (which.length === 0) return;
  const plane = side * side;
  const sheet: RgbImage = {
    ...{ width: side, height: side * which.length },
    data: new Uint8ClampedArray(3 * plane * which.length),
  };
  which.forEach((picture, k) => {
    for (let c = 0; c < 3; c++)
      for (let p = 0; p < plane; p++)
        sheet.data[(k * plane + p) * 3 + c] = pixels[(picture * 3 + c) * plane + p];
  });
  const { data } = await decodePixels(await encodeJpeg(sheet, { quality }), {});
  which.forEach((picture, k) => {
    for (let c = 0; c < 3; c++)
      for (let p = 0; p < plane; p++) pixels[(picture * 3 + c) * plane + p] = data[(k * plane + p) * 3 + c];
  });
}

/** What happens to small pictures on their way: JPEG at three qualities, enlarged and reduced by a quarter. */
import type { RgbImage } from '../../src/core/image.ts';
import { resize } from '../../src/media/index.node.ts';
import { throughJpeg } from './jpeg-sheet.ts';
import { SIDE } from './pictures.ts';

export const CHANGES = ['stored', 'jpeg95', 'jpeg75', 'jpeg50', 'larger', 'smaller'] as const;
export type Change = (typeof CHANGES)[number];

const PLANE = SIDE * SIDE;
const QUALITY: Partial<Record<Change, number>> = { jpeg95: 95, jpeg75: 75, jpeg50: 50 };
const SCALE: Partial<Record<Change, number>> = { larger: 1.25, smaller: 0.75 };

/** Mirrored at its borders. */
const mirrored = (i: number, side: number): number => {
  const at = i < 0 ? -1 - i : i;
  return at < side ? at : 2 * side - 1 - at;
};

/** The middle SIDE by SIDE pixels of the picture at another scale; what is missing is mirrored. */
async function rescaled(pixels: Uint8Array, at: number, scale: number, out: Uint8Array): Promise<void> {
  const image: RgbImage = { width: SIDE, height: SIDE, data: new Uint8ClampedArray(3 * PLANE) };
  for (let c = 0; c < 3; c++)
    for (let p = 0; p < PLANE; p++) image.data[p * 3 + c] = pixels[at + c * PLANE + p];
  const side = Math.round(SIDE * scale);
  const { data } = await resize(image, { width: side, height: side, kernel: 'lanczos3' });
  const shift = (side - SIDE) >> 1;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const from = (mirrored(y + shift, side) * side + mirrored(x + shift, side)) * 3;
      for (let c = 0; c < 3; c++) out[at + c * PLANE + y * SIDE + x] = data[from + c];
    }
  }
}

/** A changed copy of pictures [.., 3, SIDE, SIDE]. */
export async function changed(pixels: Uint8Array, change: Change): Promise<Uint8Array> {
  const out = Uint8Array.from(pixels);
  const quality = QUALITY[change];
  const scale = SCALE[change];
  const count = pixels.length / (3 * PLANE);
  if (quality !== undefined)
    await throughJpeg(
      out,
      SIDE,
      Array.from({ length: count }, (_, i) => i),
      quality,
    );
  if (scale !== undefined) for (let i = 0; i < count; i++) await rescaled(pixels, i * 3 * PLANE, scale, out);
  return out;
}

/**
 * What model parsing goes by: the description of small blocks of a picture, averaged. Generators of known construction
 * are small, so every picture is looked at in blocks of their size; of the descriptions tried, statistics of residuals
 * parse generators left out better than the fingerprint network's own embedding (docs/measured/trace.md).
 */
import { crop, type RgbImage } from '../../core/image.ts';
import { tiles } from '../../core/tiles.ts';
import { DESCRIPTION, describe } from '../description.ts';

/** Side of a block, and the smallest side of a picture that can be looked at, in pixels. */
export const BLOCK = 32;
/** Blocks across and down a picture. */
const ACROSS = 4;
/** A description wants larger pictures than a block: its mirror images surround it. */
const SIDE = 3 * BLOCK;

const mirrored = (at: number): number => {
  const i = at - BLOCK;
  if (i < 0) return -1 - i;
  return i < BLOCK ? i : 2 * BLOCK - 1 - i;
};

/** A block of BLOCK by BLOCK pixels with its mirror images around it, three times as wide and high. */
function surrounded({ data }: RgbImage): RgbImage {
  const out = new Uint8ClampedArray(3 * SIDE * SIDE);
  for (let y = 0, to = 0; y < SIDE; y++) {
    const row = mirrored(y) * BLOCK;
    for (let x = 0; x < SIDE; x++) {
      const from = 3 * (row + mirrored(x));
      for (let c = 0; c < 3; c++) out[to++] = data[from + c];
    }
  }
  return { width: SIDE, height: SIDE, data: out };
}

/** Mean description [DESCRIPTION] of up to 16 blocks. Throws RangeError when a side is below {@link BLOCK}. */
export function look(image: RgbImage): Float32Array {
  if (Math.min(image.width, image.height) < BLOCK)
    throw new RangeError(`${image.width}x${image.height} is smaller than ${BLOCK}`);
  const boxes = tiles(image.width, image.height, ACROSS, BLOCK);
  const mean = new Float32Array(DESCRIPTION);
  for (const box of boxes)
    describe(surrounded(crop(image, box))).forEach((v, i) => {
      mean[i] += v / boxes.length;
    });
  return mean;
}

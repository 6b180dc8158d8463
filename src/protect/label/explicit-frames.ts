/**
 * The explicit label on the first frames of a video: the same words in the same corner as on a picture, upright as players
 * show them, whatever way the frames lie in the file.
 */
import { type LabelPlate, type LabelWords, labelPlate, UNDER_PLATE } from './explicit.ts';

/** Seconds they stand there; the rule asks for 2 (METHODS A11). */
export const SHOWN_SECONDS = 2.5;

const BLACK = 16;
const WHITE = 235;
const GREY = 128;

export class FrameWords {
  readonly #plate: LabelPlate;

  /** For frames of `width` by `height`, both even, as coded, that players turn clockwise by `rotation`. */
  constructor(
    words: LabelWords,
    private readonly width: number,
    private readonly height: number,
    private readonly rotation: 0 | 90 | 180 | 270,
  ) {
    const lying = rotation === 90 || rotation === 270;
    this.#plate = labelPlate(lying ? height : width, lying ? width : height, words);
  }

  /** Draws onto one frame: luma of limited range, row by row, and U and V, a quarter of that each. */
  draw(luma: Uint8Array, chroma: Uint8Array): void {
    const { left, top, width, height, ink } = this.#plate;
    const half = this.width / 2;
    const part = chroma.length / 2;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const cover = ink[y * width + x];
        const [u, v] = this.#coded(left + x, top + y);
        const k = v * this.width + u;
        luma[k] = BLACK + (luma[k] - BLACK) * UNDER_PLATE * (1 - cover) + (WHITE - BLACK) * cover + 0.5;
        // Each sample of colour stands for four of luma, and is changed once.
        if ((u | v) & 1) continue;
        for (const c of [(v / 2) * half + u / 2, part + (v / 2) * half + u / 2]) {
          chroma[c] = GREY + Math.round((chroma[c] - GREY) * UNDER_PLATE * (1 - cover));
        }
      }
    }
  }

  /** Where a pixel as shown lies in the frame as coded. */
  #coded(x: number, y: number): readonly [number, number] {
    const { width, height, rotation } = this;
    if (rotation === 90) return [y, height - 1 - x];
    if (rotation === 180) return [width - 1 - x, height - 1 - y];
    return rotation === 270 ? [width - 1 - y, x] : [x, y];
  }
}

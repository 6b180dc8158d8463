/**
 * A mark nobody overlooks: a dark band along the lower edge that says SYNTHETIC. Drawn from a bitmap of letters, so
 * that it needs no font and is the same everywhere; it covers a fourteenth of the height, below the face.
 */
import type { RgbImage } from '../../core/image.ts';

/** Rows of five dots, the leftmost the highest bit. */
const LETTERS: Readonly<Record<string, readonly number[]>> = {
  S: [15, 16, 16, 14, 1, 1, 30],
  Y: [17, 17, 10, 4, 4, 4, 4],
  N: [17, 25, 21, 19, 17, 17, 17],
  T: [31, 4, 4, 4, 4, 4, 4],
  H: [17, 17, 17, 31, 17, 17, 17],
  E: [31, 16, 16, 30, 16, 16, 31],
  I: [14, 4, 4, 4, 4, 4, 14],
  C: [15, 16, 16, 16, 16, 16, 15],
};
const WORD = 'SYNTHETIC';
/** Columns of a letter with the gap after it, and rows with one free above and below. */
const [COLUMNS, ROWS] = [6, 9];

/** The picture with its mark. Pictures narrower than the word at one pixel a dot get the band alone. */
export function marked(image: RgbImage): RgbImage {
  const { width, height } = image;
  const data = Uint8Array.from(image.data);
  const widest = Math.floor(width / (WORD.length * COLUMNS + 1));
  const dot = Math.max(1, Math.min(widest, Math.round(height / 14 / ROWS)));
  const top = Math.max(0, height - dot * ROWS);
  data.fill(20, top * width * 3);
  const left = Math.floor((width - WORD.length * COLUMNS * dot) / 2);
  if (widest < 1) return { width, height, data };
  [...WORD].forEach((letter, place) => {
    LETTERS[letter].forEach((bits, row) => {
      for (let column = 0; column < 5; column++) {
        if (!((bits >> (4 - column)) & 1)) continue;
        for (let y = 0; y < dot; y++) {
          const line = top + (row + 1) * dot + y;
          const from = left + (place * COLUMNS + column) * dot;
          if (line < height) data.fill(240, (line * width + from) * 3, (line * width + from + dot) * 3);
        }
      }
    });
  });
  return { width, height, data };
}

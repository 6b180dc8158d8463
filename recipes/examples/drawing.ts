/** Flat drawings, as screenshots and icons are: nothing in them that a detector of fine texture or noise could judge. */
import type { RgbImage } from '../../src/core/image.ts';
import { hash } from './light.ts';

type Rgb = readonly [number, number, number];

function canvas(width: number, height: number, [r, g, b]: Rgb) {
  const data = new Uint8ClampedArray(width * height * 3);
  const set = (x: number, y: number, colour: Rgb) => data.set(colour, (y * width + x) * 3);
  const fill = (x: number, y: number, w: number, h: number, colour: Rgb) => {
    for (let j = y; j < Math.min(height, y + h); j++) {
      for (let i = x; i < Math.min(width, x + w); i++) set(i, j, colour);
    }
  };
  fill(0, 0, width, height, [r, g, b]);
  return { image: { width, height, data } satisfies RgbImage, fill, set };
}

/** A window with a side bar, lines of writing and a bar chart. */
export function windowDrawing(): RgbImage {
  const { image, fill } = canvas(720, 480, [244, 245, 247]);
  fill(0, 0, 720, 36, [38, 44, 58]);
  for (const [i, colour] of (
    [
      [236, 106, 94],
      [245, 191, 79],
      [97, 197, 84],
    ] as const
  ).entries()) {
    fill(16 + i * 22, 12, 12, 12, colour);
  }
  fill(0, 36, 168, 444, [229, 232, 238]);
  for (let row = 0; row < 9; row++) {
    if (row === 2) fill(8, 56 + row * 38 - 9, 152, 30, [206, 216, 236]);
    fill(20, 56 + row * 38, 12, 12, [120, 132, 156]);
    fill(42, 58 + row * 38, 50 + (hash(row, 0, 1) % 60), 8, row === 2 ? [44, 82, 160] : [110, 118, 134]);
  }
  fill(192, 60, 260, 16, [38, 44, 58]);
  for (let line = 0; line < 7; line++) {
    let x = 192;
    for (let word = 0; x < (line % 3 === 2 ? 480 : 640); word++) {
      const w = 14 + (hash(line, word, 2) % 46);
      fill(x, 98 + line * 19, Math.min(w, 690 - x), 7, [134, 140, 152]);
      x += w + 7;
    }
  }
  fill(192, 250, 504, 206, [255, 255, 255]);
  for (let grid = 0; grid < 5; grid++) fill(208, 270 + grid * 40, 472, 1, [224, 227, 233]);
  for (let bar = 0; bar < 11; bar++) {
    const height = 30 + (hash(bar, 7, 3) % 130);
    fill(220 + bar * 42, 431 - height, 24, height, bar === 6 ? [224, 122, 63] : [76, 124, 196]);
  }
  return image;
}

/** A red flame on a dark tile, 48 x 48: too small for a verdict on its texture. */
export function icon(): RgbImage {
  const { image, set } = canvas(48, 48, [32, 26, 36]);
  for (let y = 5; y < 44; y++) {
    for (let x = 0; x < 48; x++) {
      const t = (y - 5) / 38;
      const half = 15 * Math.sin(Math.PI * t ** 1.7) ** 0.8;
      const off = Math.abs(x + 0.5 - 24 - 4 * Math.sin(3.2 * (1 - t)) * (1 - t));
      if (off < half) set(x, y, off < half * 0.42 && t > 0.45 ? [255, 205, 92] : [222, 66, 44]);
    }
  }
  return image;
}

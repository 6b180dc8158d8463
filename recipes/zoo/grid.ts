/** Pictures laid out in rows on one canvas, and where each generator's pictures lie, for the legend beside it. */
import type { RgbImage } from '../../src/core/image.ts';
import type { Family } from '../../src/zoo/declaration.ts';

export interface Shown {
  readonly name: string;
  readonly family: Family;
  /** Square, of `SIDE`. */
  readonly pictures: readonly RgbImage[];
}

export interface LegendRow {
  readonly family: Family;
  /** Left to right. */
  readonly names: readonly string[];
}

export const SIDE = 32;
/** Between generators of a row, between rows, and above a family, in pixels. */
const [BESIDE, BELOW, ABOVE] = [8, 3, 14];
const PAPER = 255;
const RULE = 120;

/** `perRow` generators of a family stand side by side; a family begins a new row under a grey rule. */
export function layOut(
  groups: readonly (readonly [Family, readonly Shown[]])[],
  perRow: (family: Family) => number,
): { readonly sheet: RgbImage; readonly legend: readonly LegendRow[] } {
  const rows: { readonly y: number; readonly shown: readonly Shown[] }[] = [];
  const rules: number[] = [];
  let height = 0;
  for (const [family, all] of groups) {
    rules.push(height + (ABOVE >> 1));
    height += ABOVE;
    for (let from = 0; from < all.length; from += perRow(family)) {
      rows.push({ y: height, shown: all.slice(from, from + perRow(family)) });
      height += SIDE + BELOW;
    }
  }
  const widthOf = (shown: readonly Shown[]) =>
    shown.reduce((sum, { pictures }) => sum + pictures.length * SIDE + BESIDE, 0);
  const width = Math.max(...rows.map(({ shown }) => widthOf(shown)));
  const data = new Uint8Array(width * height * 3).fill(PAPER);
  for (const y of rules) data.fill(RULE, y * width * 3, (y + 1) * width * 3);
  for (const { y, shown } of rows) {
    let x = 0;
    for (const { pictures } of shown) {
      for (const picture of pictures) {
        paste(data, width, picture, x, y);
        x += SIDE;
      }
      x += BESIDE;
    }
  }
  const legend = rows.map(({ shown }) => ({
    family: shown[0].family,
    names: shown.map(({ name }) => name),
  }));
  return { sheet: { width, height, data }, legend };
}

function paste(canvas: Uint8Array, width: number, picture: RgbImage, x: number, y: number): void {
  for (let row = 0; row < picture.height; row++) {
    const line = picture.data.subarray(row * picture.width * 3, (row + 1) * picture.width * 3);
    canvas.set(line, ((y + row) * width + x) * 3);
  }
}

/**
 * What part of a picture is looked at. Forensic traces live in single pixels, so nothing is ever resized; a small
 * picture is read whole, a large one in horizontal strips at native resolution, one through every row of cells, so
 * that time and memory stay bounded (a few million pixels) whatever the telephone delivers.
 */
import type { Plane, RgbImage } from '../../core/image.ts';

/** Strips need this many rows below their last one, for windows that start in them and reach out. */
export const REACH = 8;
const READ_WHOLE_PIXELS = 4_000_000;
const STRIP_PIXELS = 6_500_000;
const CELL_PX = 16;
const CELLS_AT_MOST = 16_000;

/** The cells a picture is judged in: `cols * rows`, all of (nearly) the same size in pixels. */
export interface Cells {
  readonly width: number;
  readonly height: number;
  readonly cols: number;
  readonly rows: number;
  /** Nominal side in pixels, a multiple of 16. */
  readonly side: number;
}

/** Luma 0..255 of the rows `y .. y + plane.height - 1`; tiles may start in the first `rows` of them. */
export interface Strip {
  readonly y: number;
  readonly rows: number;
  readonly plane: Plane;
  /** 1 where a colour channel stands at its end (0 or 255): there luma is not what was saved. */
  readonly clipped: Uint8Array;
}

/** The cells for a picture of this size. */
export function layCells(width: number, height: number): Cells {
  let side = CELL_PX;
  while ((width / side) * (height / side) > CELLS_AT_MOST) side += CELL_PX;
  const cols = Math.max(1, Math.round(width / side));
  const rows = Math.max(1, Math.round(height / side));
  return { width, height, cols, rows, side };
}

/** Column of cells that pixel column `x` belongs to. */
export function cellColumn(cells: Cells, x: number): number {
  return Math.min(cells.cols - 1, Math.floor((x * cells.cols) / cells.width));
}

/** Row of cells that pixel row `y` belongs to. */
export function cellRow(cells: Cells, y: number): number {
  return Math.min(cells.rows - 1, Math.floor((y * cells.rows) / cells.height));
}

/** The luma that is looked at; strips do not overlap in the rows where tiles start. */
export function readStrips(image: RgbImage, cells: Cells): Strip[] {
  const { width, height } = image;
  if (width * height <= READ_WHOLE_PIXELS) return [lumaStrip(image, 0, height, height)];
  const rows = Math.max(8, 8 * Math.floor(STRIP_PIXELS / (width * cells.rows) / 8));
  const strips: Strip[] = [];
  for (let row = 0; row < cells.rows; row++) {
    const top = Math.ceil((row * height) / cells.rows);
    const bottom = Math.ceil(((row + 1) * height) / cells.rows);
    const used = Math.min(rows, bottom - top);
    // the middle of the cells, give or take: successive strips start at every offset of an 8x8 grid in turn
    const y = Math.max(top, ((top + ((bottom - top - used) >> 1)) & ~7) + ((row * 3) & 7) - 4);
    strips.push(lumaStrip(image, y, used, Math.min(used + REACH, height - y)));
  }
  return strips;
}

function lumaStrip(image: RgbImage, y: number, rows: number, read: number): Strip {
  const { width, data } = image;
  const out = new Float32Array(width * read);
  const clipped = new Uint8Array(out.length);
  for (let i = 0, j = y * width * 3; i < out.length; i++, j += 3) {
    const r = data[j];
    const g = data[j + 1];
    const b = data[j + 2];
    out[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    // 0 and 255 are the only bytes whose sum with 1 has no bits 1..7
    clipped[i] = ((r + 1) & 254) === 0 || ((g + 1) & 254) === 0 || ((b + 1) & 254) === 0 ? 1 : 0;
  }
  return { y, rows, plane: { width, height: read, data: out }, clipped };
}

/**
 * Where to look for faces. BlazeFace sees 256x256 pixels and misses what is smaller than about a tenth of that, so a
 * large picture is also looked at in overlapping squares. Neighbouring squares share a quarter of their side, more
 * than any face that the next coarser level would have missed, so every face lies whole in at least one square.
 */
import type { Box } from '../core/image.ts';

/** Squares along the longer side at each level. */
const LEVELS = [1, 2, 4, 7, 12];
const STEP = 0.75;

/**
 * The smallest face BlazeFace finds reliably, as a part of the square it looks at. Of 40 faces pasted on scenes, 20 of
 * 256 pixels wide were all found, 16 in 90 % and 12 in 38 % of cases; docs/measured/face.md has the whole search.
 */
export const SMALLEST_PART = 0.075;

/** How much wider than the picture the widened look is. */
const WIDE = 1.6;

export interface Tile extends Box {
  readonly level: number;
}

/**
 * Squares in reading order, coarse levels first, until faces of `minFace` pixels can be found or `maxTiles` is
 * reached (a level is taken whole or not at all; level 0, one square around the whole picture, always).
 */
export function tilesFor(width: number, height: number, minFace: number, maxTiles: number): Tile[] {
  const longest = Math.max(width, height);
  const tiles: Tile[] = [];
  for (let level = 0; level < LEVELS.length; level++) {
    const side = longest / (1 + STEP * (LEVELS[level] - 1));
    const xs = starts(width, side);
    const ys = starts(height, side);
    if (level > 0 && tiles.length + xs.length * ys.length > maxTiles) break;
    for (const y of ys) for (const x of xs) tiles.push({ x, y, width: side, height: side, level });
    if (side * SMALLEST_PART <= minFace) break;
  }
  return tiles;
}

/**
 * The whole picture with an empty frame around it, for pictures that are nothing but a face: BlazeFace wants to see
 * some surroundings (of 99 face crops of 224 pixels it found 86 % without the frame and all with it).
 */
export function wideTile(width: number, height: number): Tile {
  const side = Math.max(width, height) * WIDE;
  return { x: (width - side) / 2, y: (height - side) / 2, width: side, height: side, level: -1 };
}

/** Evenly spread starts of squares of `side` that cover `length`; one centred square where it is shorter. */
function starts(length: number, side: number): number[] {
  if (length <= side * (1 + 1e-9)) return [(length - side) / 2];
  const count = Math.ceil((length - side) / (side * STEP) - 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => ((length - side) * i) / (count - 1));
}

/**
 * Where to look: tiles at native resolution, because resizing destroys what is looked for. Tiles start on multiples of
 * eight, the grid of a JPEG that has not been cropped.
 */
import type { Box } from '../../core/image.ts';

/** Largest side of a tile, and the smallest side a picture may have. */
export const TILE = 128;
export const MIN_SIDE = 96;

/** Start points of `count` stretches of `size` spread over `length`, the first at 0 and the last at the end. */
function starts(length: number, size: number, count: number): number[] {
  const last = length - size;
  if (count === 1) return [Math.floor(last / 16) * 8];
  return Array.from({ length: count }, (_, i) => Math.floor((last * i) / (count - 1) / 8) * 8);
}

/** At most `limit` tiles of at most `size` pixels a side, spread evenly over the picture; `limit` at least 1. */
export function tiles(width: number, height: number, limit: number, size = TILE): Box[] {
  const w = Math.min(size, width);
  const h = Math.min(size, height);
  let columns = Math.ceil(width / size);
  let rows = Math.ceil(height / size);
  while (columns * rows > limit) {
    if (columns > 1 && columns / width >= rows / height) columns--;
    else if (rows > 1) rows--;
    else columns--;
  }
  return starts(height, h, rows).flatMap((y) =>
    starts(width, w, columns).map((x) => ({ x, y, width: w, height: h })),
  );
}

/**
 * Where to look: tiles at native resolution, because resizing destroys what is looked for. Their number does not grow
 * with the picture, so that a score pooled over them does not come to mean "large"; they start on multiples of eight,
 * the grid of a JPEG that has not been cropped, and keep away from the borders, where little is in focus.
 */
import type { Box } from './image.ts';

/** Side of a tile, and the smallest side a picture may have. */
export const TILE = 128;
export const MIN_SIDE = 96;
/** Tiles across and down. */
export const ACROSS = 3;

/** Up to `count` starts of stretches of `size` in `length`, in the middle of equal parts, without repeats. */
function starts(length: number, size: number, count: number): number[] {
  const free = length - size;
  return [
    ...new Set(Array.from({ length: count }, (_, i) => Math.floor((free * (i + 0.5)) / count / 8) * 8)),
  ];
}

/** `across` by `across` tiles spread over the picture, fewer and overlapping where it is small, smaller where it is narrower than a tile. */
export function tiles(width: number, height: number, across: number = ACROSS, size: number = TILE): Box[] {
  const w = Math.min(size, width);
  const h = Math.min(size, height);
  return starts(height, h, across).flatMap((y) =>
    starts(width, w, across).map((x) => ({ x, y, width: w, height: h })),
  );
}

/** Skin to read a pulse from: forehead and both cheeks, where blood runs near the surface and little moves. */
import type { RgbImage } from '../../core/image.ts';
import type { RunFrame } from '../watch/watched.ts';

/** Mesh points around each region; their bounding box, shrunk, is read. */
const REGIONS = {
  forehead: [109, 338, 107, 336, 151],
  rightCheek: [50, 101, 118, 205],
  leftCheek: [280, 330, 347, 425],
} as const;
export type SkinRegion = keyof typeof REGIONS;
export const SKIN_REGIONS = Object.keys(REGIONS) as readonly SkinRegion[];

/** A region smaller than this in either direction is too noisy to be read. */
const LEAST_PX = 6;

/** Mean R, G, B of a region of one frame, 0..255; null where it is too small or outside the picture. */
export function meanSkin(frame: RunFrame, name: SkinRegion): readonly [number, number, number] | null {
  const { mesh, region } = frame;
  if (!mesh || !region) return null;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const i of REGIONS[name]) {
    left = Math.min(left, mesh[3 * i] - region.x);
    right = Math.max(right, mesh[3 * i] - region.x);
    top = Math.min(top, mesh[3 * i + 1] - region.y);
    bottom = Math.max(bottom, mesh[3 * i + 1] - region.y);
  }
  if (!(right - left >= LEAST_PX && bottom - top >= LEAST_PX)) return null;
  return meanOf(region.image, left, right, top, bottom);
}

function meanOf(
  { width, height, data }: RgbImage,
  left: number,
  right: number,
  top: number,
  bottom: number,
): readonly [number, number, number] | null {
  const [x0, x1] = [Math.max(0, Math.ceil(left)), Math.min(width, Math.floor(right))];
  const [y0, y1] = [Math.max(0, Math.ceil(top)), Math.min(height, Math.floor(bottom))];
  if (x1 - x0 < LEAST_PX / 2 || y1 - y0 < LEAST_PX / 2) return null;
  let [r, g, b] = [0, 0, 0];
  for (let y = y0; y < y1; y++) {
    for (let x = x0, i = (y * width + x0) * 3; x < x1; x++, i += 3) {
      r += data[i];
      g += data[i + 1];
      b += data[i + 2];
    }
  }
  const n = (x1 - x0) * (y1 - y0);
  return [r / n, g / n, b / n];
}

/** What happens to a view on its way into a batch, the same to both halves of a pair, so that no step sees it twice alike. */
import type { Random } from '../../src/core/random.ts';
import { FACE_SIDE } from '../../src/evidence/faceswap/view.ts';
import { VIEW_BYTES } from './views.ts';

/** The most a view is shifted in either direction, in pixels. */
const SHIFT = 4;
/** How often a part of the face is hidden, and the sides of that part in parts of the view's. */
const HIDDEN = 0.35;
const PART = [0.15, 0.5] as const;

/** A rectangle of the view that is painted over, empty when nothing is hidden. */
function hiddenPart(random: Random): { left: number; top: number; right: number; bottom: number } {
  const shown = random.chance(1 - HIDDEN);
  const width = shown ? 0 : Math.round(FACE_SIDE * random.uniform(...PART));
  const height = Math.round(FACE_SIDE * random.uniform(...PART));
  const left = random.below(FACE_SIDE - width);
  const top = random.below(FACE_SIDE - height);
  return { left, top, right: left + width, bottom: top + height };
}

/**
 * A view into the batch, mirrored or not, shifted a little, brighter or darker in each channel, at times with a part of
 * it painted over, so that no single place of the face is all that is looked at.
 */
export function put(batch: Uint8Array, at: number, planes: Uint8Array, random: Random): void {
  const mirrored = random.chance(0.5);
  const plane = FACE_SIDE * FACE_SIDE;
  const common = random.normal() * 6;
  const dx = random.below(2 * SHIFT + 1) - SHIFT;
  const dy = random.below(2 * SHIFT + 1) - SHIFT;
  const hidden = hiddenPart(random);
  const paint = random.below(256);
  const last = FACE_SIDE - 1;
  const columns = Uint8Array.from({ length: FACE_SIDE }, (_, x) =>
    Math.min(last, Math.max(0, (mirrored ? last - x : x) + dx)),
  );
  for (let c = 0; c < 3; c++) {
    const lift = Math.round(common + random.normal() * 2);
    for (let y = 0; y < FACE_SIDE; y++) {
      const row = c * plane + Math.min(last, Math.max(0, y + dy)) * FACE_SIDE;
      const to = at * VIEW_BYTES + c * plane + y * FACE_SIDE;
      const across = y >= hidden.top && y < hidden.bottom;
      for (let x = 0; x < FACE_SIDE; x++) {
        const covered = across && x >= hidden.left && x < hidden.right;
        const v = covered ? paint : planes[row + columns[x]] + lift;
        batch[to + x] = v < 0 ? 0 : v > 255 ? 255 : v;
      }
    }
  }
}

/**
 * The attack of somebody who can only ask: squares of the picture are shifted to the edge of the bound, and a change is
 * kept when the answer moved the right way (Square Attack, Andriushchenko et al., arXiv 1912.00049). Nothing but scores
 * is used, so it works on any program or service, and shows what leaving the score visible costs.
 */
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import type { Bounded } from './gradient.ts';

export interface SquareOptions extends Bounded {
  /** Questions asked at most, the first one included. */
  readonly queries: number;
  readonly seed: number;
}

/** `ask` gives the score of a picture, higher for fake; null where there is none, which counts as no gain. */
export async function squareAttack(
  image: RgbImage,
  ask: (image: RgbImage) => Promise<number | null>,
  { epsilon, towards, queries, seed }: SquareOptions,
): Promise<RgbImage> {
  const random = new Random(seed);
  const { width, height, data } = image;
  const shifted = (base: ArrayLike<number>, at: number, shift: number) =>
    Math.min(255, Math.max(0, base[at] + shift));
  // Begins with vertical stripes, the start its authors found best.
  const stripes = Uint8Array.from(data);
  for (let x = 0; x < width; x++) {
    const shift = [0, 1, 2].map(() => (random.chance(0.5) ? epsilon : -epsilon));
    for (let y = 0; y < height; y++) {
      for (let c = 0; c < 3; c++) {
        const at = 3 * (y * width + x) + c;
        stripes[at] = shifted(data, at, shift[c]);
      }
    }
  }
  const gain = async (pixels: Uint8Array) => {
    const score = await ask({ width, height, data: pixels });
    return score === null ? Number.NEGATIVE_INFINITY : towards * score;
  };
  const started = await gain(Uint8Array.from(data));
  let [best, most] = [Uint8Array.from(data), started];
  const first = queries > 1 ? await gain(stripes) : Number.NEGATIVE_INFINITY;
  if (first > most) [best, most] = [stripes, first];
  for (let query = 2; query < queries; query++) {
    // Squares shrink as the search goes on.
    const share = 0.2 * 0.5 ** Math.floor((6 * query) / queries);
    const side = Math.max(2, Math.round(Math.sqrt(share * width * height)));
    const w = Math.min(side, width);
    const h = Math.min(side, height);
    const [x0, y0] = [random.below(width - w + 1), random.below(height - h + 1)];
    const shift = [0, 1, 2].map(() => (random.chance(0.5) ? epsilon : -epsilon));
    const tried = Uint8Array.from(best);
    for (let y = y0; y < y0 + h; y++) {
      for (let x = x0; x < x0 + w; x++) {
        for (let c = 0; c < 3; c++) {
          const at = 3 * (y * width + x) + c;
          tried[at] = shifted(data, at, shift[c]);
        }
      }
    }
    const gained = await gain(tried);
    if (gained > most) [best, most] = [tried, gained];
  }
  return { width, height, data: best };
}

/**
 * Noise against the face evidence, as somebody would send it: made on the aligned face, where the networks look, laid
 * back into the picture it was cut from, and saved. The evidence then finds and aligns the face anew.
 */
import { fgsm, pgd } from '../../src/bench/attack/gradient.ts';
import { squareAttack } from '../../src/bench/attack/square.ts';
import { seedOf } from '../../src/bench/conditions/ladder.ts';
import { type Differentiable, planesOf } from '../../src/bench/peers/learned.ts';
import type { Condition } from '../../src/bench/run/run.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { scoreFaces } from '../../src/evidence/faceswap/score.ts';
import { type FaceView, faceView, ROOM } from '../../src/evidence/faceswap/view.ts';
import { apply } from '../../src/face/geometry.ts';
import type { Models } from '../../src/nn/models.ts';
import { openFaceswap } from './faceswap-inside.ts';
import { largestFace } from './portraits.ts';
import { keptPair, type Make, QUERIES, towards } from './prepared.ts';

/** The authors' crops of faces reach a little further than the hull. */
const MESO_ROOM = 1.3;

/** `noise` [3, side, side], of 255, over the view, added to what the view shows; bounded by `epsilon`. */
function laidBack(
  image: RgbImage,
  { toView }: FaceView,
  noise: Float32Array,
  side: number,
  epsilon: number,
): RgbImage {
  const data = Uint8Array.from(image.data);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const p = apply(toView, { x: x + 0.5, y: y + 0.5 });
      const [u, v] = [Math.floor(p.x), Math.floor(p.y)];
      if (u < 0 || v < 0 || u >= side || v >= side) continue;
      for (let c = 0; c < 3; c++) {
        const at = 3 * (y * image.width + x) + c;
        const shift = Math.min(epsilon, Math.max(-epsilon, Math.round(noise[(c * side + v) * side + u])));
        data[at] = Math.min(255, Math.max(0, data[at] + shift));
      }
    }
  }
  return { width: image.width, height: image.height, data };
}

export interface FaceAttacks {
  readonly conditions: readonly Condition[];
  /** What is judged behind the defence as well: five searches for faces a file are dear. */
  readonly behind: readonly Condition[];
}

/** Every attack on the shipped face evidence; for {@link portraits}. Kept below `folder`. */
export async function faceAttacks(
  folder: string,
  meso: Differentiable,
  models: Models,
  epsilons: readonly number[],
): Promise<FaceAttacks> {
  const network = await openFaceswap();
  const byGradient =
    (attack: typeof fgsm | typeof pgd, inside: Differentiable, room: number) =>
    (epsilon: number): Make =>
    async (image, item) => {
      const face = await largestFace(image);
      if (!face) return image;
      const view = faceView(image, face, inside.side, room);
      const x = planesOf(view.image);
      const moved = await attack(inside, x, { epsilon, towards: towards(item) });
      const noise = moved.map((v, i) => 255 * (v - x[i]));
      return laidBack(image, view, noise, inside.side, epsilon);
    };
  const byQuestions =
    (epsilon: number): Make =>
    async (image, item) => {
      const face = await largestFace(image);
      if (!face) return image;
      // Noise of this size moves no face, so it is looked for once.
      const ask = async (tried: RgbImage) => (await scoreFaces(tried, [face], models))[0].logit;
      return squareAttack(image, ask, {
        ...{ epsilon, towards: towards(item), queries: QUERIES, seed: seedOf(item.key, 1) },
      });
    };
  const every = (name: string, attack: (epsilon: number) => Make) =>
    epsilons.flatMap((epsilon) => keptPair(`${name}-${epsilon}`, folder, attack(epsilon)));
  const clean = keptPair('clean', folder, async (image) => image);
  const many = every('pgd on faceswap', byGradient(pgd, network, ROOM));
  const queried = every('square on faceswap', byQuestions);
  return {
    conditions: [
      ...clean,
      ...every('fgsm on faceswap', byGradient(fgsm, network, ROOM)),
      ...many,
      ...every('pgd on meso4', byGradient(pgd, meso, MESO_ROOM)),
      ...queried,
    ],
    behind: [clean[0], ...[...many, ...queried].filter(({ name }) => !name.includes('+'))],
  };
}

/**
 * Attacks as conditions of a run: the file that arrives was made to fool, so that any detector can be judged on it by
 * the same command, the same score file and the same flips as any other condition. Crafted on the detector itself it is
 * an attack from inside; crafted on another one it tells how far such noise carries over.
 */
import type { RgbImage } from '../../core/image.ts';
import { encodeJpeg, encodePng, resize } from '../../media/index.node.ts';
import { seedOf } from '../conditions/ladder.ts';
import type { BenchItem } from '../data/item.ts';
import { type Differentiable, imageOf, planesOf } from '../peers/learned.ts';
import type { Condition } from '../run/run.ts';
import { fgsm, pgd } from './gradient.ts';
import { squareAttack } from './square.ts';

export type AttackName = 'fgsm' | 'pgd' | 'square';
export const ATTACKS: readonly AttackName[] = ['fgsm', 'pgd', 'square'];

export interface AttackOptions {
  readonly attacks: readonly AttackName[];
  /** Bounds, of 255. */
  readonly epsilons: readonly number[];
  /** Side of the square every picture is brought to before it is attacked, clean ones too. */
  readonly side: number;
  /** What gradients are taken of, for the picture called `key`; needed for fgsm and pgd. */
  readonly inside?: (key: string) => Promise<Differentiable>;
  /** The score that somebody who asks is told; needed for square. */
  readonly ask?: (image: RgbImage, item: BenchItem) => Promise<number | null>;
  readonly steps?: number;
  readonly queries?: number;
  readonly seed?: number;
}

/** Attacked pictures kept for the second time they are needed, when they are saved as JPEG. */
const MOST_KEPT = 256;

/** `clean` and `clean+jpeg90`, then for each attack and bound `NAME-EPSILON` and `NAME-EPSILON+jpeg90`. */
export function attackConditions(options: AttackOptions): Condition[] {
  const { side, attacks, epsilons } = options;
  const kept = new Map<string, Promise<RgbImage>>();
  const square = (image: RgbImage) => resize(image, { width: side, height: side, kernel: 'linear' });
  const made = (
    name: string,
    image: RgbImage,
    item: BenchItem,
    make: (image: RgbImage) => Promise<RgbImage>,
  ) => {
    const key = `${name}\0${item.key}`;
    const known = kept.get(key);
    if (known) return known;
    const result = square(image).then(make);
    kept.set(key, result);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string);
    return result;
  };
  const pair = (name: string, make: (image: RgbImage, item: BenchItem) => Promise<RgbImage>): Condition[] => {
    const arrive = (pixels: RgbImage, item: BenchItem) =>
      made(name, pixels, item, (image) => make(image, item));
    return [
      { name, apply: async ({ pixels }, item) => encodePng(await arrive(pixels, item), { compression: 3 }) },
      {
        name: `${name}+jpeg90`,
        apply: async ({ pixels }, item) => encodeJpeg(await arrive(pixels, item), { quality: 90 }),
      },
    ];
  };
  return [
    ...pair('clean', async (image) => image),
    ...attacks.flatMap((attack) =>
      epsilons.flatMap((epsilon) =>
        pair(`${attack}-${epsilon}`, (image, item) => attacked(attack, epsilon, image, item, options)),
      ),
    ),
  ];
}

async function attacked(
  attack: AttackName,
  epsilon: number,
  image: RgbImage,
  item: BenchItem,
  { inside, ask, side, steps, queries = 100, seed = 1 }: AttackOptions,
): Promise<RgbImage> {
  const towards = item.label === 'fake' ? -1 : 1;
  if (attack === 'square') {
    if (!ask) throw new TypeError('square asks, and there is nobody to ask');
    return squareAttack(image, (tried) => ask(tried, item), {
      ...{ epsilon, towards, queries },
      seed: seedOf(item.key, seed),
    });
  }
  if (!inside) throw new TypeError(`${attack} needs gradients`);
  const network = await inside(item.key);
  const x = planesOf(image);
  const moved =
    attack === 'fgsm'
      ? await fgsm(network, x, { epsilon, towards })
      : await pgd(network, x, { epsilon, towards, steps });
  return imageOf(moved, side);
}

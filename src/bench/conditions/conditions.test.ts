import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { decodePixels } from '../../media/index.node.ts';
import { seedOf } from './ladder.ts';
import { beauty, frameInFrame, graded, player, sharedThrice } from './look.ts';
import { hair, hand, logo, microphone, subtitles } from './overlay.ts';
import { blurred, noisy } from './worn.ts';

type Step = (image: RgbImage, seed: number) => RgbImage | Promise<RgbImage>;

/** The largest share of pixels each may touch: the rest of the face must still be there to be judged. */
const OVER: readonly (readonly [string, Step, number])[] = [
  ['hair', hair, 0.4],
  ['hand', hand, 0.3],
  ['microphone', microphone, 0.15],
  ['subtitles', subtitles, 0.3],
  ['logo', logo, 0.1],
];
const WHOLE: readonly (readonly [string, Step])[] = [
  ['beauty', beauty],
  ['graded', graded],
  ['frame-in-frame', frameInFrame],
  ['blur', blurred],
  ['noise', noisy],
];

function drawn(width: number, height: number, seed: number): RgbImage {
  const random = new Random(seed);
  const data = new Uint8Array(3 * width * height);
  const base = [0, 1, 2].map(() => random.below(256));
  for (let i = 0; i < data.length; i++)
    data[i] = Math.min(255, Math.max(0, base[i % 3] + random.below(31) - 15));
  return { width, height, data };
}

const same = (a: RgbImage, b: RgbImage) => Buffer.from(a.data).equals(Buffer.from(b.data));

const picture = fc
  .tuple(fc.integer({ min: 48, max: 80 }), fc.integer({ min: 48, max: 80 }), fc.nat(1000))
  .map(([width, height, seed]) => drawn(width, height, seed));
const seed = fc.nat(100_000);

describe('steps of the ladder', () => {
  it('that cover keep the size, repeat, leave the picture given alone, and cover no more than they should', async () => {
    for (const [name, step, most] of OVER) {
      await fc.assert(
        fc.asyncProperty(picture, seed, async (image, from) => {
          const before = Buffer.from(image.data);
          const one = await step(image, from);
          expect([one.width, one.height]).toEqual([image.width, image.height]);
          expect(same(await step(image, from), one)).toBe(true);
          expect(Buffer.from(image.data).equals(before)).toBe(true);
          let touched = 0;
          for (let i = 0; i < before.length; i += 3)
            if ([0, 1, 2].some((c) => one.data[i + c] !== before[i + c])) touched++;
          const share = touched / (image.width * image.height);
          expect([name, share > 0, share <= most]).toEqual([name, true, true]);
        }),
        { numRuns: 4, seed: 7 },
      );
    }
  });

  it('that change the whole keep the size and repeat; the player adds its bar, three saves are a file', async () => {
    for (const [, step] of WHOLE) {
      await fc.assert(
        fc.asyncProperty(picture, seed, async (image, from) => {
          const one = await step(image, from);
          expect([one.width, one.height]).toEqual([image.width, image.height]);
          expect(one.data).toHaveLength(image.data.length);
          expect(same(await step(image, from), one)).toBe(true);
        }),
        { numRuns: 4, seed: 7 },
      );
    }
    await fc.assert(
      fc.asyncProperty(picture, seed, async (image, from) => {
        const shown = await player(image, from);
        expect(shown.width).toBe(Math.round(image.width * 0.8));
        expect(shown.height).toBeGreaterThan(Math.round(image.height * 0.8));
        const thrice = await sharedThrice(image, from);
        expect(Buffer.from(await sharedThrice(image, from)).equals(Buffer.from(thrice))).toBe(true);
        const arrived = await decodePixels(thrice);
        expect(arrived.width).toBeGreaterThanOrEqual(Math.floor(image.width * 0.8 ** 3) - 2);
        expect(arrived.width).toBeLessThanOrEqual(image.width);
      }),
      { numRuns: 4, seed: 7 },
    );
  });

  it('survive the smallest pictures there are', async () => {
    for (const [width, height] of [
      [1, 1],
      [2, 9],
      [16, 3],
    ]) {
      const image = drawn(width, height, 1);
      for (const [, step] of [...OVER, ...WHOLE]) {
        const one = await step(image, 1);
        expect([one.width, one.height]).toEqual([width, height]);
      }
      expect((await player(image, 1)).width).toBeGreaterThan(0);
      expect((await sharedThrice(image, 1)).length).toBeGreaterThan(0);
    }
  });

  it('blur calms, noise unsettles, by about what they say', async () => {
    const grain = ({ data, width }: RgbImage) => {
      let sum = 0;
      for (let i = 3; i < data.length; i++) if ((i / 3) % width >= 1) sum += (data[i] - data[i - 3]) ** 2;
      return sum / data.length;
    };
    await fc.assert(
      fc.asyncProperty(picture, async (image) => {
        expect(grain(await blurred(image))).toBeLessThan(grain(image));
      }),
      { numRuns: 4, seed: 7 },
    );
    const grey = { width: 64, height: 64, data: new Uint8Array(3 * 64 * 64).fill(128) };
    for (let from = 0; from < 20; from++) {
      const { data } = noisy(grey, from);
      const deviation = Math.sqrt(Array.from(data).reduce((sum, v) => sum + (v - 128) ** 2, 0) / data.length);
      expect(deviation).toBeGreaterThan(3.7);
      expect(deviation).toBeLessThan(8.4);
    }
  });

  it('differ from file to file: the seed is made of the key', () => {
    expect(new Set(['a', 'b', 'ab', 'ba'].map((key) => seedOf(key, 1))).size).toBe(4);
    expect(seedOf('a', 1)).not.toBe(seedOf('a', 2));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../media/image.ts';
import { decode, encodeJpeg, encodeWebp, resize } from '../media/pixels.node.ts';
import { luma, type RgbImage } from './image.ts';
import { hammingDistance, type PerceptualHash, perceptualHash } from './perceptual-hash.ts';
import { Random } from './random.ts';

/** A picture of a few soft lights and hard-edged shapes, as different from another seed's as photographs are. */
function picture(seed: number, width = 224, height = 168): RgbImage {
  const random = new Random(seed);
  const lights = Array.from({ length: 6 }, () => ({
    x: random.uniform(0, width),
    y: random.uniform(0, height),
    size: random.uniform(0.1, 0.4) * width,
    colour: [0, 1, 2].map(() => random.uniform(-120, 120)),
    hard: random.chance(0.4),
  }));
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, at++) {
        let v = 128 + 6 * random.normal();
        for (const light of lights) {
          const d = ((x - light.x) ** 2 + (y - light.y) ** 2) / light.size ** 2;
          v += light.colour[c] * (light.hard ? Number(d < 0.5) : Math.exp(-d));
        }
        data[at] = v;
      }
    }
  }
  return { width, height, data };
}

const hash = (image: RgbImage): PerceptualHash => {
  const bits = perceptualHash(luma(image));
  if (bits === null) throw new Error('no hash');
  return bits;
};
const decoded = async (bytes: Uint8Array): Promise<RgbImage> => ((await decode(bytes)) as Decoded).image;

describe('a perceptual hash', () => {
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

  it('stays the same, but for a few bits, through JPEG, WebP and half the size', async () => {
    for (const seed of seeds.slice(0, 10)) {
      const image = picture(seed);
      const own = hash(image);
      const copies = [
        await decoded(await encodeJpeg(image, { quality: 75 })),
        await decoded(await encodeWebp(image, { quality: 60 })),
        await resize(image, { width: 112, height: 84 }),
        await decoded(await encodeJpeg(await resize(image, { width: 112, height: 84 }), { quality: 75 })),
      ];
      for (const copy of copies) expect(hammingDistance(own, hash(copy))).toBeLessThanOrEqual(6);
    }
  });

  it('is another for another picture', () => {
    const hashes = seeds.map((seed) => hash(picture(seed)));
    const distances = hashes.flatMap((a, i) => hashes.slice(0, i).map((b) => hammingDistance(a, b)));
    expect(Math.min(...distances)).toBeGreaterThan(8);
    const mean = distances.reduce((sum, d) => sum + d, 0) / distances.length;
    expect(mean).toBeGreaterThan(25);
    expect(mean).toBeLessThan(39);
  });

  it('is none for a plain ground, of any size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(255),
        (w, h, v) => {
          expect(perceptualHash({ width: w, height: h, data: new Float32Array(w * h).fill(v) })).toBeNull();
        },
      ),
    );
  });

  it('does not see a picture made lighter by a constant or stronger in contrast', () => {
    const { width, height, data } = luma(picture(3));
    const changed = { width, height, data: data.map((v) => 0.7 * v + 40) };
    expect(hammingDistance(hash(picture(3)), perceptualHash(changed) as PerceptualHash)).toBeLessThanOrEqual(
      1,
    );
  });
});

it('the distance of two hashes is the number of bits in which they differ', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(fc.tuple(word, word), fc.tuple(word, word), (a, b) => {
      const text = ([high, low]: PerceptualHash) =>
        (BigInt(high) * 4294967296n + BigInt(low)).toString(2).padStart(64, '0');
      const [x, y] = [text(a), text(b)];
      expect(hammingDistance(a, b)).toBe([...x].filter((bit, i) => bit !== y[i]).length);
    }),
  );
});

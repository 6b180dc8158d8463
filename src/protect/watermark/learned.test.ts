import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { psnr, ssim } from '../../core/fidelity.ts';
import type { Plane } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { blur, decodePixels, encodeJpeg } from '../../media/index.node.ts';
import { openModels } from '../../nn/models.node.ts';
import type { Models } from '../../nn/models.ts';
import { carrierOf } from './carrier.ts';
import { encode } from './code.ts';
import { embed, embedCalmly } from './embed.ts';
import { places, readAt, wavesOf } from './fold.ts';
import { openLearnedMark, WINDOW } from './learned.ts';
import { painted } from './painted.test-support.ts';
import { bitsOfHex, hexOfBits } from './payload.ts';
import { boxMean, reducedLuma } from './plane.ts';
import { read } from './read.ts';
import { whiten } from './whiten.ts';

/** A network that takes the mean of the five by five samples around each: what sees its neighbours, and only those. */
const smoothing: Models = {
  async session() {
    return {
      inputNames: ['seen'],
      outputNames: ['told'],
      async run({ seen }): Promise<Record<string, Tensor>> {
        const data = new Float32Array(seen.data.length);
        for (let at = 0; at < data.length; at += WINDOW * WINDOW) {
          const plane = (seen.data as Float32Array).subarray(at, at + WINDOW * WINDOW);
          data.set(boxMean({ width: WINDOW, height: WINDOW, data: plane }, 2).data, at);
        }
        return { told: { dims: seen.dims, data } };
      },
      release: async () => {},
    };
  },
  card: () => Promise.reject(new Error('no card')),
  close: async () => {},
};

describe('a network over a plane of any size', () => {
  it('leaves no seams between its windows', async () => {
    const learned = openLearnedMark(smoothing);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 470 }),
        fc.integer({ min: 1, max: 300 }),
        async (width, height) => {
          const random = new Random(width * 1000 + height);
          const plane: Plane = {
            ...{ width, height },
            data: Float32Array.from({ length: width * height }, () => random.uniform(0, 255)),
          };
          // The border is drawn out here as well, further than the network sees.
          const wide = drawnOut(plane, 4);
          const direct = boxMean(wide, 2);
          const { data } = await learned.times(plane);
          for (let i = 0; i < data.length; i += 7) {
            const at = (Math.floor(i / width) + 4) * wide.width + (i % width) + 4;
            expect(data[i]).toBeCloseTo(direct.data[at], 2);
          }
        },
      ),
      { numRuns: 8 },
    );
  });
});

function drawnOut({ width, height, data }: Plane, by: number): Plane {
  const wide = { width: width + 2 * by, height: height + 2 * by };
  const held = (v: number, length: number) => Math.max(0, Math.min(length - 1, v));
  const out = Float32Array.from({ length: wide.width * wide.height }, (_, i) => {
    const [x, y] = [i % wide.width, Math.floor(i / wide.width)];
    return data[held(y - by, height) * width + held(x - by, width)];
  });
  return { ...wide, data: out };
}

describe('the networks of the release', () => {
  const models = openModels();
  const learned = openLearnedMark(models);
  afterAll(() => models.close());
  const options = { key: 'a key', message: bitsOfHex('0123456789abcdef') };

  it('mark a picture no more visibly than the rule, and rules read it', async () => {
    const original = painted(512, 384, 3);
    const [ruled, marked] = [embed(original, options), await embedCalmly(original, options, learned)];
    expect(psnr(original, marked)).toBeGreaterThan(40);
    expect(ssim(original, marked)).toBeGreaterThan(Math.max(0.98, ssim(original, ruled)));
    const { message } = await read(marked, { key: options.key, roads: ['as-written'] });
    expect(message && hexOfBits(message)).toBe('0123456789abcdef');
  });

  it('find more of the mark in a soft, noisy photograph than rules do', async () => {
    const carrier = carrierOf(options.key);
    const word = encode(options.message);
    let [byRule, byNetwork] = [0, 0];
    for (const seed of [1, 2, 3]) {
      const soft = await blur(embed(painted(640, 480, seed), options), 1);
      const random = new Random(seed);
      const grainy = { ...soft, data: Uint8ClampedArray.from(soft.data, (v) => v + 4 * random.normal()) };
      const seen = reducedLuma(await decodePixels(await encodeJpeg(grainy, { quality: 75 })), 1);
      const right = (mark: Plane) => {
        const waves = wavesOf(mark);
        const [{ dx, dy }] = places(waves, carrier, 1);
        const { soft: told } = readAt(waves, carrier, dx, dy);
        return word.filter((bit, i) => bit === (told[i] > 0 ? 1 : 0)).length;
      };
      byRule += right(whiten(seen));
      byNetwork += right(await learned.markIn(seen));
    }
    expect(byNetwork).toBeGreaterThan(byRule);
  });
});

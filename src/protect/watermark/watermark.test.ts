import { beforeAll, describe, expect, it } from 'vitest';
import { photograph } from '../../../benchmarks/protect/simulator/screen.ts';
import { psnr, ssim } from '../../core/fidelity.ts';
import { crop, type RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { decodePixels, encodeJpeg, resize } from '../../media/index.node.ts';
import { embed } from './embed.ts';
import { painted } from './painted.test-support.ts';
import { bitsOfHex, hexOfBits } from './payload.ts';
import { reducedLuma, warp } from './plane.ts';
import { type Reading, type ReadOptions, type Road, read, readerOf } from './read.ts';

const MESSAGE = '0123456789abcdef';
const KEY = 'a key';
let original: RgbImage;
let marked: RgbImage;

beforeAll(() => {
  original = painted(512, 384, 3);
  marked = embed(original, { key: KEY, message: bitsOfHex(MESSAGE) });
});

const FLAT: readonly Road[] = ['as-written', 'flat'];

async function messageOf(image: RgbImage, roads: readonly Road[] = FLAT): Promise<string | null> {
  const { message } = await read(image, { key: KEY, roads });
  return message && hexOfBits(message);
}

const scaled = (image: RgbImage, factor: number) =>
  resize(image, { width: Math.round(image.width * factor), height: Math.round(image.height * factor) });
const jpeg = async (image: RgbImage, quality: number) => decodePixels(await encodeJpeg(image, { quality }));

function turned(image: RgbImage, degrees: number): RgbImage {
  const c = Math.cos((degrees * Math.PI) / 180);
  const s = Math.sin((degrees * Math.PI) / 180);
  const { width, height } = image;
  const data = new Uint8ClampedArray(width * height * 3);
  for (let channel = 0; channel < 3; channel++) {
    const plane = Float32Array.from({ length: width * height }, (_, i) => image.data[i * 3 + channel]);
    const { plane: out } = warp(
      { width, height, data: plane },
      (x, y) => ({
        x: width / 2 + (x - width / 2) * c - (y - height / 2) * s,
        y: height / 2 + (x - width / 2) * s + (y - height / 2) * c,
      }),
      { x0: 0, y0: 0, width, height },
    );
    out.data.forEach((value, i) => {
      data[i * 3 + channel] = value;
    });
  }
  return { width, height, data };
}

describe('the mark', { timeout: 300_000 }, () => {
  it('is invisible by the figures of the field, on pictures and on flat areas', async () => {
    expect(psnr(original, marked)).toBeGreaterThan(40);
    expect(ssim(original, marked)).toBeGreaterThan(0.98);
    for (const level of [0, 128, 255]) {
      const flat: RgbImage = { width: 512, height: 384, data: new Uint8Array(512 * 384 * 3).fill(level) };
      const out = embed(flat, { key: KEY, message: bitsOfHex(MESSAGE) });
      expect(psnr(flat, out)).toBeGreaterThan(42);
      expect(await messageOf(out)).toBe(MESSAGE);
    }
  });

  it('says where it stands and what was mended', async () => {
    const reading = await read(marked, { key: KEY });
    expect(reading).toMatchObject({ found: true, road: 'as-written' });
    expect(reading.bitErrorsCorrected).toBeLessThan(5);
    expect(reading.confidence).toBeGreaterThan(0.9);
    expect(reading.corners?.[2].x).toBeGreaterThan(480);
  });

  it('is read from JPEG, a quarter cut out, half and double size, turned, and all of them together', async () => {
    const quarter = crop(marked, { x: 133, y: 71, width: 256, height: 192 });
    expect(await messageOf(await jpeg(marked, 50))).toBe(MESSAGE);
    expect(await messageOf(quarter)).toBe(MESSAGE);
    expect(await messageOf(await scaled(marked, 0.5))).toBe(MESSAGE);
    expect(await messageOf(await scaled(marked, 2))).toBe(MESSAGE);
    expect(await messageOf(turned(marked, 17))).toBe(MESSAGE);
    expect(await messageOf(turned(marked, 180))).toBe(MESSAGE);
    expect(await messageOf(await jpeg(turned(await scaled(marked, 1.3), -8), 70))).toBe(MESSAGE);
  });

  it('is read with one key after the other as with each by itself', async () => {
    const wordsBy = async (reading: (options: ReadOptions) => Promise<Reading>, key: string, road: Road) => {
      const words: number[] = [];
      const { found } = await reading({
        key,
        roads: [road],
        watch: ({ agreement }) => words.push(agreement),
      });
      return { found, words };
    };
    const { width, height } = marked;
    const reader = readerOf({ width, height, luma: (factor) => reducedLuma(marked, factor) });
    for (const key of ['another key', KEY, 'a third']) {
      for (const road of FLAT) {
        const shared = await wordsBy(reader, key, road);
        expect(shared.found).toBe(key === KEY);
        expect(shared).toEqual(await wordsBy((options) => read(marked, options), key, road));
      }
    }
  });

  it('is read from a photograph of a screen', async () => {
    const screen = embed(await scaled(original, 2), { key: KEY, message: bitsOfHex(MESSAGE) });
    const shot = photograph(screen, {
      ...{ width: 1200, height: 900, share: 0.5, tiltDegrees: 25, towardsDegrees: 20, rollDegrees: 5 },
      ...{ offX: 0.01, offY: 0.02, blurPx: 0.7, barrel: 0.01, electrons: 3000, glare: 0.1, ambient: 0.02 },
      ...{ gamma: 2.2, exposure: 0.8, red: 1, blue: 1, sharpen: 0.3, seed: 1 },
    });
    expect(await messageOf(await jpeg(shot, 70), ['border'])).toBe(MESSAGE);
  });

  it('is read from a photograph taken far from the side, with no border of the screen in sight', async () => {
    const screen = embed(await scaled(original, 2), { key: KEY, message: bitsOfHex(MESSAGE) });
    const shot = photograph(screen, {
      ...{ width: 1200, height: 900, share: 1.9, tiltDegrees: 40, towardsDegrees: 20, rollDegrees: 9 },
      ...{ offX: 0.01, offY: 0.02, blurPx: 0.7, barrel: -0.01, electrons: 3000, glare: 0.1, ambient: 0.02 },
      ...{ gamma: 2.2, exposure: 0.8, red: 1, blue: 1, sharpen: 0.3, seed: 2 },
    });
    expect(await messageOf(await jpeg(shot, 70), ['tilted'])).toBe(MESSAGE);
  });

  it('is not found with another key, nor where there is none', async () => {
    const none = { found: false, message: null, corners: null, bitErrorsCorrected: null };
    expect(await read(marked, { key: 'another', roads: FLAT })).toMatchObject(none);
    expect(await read(crop(original, { x: 0, y: 0, width: 300, height: 250 }), { key: KEY })).toMatchObject(
      none,
    );
    for (const [width, height] of [
      [1, 1],
      [7, 200],
      [64, 64],
      [300, 2],
    ]) {
      const random = new Random(width);
      const data = Uint8Array.from({ length: width * height * 3 }, () => random.below(256));
      expect(await read({ width, height, data }, { key: KEY })).toMatchObject(none);
    }
  });
});

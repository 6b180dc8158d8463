import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { decodePixels, encodeJpeg } from '../pixels.node.ts';
import { estimateDoubleCompression } from './history.ts';
import { readLayout } from './layout.ts';
import { CHROMA_BASE, fitQuality, LUMA_BASE, scaledTable } from './quality.ts';

function picture(width: number, height: number, seed: number): RgbImage {
  const random = new Random(seed);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const wave =
          35 * Math.sin((x + seed) / 23 + c) + 30 * Math.cos(y / (17 + c)) + 20 * Math.sin((x * y) / 900);
        data[(y * width + x) * 3 + c] = 128 + wave + 5 * random.normal();
      }
    }
  }
  return { width, height, data };
}

async function saved(image: RgbImage, ...qualities: number[]): Promise<Uint8Array> {
  let current = image;
  let bytes = new Uint8Array();
  for (const quality of qualities) {
    bytes = Uint8Array.from(await encodeJpeg(current, { quality }));
    current = await decodePixels(bytes);
  }
  return bytes;
}

describe('fitQuality', () => {
  it('finds every quality of the IJG tables exactly, as sharp writes them', async () => {
    const image = picture(16, 16, 1);
    for (let quality = 2; quality <= 100; quality += 7) {
      const { quantisation } = readLayout(await encodeJpeg(image, { quality }));
      const tables = [quantisation[0] ?? [], quantisation[1] ?? []];
      expect(tables).toEqual([scaledTable(LUMA_BASE, quality), scaledTable(CHROMA_BASE, quality)]);
      expect(fitQuality(tables)).toEqual({ quality, distance: 0 });
    }
  });

  it('tells how far other tables are', () => {
    const other = scaledTable(LUMA_BASE, 80).map((step, i) => step + (i % 5));
    const fit = fitQuality([other]);
    expect(fit.distance).toBeGreaterThan(0.5);
    expect(fit.quality).toBeGreaterThan(60);
    expect(fit.quality).toBeLessThan(85);
  });
});

describe('estimateDoubleCompression', () => {
  it('sees an earlier, coarser compression and names its quality', async () => {
    for (const [first, second] of [
      [60, 90],
      [75, 95],
      [70, 85],
    ]) {
      const found = estimateDoubleCompression(await saved(picture(256, 256, first), first, second));
      expect(found?.probability).toBeGreaterThan(0.95);
      expect(Math.abs((found?.firstQuality ?? 0) - first)).toBeLessThanOrEqual(2);
    }
  });

  it('does not see one where there was none', async () => {
    for (const quality of [60, 75, 85, 92, 97]) {
      for (const seed of [1, 2]) {
        const found = estimateDoubleCompression(await saved(picture(256, 256, seed), quality));
        expect(found?.probability).toBeLessThan(0.5);
        expect(found).not.toHaveProperty('firstQuality');
      }
    }
  });

  it('says nothing about a picture that is too small or flat', async () => {
    expect(estimateDoubleCompression(await saved(picture(16, 16, 1), 90))).toBeUndefined();
    const flat = { width: 256, height: 256, data: new Uint8Array(256 * 256 * 3).fill(100) };
    expect(estimateDoubleCompression(await saved(flat, 90))).toBeUndefined();
  });
});

/** The module as a page gets it: its size, what it does to a page in Chromium, and whether a screenshot of that is read. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { photograph } from '../../../benchmarks/protect/simulator/screen.ts';
import { psnr } from '../../core/fidelity.ts';
import type { RgbImage } from '../../core/image.ts';
import { decodePixels, encodeJpeg } from '../../media/index.node.ts';
import { hexOfBits } from '../watermark/payload.ts';
import { type Road, read } from '../watermark/read.ts';
import { glassTile } from './tile.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (!CHROMIUM) console.warn('skipped: no Chromium');
const OPTIONS = { key: 'a key', message: '0123456789abcdef' };
let script = '';

beforeAll(async () => {
  const result = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL('./index.ts', import.meta.url)),
        formats: ['iife'],
        name: 'screenmark',
      },
    },
  })) as Rollup.RollupOutput[];
  script = result[0].output[0].code;
}, 120_000);

async function messageOf(image: RgbImage, roads: readonly Road[]): Promise<string | null> {
  const { message } = await read(image, { key: OPTIONS.key, roads });
  return message && hexOfBits(message);
}

/** The tile laid over a picture, as a browser does it. */
function glazed(under: RgbImage, side: number): RgbImage {
  const glass = glassTile(OPTIONS, side);
  const data = Uint8ClampedArray.from(under.data, (value, i) => {
    const pixel = Math.floor(i / 3);
    const at =
      ((Math.floor(pixel / under.width) % side) * side + ((pixel % under.width) % side)) * 4 + (i % 3);
    const alpha = glass[at - (i % 3) + 3] / 255;
    return value * (1 - alpha) + glass[at] * alpha;
  });
  return { ...under, data };
}

/** By the simulator that measures the mark: from straight ahead, nearly the whole frame. */
async function photographed(screen: RgbImage): Promise<RgbImage> {
  const shot = photograph(screen, {
    ...{ width: 1600, height: 1200, share: 0.95, tiltDegrees: 0, towardsDegrees: 0, rollDegrees: 3 },
    ...{ offX: 0.01, offY: 0.02, blurPx: 0.9, barrel: 0.01, electrons: 9000, glare: 0.05, ambient: 0.02 },
    ...{ gamma: 2.2, exposure: 0.8, red: 1, blue: 1, sharpen: 0.3, seed: 3 },
  });
  return decodePixels(await encodeJpeg(shot, { quality: 90 }));
}

describe('screenmark', () => {
  it('is below 30 kB', () => {
    console.info(`screenmark: ${Buffer.byteLength(script)} bytes`);
    expect(Buffer.byteLength(script)).toBeLessThan(30_000);
  });

  it('is invisible by the figures on white, black and grey, and read from each', async () => {
    for (const level of [0, 128, 255]) {
      const under = { width: 512, height: 384, data: new Uint8ClampedArray(512 * 384 * 3).fill(level) };
      const over = glazed(under, 128);
      expect(psnr(under, over)).toBeGreaterThan(42);
      expect(await messageOf(over, ['as-written'])).toBe(OPTIONS.message);
    }
  });

  it('refuses a message that is none', () => {
    expect(() => glassTile({ key: 'k', message: 'xyz' }, 128)).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
  });

  it.skipIf(!CHROMIUM)(
    'marks a page in Chromium; a screenshot of it is read, and a photograph of the screen',
    { timeout: 300_000 },
    async () => {
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
        const lines = Array.from(
          { length: 30 },
          (_, i) => `<p>Line ${i}: ${'figures of a quarter '.repeat(4)}</p>`,
        );
        await page.setContent(`<body style="font:15px serif;margin:30px">${lines.join('')}</body>`);
        const shown = async () => decodePixels(await page.screenshot());
        const before = await shown();
        await page.addScriptTag({ content: script });
        await page.evaluate(`var mark = screenmark.markPage(${JSON.stringify(OPTIONS)})`);
        const after = await shown();
        expect(psnr(before, after)).toBeGreaterThan(42);
        expect(await messageOf(after, ['as-written'])).toBe(OPTIONS.message);
        // What is removed from outside comes back; what its owner removes does not; another message takes its place.
        await page.evaluate('document.documentElement.lastElementChild.remove()');
        await page.evaluate('mark.update("42")');
        expect(await messageOf(await shown(), ['as-written'])).toBe('0000000000000042');
        // A larger window has larger waves, which a camera keeps.
        await page.setViewportSize({ width: 1600, height: 900 });
        expect(await messageOf(await photographed(await shown()), ['flat'])).toBe('0000000000000042');
        await page.setViewportSize({ width: 800, height: 600 });
        await page.evaluate('mark.remove()');
        expect(psnr(before, await shown())).toBe(Number.POSITIVE_INFINITY);
      } finally {
        await browser.close();
      }
    },
  );
});

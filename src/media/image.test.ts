import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { HuoyanError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import { readAvif } from './avif.ts';
import { crc32 } from './crc32.ts';
import { readImage, readImageFile } from './image.node.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { readStructure } from './structure.ts';

const WIDTH = 48;
const HEIGHT = 32;

/** Red top left, green top right, blue bottom left, yellow bottom right: shows every flip and turn. */
function quarters(channels: 3 | 4 = 3, alpha = 255): Sharp {
  const data = new Uint8Array(WIDTH * HEIGHT * channels);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const colour =
        y < HEIGHT / 2
          ? x < WIDTH / 2
            ? [220, 30, 30]
            : [30, 200, 30]
          : x < WIDTH / 2
            ? [30, 30, 220]
            : [220, 220, 30];
      data.set(channels === 4 ? [...colour, alpha] : colour, (y * WIDTH + x) * channels);
    }
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels } });
}

function at(image: RgbImage, fx: number, fy: number): number[] {
  const i = 3 * (Math.floor(fy * image.height) * image.width + Math.floor(fx * image.width));
  return Array.from(image.data.subarray(i, i + 3));
}
function expectNear(actual: readonly number[], expected: readonly number[], tolerance = 12): void {
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]), `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);
  });
}
const corners = (image: RgbImage) => [
  at(image, 0.2, 0.2),
  at(image, 0.8, 0.2),
  at(image, 0.2, 0.8),
  at(image, 0.8, 0.8),
];
const RED = [220, 30, 30];
const GREEN = [30, 200, 30];
const BLUE = [30, 30, 220];
const YELLOW = [220, 220, 30];

async function failure(bytes: Uint8Array, limits = {}): Promise<HuoyanError> {
  try {
    await readImage(bytes, 'x', limits);
  } catch (thrown) {
    if (thrown instanceof HuoyanError) return thrown;
    throw thrown;
  }
  throw new Error('was read');
}

describe('readImage: pixels', () => {
  it.each([
    ['jpeg', () => quarters().jpeg({ quality: 95, chromaSubsampling: '4:4:4' })],
    ['png', () => quarters().png()],
    ['webp', () => quarters().webp({ quality: 95 })],
    ['webp', () => quarters().webp({ lossless: true })],
    ['avif', () => quarters().avif({ quality: 90, effort: 0, chromaSubsampling: '4:4:4' })],
    ['gif', () => quarters().gif()],
    ['tiff', () => quarters().tiff({ compression: 'lzw' })],
    ['tiff', () => quarters().tiff({ compression: 'jpeg', quality: 95, bigtiff: true })],
  ] as const)('reads %s, whatever its name', async (format, make) => {
    const bytes = await make().toBuffer();
    const media = await readImage(bytes, 'holiday.docx');
    expect(media).toMatchObject({ kind: 'image', name: 'holiday.docx' });
    expect(media.container).toMatchObject({
      format,
      mime: `image/${format}`,
      width: WIDTH,
      height: HEIGHT,
      frames: 1,
      orientation: 1,
    });
    expect(media.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(media.container.warnings).toEqual([]);
    expect(media.container.segments.length).toBeGreaterThan(0);
    corners(media.pixels).forEach((colour, i) => {
      expectNear(colour, [RED, GREEN, BLUE, YELLOW][i], 16);
    });
  });

  it('turns pictures upright by each of the eight orientations', async () => {
    // Where the upright picture's corners come from, by orientation of the stored one.
    const upright: Record<number, number[][]> = {
      1: [RED, GREEN, BLUE, YELLOW],
      2: [GREEN, RED, YELLOW, BLUE],
      3: [YELLOW, BLUE, GREEN, RED],
      4: [BLUE, YELLOW, RED, GREEN],
      5: [RED, BLUE, GREEN, YELLOW],
      6: [BLUE, RED, YELLOW, GREEN],
      7: [YELLOW, GREEN, BLUE, RED],
      8: [GREEN, YELLOW, RED, BLUE],
    };
    for (const [format, options] of [
      ['jpeg', { quality: 95, chromaSubsampling: '4:4:4' }],
      ['png', {}],
      ['webp', { lossless: true }],
      ['tiff', { compression: 'lzw' }],
    ] as const) {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const bytes = await quarters().withMetadata({ orientation }).toFormat(format, options).toBuffer();
        const { container, pixels } = await readImage(bytes, format);
        expect(container.orientation, `${format} ${orientation}`).toBe(orientation);
        const turned = orientation >= 5;
        expect([pixels.width, pixels.height]).toEqual(turned ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT]);
        expect([container.width, container.height]).toEqual([pixels.width, pixels.height]);
        corners(pixels).forEach((colour, i) => {
          expectNear(colour, upright[orientation][i]);
        });
      }
    }
  });

  it('converts CMYK, grey and 16 bits, and says what was stored', async () => {
    const cmyk = await readImage(
      await quarters().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
      'cmyk',
    );
    expect(cmyk.container).toMatchObject({ colourSpace: 'cmyk', channels: 4 });
    expectNear(at(cmyk.pixels, 0.2, 0.8), BLUE, 90);
    expect(cmyk.pixels.data.length).toBe(WIDTH * HEIGHT * 3);

    const grey = await readImage(await quarters().greyscale().toColourspace('b-w').png().toBuffer(), 'grey');
    expect(grey.container).toMatchObject({ colourSpace: 'grey', channels: 1 });
    const [r, g, b] = at(grey.pixels, 0.2, 0.2);
    expect(r === g && g === b).toBe(true);

    const deep = await readImage(await quarters().toColourspace('rgb16').png().toBuffer(), 'deep');
    expect(deep.container).toMatchObject({ bitDepth: 16 });
    expectNear(at(deep.pixels, 0.8, 0.2), GREEN, 1);
  });

  it('lays transparency on white and says so', async () => {
    for (const make of [
      () => quarters(4, 0).png(),
      () => quarters(4, 0).webp({ lossless: true }),
      () => quarters(4, 0).gif(),
    ]) {
      const { container, pixels } = await readImage(await make().toBuffer(), 'alpha');
      expect(container.hasAlpha).toBe(true);
      expect(at(pixels, 0.2, 0.2)).toEqual([255, 255, 255]);
      expect(container.warnings.map((w) => w.en).join()).toMatch(/white/);
    }
    const half = await readImage(await quarters(4, 128).toColourspace('rgb16').png().toBuffer(), 'half');
    expectNear(at(half.pixels, 0.2, 0.2), [237, 142, 142], 2);
  });

  it('takes the first frame of an animation and counts the rest', async () => {
    const frames = new Uint8Array(16 * 16 * 3 * 4);
    for (let f = 0; f < 4; f++) frames.fill(40 + 50 * f, f * 768, (f + 1) * 768);
    const animation = () => sharp(frames, { raw: { width: 16, height: 64, channels: 3, pageHeight: 16 } });
    for (const make of [() => animation().gif({ loop: 0 }), () => animation().webp({ lossless: true })]) {
      const { container, pixels } = await readImage(await make().toBuffer(), 'animation');
      expect([container.width, container.height, container.frames]).toEqual([16, 16, 4]);
      expectNear(at(pixels, 0.5, 0.5), [40, 40, 40], 4);
      expect(container.warnings.map((w) => w.en).join()).toMatch(/4 frames/);
    }
    const limited = await readImage(await animation().gif().toBuffer(), 'animation', { maxFrames: 2 });
    expect(limited.container.frames).toBe(2);
  });

  it('counts the frames of an AVIF sequence', async () => {
    const box = (type: string, ...content: number[]): number[] => {
      const size = 8 + content.length;
      return [0, 0, size >> 8, size & 255, ...Array.from(type, (c) => c.charCodeAt(0)), ...content];
    };
    const sizes = box('stsz', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7);
    const moov = box('moov', ...box('trak', ...box('mdia', ...box('minf', ...box('stbl', ...sizes)))));
    const still = await quarters().avif({ effort: 0 }).toBuffer();
    // The parser alone: libheif rightly refuses a track without samples.
    const found = readStructure(readAvif, Uint8Array.from([...still, ...moov]), DEFAULT_LIMITS);
    expect(found.header.frames).toBe(7);
  });

  it("waiting for one's turn does not count as decoding", async () => {
    const bytes = await quarters().resize(600, 600).jpeg().toBuffer();
    const start = performance.now();
    await readImage(bytes, 'one');
    const timeoutMs = Math.max(1000, 10 * (performance.now() - start));
    const all = await Promise.all(Array.from({ length: 24 }, () => readImage(bytes, 'many', { timeoutMs })));
    expect(all.length).toBe(24);
  });

  it('applies a wide-gamut profile and leaves sRGB numbers alone', async () => {
    const wide = await quarters().withIccProfile('p3').png().toBuffer();
    const media = await readImage(wide, 'p3');
    expect(media.container.icc).toMatch(/P3/);
    expectNear(at(media.pixels, 0.2, 0.2), RED, 6);
    const plain = await sharp(await quarters().png().toBuffer())
      .withMetadata({ icc: 'srgb' })
      .png()
      .toBuffer();
    const srgb = await readImage(plain, 'srgb');
    expect(srgb.container.icc).toMatch(/sRGB/);
    expect(at(srgb.pixels, 0.2, 0.2)).toEqual(RED);
  });

  it('reads a picture of one pixel in every format', async () => {
    const one = () => sharp(Uint8Array.of(200, 100, 50), { raw: { width: 1, height: 1, channels: 3 } });
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const) {
      const { pixels } = await readImage(await one().toFormat(format).toBuffer(), format);
      expect([pixels.width, pixels.height, pixels.data.length]).toEqual([1, 1, 3]);
    }
  });
});

/** A PNG header that declares `width` x `height` and holds nothing. */
function declaredPng(width: number, height: number): Uint8Array {
  const out = new Uint8Array(33);
  const view = new DataView(out.buffer);
  out.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  view.setUint32(16, width);
  view.setUint32(20, height);
  out.set([8, 2, 0, 0, 0], 24);
  view.setUint32(29, crc32(out.subarray(12, 29)));
  return out;
}

/** The same file with another size in its header. */
async function resized(
  format: 'jpeg' | 'gif' | 'webp' | 'tiff',
  width: number,
  height: number,
): Promise<Uint8Array> {
  const bytes = Uint8Array.from(await quarters().toFormat(format).toBuffer());
  const view = new DataView(bytes.buffer);
  if (format === 'gif') {
    view.setUint16(6, width, true);
    view.setUint16(8, height, true);
  } else if (format === 'jpeg') {
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    view.setUint16(frame + 5, height);
    view.setUint16(frame + 7, width);
  } else if (format === 'webp') {
    view.setUint16(26, Math.min(width, 16383), true);
    view.setUint16(28, Math.min(height, 16383), true);
  } else {
    const ifd = view.getUint32(4, true);
    for (let i = 0; i < view.getUint16(ifd, true); i++) {
      const entry = ifd + 2 + 12 * i;
      const tag = view.getUint16(entry, true);
      if (tag !== 256 && tag !== 257) continue;
      view.setUint16(entry + 2, 4, true);
      view.setUint32(entry + 8, tag === 256 ? width : height, true);
    }
  }
  return bytes;
}

describe('readImage: bad input', () => {
  it('refuses 30,000 x 30,000 declared in a small file at once, in every format', async () => {
    for (const make of [
      async () => declaredPng(30_000, 30_000),
      () => resized('jpeg', 30_000, 30_000),
      () => resized('gif', 30_000, 30_000),
      () => resized('webp', 30_000, 30_000),
      () => resized('tiff', 30_000, 30_000),
    ]) {
      const bytes = await make();
      const start = performance.now();
      const error = await failure(bytes);
      expect(error.code).toBe('too-many-pixels');
      expect(error.text.en).toMatch(/120 million/);
      expect(error.text.zh).toMatch(/12000 万/);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });

  it('cut at every tenth it is corrupt, or nearly whole with a warning', async () => {
    const noise = sharp(
      Uint8Array.from({ length: 120 * 90 * 3 }, (_, i) => (i * 2654435761) >>> 24),
      {
        raw: { width: 120, height: 90, channels: 3 },
      },
    );
    for (const [format, options] of [
      ['jpeg', {}],
      ['jpeg', { progressive: true }],
      ['png', {}],
      ['webp', {}],
      ['avif', { effort: 0 }],
      ['gif', {}],
      ['tiff', { compression: 'lzw' }],
    ] as const) {
      const bytes = await noise.clone().toFormat(format, options).toBuffer();
      for (let tenth = 1; tenth < 10; tenth++) {
        const cut = bytes.subarray(0, Math.floor((bytes.length * tenth) / 10));
        try {
          const { container } = await readImage(cut, format);
          expect(container.warnings.length, `${format} ${tenth}`).toBeGreaterThan(0);
          expect(tenth, `${format} ${tenth} was read`).toBeGreaterThanOrEqual(9);
        } catch (thrown) {
          if (!(thrown instanceof HuoyanError)) throw thrown;
          expect(thrown.code, `${format} ${tenth}`).toBe('corrupt');
        }
      }
    }
  });

  it('reads a JPEG whose last rows are missing, with a warning that says how much is there', async () => {
    const bytes = await quarters().resize(400, 400).jpeg({ quality: 95 }).toBuffer();
    const { container, pixels } = await readImage(bytes.subarray(0, bytes.length - 40), 'cut');
    expect(container.warnings[0].en).toMatch(/about 9\d % of the picture/);
    expect(container.warnings[0].zh).toMatch(/约 9\d%/);
    expectNear(at(pixels, 0.2, 0.2), RED);
    const error = await failure(bytes.subarray(0, bytes.length >> 1));
    expect(error.text.en).toMatch(/only \d+ % of the picture data is there/);
  });

  it('names what it does not support', async () => {
    const error = await failure(new TextEncoder().encode('%PDF-1.7 and so on'));
    expect(error).toMatchObject({ code: 'unsupported-format', text: { en: expect.stringMatching(/PDF/) } });
  });

  it('keeps to the limits of bytes and pixels', async () => {
    const bytes = await quarters().png().toBuffer();
    expect((await failure(bytes, { maxBytes: 10 })).code).toBe('too-large');
    expect((await failure(bytes, { maxPixels: WIDTH * HEIGHT - 1 })).code).toBe('too-many-pixels');
    expect((await failure(new Uint8Array())).code).toBe('empty');
    expect((await readImage(bytes, 'x', { maxPixels: WIDTH * HEIGHT })).pixels.width).toBe(WIDTH);
  });

  it('gives up after the time limit', async () => {
    const large = await sharp({ create: { width: 3000, height: 3000, channels: 3, background: '#357' } })
      .jpeg({ quality: 95 })
      .toBuffer();
    expect((await failure(large, { timeoutMs: 1 })).code).toBe('timeout');
  });
});

describe('readImageFile', () => {
  it('answers paths that are no readable file with typed errors', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'huoyan-image-'));
    try {
      const code = async (path: string, limits = {}) => {
        const error = await readImageFile(path, limits).catch((thrown) => thrown);
        return error instanceof HuoyanError ? error.code : 'read';
      };
      await writeFile(join(folder, 'empty.jpg'), '');
      await writeFile(join(folder, 'fine.txt'), await quarters().png().toBuffer());
      expect(await code(join(folder, 'nope.jpg'))).toBe('not-found');
      expect(await code(folder)).toBe('not-a-file');
      expect(await code(join(folder, 'empty.jpg'))).toBe('empty');
      expect(await code(join(folder, 'fine.txt'))).toBe('read');
      expect(await code(join(folder, 'fine.txt'), { maxBytes: 5 })).toBe('too-large');
      expect(await code('/dev/null')).toBe('not-a-file');
      if (process.platform !== 'win32') {
        execFileSync('mkfifo', [join(folder, 'pipe')]);
        expect(await code(join(folder, 'pipe'))).toBe('not-a-file');
      }
      expect(await code('a\0b')).toBe('not-found');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.skipIf(process.getuid?.() === 0)(
    'says when it may not read (skipped as root, who may read anything)',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'huoyan-image-'));
      try {
        const path = join(folder, 'closed.png');
        await writeFile(path, await quarters().png().toBuffer());
        await chmod(path, 0);
        await expect(readImageFile(path)).rejects.toMatchObject({ code: 'permission-denied' });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});

/**
 * Hostile files: valid pictures of every format, changed at random (seeded), cut, spliced and lied about. Whatever
 * comes out must be a picture or a typed error that is not `internal`, soon, and without filling the memory.
 */
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { crc32 } from './crc32.ts';
import { readImage } from './image.node.ts';

const MUTATIONS = 185;
/** Setting up a CMYK conversion takes libvips 40 ms a file. */
const FEWER: Readonly<Record<string, number>> = { 'jpeg cmyk': 40 };
/** Generous, for busy machines; what hangs takes for ever. */
const PATIENCE_MS = 12_000;
const LIMITS = { maxPixels: 2_000_000, timeoutMs: 10_000 };

const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta>';
const EXIF = {
  IFD0: { Make: 'Huoyan', Model: 'Fuzz', ImageDescription: 'a picture', Software: 'test' },
  IFD2: { UserComment: 'hello' },
};

function source(seed: number, width = 40, height = 30, channels: 3 | 4 = 3): Sharp {
  const random = new Random(seed);
  const data = Uint8Array.from(
    { length: width * height * channels },
    (_, i) => (i * 7 + random.below(40)) & 255,
  );
  return sharp(data, { raw: { width, height, channels } });
}

/** A BMP of 8 bits with a palette, run-length coded. */
function bmp(): Uint8Array {
  const out = new Uint8Array(14 + 40 + 1024 + 4 * 40);
  const view = new DataView(out.buffer);
  out.set([0x42, 0x4d]);
  view.setUint32(10, 1078, true);
  [40, 40, 40].forEach((value, i) => {
    view.setUint32(14 + 4 * i, value, true);
  });
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  view.setUint32(30, 1, true);
  view.setUint32(34, 160, true);
  for (let i = 0; i < 1024; i++) out[54 + i] = i & 255;
  for (let row = 0; row < 40; row++) out.set([40, row, 0, row === 39 ? 1 : 0], 1078 + 4 * row);
  return out;
}

function bmp24(): Uint8Array {
  const out = new Uint8Array(54 + 24 * 24 * 3);
  const view = new DataView(out.buffer);
  out.set([0x42, 0x4d]);
  view.setUint32(10, 54, true);
  [40, 24, 24].forEach((value, i) => {
    view.setUint32(14 + 4 * i, value, true);
  });
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  return out;
}

const frames = () =>
  sharp(
    new Uint8Array(32 * 96 * 4).map((_, i) => (i * 11) & 255),
    {
      raw: { width: 32, height: 96, channels: 4, pageHeight: 32 },
    },
  );

const SEEDS: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  jpeg: () => source(1).withExif(EXIF).withXmp(XMP).withIccProfile('p3').jpeg({ quality: 80 }).toBuffer(),
  'jpeg progressive': () => source(2).withExif(EXIF).jpeg({ quality: 70, progressive: true }).toBuffer(),
  'jpeg cmyk': () => source(3).toColourspace('cmyk').jpeg().toBuffer(),
  png: () => source(4).withExif(EXIF).withXmp(XMP).withIccProfile('p3').png().toBuffer(),
  'png 16 bit alpha': () => source(5, 24, 24, 4).toColourspace('rgb16').png().toBuffer(),
  'webp lossy': () => source(6).withExif(EXIF).withXmp(XMP).webp({ quality: 60 }).toBuffer(),
  'webp animated': () => frames().webp({ lossless: true }).toBuffer(),
  gif: () => frames().gif().toBuffer(),
  'tiff lzw': () => source(7).withExif(EXIF).withXmp(XMP).tiff({ compression: 'lzw' }).toBuffer(),
  'tiff jpeg tiles': () =>
    source(8).tiff({ compression: 'jpeg', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
  avif: () => source(9).withExif(EXIF).avif({ effort: 0 }).toBuffer(),
  'bmp rle': async () => bmp(),
  'bmp 24': async () => bmp24(),
};

/** One random change, of the kinds that break parsers: bits, bytes, numbers, cuts, copies, growth. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let out = bytes.slice();
  for (let n = random.below(4); n >= 0; n--) {
    // Headers decide most, so half of the changes go there.
    const reach = random.chance(0.5) ? Math.min(out.length, 160) : out.length;
    const at = random.below(Math.max(1, reach));
    switch (random.below(8)) {
      case 0:
        out[at] ^= 1 << random.below(8);
        break;
      case 1:
        out[at] = random.below(256);
        break;
      case 2:
        out[at] = random.pick([0, 0xff, 0x7f, 0x80]);
        break;
      case 3: {
        const value = random.pick([0, 1, 0xffffffff, 0x7fffffff, 0x80000000, out.length, 0xffff, 65536]);
        if (at + 4 <= out.length) new DataView(out.buffer).setUint32(at, value, random.chance(0.5));
        break;
      }
      case 4:
        out = out.slice(0, Math.max(1, random.below(out.length)));
        break;
      case 5: {
        const from = random.below(out.length);
        const length = random.below(Math.min(64, out.length - from) + 1);
        out.copyWithin(Math.min(at, out.length - length), from, from + length);
        break;
      }
      case 6: {
        const extra = Uint8Array.from({ length: random.below(40) }, () => random.below(256));
        out = Uint8Array.from([...out.subarray(0, at), ...extra, ...out.subarray(at)]);
        break;
      }
      default:
        out = Uint8Array.from([...out.subarray(0, at), ...out.subarray(at + random.below(20))]);
    }
    if (out.length === 0) out = Uint8Array.of(0);
  }
  return out;
}

/** PNG decoders stop at a wrong checksum; with the checksums mended the change gets further in. */
function mendChecksums(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) break;
    view.setUint32(at + 8 + length, crc32(bytes.subarray(at + 4, at + 8 + length)));
    at += length + 12;
  }
  return bytes;
}

interface Outcome {
  readonly code: string;
  readonly ms: number;
}

/** Reads, and holds the outcome to the contract. */
async function read(bytes: Uint8Array): Promise<Outcome> {
  const start = performance.now();
  let code = 'read';
  try {
    const media = await readImage(bytes, 'fuzz', LIMITS);
    const { width, height, data } = media.pixels;
    if (data.length !== width * height * 3) throw new Error(`${width}x${height} with ${data.length} samples`);
    if (width * height > LIMITS.maxPixels) throw new Error(`limit passed: ${width}x${height}`);
    // Container facts must be plain JSON: what JSON keeps is all there is.
    const text = JSON.stringify(media.container);
    if (text.length > 20_000_000) throw new Error(`facts of ${text.length} characters`);
    expect(JSON.parse(text)).toEqual(media.container);
  } catch (thrown) {
    if (!(thrown instanceof HuoyanError)) throw thrown;
    expect(thrown.code).not.toBe('internal');
    expect(thrown.text.zh).not.toBe('');
    expect(thrown.hint.en).not.toBe('');
    code = thrown.code;
  }
  return { code, ms: performance.now() - start };
}

describe('mutated files', () => {
  const files = new Map<string, Uint8Array>();
  beforeAll(async () => {
    for (const [name, make] of Object.entries(SEEDS)) files.set(name, Uint8Array.from(await make()));
  });

  it.each(Object.keys(SEEDS))('%s', async (name) => {
    const mutations = FEWER[name] ?? MUTATIONS;
    const valid = files.get(name) ?? new Uint8Array();
    expect((await read(valid)).code).toBe('read');
    const random = new Random(0xf0220 + Object.keys(SEEDS).indexOf(name));
    const before = process.memoryUsage.rss();
    let slowest = 0;
    for (let n = 0; n < mutations; n++) {
      let changed = mutate(valid, random);
      if (name.startsWith('png') && n % 2 === 0) changed = mendChecksums(changed);
      const outcome = await read(changed).catch((thrown) => {
        throw new Error(`mutation ${n} of ${name}`, { cause: thrown });
      });
      slowest = Math.max(slowest, outcome.ms);
    }
    expect(slowest).toBeLessThan(PATIENCE_MS);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300e6);
  });

  it('cut at every tenth: a picture with a warning, or a typed error', async () => {
    for (const [name, valid] of files) {
      for (let tenth = 0; tenth < 10; tenth++) {
        const cut = valid.subarray(0, Math.floor((valid.length * tenth) / 10));
        const { code } = await read(cut);
        if (tenth === 0) expect(code, name).toBe('empty');
        else if (tenth < 5)
          expect(['corrupt', 'unsupported-format'], `${name} at ${tenth}/10`).toContain(code);
      }
    }
  });

  it('joined back to front and nested: still one of the two', async () => {
    const random = new Random(31);
    const all = [...files.values()];
    for (let n = 0; n < 60; n++) {
      const [a, b] = [random.pick(all), random.pick(all)];
      const cut = random.below(a.length);
      await read(Uint8Array.from([...a.subarray(0, cut), ...b, ...a.subarray(cut)]));
    }
  });
});

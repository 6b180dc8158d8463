/** What is read out of containers: texts in every carrier, EXIF, IPTC, XMP, profiles, thumbnails, tails, bombs. */
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ContainerFacts } from '../core/media.ts';
import { crc32 } from './crc32.ts';
import { decodeUserComment } from './exif-text.ts';
import { TiffBlock } from './ifd.ts';
import { readImage } from './image.node.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { exifTags, iptcFields, toJson } from './metadata.ts';
import { readPng } from './png.ts';
import { readStructure } from './structure.ts';

const latin = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const utf8 = (text: string) => new TextEncoder().encode(text);
function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const picture = () =>
  sharp(
    Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * 37) & 255),
    { raw: { width: 16, height: 16, channels: 3 } },
  );
const facts = async (bytes: Uint8Array): Promise<ContainerFacts> => (await readImage(bytes, 'x')).container;

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = join([0, 0, 0, 0], latin(type), data, [0, 0, 0, 0]);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  view.setUint32(out.length - 4, crc32(out.subarray(4, out.length - 4)));
  return out;
}
/** `chunks` put behind the header of a PNG. */
async function png(...chunks: Uint8Array[]): Promise<Uint8Array> {
  const plain = await picture().png().toBuffer();
  return join(plain.subarray(0, 33), ...chunks, plain.subarray(33));
}
function segment(marker: number, data: Uint8Array): Uint8Array {
  return join([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255], data);
}
/** `segments` put behind the start of a JPEG. */
async function jpeg(...segments: Uint8Array[]): Promise<Uint8Array> {
  const plain = await picture().jpeg().toBuffer();
  return join(plain.subarray(0, 2), ...segments, plain.subarray(2));
}

describe('PNG', () => {
  it('reads text in all three kinds of chunk, in any language', async () => {
    const prompt = '火眼金睛, a fox --steps 20';
    const { text, warnings } = await facts(
      await png(
        chunk('tEXt', join(latin('parameters\0'), utf8(prompt))),
        chunk('tEXt', latin('Author\0caf\xe9')),
        chunk('zTXt', join(latin('workflow\0\0'), deflateSync(utf8('{"nodes":[]}')))),
        chunk('iTXt', join(latin('Title\0\0\0zh\0'), utf8('标题\0火眼'))),
        chunk('iTXt', join(latin('Packed\0\x01\0\0\0'), deflateSync(utf8(prompt)))),
      ),
    );
    expect(text).toEqual([
      { carrier: 'png:tEXt', key: 'parameters', value: prompt },
      { carrier: 'png:tEXt', key: 'Author', value: 'café' },
      { carrier: 'png:zTXt', key: 'workflow', value: '{"nodes":[]}' },
      { carrier: 'png:iTXt', key: 'Title', value: '火眼' },
      { carrier: 'png:iTXt', key: 'Packed', value: prompt },
    ]);
    expect(warnings).toEqual([]);
  });

  it('reads XMP, and the profiles that ImageMagick writes as hexadecimal text', async () => {
    const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>';
    const hex = Array.from(utf8(xmp), (b) => b.toString(16).padStart(2, '0')).join('');
    const found = await facts(
      await png(
        chunk('iTXt', join(latin('XML:com.adobe.xmp\0\0\0\0\0'), utf8(xmp))),
        chunk(
          'tEXt',
          latin(`Raw profile type xmp\0\nxmp\n      ${xmp.length}\n${hex.replace(/(.{72})/g, '$1\n')}\n`),
        ),
      ),
    );
    expect(found.xmp).toEqual([xmp, xmp]);
    expect(found.text).toEqual([]);
  });

  it('does not unpack bombs', async () => {
    const bomb = deflateSync(new Uint8Array(60_000_000));
    const before = process.memoryUsage.rss();
    const start = performance.now();
    const found = await facts(
      await png(chunk('zTXt', join(latin('a\0\0'), bomb)), chunk('iTXt', join(latin('b\0\x01\0\0\0'), bomb))),
    );
    expect(found.text).toEqual([]);
    expect(found.warnings.map((w) => w.en)).toEqual([
      'png:zTXt expands beyond the limit and was left out',
      'png:iTXt expands beyond the limit and was left out',
    ]);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150e6);
  });

  it('bounds the number of chunks, texts and characters', async () => {
    const many = Array.from({ length: 6000 }, (_, i) => chunk('tEXt', latin(`k${i}\0v`)));
    const bytes = await png(...many, chunk('tEXt', join(latin('long\0'), new Uint8Array(3e6).fill(65))));
    const found = readStructure(readPng, bytes, DEFAULT_LIMITS);
    expect(found.segments.length).toBe(4096);
    expect(found.text.length).toBe(512);
    expect(found.warnings.length).toBe(2);
    const long = await facts(await png(chunk('tEXt', join(latin('long\0'), new Uint8Array(3e6).fill(65)))));
    expect(long.text[0].value.length).toBe(1 << 20);
    expect(long.warnings[0].en).toMatch(/cut/);
  });

  it('notices a changed chunk and what trails the end', async () => {
    const edited = chunk('tEXt', latin('Software\0camera'));
    edited[edited.length - 1] ^= 1;
    const found = await facts(join(await png(edited), latin('hidden')));
    expect(found.warnings.map((w) => w.en).join()).toMatch(/wrong checksum/);
    expect(found.trailingBytes).toBe(6);
    expect(found.segments[0]).toEqual({ type: 'IHDR', offset: 8, length: 25 });
    expect(found.segments.at(-1)).toMatchObject({ type: 'IEND', length: 12 });
  });
});

describe('JPEG', () => {
  it('describes frame, tables and sampling', async () => {
    const make = (options: JpegOptions) => picture().jpeg(options).toBuffer();
    const plain = await facts(await make({ quality: 83 }));
    expect(plain.jpeg).toMatchObject({
      progressive: false,
      subsampling: '4:2:0',
      quality: 83,
      qualityDistance: 0,
    });
    expect(plain.jpeg?.quantisation.map((t) => t.length)).toEqual([64, 64, 64]);
    expect(plain).toMatchObject({ colourSpace: 'ycbcr', channels: 3, bitDepth: 8 });
    expect(plain.segments.map((s) => s.type)).toEqual(
      expect.arrayContaining(['DQT', 'SOF0', 'DHT', 'SOS', 'EOI']),
    );
    const other = await facts(await make({ quality: 40, progressive: true, chromaSubsampling: '4:4:4' }));
    expect(other.jpeg).toMatchObject({ progressive: true, subsampling: '4:4:4', quality: 40 });
    const grey = await facts(await picture().greyscale().toColourspace('b-w').jpeg().toBuffer());
    expect(grey.jpeg?.subsampling).toBe('grey');
    const cmyk = await facts(await picture().toColourspace('cmyk').jpeg().toBuffer());
    expect(cmyk.colourSpace).toMatch(/cmyk|ycck/);
  });

  it('covers the file with segments, and reads comments, extended XMP and tails', async () => {
    const guid = '0123456789ABCDEF0123456789ABCDEF';
    const extension = (from: number, text: string, total: number) =>
      segment(
        0xe1,
        join(
          latin(`http://ns.adobe.com/xmp/extension/\0${guid}`),
          [0, 0, 0, total, 0, 0, 0, from],
          latin(text),
        ),
      );
    const bytes = join(
      await jpeg(
        segment(0xfe, utf8('备注 prompt')),
        segment(0xe1, latin('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>')),
        extension(6, 'second', 12),
        extension(0, 'first ', 12),
        segment(0xeb, latin('JP\0\x01\0\0\0\x01\0\0\0\x10jumb')),
      ),
      latin('MotionPhoto_Data'),
    );
    const found = await facts(bytes);
    expect(found.jpeg?.comment).toBe('备注 prompt');
    expect(found.text).toEqual([{ carrier: 'jpeg:COM', key: '', value: '备注 prompt' }]);
    expect(found.xmp).toEqual(['<x:xmpmeta/>', 'first second']);
    expect(found.trailingBytes).toBe(16);
    expect(found.segments.map((s) => s.type)).toContain('APP11:JUMBF');
    let at = 2;
    for (const { offset, length } of found.segments) {
      expect(offset).toBe(at);
      at += length;
    }
    expect(at).toBe(bytes.length - 16);
  });

  it('reads EXIF, its texts and its thumbnail', async () => {
    const thumbnail = await picture().resize(8, 6).jpeg().toBuffer();
    const exif = exifBlock(thumbnail);
    const found = await facts(await jpeg(segment(0xe1, join(latin('Exif\0\0'), exif))));
    expect(found.exif).toMatchObject({
      Make: 'Huoyan',
      Model: 'Eye',
      DateTimeOriginal: '2024:05:06 07:08:09',
    });
    expect(found.text).toEqual([{ carrier: 'exif:UserComment', key: 'UserComment', value: '提示词' }]);
    expect(found.thumbnail).toEqual({ width: 8, height: 6, bytes: thumbnail.length });
    expect(JSON.parse(JSON.stringify(found.exif))).toEqual(found.exif);
  });

  it('reads IPTC out of Photoshop resources', async () => {
    const record = (dataset: number, text: string) =>
      join([0x1c, 2, dataset, 0, utf8(text).length], utf8(text));
    const iptc = join(record(80, 'Li Bai'), record(120, 'a moon'), record(25, 'night'), record(25, 'wine'));
    const resource = join(
      latin('8BIM'),
      [4, 4, 0, 0, 0, 0, 0, iptc.length],
      iptc,
      iptc.length & 1 ? [0] : [],
    );
    const found = await facts(await jpeg(segment(0xed, join(latin('Photoshop 3.0\0'), resource))));
    expect(found.iptc).toMatchObject({ Byline: 'Li Bai', Caption: 'a moon', Keywords: ['night', 'wine'] });
  });

  it('counts the pictures of a multi-picture file as its own, not as a tail', async () => {
    const second = await picture().jpeg().toBuffer();
    const plain = await picture().jpeg().toBuffer();
    const body = join(
      latin('MPF\0II*\0'),
      [8, 0, 0, 0],
      [1, 0, 2, 0xb0, 7, 0, 32, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0],
      new Uint8Array(32),
    );
    const marker = segment(0xe2, body);
    const first = join(plain.subarray(0, 2), marker, plain.subarray(2));
    const view = new DataView(first.buffer);
    const base = 2 + 8;
    view.setUint32(base + 26 + 16 + 4, second.length, true);
    view.setUint32(base + 26 + 16 + 8, first.length - base, true);
    const found = await facts(join(first, second, [1, 2, 3]));
    expect(found.segments.at(-1)).toEqual({ type: 'MPF:2', offset: first.length, length: second.length });
    expect(found.trailingBytes).toBe(3);
  });
});

/** A little-endian EXIF block with camera, date, a UTF-16 comment and a thumbnail. */
function exifBlock(thumbnail: Uint8Array): Uint8Array {
  const values: number[] = [];
  const sizes = { main: 2 + 3 * 12 + 4, exif: 2 + 2 * 12 + 4, second: 2 + 2 * 12 + 4 };
  const start = { main: 8, exif: 8 + sizes.main, second: 8 + sizes.main + sizes.exif };
  const data = start.second + sizes.second;
  const put = (bytes: ArrayLike<number>): number => {
    const at = data + values.length;
    values.push(...Array.from(bytes), ...(bytes.length & 1 ? [0] : []));
    return at;
  };
  const u16 = (v: number) => [v & 255, v >> 8];
  const u32 = (v: number) => [v & 255, (v >> 8) & 255, (v >> 16) & 255, v >>> 24];
  const entry = (tag: number, type: number, count: number, value: number) => [
    ...u16(tag),
    ...u16(type),
    ...u32(count),
    ...u32(value),
  ];
  const date = '2024:05:06 07:08:09\0';
  const comment = join(
    latin('UNICODE\0'),
    [...'提示词'].flatMap((c) => u16(c.charCodeAt(0))),
  );
  const main = [
    entry(271, 2, 7, put(latin('Huoyan\0'))),
    entry(272, 2, 4, 0x00657945),
    entry(34665, 4, 1, start.exif),
  ];
  const exif = [entry(36867, 2, 20, put(latin(date))), entry(37510, 7, comment.length, put(comment))];
  const second = [entry(513, 4, 1, put(thumbnail)), entry(514, 4, 1, thumbnail.length)];
  const directory = (entries: number[][], next: number) => [
    ...u16(entries.length),
    ...entries.flat(),
    ...u32(next),
  ];
  return Uint8Array.from([
    ...latin('II*\0'),
    ...u32(start.main),
    ...directory(main, start.second),
    ...directory(exif, 0),
    ...directory(second, 0),
    ...values,
  ]);
}

describe('the other carriers', () => {
  it('EXIF and XMP travel in WebP, AVIF, TIFF and PNG alike', async () => {
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>';
    for (const format of ['png', 'webp', 'avif', 'jpeg', 'tiff'] as const) {
      const bytes = await picture()
        .withExif({ IFD0: { Make: 'Huoyan', ImageDescription: 'a fox' }, IFD2: { FNumber: '14/5' } })
        .withXmp(xmp)
        .toFormat(format)
        .toBuffer();
      const found = await facts(bytes);
      expect(found.xmp.join(), format).toContain('x:xmpmeta');
      expect(found.trailingBytes, format).toBe(0);
      if (format === 'tiff') continue; // libvips writes no EXIF into TIFF
      expect(found.exif, format).toMatchObject({ Make: 'Huoyan', FNumber: 2.8 });
      expect(found.text, format).toContainEqual({
        carrier: 'exif:ImageDescription',
        key: 'ImageDescription',
        value: 'a fox',
      });
    }
  });

  it('GIF comments and XMP', async () => {
    const plain = await picture().gif().toBuffer();
    const trailer = join(
      [1],
      Uint8Array.from({ length: 256 }, (_, i) => 255 - i),
      [0],
    );
    const xmp = utf8('<x:xmpmeta>狐</x:xmpmeta>');
    const comment = utf8('made by 火眼');
    const bytes = join(
      plain.subarray(0, plain.length - 1),
      [0x21, 0xfe, comment.length],
      comment,
      [0],
      [0x21, 0xff, 11],
      latin('XMP DataXMP'),
      xmp,
      trailer,
      [0x3b],
      latin('tail'),
    );
    const found = await facts(bytes);
    expect(found.text).toEqual([{ carrier: 'gif:comment', key: '', value: 'made by 火眼' }]);
    expect(found.xmp).toEqual(['<x:xmpmeta>狐</x:xmpmeta>']);
    expect(found.trailingBytes).toBe(4);
  });

  it('TIFF tags: those about a camera, not those about strips', async () => {
    const plain = await facts(await picture().tiff({ compression: 'lzw' }).toBuffer());
    expect(Object.keys(plain.exif ?? {}).sort()).toEqual([
      'Orientation',
      'ResolutionUnit',
      'XResolution',
      'YResolution',
    ]);
    expect(plain).toMatchObject({ colourSpace: 'rgb', bitDepth: 8, channels: 3, frames: 1 });
  });

  it('counts TIFF pages and survives a directory that points at itself', async () => {
    const bytes = Uint8Array.from(await picture().tiff({ compression: 'none' }).toBuffer());
    const view = new DataView(bytes.buffer);
    const first = view.getUint32(4, true);
    view.setUint32(first + 2 + 12 * view.getUint16(first, true), first, true);
    expect((await facts(bytes)).frames).toBe(1);
  });
});

describe('metadata values', () => {
  it('reads UserComment in each encoding', () => {
    const wide = (text: string, little: boolean) =>
      [...text].flatMap((c) =>
        little
          ? [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]
          : [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255],
      );
    expect(decodeUserComment(join(latin('ASCII\0\0\0'), latin('hello\0\0')), true)).toBe('hello');
    expect(decodeUserComment(join(latin('UNICODE\0'), wide('a fox, 8k', false)), true)).toBe('a fox, 8k');
    expect(decodeUserComment(join(latin('UNICODE\0'), wide('a fox, 8k', true)), false)).toBe('a fox, 8k');
    expect(decodeUserComment(join(new Uint8Array(8), utf8('提示')), true)).toBe('提示');
    expect(decodeUserComment(latin('bare words'), true)).toBe('bare words');
  });

  it('makes any value plain JSON of bounded size', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withTypedArray: true, withBigInt: true }), (value) => {
        const json = toJson(value);
        expect(JSON.parse(JSON.stringify(json))).toEqual(json);
      }),
    );
    expect(toJson(new Uint8Array(40))).toEqual({
      bytes: 40,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((toJson('x'.repeat(1e6)) as string).length).toBe(8192);
    expect((toJson(new Float64Array(1e5)) as unknown[]).length).toBe(64);
  });

  it('never throws and never dwells on blocks of any content', async () => {
    const whole = exifBlock(latin('thumb'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        async (changes) => {
          const changed = whole.slice();
          for (const [at, value] of changes) changed[at] = value;
          const start = performance.now();
          const tags = await exifTags(changed);
          if (tags) expect(JSON.parse(JSON.stringify(tags))).toEqual(tags);
          expect(performance.now() - start).toBeLessThan(5000);
        },
      ),
      { numRuns: 400 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await iptcFields(join([0x1c, 2], bytes));
        TiffBlock.open(join(latin('MM\0*\0\0\0\x08'), bytes))?.chain(100);
      }),
      { numRuns: 300 },
    );
  });
});

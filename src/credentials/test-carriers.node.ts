/**
 * For tests: puts metadata into every carrier an image format has, byte by byte, so that readers are tried on real files
 * and not on hand-made facts. Writing labels as a feature is another matter; this knows nothing of existing content.
 */
import { deflateSync } from 'node:zlib';
import { concatBytes } from '../core/bytes.ts';

const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);
const utf8 = (text: string) => new TextEncoder().encode(text);
const u32be = (n: number) => Uint8Array.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
const u32le = (n: number) => u32be(n).reverse();
const u16be = (n: number) => Uint8Array.of(n >> 8, n & 255);

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const b of bytes) {
    c ^= b;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = concatBytes([latin1(type), data]);
  return concatBytes([u32be(data.length), body, u32be(crc32(body))]);
}

/** The PNG with chunks put right after its header. */
export function withPngChunks(png: Uint8Array, ...chunks: readonly Uint8Array[]): Uint8Array {
  return concatBytes([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}

export const tEXt = (key: string, value: string) =>
  pngChunk('tEXt', concatBytes([latin1(`${key}\0`), latin1(value)]));
export const zTXt = (key: string, value: string) =>
  pngChunk('zTXt', concatBytes([latin1(`${key}\0\0`), deflateSync(latin1(value))]));
export const iTXt = (key: string, value: string) =>
  pngChunk('iTXt', concatBytes([latin1(`${key}\0\0\0\0\0`), utf8(value)]));
export const pngXmp = (packet: string) => iTXt('XML:com.adobe.xmp', packet);

export function jpegSegment(marker: number, data: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(0xff, marker), u16be(data.length + 2), data]);
}

/** The JPEG with segments put right after its start marker. */
export function withJpegSegments(jpeg: Uint8Array, ...segments: readonly Uint8Array[]): Uint8Array {
  return concatBytes([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

export const jpegXmp = (packet: string) =>
  jpegSegment(0xe1, concatBytes([latin1('http://ns.adobe.com/xap/1.0/\0'), utf8(packet)]));
export const jpegComment = (text: string) => jpegSegment(0xfe, utf8(text));

/** A lossless or lossy WebP as an extended one with an XMP chunk. */
export function withWebpXmp(webp: Uint8Array, width: number, height: number, packet: string): Uint8Array {
  const chunk = (type: string, data: Uint8Array) =>
    concatBytes([latin1(type), u32le(data.length), data, new Uint8Array(data.length & 1)]);
  const size = (n: number) => u32le(n - 1).subarray(0, 3);
  const header = concatBytes([Uint8Array.of(0x04, 0, 0, 0), size(width), size(height)]);
  const old = webp.subarray(12);
  const bitstream = String.fromCharCode(...old.subarray(0, 4)) === 'VP8X' ? old.subarray(18) : old;
  const body = concatBytes([latin1('WEBP'), chunk('VP8X', header), bitstream, chunk('XMP ', utf8(packet))]);
  return concatBytes([latin1('RIFF'), u32le(body.length), body]);
}

/** The GIF with an XMP application extension before its trailer. */
export function withGifXmp(gif: Uint8Array, packet: string): Uint8Array {
  const magic = Uint8Array.from({ length: 258 }, (_, i) => (i === 0 ? 1 : i < 257 ? 256 - i : 0));
  const extension = concatBytes([Uint8Array.of(0x21, 0xff, 11), latin1('XMP DataXMP'), utf8(packet), magic]);
  return concatBytes([gif.subarray(0, gif.length - 1), extension, gif.subarray(gif.length - 1)]);
}

type TiffValue = {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly data: Uint8Array;
};

/** One TIFF directory, little-endian, at `base`: values that do not fit stand behind it. */
function directory(values: readonly TiffValue[], base: number, next = 0): Uint8Array {
  const sorted = [...values].sort((a, b) => a.tag - b.tag);
  let free = base + 2 + sorted.length * 12 + 4;
  const entries: Uint8Array[] = [];
  const behind: Uint8Array[] = [];
  for (const { tag, type, count, data } of sorted) {
    const inline = data.length <= 4;
    const field = inline ? concatBytes([data, new Uint8Array(4 - data.length)]) : u32le(free);
    entries.push(concatBytes([u16be(tag).reverse(), u16be(type).reverse(), u32le(count), field]));
    if (!inline) {
      const padded = concatBytes([data, new Uint8Array(data.length & 1)]);
      behind.push(padded);
      free += padded.length;
    }
  }
  return concatBytes([u16be(sorted.length).reverse(), ...entries, u32le(next), ...behind]);
}

export const ascii = (tag: number, text: string): TiffValue => {
  const data = latin1(`${text}\0`);
  return { tag, type: 2, count: data.length, data };
};
export const undefinedBytes = (tag: number, data: Uint8Array): TiffValue => ({
  tag,
  type: 7,
  count: data.length,
  data,
});
export const short = (tag: number, n: number): TiffValue => ({
  tag,
  type: 3,
  count: 1,
  data: u16be(n).reverse(),
});
export const long = (tag: number, n: number): TiffValue => ({ tag, type: 4, count: 1, data: u32le(n) });
export const rational = (tag: number, n: number, d: number): TiffValue => ({
  tag,
  type: 5,
  count: 1,
  data: concatBytes([u32le(n), u32le(d)]),
});
export const userComment = (text: string): TiffValue =>
  undefinedBytes(0x9286, concatBytes([latin1('ASCII\0\0\0'), utf8(text)]));
export const tiffXmp = (packet: string): TiffValue => undefinedBytes(0x2bc, utf8(packet));

/** An EXIF block: main directory, and an EXIF directory when there is anything for it. */
export function exifBlock(main: readonly TiffValue[], exif: readonly TiffValue[] = []): Uint8Array {
  const pointer = (at: number) => (exif.length > 0 ? [...main, long(0x8769, at)] : main);
  const at = 8 + directory(pointer(0), 8).length;
  const body = directory(pointer(at), 8);
  const second = exif.length > 0 ? directory(exif, at) : new Uint8Array(0);
  return concatBytes([latin1('II'), Uint8Array.of(42, 0), u32le(8), body, second]);
}

export const jpegExif = (block: Uint8Array) => jpegSegment(0xe1, concatBytes([latin1('Exif\0\0'), block]));
export const pngExif = (block: Uint8Array) => pngChunk('eXIf', block);

/** An uncompressed 8-bit RGB TIFF, grey, with further tags. */
export function tiffWith(width: number, height: number, values: readonly TiffValue[]): Uint8Array {
  const pixels = new Uint8Array(width * height * 3).fill(128);
  const base = [
    short(256, width),
    short(257, height),
    { tag: 258, type: 3, count: 3, data: Uint8Array.of(8, 0, 8, 0, 8, 0) },
    short(259, 1),
    short(262, 2),
    long(273, 8),
    short(277, 3),
    short(278, height),
    long(279, pixels.length),
  ];
  const at = 8 + pixels.length + (pixels.length & 1);
  return concatBytes([
    latin1('II'),
    Uint8Array.of(42, 0),
    u32le(at),
    pixels,
    new Uint8Array(pixels.length & 1),
    directory([...base, ...values], at),
  ]);
}

/**
 * Windows bitmaps, header and pixels: the one format here that libvips does not decode. Palettes of 1, 2, 4 and 8
 * bits, run-length coding, 16, 24 and 32 bits with and without bit fields, OS/2 headers, either row order.
 */
import type { RgbImage } from '../core/image.ts';
import { Cursor } from './cursor.ts';
import { corrupt, unsupported } from './failures.ts';
import type { Findings } from './structure.ts';

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly coding: 'plain' | 'rle8' | 'rle4' | 'fields';
  /** Bit masks of red, green, blue, alpha; 0 where there is none. */
  readonly masks: readonly [number, number, number, number];
  readonly palette: Uint8Array;
  readonly dataOffset: number;
  readonly headerSize: number;
}

const SAVE_AGAIN = { en: 'save it again as PNG', zh: '请另存为 PNG' };

/** The header of the BMP `bytes`. Throws HuoyanError `corrupt` or `unsupported-format`, RangeError when cut off. */
function readHeader(bytes: Uint8Array): BmpHeader {
  const file = new Cursor(bytes, true);
  const headerSize = file.u32(14);
  const core = headerSize === 12;
  const width = core ? file.u16(18) : file.i32(18);
  const tall = core ? file.u16(20) : file.i32(22);
  const bits = file.u16(core ? 24 : 28);
  const compression = core || headerSize < 20 ? 0 : file.u32(30);
  const os2 = headerSize === 16 || headerSize === 64;
  const coding =
    compression === 0 ? 'plain' : compression === 1 ? 'rle8' : compression === 2 ? 'rle4' : 'fields';
  if (
    ![1, 2, 4, 8, 16, 24, 32].includes(bits) ||
    compression > 6 ||
    (os2 && compression > 2) ||
    compression === 4 ||
    compression === 5
  ) {
    throw unsupported(
      {
        en: `this BMP uses compression ${compression} with ${bits} bits, which is not read`,
        zh: `不支持该 BMP 的编码方式（压缩 ${compression}，${bits} 位）`,
      },
      SAVE_AGAIN,
    );
  }
  const fits =
    coding === 'plain' ||
    (coding === 'rle8' && bits === 8) ||
    (coding === 'rle4' && bits === 4) ||
    (coding === 'fields' && bits >= 16 && bits !== 24);
  if (!fits) throw corrupt({ en: 'its BMP header contradicts itself', zh: 'BMP 文件头自相矛盾' });
  const masks: [number, number, number, number] =
    bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
  if (coding === 'fields') {
    for (let i = 0; i < 3; i++) masks[i] = file.u32(54 + 4 * i);
    if (headerSize >= 56 || compression === 6) masks[3] = file.u32(66);
  }
  const extra = coding === 'fields' && headerSize === 40 ? (compression === 6 ? 16 : 12) : 0;
  const dataOffset = file.u32(10);
  const paletteAt = 14 + headerSize + extra;
  const entry = core ? 3 : 4;
  const stated = core || headerSize < 36 ? 0 : file.u32(46);
  const colours = bits <= 8 ? Math.min(1 << bits, stated || 1 << bits) : 0;
  const palette = new Uint8Array(3 << Math.min(bits, 8));
  for (let i = 0; i < colours && paletteAt + (i + 1) * entry <= Math.max(dataOffset, paletteAt); i++) {
    for (let c = 0; c < 3; c++) palette[3 * i + c] = file.u8(paletteAt + i * entry + 2 - c);
  }
  return {
    width,
    height: Math.abs(tall),
    topDown: tall < 0,
    bits,
    coding,
    masks,
    palette,
    dataOffset,
    headerSize,
  };
}

/** Reads the headers of the BMP `bytes` into `findings`. */
export function readBmp(bytes: Uint8Array, findings: Findings): void {
  const header = readHeader(bytes);
  const { width, height, bits, masks, dataOffset, coding } = header;
  const hasAlpha = masks[3] !== 0;
  const space = bits <= 8 ? 'palette' : 'rgb';
  const bitDepth = bits <= 8 ? bits : bits === 16 ? 5 : 8;
  findings.header = {
    width,
    height,
    frames: 1,
    bitDepth,
    channels: hasAlpha ? 4 : 3,
    colourSpace: space,
    hasAlpha,
  };
  findings.segment('BITMAPFILEHEADER', 0, 14);
  findings.segment(`DIB${header.headerSize}`, 14, header.headerSize);
  const size =
    coding === 'rle8' || coding === 'rle4' ? new Cursor(bytes, true).u32(34) : rowBytes(header) * height;
  const end = dataOffset + size;
  findings.segment('pixels', dataOffset, Math.max(0, Math.min(end, bytes.length) - dataOffset));
  if (end > bytes.length) findings.truncated = true;
  else findings.trailingBytes = bytes.length - end;
}

const rowBytes = ({ width, bits }: BmpHeader) => Math.ceil((width * bits) / 32) * 4;

export interface DecodedBmp {
  readonly image: RgbImage;
  /** Share 0..1 of the pixels that the file really holds. */
  readonly coverage: number;
  /** Some pixel was not opaque; it was laid on white. */
  readonly transparent: boolean;
}

/**
 * Decodes the BMP `bytes`, alpha laid on white. Rows missing at the end are black and lower `coverage`; when more than
 * a tenth is missing, nothing is allocated and `corrupt` is thrown.
 */
export function decodeBmp(bytes: Uint8Array): DecodedBmp {
  let header: BmpHeader;
  try {
    header = readHeader(bytes);
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw corrupt({ en: 'its BMP header is incomplete', zh: 'BMP 文件头不完整' });
    throw thrown;
  }
  const { width, height, coding, dataOffset } = header;
  if (!(width > 0 && height > 0))
    throw corrupt({ en: 'its BMP header states no size', zh: 'BMP 文件头未声明尺寸' });
  const data = bytes.subarray(Math.min(dataOffset, bytes.length));
  if (coding === 'rle8' || coding === 'rle4') return decodeRuns(header, data);
  const coverage = Math.min(1, data.length / (rowBytes(header) * height));
  if (coverage < 0.9) {
    const percent = Math.floor(coverage * 100);
    throw corrupt({ en: `only ${percent} % of its pixels are there`, zh: `仅存在 ${percent}% 的像素数据` });
  }
  const out = new Uint8Array(width * height * 3);
  let transparent = false;
  if (header.bits <= 8) decodeIndexed(header, data, out);
  else if (header.bits === 24) decode24(header, data, out);
  else transparent = decodeFields(header, data, out);
  return { image: { width, height, data: out }, coverage, transparent };
}

/** Where in the output the n-th stored row goes. */
const rowStart = ({ width, height, topDown }: BmpHeader, row: number) =>
  (topDown ? row : height - 1 - row) * width * 3;

function decodeIndexed(header: BmpHeader, data: Uint8Array, out: Uint8Array): void {
  const { width, height, bits, palette } = header;
  const stride = rowBytes(header);
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  for (let y = 0; y < height; y++) {
    let to = rowStart(header, y);
    for (let x = 0; x < width; x++, to += 3) {
      const byte = data[y * stride + Math.floor(x / perByte)] ?? 0;
      const index = 3 * ((byte >> (8 - bits * ((x % perByte) + 1))) & mask);
      out[to] = palette[index];
      out[to + 1] = palette[index + 1];
      out[to + 2] = palette[index + 2];
    }
  }
}

function decode24(header: BmpHeader, data: Uint8Array, out: Uint8Array): void {
  const stride = rowBytes(header);
  for (let y = 0; y < header.height; y++) {
    let to = rowStart(header, y);
    let from = y * stride;
    for (let x = 0; x < header.width; x++, to += 3, from += 3) {
      out[to] = data[from + 2];
      out[to + 1] = data[from + 1];
      out[to + 2] = data[from];
    }
  }
}

/** Brings the bits under `mask` to 0..255. */
function channel(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most);
}

/** Pixels of 16 or 32 bits; true when some were not opaque. */
function decodeFields(header: BmpHeader, data: Uint8Array, out: Uint8Array): boolean {
  const { width, height, bits, masks } = header;
  const stride = rowBytes(header);
  const step = bits >> 3;
  const [red, green, blue, alpha] = masks.map(channel);
  const pixelAt = (at: number) =>
    (step === 2
      ? data[at] | (data[at + 1] << 8)
      : data[at] | (data[at + 1] << 8) | (data[at + 2] << 16) | (data[at + 3] << 24)) >>> 0;
  // A whole picture of alpha 0 is a writer that left the byte unused, not an invisible picture.
  let useAlpha = false;
  if (masks[3] !== 0) {
    for (let y = 0; y < height && !useAlpha; y++) {
      for (let x = 0; x < width; x++) {
        if ((pixelAt(y * stride + x * step) & masks[3]) !== 0) {
          useAlpha = true;
          break;
        }
      }
    }
  }
  const put = useAlpha
    ? (value: number, a: number) => Math.round((value * a + 255 * (255 - a)) / 255)
    : (value: number) => value;
  let transparent = false;
  for (let y = 0; y < height; y++) {
    let to = rowStart(header, y);
    for (let x = 0; x < width; x++, to += 3) {
      const pixel = pixelAt(y * stride + x * step);
      const a = useAlpha ? alpha(pixel) : 255;
      if (a < 255) transparent = true;
      out[to] = put(red(pixel), a);
      out[to + 1] = put(green(pixel), a);
      out[to + 2] = put(blue(pixel), a);
    }
  }
  return transparent;
}

/** RLE8 and RLE4: runs, literals, end of row, end of picture, jumps. What is jumped over has colour 0. */
function decodeRuns(header: BmpHeader, data: Uint8Array): DecodedBmp {
  const { width, height, palette, coding } = header;
  const nibbles = coding === 'rle4';
  const out = new Uint8Array(width * height * 3);
  for (let i = 0; i < out.length; i += 3) {
    out[i] = palette[0];
    out[i + 1] = palette[1];
    out[i + 2] = palette[2];
  }
  let x = 0;
  let y = 0;
  let at = 0;
  let finished = false;
  const put = (index: number) => {
    if (x < width && y < height) {
      const to = rowStart(header, y) + 3 * x;
      out[to] = palette[3 * index];
      out[to + 1] = palette[3 * index + 1];
      out[to + 2] = palette[3 * index + 2];
    }
    x++;
  };
  const nibble = (byte: number, i: number) => (i & 1 ? byte & 15 : byte >> 4);
  while (at + 1 < data.length && y < height) {
    const count = data[at];
    const value = data[at + 1];
    at += 2;
    if (count > 0) for (let i = 0; i < count; i++) put(nibbles ? nibble(value, i) : value);
    else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) {
      finished = true;
      break;
    } else if (value === 2) {
      if (at + 1 >= data.length) break;
      x += data[at];
      y += data[at + 1];
      at += 2;
    } else {
      const length = nibbles ? (value + 1) >> 1 : value;
      if (at + length > data.length) break;
      for (let i = 0; i < value; i++) put(nibbles ? nibble(data[at + (i >> 1)], i) : data[at + i]);
      at += length + (length & 1);
    }
  }
  const coverage = finished || y >= height ? 1 : (y + Math.min(1, x / width)) / height;
  if (coverage < 0.9) {
    const percent = Math.floor(coverage * 100);
    throw corrupt({ en: `only ${percent} % of its pixels are there`, zh: `仅存在 ${percent}% 的像素数据` });
  }
  return { image: { width, height, data: out }, coverage, transparent: false };
}

/**
 * The marker structure of a JPEG file (ITU-T T.81 annex B): which segments stand where, the frame, the tables in
 * force at each scan. Everything else about a JPEG (facts, coefficients, damage) starts from this one walk.
 */
import { Cursor } from '../cursor.ts';

export interface FrameComponent {
  readonly id: number;
  /** Sampling factors 1..4. */
  readonly h: number;
  readonly v: number;
  readonly table: number;
}

export interface Frame {
  /** The SOF marker, 0xc0 .. 0xcf. */
  readonly marker: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly FrameComponent[];
}

/** Code lengths (16 counts) and symbols of one Huffman table, as transmitted. */
export interface HuffmanSpec {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

export interface Scan {
  readonly components: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  /** Spectral band, and bit positions of successive approximation. */
  readonly from: number;
  readonly to: number;
  readonly high: number;
  readonly low: number;
  readonly restartInterval: number;
  /** Tables in force when the scan starts: 0..3 are DC, 4..7 AC. */
  readonly huffman: readonly (HuffmanSpec | undefined)[];
  /** The entropy-coded data. */
  readonly start: number;
  readonly end: number;
}

export interface MarkerSegment {
  readonly marker: number;
  /** Offset of the 0xff, and whole length; for SOS with its entropy-coded data. */
  readonly offset: number;
  readonly length: number;
  /** The payload after the length field. */
  readonly data: Uint8Array;
}

export interface JpegLayout {
  readonly frame: Frame | undefined;
  readonly segments: readonly MarkerSegment[];
  readonly scans: readonly Scan[];
  /** Quantisation tables 0..3 in natural order, as first in force for a scan. */
  readonly quantisation: readonly (readonly number[] | undefined)[];
  /** Offset just past EOI, or undefined when there is none. */
  readonly end: number | undefined;
  /** Bytes between segments that belong to none. */
  readonly strayBytes: number;
}

/** Position in a row-major 8x8 block of the k-th coefficient in transmission order. */
export const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48],
  ...[41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15],
  ...[23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);

const MAX_SEGMENTS = 8192;

/** Where the entropy-coded data that starts at `at` ends: at the next marker that is neither RSTn nor a stuffed zero. */
function scanEnd(bytes: Uint8Array, at: number): number {
  for (let next = bytes.indexOf(0xff, at); next >= 0; next = bytes.indexOf(0xff, next + 1)) {
    const marker = bytes[next + 1];
    if (marker === undefined) break;
    if (marker !== 0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd7)) return next;
  }
  return bytes.length;
}

function readFrame(marker: number, data: Uint8Array): Frame {
  const c = new Cursor(data);
  const components = Array.from({ length: c.u8(5) }, (_, i) => ({
    id: c.u8(6 + 3 * i),
    h: c.u8(7 + 3 * i) >> 4,
    v: c.u8(7 + 3 * i) & 15,
    table: c.u8(8 + 3 * i) & 3,
  }));
  return { marker, precision: c.u8(0), height: c.u16(1), width: c.u16(3), components };
}

function readQuantisation(data: Uint8Array, tables: (readonly number[] | undefined)[]): void {
  const c = new Cursor(data);
  for (let at = 0; at < data.length; ) {
    const head = c.u8(at++);
    const wide = head >> 4 !== 0;
    const table = new Array<number>(64).fill(0);
    for (let k = 0; k < 64; k++) {
      table[ZIGZAG[k]] = wide ? c.u16(at) : c.u8(at);
      at += wide ? 2 : 1;
    }
    tables[head & 3] = table;
  }
}

function readHuffman(data: Uint8Array, tables: (HuffmanSpec | undefined)[]): void {
  const c = new Cursor(data);
  for (let at = 0; at + 17 <= data.length; ) {
    const head = c.u8(at);
    const counts = c.slice(at + 1, 16);
    const total = counts.reduce((sum, n) => sum + n, 0);
    tables[(head & 3) + (head >> 4 ? 4 : 0)] = { counts, symbols: c.slice(at + 17, total) };
    at += 17 + total;
  }
}

/** Is this marker a frame header (SOF), of whichever process? */
export const isFrameMarker = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/**
 * Walks the markers of the JPEG `bytes`. Never throws: a segment that runs past the end or makes no sense ends the
 * walk there, and `end` stays undefined.
 */
export function readLayout(bytes: Uint8Array): JpegLayout {
  const file = new Cursor(bytes);
  const segments: MarkerSegment[] = [];
  const scans: Scan[] = [];
  const quantisation: (readonly number[] | undefined)[] = [];
  const huffman: (HuffmanSpec | undefined)[] = [];
  let frame: Frame | undefined;
  let restartInterval = 0;
  let strayBytes = 0;
  let end: number | undefined;
  let at = 2;
  try {
    while (at < bytes.length && segments.length < MAX_SEGMENTS) {
      if (file.u8(at) !== 0xff) {
        const next = bytes.indexOf(0xff, at);
        if (next < 0) break;
        strayBytes += next - at;
        at = next;
      }
      const marker = file.u8(at + 1);
      if (marker === 0xff) {
        at++;
        continue;
      }
      if (marker === 0 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        strayBytes += 2;
        at += 2;
        continue;
      }
      if (marker === 0xd9) {
        segments.push({ marker, offset: at, length: 2, data: bytes.subarray(at + 2, at + 2) });
        end = at + 2;
        break;
      }
      const length = file.u16(at + 2);
      const data = file.slice(at + 4, Math.max(0, length - 2));
      let next = at + 2 + Math.max(2, length);
      if (isFrameMarker(marker)) frame ??= readFrame(marker, data);
      else if (marker === 0xdb) readQuantisation(data, quantisation);
      else if (marker === 0xc4) readHuffman(data, huffman);
      else if (marker === 0xdd) restartInterval = new Cursor(data).u16(0);
      else if (marker === 0xda) {
        const finish = scanEnd(bytes, next);
        const scan = readScan(data, frame, {
          restartInterval,
          huffman: [...huffman],
          start: next,
          end: finish,
        });
        if (scan) scans.push(scan);
        next = finish;
      }
      segments.push({ marker, offset: at, length: next - at, data });
      at = next;
    }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return { frame, segments, scans, quantisation, end, strayBytes };
}

function readScan(
  data: Uint8Array,
  frame: Frame | undefined,
  rest: Pick<Scan, 'restartInterval' | 'huffman' | 'start' | 'end'>,
): Scan | undefined {
  if (!frame) return undefined;
  const c = new Cursor(data);
  const count = c.u8(0);
  const components = Array.from({ length: count }, (_, i) => ({
    index: frame.components.findIndex((component) => component.id === c.u8(1 + 2 * i)),
    dc: (c.u8(2 + 2 * i) >> 4) & 3,
    ac: c.u8(2 + 2 * i) & 3,
  }));
  const at = 1 + 2 * count;
  if (count === 0 || components.some((component) => component.index < 0)) return undefined;
  // Sequential scans hold the whole spectrum whatever they state; libjpeg reads them so, and so do we.
  if (frame.marker !== 0xc2) return { components, from: 0, to: 63, high: 0, low: 0, ...rest };
  const [from, to, approximation] = [c.u8(at), c.u8(at + 1), c.u8(at + 2)];
  if (from > to || to > 63) return undefined;
  return { components, from, to, high: approximation >> 4, low: approximation & 15, ...rest };
}

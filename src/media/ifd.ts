/**
 * TIFF directories (TIFF 6.0, BigTIFF), which carry both TIFF files and every EXIF block: read with bounds on
 * depth, number and size, because their offsets may point anywhere, including at themselves.
 */
import { Cursor, looseText, untilZero } from './cursor.ts';

export interface IfdEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where its value lies in the block. */
  readonly offset: number;
}

export interface Ifd {
  readonly offset: number;
  readonly length: number;
  readonly entries: ReadonlyMap<number, IfdEntry>;
  /** Offset of the next directory, 0 at the end. */
  readonly next: number;
}

const TYPE_SIZE = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const MAX_ENTRIES = 1024;

/** A TIFF block: byte order, directories, and typed access to their values. Reads past the end give `undefined`. */
export class TiffBlock {
  readonly #file: Cursor;
  readonly #big: boolean;
  readonly first: number;

  private constructor(file: Cursor, big: boolean, first: number) {
    this.#file = file;
    this.#big = big;
    this.first = first;
  }

  /** `bytes` as a TIFF block, or undefined when they are none. */
  static open(bytes: Uint8Array): TiffBlock | undefined {
    const file = new Cursor(bytes);
    if (bytes.length < 8) return undefined;
    if (file.matches(0, 'II')) file.littleEndian = true;
    else if (!file.matches(0, 'MM')) return undefined;
    const magic = file.u16(2);
    if (magic === 42) return new TiffBlock(file, false, file.u32(4));
    if (magic === 43 && bytes.length >= 16) return new TiffBlock(file, true, file.u64(8));
    return undefined;
  }

  get littleEndian(): boolean {
    return this.#file.littleEndian;
  }

  /** The directory at `offset`; undefined when it does not lie within the block. */
  ifd(offset: number): Ifd | undefined {
    const file = this.#file;
    const head = this.#big ? 8 : 2;
    const step = this.#big ? 20 : 12;
    const word = this.#big ? 8 : 4;
    if (!(offset >= 8 && offset + head <= file.length)) return undefined;
    const stated = this.#big ? file.u64(offset) : file.u16(offset);
    const count = Math.min(stated, MAX_ENTRIES, Math.floor((file.length - offset - head) / step));
    const entries = new Map<number, IfdEntry>();
    for (let i = 0; i < count; i++) {
      const at = offset + head + i * step;
      const type = file.u16(at + 2);
      const values = this.#big ? file.u64(at + 4) : file.u32(at + 4);
      const size = (TYPE_SIZE[type] ?? 0) * values;
      const inline = at + step - word;
      const where = size <= word ? inline : this.#big ? file.u64(inline) : file.u32(inline);
      const tag = file.u16(at);
      if (!entries.has(tag)) entries.set(tag, { tag, type, count: values, offset: where });
    }
    const link = offset + head + stated * step;
    const whole = count === stated && link + word <= file.length;
    const next = whole ? (this.#big ? file.u64(link) : file.u32(link)) : 0;
    return { offset, length: head + count * step + (whole ? word : 0), entries, next };
  }

  /** The chain of directories from the first; stops at a loop, at the end of the block or after `most`. */
  chain(most: number): Ifd[] {
    const seen = new Set<number>();
    const out: Ifd[] = [];
    for (let at = this.first; at !== 0 && !seen.has(at) && out.length < most; ) {
      seen.add(at);
      const ifd = this.ifd(at);
      if (!ifd || ifd.entries.size === 0) break;
      out.push(ifd);
      at = ifd.next;
    }
    return out;
  }

  /** Up to `most` unsigned integers of an entry. */
  numbers(entry: IfdEntry | undefined, most = 64): number[] {
    if (!entry) return [];
    const size = TYPE_SIZE[entry.type] ?? 0;
    const out: number[] = [];
    for (let i = 0; i < Math.min(entry.count, most); i++) {
      const at = entry.offset + i * size;
      if (!(at >= 0 && at + size <= this.#file.length)) break;
      if (size === 1) out.push(this.#file.u8(at));
      else if (size === 2) out.push(this.#file.u16(at));
      else if (size === 4) out.push(this.#file.u32(at));
      else if (size === 8 && (entry.type === 16 || entry.type === 18)) out.push(this.#file.u64(at));
      else break;
    }
    return out;
  }

  /** The first unsigned integer of an entry. */
  number(entry: IfdEntry | undefined): number | undefined {
    return this.numbers(entry, 1)[0];
  }

  /** The bytes of an entry's value, as a view; undefined when they do not lie within the block. */
  raw(entry: IfdEntry | undefined): Uint8Array | undefined {
    if (!entry) return undefined;
    const length = (TYPE_SIZE[entry.type] ?? 0) * entry.count;
    if (!(entry.offset >= 0 && entry.offset + length <= this.#file.length)) return undefined;
    return this.#file.slice(entry.offset, length);
  }

  /** An entry as text, up to its first NUL. */
  text(entry: IfdEntry | undefined): string | undefined {
    const raw = this.raw(entry);
    return raw && untilZero(looseText(raw));
  }
}

export const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  photometric: 262,
  imageDescription: 270,
  make: 271,
  model: 272,
  orientation: 274,
  samplesPerPixel: 277,
  pageName: 285,
  software: 305,
  artist: 315,
  hostComputer: 316,
  subIfds: 330,
  extraSamples: 338,
  jpegOffset: 513,
  jpegLength: 514,
  xmp: 700,
  copyright: 33432,
  iptc: 33723,
  photoshop: 34377,
  exif: 34665,
  icc: 34675,
  userComment: 37510,
  xpTitle: 40091,
  xpComment: 40092,
  xpAuthor: 40093,
  xpKeywords: 40094,
  xpSubject: 40095,
} as const;

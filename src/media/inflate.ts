/**
 * zlib (RFC 1950, 1951) with a ceiling: a few hundred bytes of zTXt can expand to gigabytes, so nothing is inflated
 * without a bound. Not the platform's, because a browser has only an asynchronous one; what goes through here is text.
 */

export type Inflated = { readonly data: Uint8Array } | { readonly problem: 'too-large' | 'broken' };

class Broken extends Error {}
class TooLarge extends Error {}

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];
/** The order in which the lengths of the code that codes the lengths are written. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST = 15;

/** A canonical Huffman code: how many codes of each length, and the symbols in order. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function codeOf(lengths: readonly number[], lone: boolean): Code {
  const counts = new Uint16Array(LONGEST + 1);
  for (const length of lengths) counts[length]++;
  const offsets = new Uint16Array(LONGEST + 2);
  let left = 1;
  for (let n = 1; n <= LONGEST; n++) {
    left = 2 * left - counts[n];
    if (left < 0) throw new Broken();
    offsets[n + 1] = offsets[n] + counts[n];
  }
  // Only a code of a single symbol, or of none, may leave bit patterns without meaning.
  if (left > 0 && !(lone && lengths.length - counts[0] <= 1)) throw new Broken();
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[offsets[length]++] = symbol;
  });
  return { counts, symbols };
}

const FIXED_LENGTHS = codeOf(
  Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
  false,
);
const FIXED_DISTANCES = codeOf(new Array(32).fill(5), false);

class Reader {
  #at = 2;
  #bits = 0;
  #held = 0;
  out = new Uint8Array(4096);
  length = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly room: number,
  ) {}

  take(count: number): number {
    while (this.#held < count) {
      if (this.#at >= this.bytes.length) throw new Broken();
      this.#bits |= this.bytes[this.#at++] << this.#held;
      this.#held += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#held -= count;
    return value;
  }

  symbol({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST; length++) {
      code |= this.take(1);
      const count = counts[length];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Broken();
  }

  /** Leaves the rest of the byte, and gives the next bytes as they are. */
  raw(count: number): Uint8Array {
    this.#bits = 0;
    this.#held = 0;
    const part = this.bytes.subarray(this.#at, this.#at + count);
    if (part.length < count) throw new Broken();
    this.#at += count;
    return part;
  }

  #makeRoom(more: number): void {
    if (this.length + more > this.room) throw new TooLarge();
    if (this.length + more <= this.out.length) return;
    const larger = new Uint8Array(Math.min(this.room, Math.max(this.length + more, 2 * this.out.length)));
    larger.set(this.out);
    this.out = larger;
  }

  put(byte: number): void {
    this.#makeRoom(1);
    this.out[this.length++] = byte;
  }

  putAll(part: Uint8Array): void {
    this.#makeRoom(part.length);
    this.out.set(part, this.length);
    this.length += part.length;
  }

  repeat(distance: number, count: number): void {
    if (distance > this.length) throw new Broken();
    this.#makeRoom(count);
    for (let i = 0; i < count; i++, this.length++) this.out[this.length] = this.out[this.length - distance];
  }
}

function dynamicCodes(reader: Reader): readonly [Code, Code] {
  const literals = reader.take(5) + 257;
  const distances = reader.take(5) + 1;
  const given = reader.take(4) + 4;
  if (literals > 286 || distances > 30) throw new Broken();
  const first = new Array<number>(19).fill(0);
  for (let i = 0; i < given; i++) first[ORDER[i]] = reader.take(3);
  const code = codeOf(first, false);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = reader.symbol(code);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    if (symbol === 16 && lengths.length === 0) throw new Broken();
    const length = symbol === 16 ? lengths[lengths.length - 1] : 0;
    const times =
      symbol === 16 ? 3 + reader.take(2) : symbol === 17 ? 3 + reader.take(3) : 11 + reader.take(7);
    for (let i = 0; i < times; i++) lengths.push(length);
  }
  if (lengths.length > literals + distances || lengths[256] === 0) throw new Broken();
  return [codeOf(lengths.slice(0, literals), true), codeOf(lengths.slice(literals), true)];
}

function readCoded(reader: Reader, lengths: Code, distances: Code): void {
  for (;;) {
    const symbol = reader.symbol(lengths);
    if (symbol === 256) return;
    if (symbol < 256) {
      reader.put(symbol);
      continue;
    }
    const l = symbol - 257;
    if (l >= LENGTH_BASE.length) throw new Broken();
    const count = LENGTH_BASE[l] + reader.take(LENGTH_EXTRA[l]);
    const d = reader.symbol(distances);
    if (d >= DISTANCE_BASE.length) throw new Broken();
    reader.repeat(DISTANCE_BASE[d] + reader.take(d < 2 ? 0 : (d >> 1) - 1), count);
  }
}

function readStored(reader: Reader): void {
  const head = reader.raw(4);
  const size = head[0] | (head[1] << 8);
  if ((size ^ 0xffff) !== (head[2] | (head[3] << 8))) throw new Broken();
  reader.putAll(reader.raw(size));
}

function adler32(data: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/** The zlib stream `bytes` expanded to at most `maxBytes`. */
export function inflateBounded(bytes: Uint8Array, maxBytes: number): Inflated {
  const [method, flags] = bytes;
  const dictionary = (flags & 0x20) !== 0;
  if (bytes.length < 2 || (method & 15) !== 8 || ((method << 8) | flags) % 31 !== 0 || dictionary)
    return { problem: 'broken' };
  const reader = new Reader(bytes, Math.max(1, maxBytes));
  try {
    for (let last = false; !last; ) {
      last = reader.take(1) === 1;
      const kind = reader.take(2);
      if (kind === 0) readStored(reader);
      else if (kind === 1) readCoded(reader, FIXED_LENGTHS, FIXED_DISTANCES);
      else if (kind === 2) readCoded(reader, ...dynamicCodes(reader));
      else throw new Broken();
    }
    const data = reader.out.slice(0, reader.length);
    const sum = reader.raw(4);
    const stated = ((sum[0] << 24) | (sum[1] << 16) | (sum[2] << 8) | sum[3]) >>> 0;
    return stated === adler32(data) ? { data } : { problem: 'broken' };
  } catch (thrown) {
    if (thrown instanceof TooLarge) return { problem: 'too-large' };
    if (thrown instanceof Broken) return { problem: 'broken' };
    throw thrown;
  }
}

/** Huffman decoding of JPEG's entropy-coded data (ITU-T T.81 annex F): tables and the bit reader. */
import type { HuffmanSpec } from './layout.ts';

const LOOKAHEAD = 10;

/** A Huffman table ready for decoding: codes of up to 10 bits by one look-up, longer ones by comparison. */
export class HuffmanTable {
  /** For each 10-bit prefix: code length * 256 + symbol, or 0 when the code is longer. */
  readonly fast = new Uint16Array(1 << LOOKAHEAD);
  /** Largest code of each length, left-aligned to 16 bits and exclusive; -1 where there is none. */
  readonly limit = new Int32Array(18).fill(-1);
  /** Index of the first symbol of each length, less its first code. */
  readonly delta = new Int32Array(17);
  readonly symbols: Uint8Array;

  constructor(spec: HuffmanSpec) {
    this.symbols = spec.symbols;
    let code = 0;
    let index = 0;
    for (let length = 1; length <= 16; length++) {
      const count = spec.counts[length - 1];
      this.delta[length] = index - code;
      for (let i = 0; i < count && index < spec.symbols.length; i++, code++, index++) {
        if (length > LOOKAHEAD) continue;
        const from = code << (LOOKAHEAD - length);
        this.fast.fill((length << 8) | spec.symbols[index], from, from + (1 << (LOOKAHEAD - length)));
      }
      if (count > 0) this.limit[length] = code << (16 - length);
      code <<= 1;
    }
  }
}

/** Reads bits of one scan; past its end, or at a marker, it supplies zeros and remembers that it did. */
export class BitReader {
  #acc = 0;
  #bits = 0;
  /** Bits supplied that were not in the file. */
  #invented = 0;

  constructor(
    readonly bytes: Uint8Array,
    public position: number,
    readonly end: number,
  ) {}

  /** More was read than there is: what was decoded last is not from the file. */
  get overrun(): boolean {
    return this.#invented > this.#bits;
  }

  #fill(): void {
    while (this.#bits <= 16) {
      let byte = 0;
      if (this.position < this.end) {
        byte = this.bytes[this.position];
        if (byte !== 0xff) this.position++;
        else if (this.bytes[this.position + 1] === 0 && this.position + 1 < this.end) this.position += 2;
        else {
          byte = 0;
          this.#invented += 8;
        }
      } else this.#invented += 8;
      this.#acc = ((this.#acc << 8) | byte) & 0xffffff;
      this.#bits += 8;
    }
  }

  /** The next Huffman symbol, or -1 for a code that the table does not hold. */
  symbol(table: HuffmanTable): number {
    if (this.#bits < 16) this.#fill();
    const window = (this.#acc >>> (this.#bits - 16)) & 0xffff;
    const hit = table.fast[window >>> (16 - LOOKAHEAD)];
    if (hit !== 0) {
      this.#bits -= hit >>> 8;
      return hit & 255;
    }
    for (let length = LOOKAHEAD + 1; length <= 16; length++) {
      if (window < table.limit[length]) {
        this.#bits -= length;
        return table.symbols[(window >>> (16 - length)) + table.delta[length]] ?? -1;
      }
    }
    return -1;
  }

  /** `count` (0..16) bits as an unsigned number. */
  raw(count: number): number {
    if (count === 0) return 0;
    if (this.#bits < count) this.#fill();
    this.#bits -= count;
    return (this.#acc >>> this.#bits) & ((1 << count) - 1);
  }

  /** `count` (0..16) bits as JPEG's signed magnitude (EXTEND). */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.raw(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** Forgets the bits in hand and goes to the byte after the next RSTn; false when there is none. */
  restart(): boolean {
    this.#acc = 0;
    this.#bits = 0;
    this.#invented = 0;
    let at = this.position;
    for (
      at = this.bytes.indexOf(0xff, at);
      at >= 0 && at + 1 < this.end;
      at = this.bytes.indexOf(0xff, at + 1)
    ) {
      const marker = this.bytes[at + 1];
      if (marker >= 0xd0 && marker <= 0xd7) {
        this.position = at + 2;
        return true;
      }
    }
    this.position = this.end;
    return false;
  }
}

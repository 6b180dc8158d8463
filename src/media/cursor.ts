/** Reading numbers and text out of bytes. Past the end everything throws RangeError: one signal for "cut off". */

const LATIN1 = new TextDecoder('latin1');
const UTF8_STRICT = new TextDecoder('utf-8', { fatal: true });
const UTF8 = new TextDecoder('utf-8');

export class Cursor {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public littleEndian = false,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(at);
  }
  u16(at: number): number {
    return this.#view.getUint16(at, this.littleEndian);
  }
  u24(at: number): number {
    return this.littleEndian
      ? this.u8(at) | (this.u8(at + 1) << 8) | (this.u8(at + 2) << 16)
      : (this.u8(at) << 16) | (this.u8(at + 1) << 8) | this.u8(at + 2);
  }
  u32(at: number): number {
    return this.#view.getUint32(at, this.littleEndian);
  }
  i32(at: number): number {
    return this.#view.getInt32(at, this.littleEndian);
  }
  /** A 64-bit unsigned number; exact up to 2^53, beyond which no offset of ours can lie. */
  u64(at: number): number {
    return Number(this.#view.getBigUint64(at, this.littleEndian));
  }

  /** A view of `length` bytes from `at`. */
  slice(at: number, length: number): Uint8Array {
    if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length)) {
      throw new RangeError(`${length} bytes at ${at} of ${this.bytes.length}`);
    }
    return this.bytes.subarray(at, at + length);
  }

  latin1(at: number, length: number): string {
    return LATIN1.decode(this.slice(at, length));
  }

  /** Do the bytes at `at` spell `text` (Latin-1)? False past the end. */
  matches(at: number, text: string): boolean {
    if (at < 0 || at + text.length > this.bytes.length) return false;
    for (let i = 0; i < text.length; i++) if (this.bytes[at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** Index of the next zero byte from `at` and before `end`, or -1. */
  zero(at: number, end = this.bytes.length): number {
    const found = this.bytes.indexOf(0, at);
    return found >= 0 && found < end ? found : -1;
  }
}

/** Text that should be Latin-1 but in practice often is UTF-8 (generators write prompts in any language). */
export function looseText(bytes: Uint8Array): string {
  try {
    return UTF8_STRICT.decode(bytes);
  } catch {
    return LATIN1.decode(bytes);
  }
}

export function utf8(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}

/** A four-letter code with anything unprintable shown as `?`. */
export function printable(code: string): string {
  return code.replace(/[^\x20-\x7e]/g, '?');
}

/** `text` up to its first NUL, without trailing blanks. */
export function untilZero(text: string): string {
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).trimEnd();
}

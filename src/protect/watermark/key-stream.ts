/**
 * Everything about a mark that an outsider must not know is drawn from the key: which waves carry what, with which
 * sign. SHA-256 in counter mode, so that neither the key nor the rest of the stream follows from a part that was seen.
 */
import { sha256 } from '../../core/sha256.ts';

export class KeyStream {
  readonly #head: Uint8Array;
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;
  #counter = 0;

  /** `purpose` separates streams of one key from each other. */
  constructor(key: string, purpose: string) {
    this.#head = sha256(new TextEncoder().encode(`huoyan-mark-1\0${purpose}\0${key}`));
  }

  /** 0 .. 255. */
  byte(): number {
    if (this.#at === this.#block.length) {
      const input = new Uint8Array(36);
      input.set(this.#head);
      new DataView(input.buffer).setUint32(32, this.#counter++);
      this.#block = sha256(input);
      this.#at = 0;
    }
    return this.#block[this.#at++];
  }

  /** 0 or 1. */
  bit(): number {
    return this.byte() & 1;
  }

  /** A real number in [0, 1). */
  real(): number {
    return (this.byte() * 65536 + this.byte() * 256 + this.byte()) / 16777216;
  }

  /** 0 .. n - 1. */
  below(n: number): number {
    return Math.floor(this.real() * n);
  }

  /** Shuffles in place and returns the same array. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
}

/**
 * Unit vectors as 16-bit numbers in one growing memory that the scan reads without copying. Sixteen bits, because a
 * fingerprint's nearest neighbours may differ by a thousandth in similarity: eight bits err by about that much, sixteen by a
 * hundredth of it, and cost half of what 32 would. With the factor 32767 the dot product of two unit vectors stays
 * below 2^30 (Cauchy and Schwarz), so a 32-bit sum cannot overflow.
 */
import { LANES, type Scan, scanOf } from './kernel.ts';

/** What a component 1 becomes. */
const UNIT = 32767;
/** What a cosine of 1 becomes as a score. */
export const ONE = UNIT * UNIT;
/** Rows scored in one call. */
export const BLOCK = 128;

const PAGE = 65536;
const MAX_PAGES = 65536;

export class Rows {
  /** Numbers from one row to the next. */
  readonly stride: number;
  readonly #memory: WebAssembly.Memory;
  readonly #scan: Scan;
  /** Where the rows begin: before them lie the query and the scores. */
  readonly #first: number;
  #query: Int16Array;
  #scores: Int32Array;
  #capacity = 0;

  constructor(dimensions: number) {
    this.stride = Math.ceil(dimensions / LANES) * LANES;
    this.#first = 2 * this.stride + 4 * BLOCK;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(this.#first / PAGE), maximum: MAX_PAGES });
    this.#scan = scanOf(this.#memory, this.stride);
    this.#query = new Int16Array(this.#memory.buffer, 0, this.stride);
    this.#scores = new Int32Array(this.#memory.buffer, 2 * this.stride, BLOCK);
  }

  /** A unit vector as a row of `stride` numbers. */
  quantised(vector: Float32Array): Int16Array {
    const row = new Int16Array(this.stride);
    for (let i = 0; i < vector.length; i++) row[i] = Math.round(vector[i] * UNIT);
    return row;
  }

  /** How many rows four gigabytes, WebAssembly's limit, can hold. */
  get limit(): number {
    return Math.floor((MAX_PAGES * PAGE - this.#first) / (2 * this.stride));
  }

  /** Makes room for `count` rows; views handed out before are no longer valid. */
  reserve(count: number): void {
    if (count <= this.#capacity) return;
    const needed = Math.min(this.limit, Math.max(count, Math.ceil(1.125 * this.#capacity)));
    const bytes = this.#first + 2 * this.stride * needed;
    this.#memory.grow(Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE));
    this.#capacity = Math.floor((this.#memory.buffer.byteLength - this.#first) / (2 * this.stride));
    this.#query = new Int16Array(this.#memory.buffer, 0, this.stride);
    this.#scores = new Int32Array(this.#memory.buffer, 2 * this.stride, BLOCK);
  }

  /** Row `index` as it lies in memory; valid until the next `reserve`. */
  row(index: number): Int16Array {
    return new Int16Array(this.#memory.buffer, this.#first + 2 * this.stride * index, this.stride);
  }

  /** The bytes of `count` rows from row 0, to be written to or read from a file; valid until the next `reserve`. */
  bytes(count: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#first, 2 * this.stride * count);
  }

  copyRow(from: number, to: number): void {
    if (from !== to) this.row(to).set(this.row(from));
  }

  setQuery(row: Int16Array): void {
    this.#query.set(row);
  }

  /** Scores of the query with `count` (at most BLOCK) rows from `first`; valid until the next call. */
  scores(first: number, count: number): Int32Array {
    this.#scan(0, this.#first + 2 * this.stride * first, count, 2 * this.stride);
    return this.#scores;
  }

  /** The score of two rows that need not lie in memory. */
  score(a: Int16Array, b: Int16Array): number {
    let sum = 0;
    for (let i = 0; i < this.stride; i++) sum += a[i] * b[i];
    return sum;
  }
}

/**
 * The one hot loop of the index: the dot products of a query with many rows of 16-bit numbers. JavaScript has no vector
 * instructions and needs some ten times as long; WebAssembly's `i32x4.dot_i16x8_s` multiplies and adds eight numbers at
 * once. The few instructions are assembled here, unrolled for the given length, so that there is no second language, no
 * compiler and no binary file in the repository.
 */

/** A row is padded with zeros to a multiple of so many numbers: one vector register. */
export const LANES = 8;

/** Byte addresses of the query and of the first row, rows one behind another; writes `count` 32-bit dot products to `scores`. */
export type Scan = (query: number, rows: number, count: number, scores: number) => void;

const I32 = 0x7f;
const V128 = 0x7b;

/** An unsigned number in LEB128, WebAssembly's variable-length notation. */
function leb(value: number): number[] {
  const low = value & 0x7f;
  return value > 0x7f ? [low | 0x80, ...leb(value >>> 7)] : [low];
}

const name = (s: string) => [...leb(s.length), ...new TextEncoder().encode(s)];
const sized = (bytes: readonly number[]) => [...leb(bytes.length), ...bytes];
const section = (id: number, item: readonly number[]) => [id, ...sized([1, ...item])];

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
/** A number that is not negative in signed LEB128: bit 6 of the last byte is its sign. */
const signed = (value: number): number[] =>
  value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
const constant = (value: number) => [0x41, ...signed(value)];
const vector = (code: number, ...immediate: number[]) => [0xfd, ...leb(code), ...immediate];
/** `v128.load`; the memory is not promised to be aligned. */
const load = (address: number, offset: number) => [...get(address), ...vector(0x00, 0, ...leb(offset))];
const DOT = vector(0xba);
const ADD_LANES = vector(0xae);
const ADD = 0x6a;

/** The module for rows of `numbers` 16-bit numbers: imports `index.memory`, exports `scan`. */
function assemble(numbers: number): Uint8Array<ArrayBuffer> {
  const [query, row, count, score, end, sum] = [0, 1, 2, 3, 4, 5];
  const products: number[] = [];
  for (let byte = 0; byte < 2 * numbers; byte += 16) {
    products.push(...load(query, byte), ...load(row, byte), ...DOT, ...(byte ? ADD_LANES : []));
  }
  const lane = (i: number) => [...get(sum), ...vector(0x1b, i)];
  const code = [
    [...get(score), ...get(count), ...constant(2), 0x74, ADD, ...set(end)], // end = score + (count << 2)
    [0x02, 0x40, 0x03, 0x40], // block, loop
    [...get(score), ...get(end), 0x4f, 0x0d, 1], // score >= end: leave the block
    [...products, ...set(sum)],
    [...get(score), ...lane(0), ...lane(1), ADD, ...lane(2), ADD, ...lane(3), ADD, 0x36, 2, 0], // i32.store
    [...get(row), ...constant(2 * numbers), ADD, ...set(row)],
    [...get(score), ...constant(4), ADD, ...set(score)],
    [0x0c, 0, 0x0b, 0x0b, 0x0b], // again; end of loop, block, function
  ].flat();
  const locals = [2, 1, I32, 1, V128];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic number, version
    ...section(1, [0x60, 4, I32, I32, I32, I32, 0]), // the type of `scan`
    ...section(2, [...name('index'), ...name('memory'), 0x02, 0x00, 0]),
    ...section(3, [0]),
    ...section(7, [...name('scan'), 0x00, 0]),
    ...section(10, sized([...locals, ...code])),
  ]);
}

/** The scan over `memory` for rows of `numbers` 16-bit numbers, a multiple of LANES. */
export function scanOf(memory: WebAssembly.Memory, numbers: number): Scan {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(assemble(numbers)), { index: { memory } });
  return instance.exports.scan as Scan;
}

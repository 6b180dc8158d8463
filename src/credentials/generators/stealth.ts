/**
 * "Stealth PNG info": a record hidden in the lowest bits of a PNG's alpha channel (NovelAI signs every picture so) or of its
 * colours (an extension of Stable Diffusion WebUI), column by column: signature, length in bits, text, plain or gzip.
 * It survives the loss of all text chunks and dies with any re-encoding or with the alpha channel. The PNG is decoded here
 * because the pixels handed around have no alpha; reading stops as soon as the signature cannot be there.
 */
import type { ContainerFacts } from '../../core/media.ts';
import type { CarriedText } from '../embedded.ts';
import { jsonObject, shortText } from './trace.ts';

const SIGNATURE_BITS = 15 * 8;
const LENGTH_BITS = 32;
/** Columns kept: far more than any record needs, and a bound on memory. */
const MAX_COLUMNS = 1024;
const MAX_TEXT_BYTES = 1_000_000;
/** Compressed bytes handed to the decompressor at a time, so that stopping early saves the work. */
const PIECE_BYTES = 65_536;

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Size and channels when the PNG is of the only kind these writers make: 8 bits, true colour, not interlaced. */
function layoutOf(bytes: Uint8Array): Layout | undefined {
  if (bytes.length < 33) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const channels = bytes[25] === 6 ? 4 : bytes[25] === 2 ? 3 : undefined;
  if (!channels || bytes[24] !== 8 || bytes[28] !== 0 || width < 1 || height < 1) return undefined;
  return width * height <= 100_000_000 ? { width, height, channels } : undefined;
}

/** Inflated rows of the picture, one after the other, with their filter byte. */
async function* filteredRows(
  bytes: Uint8Array,
  facts: ContainerFacts,
  rowBytes: number,
): AsyncGenerator<Uint8Array> {
  const parts = facts.segments.filter((s) => s.type === 'IDAT');
  let [next, within] = [0, 0];
  // little at first, because the first rows end the search in nearly every picture
  let piece = Math.min(PIECE_BYTES, 9 * rowBytes);
  const pull = (controller: ReadableStreamDefaultController<BufferSource>) => {
    const part = parts[next];
    if (!part) return controller.close();
    const from = part.offset + 8 + within;
    const to = Math.min(part.offset + part.length - 4, from + piece);
    controller.enqueue(bytes.slice(from, to));
    within += piece;
    piece = PIECE_BYTES;
    if (to === part.offset + part.length - 4) [next, within] = [next + 1, 0];
  };
  const source = new ReadableStream<BufferSource>({ pull }, { highWaterMark: 0 });
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  const row = new Uint8Array(rowBytes);
  let filled = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      for (let at = 0; at < value.length; ) {
        const take = Math.min(rowBytes - filled, value.length - at);
        row.set(value.subarray(at, at + take), filled);
        filled += take;
        at += take;
        if (filled === rowBytes) {
          yield row;
          filled = 0;
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Undoes PNG's row filter (ISO 15948, 9.2) in place; `row` includes the filter byte, `above` does not. */
function unfilter(row: Uint8Array, above: Uint8Array, channels: number): void {
  const filter = row[0];
  if (filter === 0) return;
  for (let i = 0; i < above.length; i++) {
    const left = i >= channels ? row[i + 1 - channels] : 0;
    const up = above[i];
    let guess = 0;
    if (filter === 1) guess = left;
    else if (filter === 2) guess = up;
    else if (filter === 3) guess = (left + up) >> 1;
    else if (filter === 4) {
      const corner = i >= channels ? above[i - channels] : 0;
      const p = left + up - corner;
      const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
      guess = a <= b && a <= c ? left : b <= c ? up : corner;
    }
    row[i + 1] = row[i + 1] + guess;
  }
}

type Mode = { readonly perPixel: 1 | 3; readonly carrier: string };
const MODES: readonly Mode[] = [
  { perPixel: 1, carrier: 'png:alpha-lsb' },
  { perPixel: 3, carrier: 'png:rgb-lsb' },
];
const SIGNATURES = ['stealth_pnginfo', 'stealth_pngcomp', 'stealth_rgbinfo', 'stealth_rgbcomp'];

/**
 * Reads bytes out of the lowest bits, columns first. `lowest` has one nibble a-b-g-r a pixel, rows of `stride` pixels, of
 * which the first `columns` are looked at.
 */
class BitReader {
  readonly #lowest: Uint8Array;
  readonly #height: number;
  readonly #columns: number;
  readonly #stride: number;
  readonly #mode: Mode;
  #bit = 0;

  constructor(lowest: Uint8Array, height: number, columns: number, stride: number, mode: Mode) {
    this.#lowest = lowest;
    this.#height = height;
    this.#columns = columns;
    this.#stride = stride;
    this.#mode = mode;
  }

  get bitsLeft(): number {
    return this.#height * this.#columns * this.#mode.perPixel - this.#bit;
  }

  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let i = 0; i < count * 8; i++) out[i >> 3] |= this.#next() << (7 - (i & 7));
    return out;
  }

  #next(): number {
    const { perPixel } = this.#mode;
    const pixel = Math.floor(this.#bit / perPixel);
    const channel = perPixel === 1 ? 3 : this.#bit % 3;
    this.#bit++;
    const column = Math.floor(pixel / this.#height);
    const row = pixel % this.#height;
    return (this.#lowest[row * this.#stride + column] >> channel) & 1;
  }
}

/** Does one of the signatures stand at the start of the first `columns` columns of `rows` rows? */
function modeOf(
  lowest: Uint8Array,
  rows: number,
  columns: number,
  stride: number,
  channels: number,
): Mode | undefined {
  return MODES.find((mode) => {
    if (mode.perPixel === 1 && channels < 4) return false;
    const reader = new BitReader(lowest, rows, columns, stride, mode);
    if (reader.bitsLeft < SIGNATURE_BITS + LENGTH_BITS) return false;
    return SIGNATURES.includes(String.fromCharCode(...reader.bytes(15)));
  });
}

/** Could a signature start here? Judged by the first eight rows of the first column, which most pictures fail. */
function mayStart(lowest: Uint8Array, stride: number, channels: number): boolean {
  return MODES.some((mode) => {
    if (mode.perPixel === 1 && channels < 4) return false;
    const start = new BitReader(lowest, 8, 1, stride, mode).bytes(mode.perPixel);
    return 'stealth'.startsWith(String.fromCharCode(...start));
  });
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const source = new ReadableStream<BufferSource>({
    start(controller) {
      controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });
  const reader = source.pipeThrough(new DecompressionStream('gzip')).getReader();
  const out = new Uint8Array(MAX_TEXT_BYTES);
  let length = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return out.subarray(0, length);
      const part = value.subarray(0, MAX_TEXT_BYTES - length);
      out.set(part, length);
      length += part.length;
      if (length === MAX_TEXT_BYTES) return out;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A hidden JSON object's members as texts of their own, so that the other readers understand them; else the text as it is. */
function asTexts(text: string, carrier: string): CarriedText[] {
  const object = jsonObject(text);
  if (!object) return [{ carrier, key: 'parameters', value: text }];
  return Object.entries(object)
    .slice(0, 50)
    .flatMap(([key, value]) => {
      const member = typeof value === 'object' ? JSON.stringify(value) : shortText(value, MAX_TEXT_BYTES);
      return member ? [{ carrier, key: key.slice(0, 80), value: member }] : [];
    });
}

/** The texts hidden in a PNG's lowest bits; nothing for all other files. Never throws. */
export async function readStealth(bytes: Uint8Array, facts: ContainerFacts): Promise<CarriedText[]> {
  const layout = facts.format === 'png' ? layoutOf(bytes) : undefined;
  if (!layout) return [];
  const { width, height, channels } = layout;
  const columns = Math.min(width, MAX_COLUMNS);
  // the alpha signature fills 120 rows of the first column, the colour signature 40
  const tellingRows = Math.min(height, channels === 4 ? SIGNATURE_BITS + LENGTH_BITS : 64);
  const lowest = new Uint8Array(Math.min(height, 65_536) * columns);
  const above = new Uint8Array(width * channels);
  let y = 0;
  try {
    for await (const row of filteredRows(bytes, facts, 1 + width * channels)) {
      unfilter(row, above, channels);
      above.set(row.subarray(1));
      for (let x = 0, at = 1; x < columns; x++, at += channels) {
        const alpha = channels === 4 ? row[at + 3] & 1 : 0;
        lowest[y * columns + x] =
          (row[at] & 1) | ((row[at + 1] & 1) << 1) | ((row[at + 2] & 1) << 2) | (alpha << 3);
      }
      y++;
      if (y === 8 && y < height && !mayStart(lowest, columns, channels)) return [];
      if (y === tellingRows && y < height) {
        // the signature lies within these rows of the first column
        if (!modeOf(lowest, y, 1, columns, channels)) return [];
      }
      if (y === height || (y + 1) * columns > lowest.length) break;
    }
    if (y < height) return [];
    const mode = modeOf(lowest, height, columns, columns, channels);
    if (!mode) return [];
    const reader = new BitReader(lowest, height, columns, columns, mode);
    const signature = String.fromCharCode(...reader.bytes(15));
    const [a, b, c, d] = reader.bytes(4);
    const bits = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    if (bits < 8 || bits > reader.bitsLeft || bits > 8 * MAX_TEXT_BYTES) return [];
    const payload = reader.bytes(bits >> 3);
    const plain = signature.endsWith('comp') ? await gunzip(payload) : payload;
    return asTexts(new TextDecoder().decode(plain), mode.carrier);
  } catch {
    return [];
  }
}

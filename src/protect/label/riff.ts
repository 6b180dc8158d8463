/**
 * The three formats made of RIFF chunks: WebP carries XMP, AVI an INFO entry, WAV a chunk of its own, all at the end,
 * so that no offset changes.
 */

import { concatBytes } from '../../core/bytes.ts';
import { type AigcLabel, formatLabel } from '../../credentials/aigc/label.ts';
import {
  ascii,
  cannotCarry,
  damaged,
  type Found,
  fromUtf8,
  type LabelCarrier,
  latin1,
  spliced,
  startsWith,
  u32le,
  utf8,
  viewOf,
} from './carrier.ts';
import { withLabelInXmp } from './xmp-label.ts';

interface Chunk {
  readonly type: string;
  /** Of its name. */
  readonly at: number;
  /** Of its data, without padding. */
  readonly length: number;
}

/** Chunks from `from` to `to`. A last chunk that claims more than there is, as recorders leave it, ends with the file. */
function chunksIn(bytes: Uint8Array, from: number, to: number): Chunk[] {
  const view = viewOf(bytes);
  const found: Chunk[] = [];
  for (let at = from; at + 8 <= to; ) {
    const length = view.getUint32(at + 4, true);
    if (length > to - at - 8 || found.length > 100_000) throw damaged('RIFF');
    found.push({ type: ascii(bytes, at, at + 4), at, length });
    at += 8 + length + (length & 1);
  }
  return found;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  return concatBytes([latin1(type), u32le(data.length), data, new Uint8Array(data.length & 1)]);
}

const isRiff = (bytes: Uint8Array, form: string) => startsWith(bytes, 'RIFF') && startsWith(bytes, form, 8);

/** End of the first RIFF as it declares itself. */
function riffEnd(bytes: Uint8Array): number {
  if (bytes.length < 12) throw damaged('RIFF');
  const end = 8 + viewOf(bytes).getUint32(4, true);
  if (end > bytes.length || end < 12) throw damaged('RIFF');
  return end;
}

/** `bytes` with `added` as the last chunk of its only RIFF. What stood behind the RIFF stays behind it. */
function appended(bytes: Uint8Array, added: Uint8Array): Uint8Array {
  const end = riffEnd(bytes);
  const padding = new Uint8Array(end & 1 && bytes.length === end ? 1 : 0);
  const from = end + (end & 1) - padding.length;
  const out = spliced(bytes, Math.min(from, bytes.length), 0, concatBytes([padding, added]));
  viewOf(out).setUint32(4, end + (end & 1) + added.length - 8, true);
  return out;
}

/** `bytes` with the chunk `old` replaced by `by`, the RIFF's length corrected. */
function replaced(bytes: Uint8Array, old: Chunk, by: Uint8Array): Uint8Array {
  const length = Math.min(8 + old.length + (old.length & 1), bytes.length - old.at);
  const out = spliced(bytes, old.at, length, by);
  viewOf(out).setUint32(4, riffEnd(bytes) + by.length - length - 8, true);
  return out;
}

const XMP_FLAG = 0x04;

/** Width and height of a simple WebP, from its only chunk. */
function webpSize(bytes: Uint8Array, { type, at }: Chunk): { width: number; height: number; alpha: boolean } {
  const data = at + 8;
  if (data + 10 > bytes.length) throw damaged('WebP');
  if (type === 'VP8L') {
    const bits = viewOf(bytes).getUint32(data + 1, true);
    return {
      width: (bits & 0x3fff) + 1,
      height: ((bits >>> 14) & 0x3fff) + 1,
      alpha: ((bits >>> 28) & 1) === 1,
    };
  }
  if (type !== 'VP8 ') throw damaged('WebP');
  const side = (i: number) => (bytes[data + i] | (bytes[data + i + 1] << 8)) & 0x3fff;
  return { width: side(6), height: side(8), alpha: false };
}

export const webp: LabelCarrier = {
  name: 'WebP',
  recognises: (bytes) => isRiff(bytes, 'WEBP'),
  write(bytes, label) {
    const all = chunksIn(bytes, 12, riffEnd(bytes));
    if (all.length === 0) throw damaged('WebP');
    let out = bytes;
    if (all[0].type === 'VP8X') {
      out = bytes.slice();
      out[all[0].at + 8] |= XMP_FLAG;
    } else {
      const { width, height, alpha } = webpSize(bytes, all[0]);
      const side = (n: number) => u32le(n - 1).subarray(0, 3);
      const head = concatBytes([
        Uint8Array.of(XMP_FLAG | (alpha ? 0x10 : 0), 0, 0, 0),
        side(width),
        side(height),
      ]);
      const extended = chunk('VP8X', head);
      out = spliced(bytes, 12, 0, extended);
      viewOf(out).setUint32(4, riffEnd(bytes) + extended.length - 8, true);
    }
    const old = chunksIn(out, 12, riffEnd(out)).find(({ type }) => type === 'XMP ');
    const before = old ? fromUtf8(out.subarray(old.at + 8, old.at + 8 + old.length)) : null;
    const made = chunk('XMP ', utf8(withLabelInXmp(before, label)));
    return old ? replaced(out, old, made) : appended(out, made);
  },
  find(bytes): Found {
    const xmp = chunksIn(bytes, 12, riffEnd(bytes))
      .filter(({ type }) => type === 'XMP ')
      .map(({ at, length }) => ({
        carrier: 'webp:XMP',
        source: fromUtf8(bytes.subarray(at + 8, at + 8 + length)),
      }));
    return { texts: [], xmp };
  },
};

const textOf = (bytes: Uint8Array, { at, length }: Chunk) =>
  fromUtf8(bytes.subarray(at + 8, at + 8 + length)).replace(/\0+$/, '');

/** The label as AVI and WAV have it: its JSON, ended by a zero. */
const labelChunk = (label: AigcLabel) => chunk('AIGC', latin1(`${formatLabel(label)}\0`));

const isInfo = (bytes: Uint8Array, { type, at }: Chunk) =>
  type === 'LIST' && startsWith(bytes, 'INFO', at + 8);

export const avi: LabelCarrier = {
  name: 'AVI',
  recognises: (bytes) => isRiff(bytes, 'AVI '),
  write(bytes, label) {
    if (startsWith(bytes, 'RIFF', riffEnd(bytes) + (riffEnd(bytes) & 1))) {
      throw cannotCarry({
        en: 'an AVI of several parts (OpenDML) cannot take a label without moving its frames',
        zh: '多段式 AVI（OpenDML）无法在不移动画面数据的情况下写入标识',
      });
    }
    // A list of its own: one in front of the frames would move them, and the index counts from the file's start.
    return appended(bytes, chunk('LIST', concatBytes([latin1('INFO'), labelChunk(label)])));
  },
  find(bytes): Found {
    const lists = chunksIn(bytes, 12, riffEnd(bytes)).filter((one) => isInfo(bytes, one));
    const texts = lists
      .flatMap(({ at, length }) => chunksIn(bytes, at + 12, at + 8 + length))
      .filter(({ type }) => type === 'AIGC')
      .map((one) => ({ carrier: 'avi:INFO', key: 'AIGC', value: textOf(bytes, one) }));
    return { texts, xmp: [] };
  },
};

export const wav: LabelCarrier = {
  name: 'WAV',
  recognises: (bytes) => isRiff(bytes, 'WAVE'),
  write: (bytes, label) => {
    chunksIn(bytes, 12, riffEnd(bytes));
    return appended(bytes, labelChunk(label));
  },
  find(bytes): Found {
    const texts = chunksIn(bytes, 12, riffEnd(bytes))
      .filter(({ type }) => type === 'AIGC')
      .map((one) => ({ carrier: 'wav:AIGC', key: 'AIGC', value: textOf(bytes, one) }));
    return { texts, xmp: [] };
  },
};

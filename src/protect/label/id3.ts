/** MP3: a TXXX frame named AIGC in the ID3v2 tag, which is made where there is none. */

import { concatBytes } from '../../core/bytes.ts';
import { type AigcLabel, formatLabel } from '../../credentials/aigc/label.ts';
import {
  ascii,
  cannotCarry,
  damaged,
  type Found,
  type FoundText,
  type LabelCarrier,
  latin1,
  spliced,
  startsWith,
  u32be,
  viewOf,
} from './carrier.ts';

const HEAD = 10;

interface Tag {
  readonly version: number;
  /** Of its frames, without header and footer. */
  readonly from: number;
  readonly end: number;
  readonly flags: number;
}

/** Four bytes of seven bits. */
const sevens = (n: number) => Uint8Array.of((n >> 21) & 127, (n >> 14) & 127, (n >> 7) & 127, n & 127);
const fromSevens = (bytes: Uint8Array, at: number) =>
  ((bytes[at] & 127) << 21) |
  ((bytes[at + 1] & 127) << 14) |
  ((bytes[at + 2] & 127) << 7) |
  (bytes[at + 3] & 127);

function tagOf(bytes: Uint8Array): Tag | null {
  if (!startsWith(bytes, 'ID3')) return null;
  const end = HEAD + fromSevens(bytes, 6);
  if (end > bytes.length) throw damaged('MP3');
  const version = bytes[3];
  const flags = bytes[5];
  let from = HEAD;
  if (flags & 0x40) from += version === 4 ? fromSevens(bytes, HEAD) : 4 + viewOf(bytes).getUint32(HEAD);
  return { version, from, end, flags };
}

interface Frame {
  readonly id: string;
  readonly at: number;
  readonly from: number;
  readonly end: number;
}

/** Frames up to the padding. */
function frames(bytes: Uint8Array, { version, from, end }: Tag): Frame[] {
  const found: Frame[] = [];
  for (let at = from; at + HEAD <= end && /^[A-Z0-9]{4}$/.test(ascii(bytes, at, at + 4)); ) {
    const size = version === 4 ? fromSevens(bytes, at + 4) : viewOf(bytes).getUint32(at + 4);
    if (at + HEAD + size > end) throw damaged('MP3');
    found.push({ id: ascii(bytes, at, at + 4), at, from: at + HEAD, end: at + HEAD + size });
    at += HEAD + size;
  }
  return found;
}

/** Encoding 0 (Latin-1), the name, a zero, the value. No byte is 0xff, so unsynchronised tags may hold it as it is. */
function labelFrame(label: AigcLabel, version: number): Uint8Array {
  const content = latin1(`\0AIGC\0${formatLabel(label)}`);
  const size = version === 4 ? sevens(content.length) : u32be(content.length);
  return concatBytes([latin1('TXXX'), size, Uint8Array.of(0, 0), content]);
}

export const mp3: LabelCarrier = {
  name: 'MP3',
  recognises: (bytes) => startsWith(bytes, 'ID3') || (bytes[0] === 0xff && (bytes[1] & 0xe6) === 0xe2),
  write(bytes, label) {
    const tag = tagOf(bytes);
    if (!tag) {
      const frame = labelFrame(label, 4);
      return concatBytes([latin1('ID3'), Uint8Array.of(4, 0, 0), sevens(frame.length), frame, bytes]);
    }
    if (tag.version !== 3 && tag.version !== 4) {
      throw cannotCarry({
        en: `ID3v2.${tag.version} tags cannot be extended`,
        zh: `无法扩展 ID3v2.${tag.version} 标签`,
      });
    }
    const frame = labelFrame(label, tag.version);
    const all = frames(bytes, tag);
    const last = all.length > 0 ? all[all.length - 1].end : tag.from;
    const padding = tag.end - last;
    if (padding >= frame.length) return spliced(bytes, last, frame.length, frame);
    const out = spliced(bytes, last, 0, frame);
    out.set(sevens(tag.end - HEAD + frame.length), 6);
    if (tag.flags & 0x10) out.set(sevens(tag.end - HEAD + frame.length), tag.end + frame.length + 6);
    return out;
  },
  find(bytes): Found {
    const tag = tagOf(bytes);
    const texts: FoundText[] = [];
    if (tag && (tag.version === 3 || tag.version === 4)) {
      for (const { id, from, end } of frames(bytes, tag)) {
        const text = id === 'TXXX' ? decoded(bytes.subarray(from, end)) : null;
        if (text?.key === 'AIGC') texts.push({ carrier: 'mp3:TXXX', ...text });
      }
    }
    return { texts, xmp: [] };
  },
};

const ENCODINGS = ['latin1', 'utf-16', 'utf-16be', 'utf-8'] as const;

function decoded(content: Uint8Array): { key: string; value: string } {
  const encoding = ENCODINGS[content[0]] ?? 'latin1';
  const [key, ...rest] = new TextDecoder(encoding).decode(content.subarray(1)).split('\0');
  return { key: key.replace(/^\ufeff/, ''), value: rest.join('').replace(/^\ufeff/, '') };
}

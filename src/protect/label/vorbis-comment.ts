/** The comment list of Vorbis, which FLAC, Ogg Vorbis and Opus share: a vendor, then NAME=value in UTF-8. */

import { concatBytes } from '../../core/bytes.ts';
import { type AigcLabel, formatLabel } from '../../credentials/aigc/label.ts';
import { damaged, type FoundText, fromUtf8, latin1, u32le, viewOf } from './carrier.ts';

interface Comments {
  /** Byte behind the last comment. */
  readonly end: number;
  readonly count: number;
  /** Where the count stands. */
  readonly countAt: number;
  readonly texts: readonly string[];
}

function parse(list: Uint8Array, format: string): Comments {
  const view = viewOf(list);
  const need = (at: number, length: number) => {
    if (at + length > list.length) throw damaged(format);
  };
  need(0, 4);
  const countAt = 4 + view.getUint32(0, true);
  need(countAt, 4);
  const count = view.getUint32(countAt, true);
  const texts: string[] = [];
  let at = countAt + 4;
  for (let i = 0; i < count; i++) {
    need(at, 4);
    const length = view.getUint32(at, true);
    need(at + 4, length);
    texts.push(fromUtf8(list.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return { end: at, count, countAt, texts };
}

/** `list` with the label as its last comment; what follows the list (a framing bit, padding) follows it still. */
export function withComment(list: Uint8Array, label: AigcLabel, format: string): Uint8Array {
  const { end, count, countAt } = parse(list, format);
  const text = latin1(`AIGC=${formatLabel(label)}`);
  const out = concatBytes([list.subarray(0, end), u32le(text.length), text, list.subarray(end)]);
  viewOf(out).setUint32(countAt, count + 1, true);
  return out;
}

/** A list with nothing but the label. */
export function newComments(label: AigcLabel): Uint8Array {
  const vendor = latin1('Huoyan');
  return withComment(concatBytes([u32le(vendor.length), vendor, u32le(0)]), label, 'FLAC');
}

/** The labels of a list. */
export function commentTexts(list: Uint8Array, format: string): FoundText[] {
  return parse(list, format)
    .texts.filter((text) => /^AIGC=/i.test(text))
    .map((text) => ({ carrier: `${format.toLowerCase()}:comment`, key: 'AIGC', value: text.slice(5) }));
}

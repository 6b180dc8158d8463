/**
 * MP4 and MOV: an entry under the key AIGC in `moov.udta.meta` (keys and ilst, as `ffmpeg -movflags use_metadata_tags`
 * writes it), offsets of the frames corrected where the movie's head stands in front of them. Where that place is taken
 * by another kind of metadata, or the file is fragmented, XMP in a `uuid` box at the end, which moves nothing.
 */

import { concatBytes } from '../../core/bytes.ts';
import { type AigcLabel, formatLabel } from '../../credentials/aigc/label.ts';
import {
  ascii,
  cannotCarry,
  damaged,
  type Found,
  type FoundText,
  fromUtf8,
  type LabelCarrier,
  latin1,
  spliced,
  u32be,
  utf8,
  viewOf,
} from './carrier.ts';
import { withLabelInXmp } from './xmp-label.ts';

const XMP_UUID = [
  0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac,
];
const MOST_BOXES = 100_000;

interface Box {
  readonly type: string;
  readonly at: number;
  /** First byte of what it holds, and the byte behind its end. */
  readonly from: number;
  readonly end: number;
}

function boxes(bytes: Uint8Array, from: number, to: number): Box[] {
  const view = viewOf(bytes);
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1) {
      if (at + 16 > to) throw damaged('MP4');
      size = view.getUint32(at + 8) * 4294967296 + view.getUint32(at + 12);
      head = 16;
    } else if (size === 0) size = to - at;
    if (size < head || at + size > to || found.length >= MOST_BOXES) throw damaged('MP4');
    found.push({ type: ascii(bytes, at + 4, at + 8), at, from: at + head, end: at + size });
    at += size;
  }
  return found;
}

const child = (bytes: Uint8Array, parent: Box, type: string, skip = 0): Box | undefined =>
  boxes(bytes, parent.from + skip, parent.end).find((box) => box.type === type);

function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(parts);
  return concatBytes([u32be(8 + content.length), latin1(type), content]);
}

const ZERO = new Uint8Array(4);

/** One key and its value, as QuickTime's metadata has them. */
const keyEntry = () => concatBytes([u32be(8 + 4), latin1('mdta'), latin1('AIGC')]);

function valueEntry(index: number, label: AigcLabel): Uint8Array {
  // Type 1 is UTF-8, locale 0 is any.
  const data = box('data', u32be(1), ZERO, latin1(formatLabel(label)));
  return concatBytes([u32be(8 + data.length), u32be(index), data]);
}

function newMeta(label: AigcLabel): Uint8Array {
  const handler = box('hdlr', ZERO, ZERO, latin1('mdta'), new Uint8Array(12), new Uint8Array(1));
  const keys = box('keys', ZERO, u32be(1), keyEntry());
  return box('meta', ZERO, handler, keys, box('ilst', valueEntry(1, label)));
}

/** `meta` is a full box in MP4 (four bytes of version in front of its boxes) and a plain one in old MOV. */
const metaSkip = (bytes: Uint8Array, meta: Box) =>
  ascii(bytes, meta.from + 4, meta.from + 8) === 'hdlr' ? 0 : 4;

interface Place {
  readonly moov: Box;
  readonly udta: Box | undefined;
  readonly meta: Box | undefined;
}

function placeIn(bytes: Uint8Array, moov: Box): Place {
  const udta = child(bytes, moov, 'udta');
  return { moov, udta, meta: udta && safeChild(bytes, udta, 'meta') };
}

/** QuickTime ends `udta` with four zeros, which are no box. */
function safeChild(bytes: Uint8Array, udta: Box, type: string): Box | undefined {
  return boxesOfUdta(bytes, udta).find((one) => one.type === type);
}

function boxesOfUdta(bytes: Uint8Array, udta: Box): Box[] {
  const view = viewOf(bytes);
  const terminated = udta.end - udta.from >= 4 && view.getUint32(udta.end - 4) === 0;
  try {
    return boxes(bytes, udta.from, udta.end);
  } catch (thrown) {
    if (terminated) return boxes(bytes, udta.from, udta.end - 4);
    throw thrown;
  }
}

/** Whether the metadata there is of the kind that has free keys. */
function hasKeys(bytes: Uint8Array, meta: Box): boolean {
  const skip = metaSkip(bytes, meta);
  const handler = child(bytes, meta, 'hdlr', skip);
  return (
    handler !== undefined &&
    ascii(bytes, handler.from + 8, handler.from + 12) === 'mdta' &&
    child(bytes, meta, 'keys', skip) !== undefined &&
    child(bytes, meta, 'ilst', skip) !== undefined
  );
}

/** The `moov` with the label in it. */
function labelledMoov(bytes: Uint8Array, { moov, udta, meta }: Place, label: AigcLabel): Uint8Array {
  if (meta) {
    const skip = metaSkip(bytes, meta);
    const keys = child(bytes, meta, 'keys', skip) as Box;
    const ilst = child(bytes, meta, 'ilst', skip) as Box;
    const count = viewOf(bytes).getUint32(keys.from + 4);
    const edits = [
      { at: keys.end, add: keyEntry(), inside: [moov, udta as Box, meta, keys] },
      { at: ilst.end, add: valueEntry(count + 1, label), inside: [moov, udta as Box, meta, ilst] },
    ].sort((a, b) => b.at - a.at);
    const made = bytes.slice(moov.at, moov.end);
    viewOf(made).setUint32(keys.from + 4 - moov.at, count + 1);
    return edits.reduce<Uint8Array>(
      (out, { at, add, inside }) => grown(out, at - moov.at, add, inside, moov.at),
      made,
    );
  }
  const made = bytes.slice(moov.at, moov.end);
  if (udta) {
    const before = boxesOfUdta(bytes, udta);
    const at = before.length > 0 ? before[before.length - 1].end : udta.from;
    return grown(made, at - moov.at, newMeta(label), [moov, udta], moov.at);
  }
  return grown(made, moov.end - moov.at, box('udta', newMeta(label)), [moov], moov.at);
}

/** `bytes` with `add` put in at `at`, and the sizes of the boxes around it corrected. `base` is where `bytes` began. */
function grown(
  bytes: Uint8Array,
  at: number,
  add: Uint8Array,
  around: readonly Box[],
  base: number,
): Uint8Array {
  const out = spliced(bytes, at, 0, add);
  const view = viewOf(out);
  for (const one of around) {
    const size = view.getUint32(one.at - base);
    if (one.from - one.at === 16) {
      const long =
        view.getUint32(one.at - base + 8) * 4294967296 + view.getUint32(one.at - base + 12) + add.length;
      view.setUint32(one.at - base + 8, Math.floor(long / 4294967296));
      view.setUint32(one.at - base + 12, long >>> 0);
    } else if (size !== 0) view.setUint32(one.at - base, size + add.length);
  }
  return out;
}

const TO_OFFSETS = ['trak', 'mdia', 'minf', 'stbl'];

/** Adds `shift` to every chunk offset of `moov` that points behind `from`. */
function shiftOffsets(moov: Uint8Array, from: number, shift: number): void {
  const view = viewOf(moov);
  const walk = (parent: Box, depth: number): void => {
    for (const one of boxes(moov, parent.from, parent.end)) {
      if (depth < TO_OFFSETS.length && one.type === TO_OFFSETS[depth]) walk(one, depth + 1);
      if (depth !== TO_OFFSETS.length || (one.type !== 'stco' && one.type !== 'co64')) continue;
      const wide = one.type === 'co64';
      const count = view.getUint32(one.from + 4);
      if (one.from + 8 + count * (wide ? 8 : 4) > one.end) throw damaged('MP4');
      for (let i = 0; i < count; i++) {
        const at = one.from + 8 + i * (wide ? 8 : 4);
        const old = wide ? view.getUint32(at) * 4294967296 + view.getUint32(at + 4) : view.getUint32(at);
        if (old < from) continue;
        const now = old + shift;
        if (!wide && now > 0xffffffff) {
          throw cannotCarry({ en: 'its offsets have no room for a label', zh: '其偏移量已无法容纳标识' });
        }
        if (wide) view.setUint32(at, Math.floor(now / 4294967296));
        view.setUint32(wide ? at + 4 : at, now >>> 0);
      }
    }
  };
  const top = boxes(moov, 0, moov.length)[0];
  walk(top, 0);
}

const isXmpBox = (bytes: Uint8Array, { type, from }: Box) =>
  type === 'uuid' && XMP_UUID.every((byte, i) => bytes[from + i] === byte);

/** XMP at the end of the file, or in the place of what stands there last. */
function withXmpBox(bytes: Uint8Array, top: readonly Box[], label: AigcLabel): Uint8Array {
  const old = top.find((one) => isXmpBox(bytes, one));
  const before = old ? fromUtf8(bytes.subarray(old.from + 16, old.end)) : null;
  const made = box('uuid', Uint8Array.from(XMP_UUID), utf8(withLabelInXmp(before, label)));
  const last = top[top.length - 1];
  if (old && old !== last) {
    throw cannotCarry({
      en: 'its XMP stands in front of other boxes and cannot grow',
      zh: '其 XMP 位于其他数据之前，无法扩展',
    });
  }
  if (!old && viewOf(bytes).getUint32(last.at) === 0) {
    throw cannotCarry({ en: 'its last box has no stated end', zh: '其末尾数据未声明长度' });
  }
  return old ? spliced(bytes, old.at, old.end - old.at, made) : concatBytes([bytes, made]);
}

export const isobmff: LabelCarrier = {
  name: 'MP4/MOV',
  recognises: (bytes) => ['ftyp', 'moov', 'mdat', 'wide', 'free'].includes(ascii(bytes, 4, 8)),
  write(bytes, label) {
    const top = boxes(bytes, 0, bytes.length);
    const moov = top.find(({ type }) => type === 'moov');
    if (!moov) throw damaged('MP4');
    const place = placeIn(bytes, moov);
    const fragmented = top.some(({ type }) => type === 'moof');
    if (fragmented || (place.meta && !hasKeys(bytes, place.meta))) return withXmpBox(bytes, top, label);
    const made = labelledMoov(bytes, place, label);
    const shift = made.length - (moov.end - moov.at);
    shiftOffsets(made, moov.end, shift);
    return spliced(bytes, moov.at, moov.end - moov.at, made);
  },
  find(bytes): Found {
    const top = boxes(bytes, 0, bytes.length);
    const xmp = top
      .filter((one) => isXmpBox(bytes, one))
      .map((one) => ({ carrier: 'mp4:uuid:XMP', source: fromUtf8(bytes.subarray(one.from + 16, one.end)) }));
    const moov = top.find(({ type }) => type === 'moov');
    return { texts: moov ? keyedTexts(bytes, placeIn(bytes, moov)) : [], xmp };
  },
};

/** The values of the key AIGC. */
function keyedTexts(bytes: Uint8Array, { moov, meta }: Place): FoundText[] {
  const view = viewOf(bytes);
  const texts: FoundText[] = [];
  // QuickTime puts the same structure into `moov.meta`.
  for (const one of [meta, child(bytes, moov, 'meta')]) {
    if (!one || !hasKeys(bytes, one)) continue;
    const skip = metaSkip(bytes, one);
    const keys = child(bytes, one, 'keys', skip) as Box;
    const ilst = child(bytes, one, 'ilst', skip) as Box;
    const names: string[] = [];
    for (let at = keys.from + 8; at + 8 <= keys.end && names.length < MOST_BOXES; ) {
      const size = view.getUint32(at);
      if (size < 8 || at + size > keys.end) throw damaged('MP4');
      names.push(ascii(bytes, at + 8, at + size));
      at += size;
    }
    for (const item of boxes(bytes, ilst.from, ilst.end)) {
      const index = view.getUint32(item.at + 4);
      const data = child(bytes, item, 'data');
      if (data && names[index - 1] === 'AIGC') {
        texts.push({
          carrier: 'mp4:meta',
          key: 'AIGC',
          value: fromUtf8(bytes.subarray(data.from + 8, data.end)),
        });
      }
    }
  }
  return texts;
}

/**
 * TIFF: XMP under tag 700. Packet and a new first directory go to the end of the file and the header points there;
 * everything that was in the file stays where it was, the old directory unused.
 */
import { concatBytes } from '../../core/bytes.ts';
import {
  cannotCarry,
  damaged,
  type Found,
  fromUtf8,
  type LabelCarrier,
  startsWith,
  utf8,
  viewOf,
} from './carrier.ts';
import { withLabelInXmp } from './xmp-label.ts';

const XMP = 700;
const ENTRY = 12;

interface Directory {
  readonly little: boolean;
  readonly at: number;
  readonly count: number;
  /** The XMP packet; null without one. */
  readonly packet: string | null;
}

function firstDirectory(bytes: Uint8Array): Directory {
  const little = bytes[0] === 0x49;
  const view = viewOf(bytes);
  if (bytes.length < 14) throw damaged('TIFF');
  if (view.getUint16(2, little) === 43) {
    throw cannotCarry({ en: 'BigTIFF cannot be labelled', zh: '无法标识 BigTIFF' });
  }
  const at = view.getUint32(4, little);
  if (at + 2 > bytes.length) throw damaged('TIFF');
  const count = view.getUint16(at, little);
  if (at + 2 + count * ENTRY + 4 > bytes.length) throw damaged('TIFF');
  let packet: string | null = null;
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + i * ENTRY;
    if (view.getUint16(entry, little) !== XMP) continue;
    const length = view.getUint32(entry + 4, little);
    const from = length <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
    if (from + length > bytes.length) throw damaged('TIFF');
    packet = fromUtf8(bytes.subarray(from, from + length));
  }
  return { little, at, count, packet };
}

export const tiff: LabelCarrier = {
  name: 'TIFF',
  recognises: (bytes) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => startsWith(bytes, magic)),
  write(bytes, label) {
    const { little, at, count, packet } = firstDirectory(bytes);
    const text = utf8(withLabelInXmp(packet, label));
    const data = concatBytes([new Uint8Array(bytes.length & 1), text, new Uint8Array(text.length & 1)]);
    const from = bytes.length + (bytes.length & 1);
    const old = viewOf(bytes);
    const entries: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + i * ENTRY;
      if (old.getUint16(entry, little) !== XMP) entries.push(bytes.slice(entry, entry + ENTRY));
    }
    const made = new Uint8Array(ENTRY);
    const view = viewOf(made);
    view.setUint16(0, XMP, little);
    view.setUint16(2, 1, little);
    view.setUint32(4, text.length, little);
    view.setUint32(8, from, little);
    const place = entries.findIndex((entry) => viewOf(entry).getUint16(0, little) > XMP);
    entries.splice(place < 0 ? entries.length : place, 0, made);
    const head = new Uint8Array(2);
    viewOf(head).setUint16(0, entries.length, little);
    const next = bytes.slice(at + 2 + count * ENTRY, at + 2 + count * ENTRY + 4);
    const out = concatBytes([bytes, data, head, ...entries, next]);
    viewOf(out).setUint32(4, bytes.length + data.length, little);
    return out;
  },
  find(bytes): Found {
    const { packet } = firstDirectory(bytes);
    return { texts: [], xmp: packet === null ? [] : [{ carrier: 'tiff:700', source: packet }] };
  },
};

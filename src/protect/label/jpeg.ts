/** JPEG: XMP in an APP1 segment (ISO 16684-3), merged into the packet that is there or set behind the first segments. */
import { concatBytes } from '../../core/bytes.ts';
import {
  cannotCarry,
  damaged,
  type Found,
  fromUtf8,
  type LabelCarrier,
  latin1,
  spliced,
  startsWith,
  utf8,
} from './carrier.ts';
import { withLabelInXmp } from './xmp-label.ts';

const HEAD = 'http://ns.adobe.com/xap/1.0/\0';

interface Segment {
  readonly marker: number;
  /** Of the 0xff. */
  readonly at: number;
  /** With marker and length. */
  readonly length: number;
}

/** Segments up to the first scan. */
function segments(bytes: Uint8Array): Segment[] {
  const found: Segment[] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw damaged('JPEG');
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return found;
    const length = 2 + (bytes[at + 2] << 8) + bytes[at + 3];
    if (length < 4 || at + length > bytes.length) throw damaged('JPEG');
    found.push({ marker, at, length });
    at += length;
  }
  throw damaged('JPEG');
}

const isXmp = (bytes: Uint8Array, { marker, at }: Segment) =>
  marker === 0xe1 && startsWith(bytes, HEAD, at + 4);
const packetOf = (bytes: Uint8Array, { at, length }: Segment) =>
  fromUtf8(bytes.subarray(at + 4 + HEAD.length, at + length));

export const jpeg: LabelCarrier = {
  name: 'JPEG',
  recognises: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  write(bytes, label) {
    const all = segments(bytes);
    const old = all.find((segment) => isXmp(bytes, segment));
    const packet = utf8(withLabelInXmp(old ? packetOf(bytes, old) : null, label));
    const length = 2 + HEAD.length + packet.length;
    if (length > 0xffff) {
      throw cannotCarry({ en: 'its XMP packet has no room for a label', zh: '其 XMP 数据已无空间容纳标识' });
    }
    const segment = concatBytes([Uint8Array.of(0xff, 0xe1, length >> 8, length & 255), latin1(HEAD), packet]);
    if (old) return spliced(bytes, old.at, old.length, segment);
    // Behind JFIF and EXIF, which want to be first.
    const first = all.filter(
      ({ marker, at }) => marker === 0xe0 || (marker === 0xe1 && startsWith(bytes, 'Exif', at + 4)),
    );
    const at = first.reduce((end, s) => (s.at === end ? s.at + s.length : end), 2);
    return spliced(bytes, at, 0, segment);
  },
  find(bytes): Found {
    const xmp = segments(bytes)
      .filter((segment) => isXmp(bytes, segment))
      .map((segment) => ({ carrier: 'jpeg:APP1:XMP', source: packetOf(bytes, segment) }));
    return { texts: [], xmp };
  },
};

/** PNG: XMP in an iTXt chunk; where a compressed packet is there already, a tEXt chunk of its own under the key AIGC. */

import { concatBytes } from '../../core/bytes.ts';
import { formatWrappedLabel } from '../../credentials/aigc/label.ts';
import { crc32 } from '../../media/crc32.ts';
import {
  ascii,
  damaged,
  type Found,
  fromUtf8,
  type LabelCarrier,
  latin1,
  spliced,
  startsWith,
  u32be,
  utf8,
  viewOf,
} from './carrier.ts';
import { withLabelInXmp } from './xmp-label.ts';

const KEYWORD = 'XML:com.adobe.xmp\0';
const FIRST = 33;

interface Chunk {
  readonly type: string;
  readonly at: number;
  /** Of its data. */
  readonly length: number;
}

function chunks(bytes: Uint8Array): Chunk[] {
  const view = viewOf(bytes);
  const found: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) throw damaged('PNG');
    const type = ascii(bytes, at + 4, at + 8);
    found.push({ type, at, length });
    if (type === 'IEND') return found;
    at += 12 + length;
  }
  throw damaged('PNG');
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concatBytes([latin1(type), data]);
  return concatBytes([u32be(data.length), body, u32be(crc32(body))]);
}

const isXmp = (bytes: Uint8Array, { type, at }: Chunk) =>
  type === 'iTXt' && startsWith(bytes, KEYWORD, at + 8);

/** The text of an uncompressed iTXt chunk; null for a compressed one. */
function packetOf(bytes: Uint8Array, { at, length }: Chunk): string | null {
  const data = bytes.subarray(at + 8, at + 8 + length);
  if (data[KEYWORD.length] !== 0) return null;
  const language = data.indexOf(0, KEYWORD.length + 2);
  const translated = data.indexOf(0, language + 1);
  if (language < 0 || translated < 0) throw damaged('PNG');
  return fromUtf8(data.subarray(translated + 1));
}

export const png: LabelCarrier = {
  name: 'PNG',
  recognises: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n'),
  write(bytes, label) {
    const all = chunks(bytes);
    if (all[0].type !== 'IHDR' || all[0].length !== 13) throw damaged('PNG');
    const old = all.find((one) => isXmp(bytes, one));
    const packet = old ? packetOf(bytes, old) : null;
    if (old && packet === null) {
      return spliced(bytes, FIRST, 0, chunk('tEXt', latin1(`AIGC\0${formatWrappedLabel(label)}`)));
    }
    // No compression (two bytes), no language, no translated keyword.
    const made = chunk(
      'iTXt',
      concatBytes([latin1(`${KEYWORD}\0\0\0\0`), utf8(withLabelInXmp(packet, label))]),
    );
    return old ? spliced(bytes, old.at, old.length + 12, made) : spliced(bytes, FIRST, 0, made);
  },
  find(bytes): Found {
    const xmp = chunks(bytes)
      .filter((one) => isXmp(bytes, one))
      .map((one) => ({ carrier: 'png:iTXt:XMP', source: packetOf(bytes, one) ?? '' }));
    return { texts: [], xmp };
  },
};

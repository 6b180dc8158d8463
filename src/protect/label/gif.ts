/** GIF: the XMP application extension, behind the colour table or in the place of the one that is there. */
import { concatBytes } from '../../core/bytes.ts';
import {
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

const NAME = 'XMP DataXMP';
/** 258 bytes that bring a reader of sub-blocks to the end from wherever it lands in the packet. */
const MAGIC = Uint8Array.from({ length: 258 }, (_, i) => (i === 0 ? 1 : i < 257 ? 256 - i : 0));

/** First byte behind the global colour table. */
function firstBlock(bytes: Uint8Array): number {
  if (bytes.length < 14) throw damaged('GIF');
  const table = bytes[10] & 0x80 ? 3 << ((bytes[10] & 7) + 1) : 0;
  return 13 + table;
}

/** Skips sub-blocks from `at`; the byte behind their end. */
function afterSubBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at] + 1;
  if (at >= bytes.length) throw damaged('GIF');
  return at + 1;
}

interface Packet {
  /** Of the whole extension. */
  readonly at: number;
  readonly length: number;
  readonly source: string;
}

function packets(bytes: Uint8Array): Packet[] {
  const found: Packet[] = [];
  for (let at = firstBlock(bytes); at < bytes.length; ) {
    if (bytes[at] === 0x3b) return found;
    if (bytes[at] === 0x21) {
      const end = afterSubBlocks(bytes, at + 2);
      if (bytes[at + 1] === 0xff && bytes[at + 2] === 11 && startsWith(bytes, NAME, at + 3)) {
        const source = fromUtf8(bytes.subarray(at + 14, Math.max(at + 14, end - MAGIC.length)));
        found.push({ at, length: end - at, source });
      }
      at = end;
    } else if (bytes[at] === 0x2c && at + 10 <= bytes.length) {
      const table = bytes[at + 9] & 0x80 ? 3 << ((bytes[at + 9] & 7) + 1) : 0;
      at = afterSubBlocks(bytes, at + 10 + table + 1);
    } else throw damaged('GIF');
  }
  throw damaged('GIF');
}

export const gif: LabelCarrier = {
  name: 'GIF',
  recognises: (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a'),
  write(bytes, label) {
    const old = packets(bytes)[0];
    const head = concatBytes([Uint8Array.of(0x21, 0xff, 11), latin1(NAME)]);
    const made = concatBytes([head, utf8(withLabelInXmp(old?.source ?? null, label)), MAGIC]);
    const out = old ? spliced(bytes, old.at, old.length, made) : spliced(bytes, firstBlock(bytes), 0, made);
    // Extensions came with the version of 1989.
    out.set(latin1('GIF89a'));
    return out;
  },
  find: (bytes): Found => ({
    texts: [],
    xmp: packets(bytes).map(({ source }) => ({ carrier: 'gif:application:XMP', source })),
  }),
};

/** FLAC: a Vorbis comment, in the block that is there or in one of its own behind the stream's description. */
import { concatBytes } from '../../core/bytes.ts';
import { damaged, type Found, type LabelCarrier, spliced, startsWith } from './carrier.ts';
import { commentTexts, newComments, withComment } from './vorbis-comment.ts';

const COMMENT = 4;

interface Block {
  readonly type: number;
  readonly last: boolean;
  readonly at: number;
  readonly from: number;
  readonly end: number;
}

function blocks(bytes: Uint8Array): Block[] {
  const found: Block[] = [];
  for (let at = 4; at + 4 <= bytes.length; ) {
    const length = (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    const end = at + 4 + length;
    if (end > bytes.length) throw damaged('FLAC');
    found.push({ type: bytes[at] & 127, last: bytes[at] >= 128, at, from: at + 4, end });
    if (bytes[at] >= 128) return found;
    at = end;
  }
  throw damaged('FLAC');
}

function block(type: number, last: boolean, data: Uint8Array): Uint8Array {
  if (data.length > 0xffffff) throw damaged('FLAC');
  const head = Uint8Array.of(
    type | (last ? 128 : 0),
    data.length >> 16,
    (data.length >> 8) & 255,
    data.length & 255,
  );
  return concatBytes([head, data]);
}

export const flac: LabelCarrier = {
  name: 'FLAC',
  recognises: (bytes) => startsWith(bytes, 'fLaC'),
  write(bytes, label) {
    const all = blocks(bytes);
    const old = all.find(({ type }) => type === COMMENT);
    if (old) {
      const list = withComment(bytes.subarray(old.from, old.end), label, 'FLAC');
      return spliced(bytes, old.at, old.end - old.at, block(COMMENT, old.last, list));
    }
    const first = all[0];
    const out = spliced(bytes, first.end, 0, block(COMMENT, first.last, newComments(label)));
    out[first.at] = first.type;
    return out;
  },
  find: (bytes): Found => ({
    texts: blocks(bytes)
      .filter(({ type }) => type === COMMENT)
      .flatMap(({ from, end }) => commentTexts(bytes.subarray(from, end), 'FLAC')),
    xmp: [],
  }),
};

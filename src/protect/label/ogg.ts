/**
 * Ogg with Vorbis, Opus or FLAC-like comment packets: the second packet of the stream. Its pages are laid out anew; if
 * there are more of them than before, the pages behind are renumbered and their checksums made again, their content
 * copied as it is.
 */
import { concatBytes } from '../../core/bytes.ts';
import { cannotCarry, damaged, type Found, type LabelCarrier, startsWith, viewOf } from './carrier.ts';
import { commentTexts, withComment } from './vorbis-comment.ts';

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n << 24;
  for (let k = 0; k < 8; k++) c = c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1;
  return c >>> 0;
});

function checksum(page: Uint8Array): number {
  let c = 0;
  for (const byte of page) c = ((c << 8) ^ TABLE[((c >>> 24) ^ byte) & 255]) >>> 0;
  return c;
}

interface Page {
  readonly at: number;
  readonly end: number;
  readonly serial: number;
  readonly lacing: Uint8Array;
  readonly data: Uint8Array;
}

function pages(bytes: Uint8Array): Page[] {
  const view = viewOf(bytes);
  const found: Page[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 27 > bytes.length || !startsWith(bytes, 'OggS', at)) throw damaged('Ogg');
    const count = bytes[at + 26];
    const lacing = bytes.subarray(at + 27, at + 27 + count);
    const from = at + 27 + count;
    const end = from + lacing.reduce((sum, n) => sum + n, 0);
    if (end > bytes.length) throw damaged('Ogg');
    found.push({ at, end, serial: view.getUint32(at + 14, true), lacing, data: bytes.subarray(from, end) });
    at = end;
  }
  return found;
}

interface Heads {
  /** Packets behind the first, up to the end of the page that ends the last of them. */
  readonly packets: readonly Uint8Array[];
  /** Pages they take up: from 1 to before this one. */
  readonly until: number;
  readonly format: 'Vorbis' | 'Opus';
}

/** The comment packet, and for Vorbis the setup that follows it; their last page must end with them. */
function heads(all: readonly Page[]): Heads {
  const first = all[0];
  if (!first) throw damaged('Ogg');
  const format = startsWith(first.data, '\x01vorbis')
    ? 'Vorbis'
    : startsWith(first.data, 'OpusHead')
      ? 'Opus'
      : null;
  if (!format || all.some(({ serial }) => serial !== first.serial)) {
    throw cannotCarry({
      en: 'only Ogg files with a single Vorbis or Opus stream can be labelled',
      zh: '仅支持标识只含一路 Vorbis 或 Opus 流的 Ogg 文件',
    });
  }
  const wanted = format === 'Vorbis' ? 2 : 1;
  const packets: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  for (let i = 1; i < all.length; i++) {
    let at = 0;
    for (const [k, length] of all[i].lacing.entries()) {
      open.push(all[i].data.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(concatBytes(open));
      open = [];
      if (packets.length === wanted) {
        if (k !== all[i].lacing.length - 1) throw damaged('Ogg');
        return { packets, until: i + 1, format };
      }
    }
  }
  throw damaged('Ogg');
}

const headLength = (format: Heads['format']) => (format === 'Vorbis' ? 7 : 8);

/** Pages for `packets`, from sequence number 1 on. */
function laidOut(packets: readonly Uint8Array[], serial: number): Uint8Array[] {
  const lacing: number[] = [];
  for (const { length } of packets)
    lacing.push(...new Array(Math.floor(length / 255)).fill(255), length % 255);
  const data = concatBytes(packets);
  const out: Uint8Array[] = [];
  for (let from = 0, at = 0; from < lacing.length; from += 255) {
    const part = lacing.slice(from, from + 255);
    const size = part.reduce((sum, n) => sum + n, 0);
    const page = new Uint8Array(27 + part.length + size);
    page.set([0x4f, 0x67, 0x67, 0x53, 0, from > 0 && lacing[from - 1] === 255 ? 1 : 0]);
    const view = viewOf(page);
    // No packet ends here: position -1.
    if (!part.some((n) => n < 255)) page.fill(255, 6, 14);
    view.setUint32(14, serial, true);
    view.setUint32(18, out.length + 1, true);
    page[26] = part.length;
    page.set(part, 27);
    page.set(data.subarray(at, at + size), 27 + part.length);
    view.setUint32(22, checksum(page), true);
    out.push(page);
    at += size;
  }
  return out;
}

export const ogg: LabelCarrier = {
  name: 'Ogg',
  recognises: (bytes) => startsWith(bytes, 'OggS'),
  write(bytes, label) {
    const all = pages(bytes);
    const { packets, until, format } = heads(all);
    const head = headLength(format);
    const comment = concatBytes([
      packets[0].subarray(0, head),
      withComment(packets[0].subarray(head), label, format),
    ]);
    const made = laidOut([comment, ...packets.slice(1)], all[0].serial);
    const behind = all.slice(until).map(({ at, end }, i) => {
      if (made.length === until - 1) return bytes.subarray(at, end);
      const page = bytes.slice(at, end);
      const view = viewOf(page);
      view.setUint32(18, made.length + 1 + i, true);
      view.setUint32(22, 0, true);
      view.setUint32(22, checksum(page), true);
      return page;
    });
    return concatBytes([bytes.subarray(0, all[0].end), ...made, ...behind]);
  },
  find(bytes): Found {
    const { packets, format } = heads(pages(bytes));
    return { texts: commentTexts(packets[0].subarray(headLength(format)), format), xmp: [] };
  },
};

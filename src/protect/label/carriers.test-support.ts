/** For tests: the smallest honest file of each kind of sound, video and document, byte by byte. */
import { concatBytes } from '../../core/bytes.ts';
import { latin1, u32be, u32le } from './carrier.ts';

const box = (type: string, ...parts: Uint8Array[]): Uint8Array => {
  const content = concatBytes(parts);
  return concatBytes([u32be(8 + content.length), latin1(type), content]);
};

/** Where the frames are, and what they are. */
export const FRAMES = Uint8Array.from({ length: 500 }, (_, i) => (i * 37) & 255);

/** A movie of one chunk, its head in front of the frames or behind, with further boxes in `moov`. */
export function mp4(headFirst: boolean, ...more: Uint8Array[]): Uint8Array {
  const ftyp = box('ftyp', latin1('isom'), u32be(0), latin1('isom'));
  const mdat = box('mdat', FRAMES);
  const head = (offset: number) => {
    const stco = box('stco', u32be(0), u32be(1), u32be(offset));
    const trak = box('trak', box('mdia', box('minf', box('stbl', stco))));
    return box('moov', box('mvhd', new Uint8Array(100)), trak, ...more);
  };
  if (!headFirst) return concatBytes([ftyp, mdat, head(ftyp.length + 8)]);
  return concatBytes([ftyp, head(ftyp.length + head(0).length + 8), mdat]);
}

/** The bytes the only chunk offset points to. */
export function framesOf(file: Uint8Array): Uint8Array {
  const at = Buffer.from(file).indexOf('stco');
  const offset = new DataView(file.buffer, file.byteOffset).getUint32(at + 12);
  return file.subarray(offset, offset + FRAMES.length);
}

/** `udta` with metadata of another program under free keys. */
export function udtaWithKeys(): Uint8Array {
  const zero = new Uint8Array(4);
  const handler = box('hdlr', zero, zero, latin1('mdta'), new Uint8Array(13));
  const keys = box('keys', zero, u32be(1), u32be(8 + 3), latin1('mdtafoo'));
  const data = box('data', u32be(1), zero, latin1('bar'));
  return box(
    'udta',
    box('meta', zero, handler, keys, box('ilst', concatBytes([u32be(8 + data.length), u32be(1), data]))),
  );
}

/** `udta` with iTunes metadata, which has no free keys. */
export function udtaOfItunes(): Uint8Array {
  const zero = new Uint8Array(4);
  const handler = box('hdlr', zero, zero, latin1('mdir'), new Uint8Array(13));
  return box('udta', box('meta', zero, handler, box('ilst')));
}

const chunk = (type: string, data: Uint8Array) =>
  concatBytes([latin1(type), u32le(data.length), data, new Uint8Array(data.length & 1)]);

export function riff(form: string, ...chunks: Uint8Array[]): Uint8Array {
  const body = concatBytes([latin1(form), ...chunks]);
  return concatBytes([latin1('RIFF'), u32le(body.length), body]);
}

export const wav = (samples = FRAMES) =>
  riff(
    'WAVE',
    chunk('fmt ', Uint8Array.of(1, 0, 1, 0, 64, 31, 0, 0, 128, 62, 0, 0, 2, 0, 16, 0)),
    chunk('data', samples),
  );

export const avi = () =>
  riff(
    'AVI ',
    chunk('LIST', concatBytes([latin1('hdrl'), chunk('avih', new Uint8Array(56))])),
    chunk('LIST', concatBytes([latin1('movi'), chunk('00dc', FRAMES)])),
    chunk('idx1', new Uint8Array(16)),
  );

const comments = (...texts: string[]) =>
  concatBytes([
    u32le(4),
    latin1('test'),
    u32le(texts.length),
    ...texts.map((text) => concatBytes([u32le(text.length), latin1(text)])),
  ]);

const flacBlock = (type: number, data: Uint8Array) =>
  concatBytes([Uint8Array.of(type, 0, data.length >> 8, data.length & 255), data]);

export const flac = (withComments: boolean) =>
  concatBytes([
    latin1('fLaC'),
    flacBlock(withComments ? 0 : 0x80, new Uint8Array(34)),
    ...(withComments ? [flacBlock(0x84, comments('TITLE=x'))] : []),
    FRAMES,
  ]);

export const mp3Frames = concatBytes([Uint8Array.of(0xff, 0xfb, 0x90, 0x64), FRAMES]);

export function id3(version: 3 | 4, padding: number): Uint8Array {
  const title = concatBytes([latin1('TIT2'), u32be(4), Uint8Array.of(0, 0, 0), latin1('abc')]);
  const size = title.length + padding;
  const head = concatBytes([latin1('ID3'), Uint8Array.of(version, 0, 0, 0, 0, size >> 7, size & 127)]);
  return concatBytes([head, title, new Uint8Array(padding), mp3Frames]);
}

function crc(page: Uint8Array): number {
  let c = 0;
  for (const byte of page) {
    c = (c ^ (byte << 24)) >>> 0;
    for (let k = 0; k < 8; k++) c = (c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1) >>> 0;
  }
  return c;
}

/** Is every page's checksum right, and do the numbers run on? */
export function oggIsSound(file: Uint8Array): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let number = 0;
  for (let at = 0; at < file.length; number++) {
    const count = file[at + 26];
    const size = file.subarray(at + 27, at + 27 + count).reduce((sum, n) => sum + n, 0);
    const page = file.slice(at, at + 27 + count + size);
    const stated = view.getUint32(at + 22, true);
    page.fill(0, 22, 26);
    if (crc(page) !== stated || view.getUint32(at + 18, true) !== number) return false;
    at += page.length;
  }
  return true;
}

function oggPage(number: number, packets: Uint8Array[]): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [
    ...new Array(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  const head = concatBytes([latin1('OggS'), new Uint8Array(10), u32le(77), u32le(number), new Uint8Array(4)]);
  const page = concatBytes([head, Uint8Array.of(lacing.length, ...lacing), ...packets]);
  new DataView(page.buffer).setUint32(22, crc(page), true);
  return page;
}

/** Opus, or Vorbis with a setup packet of the size given. */
export function ogg(setup: number | null): Uint8Array {
  if (setup === null) {
    return concatBytes([
      oggPage(0, [concatBytes([latin1('OpusHead'), new Uint8Array(11)])]),
      oggPage(1, [concatBytes([latin1('OpusTags'), comments('TITLE=x')])]),
      oggPage(2, [FRAMES]),
    ]);
  }
  const comment = concatBytes([latin1('\x03vorbis'), comments(`TITLE=${'x'.repeat(100)}`), Uint8Array.of(1)]);
  return concatBytes([
    oggPage(0, [concatBytes([latin1('\x01vorbis'), new Uint8Array(23)])]),
    oggPage(1, [comment, concatBytes([latin1('\x05vorbis'), new Uint8Array(setup).fill(3)])]),
    oggPage(2, [FRAMES]),
  ]);
}

/** One empty page, with or without information, references in a table. */
export function pdf(withInfo: boolean): Uint8Array {
  const objects = [
    '1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n',
    '2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\nendobj\n',
    '3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>\nendobj\n',
    ...(withInfo ? ['4 0 obj\n<</Title (a \\(b\\) >> c)>>\nendobj\n'] : []),
  ];
  let text = '%PDF-1.7\n';
  const offsets = objects.map((object) => {
    const at = text.length;
    text += object;
    return at;
  });
  const xref = text.length;
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const info = withInfo ? ' /Info 4 0 R' : '';
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<</Size ${objects.length + 1} /Root 1 0 R${info}>>\n`;
  return latin1(`${text}startxref\n${xref}\n%%EOF`);
}

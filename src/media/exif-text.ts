/**
 * What people and programs write into EXIF as words, and what the block says about orientation and thumbnail.
 * UserComment is read here and not by a library, because generators put whole prompts there in every encoding.
 */
import { Cursor, looseText, utf8 } from './cursor.ts';
import { type Ifd, TAG, TiffBlock } from './ifd.ts';
import type { Findings } from './structure.ts';

const WORDS: readonly (readonly [number, string])[] = [
  [TAG.imageDescription, 'ImageDescription'],
  [TAG.software, 'Software'],
  [TAG.artist, 'Artist'],
  [TAG.copyright, 'Copyright'],
  [TAG.pageName, 'PageName'],
  [TAG.hostComputer, 'HostComputer'],
];
const WIDE_WORDS: readonly (readonly [number, string])[] = [
  [TAG.xpTitle, 'XPTitle'],
  [TAG.xpComment, 'XPComment'],
  [TAG.xpAuthor, 'XPAuthor'],
  [TAG.xpKeywords, 'XPKeywords'],
  [TAG.xpSubject, 'XPSubject'],
];

const withoutZeros = (text: string) => text.replace(/\0+$/, '').replace(/^\ufeff/, '');

/** UTF-16 without a reliable byte order: by its mark, else by which half of the units is mostly zero, else as stated. */
function utf16(bytes: Uint8Array, littleEndian: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return withoutZeros(new TextDecoder('utf-16le').decode(bytes));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return withoutZeros(new TextDecoder('utf-16be').decode(bytes));
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < Math.min(bytes.length, 512); i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  const little = even === odd ? littleEndian : odd > even;
  return withoutZeros(new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes));
}

/** EXIF UserComment: eight bytes name the encoding, the rest is the text. */
export function decodeUserComment(bytes: Uint8Array, littleEndian: boolean): string {
  const head = new Cursor(bytes);
  const body = bytes.subarray(8);
  if (head.matches(0, 'UNICODE\0')) return utf16(body, littleEndian);
  if (head.matches(0, 'ASCII\0\0\0')) return withoutZeros(looseText(body));
  if (head.matches(0, 'JIS\0\0\0\0\0')) return withoutZeros(new TextDecoder('iso-2022-jp').decode(body));
  const undefinedCode = bytes.length >= 8 && bytes.subarray(0, 8).every((b) => b === 0);
  return withoutZeros(looseText(undefinedCode ? body : bytes));
}

/** Notes every text of one directory. */
function noteWords(block: TiffBlock, ifd: Ifd, findings: Findings): void {
  for (const [tag, name] of WORDS) {
    const text = block.text(ifd.entries.get(tag));
    if (text) findings.note(`exif:${name}`, name, text);
  }
  for (const [tag, name] of WIDE_WORDS) {
    const raw = block.raw(ifd.entries.get(tag));
    const text = raw && utf16(raw, true);
    if (text) findings.note(`exif:${name}`, name, text);
  }
  const comment = block.raw(ifd.entries.get(TAG.userComment));
  const text = comment && decodeUserComment(comment, block.littleEndian);
  if (text?.trim()) findings.note('exif:UserComment', 'UserComment', text);
}

/** Width and height in the first frame header of a JPEG, without walking its scans. */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const file = new Cursor(bytes);
  if (bytes.length < 4 || file.u16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 < bytes.length; ) {
    if (file.u8(at) !== 0xff) return undefined;
    const marker = file.u8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { height: file.u16(at + 5), width: file.u16(at + 7) };
    }
    if (marker === 0xda || marker === 0xd9) return undefined;
    at += 2 + file.u16(at + 2);
  }
  return undefined;
}

/**
 * Reads texts, XMP, IPTC, profile and thumbnail out of the TIFF block `bytes` (an EXIF block or a TIFF file) into
 * `findings` and returns the orientation 1..8 it states, if it states one. Never throws for what the block holds.
 */
export function readExifBlock(bytes: Uint8Array, findings: Findings): number | undefined {
  const block = TiffBlock.open(bytes);
  const chain = block?.chain(2) ?? [];
  if (!block || chain.length === 0) return undefined;
  const [main, second] = chain;
  noteWords(block, main, findings);
  const exif = block.ifd(block.number(main.entries.get(TAG.exif)) ?? 0);
  if (exif) noteWords(block, exif, findings);
  const xmp = block.raw(main.entries.get(TAG.xmp));
  if (xmp) findings.packet(utf8(xmp.subarray(0, 4 * findings.textRoom)));
  findings.iptc ??= block.raw(main.entries.get(TAG.iptc));
  findings.icc ??= block.raw(main.entries.get(TAG.icc));
  if (second) {
    const at = block.number(second.entries.get(TAG.jpegOffset));
    const length = block.number(second.entries.get(TAG.jpegLength));
    if (at !== undefined && length !== undefined && at + length <= bytes.length) {
      const size = jpegSize(bytes.subarray(at, at + length));
      if (size) findings.thumbnail ??= { ...size, bytes: length };
    }
  }
  const orientation = block.number(main.entries.get(TAG.orientation));
  return orientation !== undefined && orientation >= 1 && orientation <= 8 ? orientation : undefined;
}

/** PNG chunks (ISO/IEC 15948, third edition with APNG and eXIf): size, text, profile, EXIF, XMP, what trails the end. */
import type { Text } from '../core/text.ts';
import { crc32 } from './crc32.ts';
import { Cursor, looseText, utf8 } from './cursor.ts';
import { corrupt } from './failures.ts';
import { inflateBounded } from './inflate.ts';
import type { Findings } from './structure.ts';

const COLOUR: Readonly<Record<number, { space: string; channels: number; alpha: boolean }>> = {
  0: { space: 'grey', channels: 1, alpha: false },
  2: { space: 'rgb', channels: 3, alpha: false },
  3: { space: 'palette', channels: 3, alpha: false },
  4: { space: 'grey', channels: 2, alpha: true },
  6: { space: 'rgb', channels: 4, alpha: true },
};

/** Reads every chunk of the PNG `bytes` into `findings`. */
export function readPng(bytes: Uint8Array, findings: Findings): void {
  const file = new Cursor(bytes);
  if (!file.matches(0, '\x89PNG\r\n\x1a\n')) {
    throw corrupt({
      en: 'its PNG signature is damaged, as text-mode transfers do',
      zh: 'PNG 签名损坏（常见于以文本模式传输）',
    });
  }
  let at = 8;
  let transparent = false;
  let frames = 1;
  let ended = false;
  let badChecksums = 0;
  const finish = () => {
    const { header } = findings;
    if (header && (transparent || frames !== 1)) {
      findings.header = { ...header, frames, hasAlpha: header.hasAlpha || transparent };
    }
    if (badChecksums > 0) {
      findings.warn({
        en: `${badChecksums} chunk(s) beside the pixel data have a wrong checksum: changed by hand or damaged`,
        zh: `像素数据以外有 ${badChecksums} 个数据块校验和错误：可能被手工修改或已损坏`,
      });
    }
  };
  try {
    while (at + 8 <= bytes.length) {
      const length = file.u32(at);
      const type = file.latin1(at + 4, 4);
      if (!/^[A-Za-z]{4}$/.test(type)) {
        findings.warn({
          en: `what follows byte ${at} is no PNG chunk`,
          zh: `字节 ${at} 之后不是有效的 PNG 数据块`,
        });
        break;
      }
      const data = file.slice(at + 8, length);
      const stored = file.u32(at + 8 + length);
      findings.segment(type, at, length + 12);
      if (type !== 'IDAT' && type !== 'fdAT' && length <= 1 << 20) {
        if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== stored) badChecksums++;
      }
      if (type === 'IHDR') readHeader(data, findings);
      else if (type === 'tRNS') transparent = true;
      else if (type === 'acTL' && length >= 8) frames = Math.max(1, file.u32(at + 8));
      else READERS[type]?.(data, findings);
      at += length + 12;
      if (type === 'IEND') {
        ended = true;
        break;
      }
    }
  } finally {
    finish();
  }
  if (ended) findings.trailingBytes = bytes.length - at;
  else findings.truncated = true;
}

function readHeader(data: Uint8Array, findings: Findings): void {
  const chunk = new Cursor(data);
  const colour = COLOUR[chunk.u8(9)];
  if (!colour) throw corrupt({ en: 'its PNG colour type does not exist', zh: 'PNG 颜色类型无效' });
  findings.header = {
    width: chunk.u32(0),
    height: chunk.u32(4),
    frames: 1,
    bitDepth: chunk.u8(8),
    channels: colour.channels,
    colourSpace: colour.space,
    hasAlpha: colour.alpha,
  };
}

/** Splits `keyword NUL rest`. */
function keyword(data: Uint8Array): { key: string; rest: Uint8Array } | null {
  const end = data.indexOf(0);
  if (end < 0) return null;
  return { key: looseText(data.subarray(0, end)), rest: data.subarray(end + 1) };
}

function expand(
  carrier: string,
  data: Uint8Array,
  findings: Findings,
  room = findings.textRoom,
): Uint8Array | null {
  const inflated = inflateBounded(data, room);
  if ('data' in inflated) return inflated.data;
  const reason: Text =
    inflated.problem === 'too-large'
      ? { en: 'expands beyond the limit and was left out', zh: '解压后超出上限，已略去' }
      : { en: 'cannot be decompressed', zh: '无法解压' };
  findings.warn({ en: `${carrier} ${reason.en}`, zh: `${carrier} ${reason.zh}` });
  return null;
}

/** ImageMagick's way of carrying EXIF, IPTC and XMP in text chunks: name, length, hexadecimal digits. */
function readRawProfile(key: string, value: string, findings: Findings): boolean {
  const name = /^Raw profile type (\w+)$/.exec(key)?.[1]?.toLowerCase();
  const body = name ? /^\s*\w+\s+(\d+)\s+([0-9a-fA-F\s]*)$/.exec(value) : null;
  if (!name || !body) return false;
  const digits = body[2].replace(/\s+/g, '');
  const data = new Uint8Array(digits.length >> 1);
  for (let i = 0; i < data.length; i++) data[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  if (name === 'exif' || (name === 'app1' && looseText(data.subarray(0, 4)) === 'Exif'))
    findings.exif ??= stripExifMark(data);
  else if (name === 'xmp') findings.packet(utf8(data));
  else if (name === 'app1') findings.packet(utf8(data.subarray(data.indexOf(0) + 1)));
  else if (name === 'iptc') findings.iptc ??= data;
  else return false;
  return true;
}

/** EXIF without the `Exif\0\0` that belongs to JPEG only but is often carried along. */
export function stripExifMark(data: Uint8Array): Uint8Array {
  return new Cursor(data).matches(0, 'Exif\0\0') ? data.subarray(6) : data;
}

function keepText(carrier: string, key: string, value: string, findings: Findings): void {
  if (key === 'XML:com.adobe.xmp') findings.packet(value);
  else if (!readRawProfile(key, value, findings)) findings.note(carrier, key, value);
}

const READERS: Readonly<Record<string, (data: Uint8Array, findings: Findings) => void>> = {
  tEXt(data, findings) {
    const entry = keyword(data);
    if (entry) keepText('png:tEXt', entry.key, looseText(entry.rest), findings);
  },
  zTXt(data, findings) {
    const entry = keyword(data);
    const text = entry && expand('png:zTXt', entry.rest.subarray(1), findings);
    if (entry && text) keepText('png:zTXt', entry.key, looseText(text), findings);
  },
  iTXt(data, findings) {
    const entry = keyword(data);
    if (!entry || entry.rest.length < 2) return;
    const compressed = entry.rest[0] === 1;
    const language = keyword(entry.rest.subarray(2));
    const translated = language && keyword(language.rest);
    if (!translated) return;
    const text = compressed ? expand('png:iTXt', translated.rest, findings) : translated.rest;
    if (text) keepText('png:iTXt', entry.key, utf8(text), findings);
  },
  eXIf(data, findings) {
    findings.exif = stripExifMark(data);
  },
  iCCP(data, findings) {
    const entry = keyword(data);
    const profile = entry && expand('png:iCCP', entry.rest.subarray(1), findings, 1 << 24);
    if (profile) findings.icc = profile;
  },
};

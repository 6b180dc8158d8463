/**
 * Recognises a file by its first bytes, never by its name: a WebP that calls itself `.jpg` is everyday life on
 * the web, and a ruse elsewhere. What is recognised but cannot be analysed is said by name, with what to do.
 */
import type { ImageFormat, SoundFormat, VideoFormat } from '../core/media.ts';
import type { Text } from '../core/text.ts';

export type Sniffed =
  | { readonly status: 'image'; readonly format: ImageFormat; readonly mime: string }
  /** A format made for sound. */
  | { readonly status: 'audio'; readonly format: SoundFormat; readonly name: string }
  /** A format made for video; whether there is any in it, only its tracks tell. */
  | { readonly status: 'video'; readonly format: VideoFormat; readonly name: string }
  | { readonly status: 'unsupported'; readonly name: string; readonly what: Text; readonly hint: Text };

export const MIME: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
};

/** Formats that can be read, for hints. */
export const READABLE = 'JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP';
export const READABLE_SOUNDS = 'WAV, AIFF, AU, MP3, M4A, AAC, FLAC, Ogg';

function ascii(bytes: Uint8Array, offset: number, length: number): string {
  let out = '';
  for (let i = offset; i < Math.min(offset + length, bytes.length); i++) out += String.fromCharCode(bytes[i]);
  return out;
}

function startsWith(bytes: Uint8Array, ...prefix: number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

const image = (format: ImageFormat): Sniffed => ({ status: 'image', format, mime: MIME[format] });

function unsupported(name: string, what: Text, hint: Text): Sniffed {
  return { status: 'unsupported', name, what, hint };
}

const CONVERT: Text = {
  en: `convert it without further loss to one of ${READABLE}, or export the original as JPEG`,
  zh: `请无损转换为 ${READABLE} 之一，或将原图导出为 JPEG`,
};
const sound = (format: SoundFormat, name: string): Sniffed => ({ status: 'audio', format, name });
const video = (format: VideoFormat, name: string): Sniffed => ({ status: 'video', format, name });

const AS_WAV: Text = {
  en: `convert it to one of ${READABLE_SOUNDS}, WAV being without further loss`,
  zh: `请转换为 ${READABLE_SOUNDS} 之一，其中 WAV 不会再有损失`,
};
const STILL: Text = {
  en: 'take a still picture from it and analyse that',
  zh: '请从中截取静态图片再进行分析',
};

/** A still or moving picture in a format we know by name only. */
function foreign(name: string, hint: Text = CONVERT): Sniffed {
  return unsupported(
    name,
    { en: `this is ${name}, which cannot be analysed yet`, zh: `这是 ${name}，目前尚不支持分析` },
    hint,
  );
}

/** What an ISO base media file (MP4, QuickTime, HEIF, AVIF) is, from its brands. */
function sniffIsoMedia(bytes: Uint8Array): Sniffed {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = Math.min(view.getUint32(0), bytes.length, 4096);
  const brands = [ascii(bytes, 8, 4)];
  for (let at = 16; at + 4 <= size; at += 4) brands.push(ascii(bytes, at, 4));
  const has = (...names: string[]) => names.some((name) => brands.includes(name));
  if (has('avif', 'avis')) return image('avif');
  if (has('heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs')) {
    return foreign('HEIC (HEVC picture)', {
      en: 'export it as JPEG on the device that took it (iPhone: Settings > Camera > Formats > Most Compatible)',
      zh: '请在拍摄设备上导出为 JPEG（iPhone：设置 > 相机 > 格式 > 兼容性最佳）',
    });
  }
  if (has('jxl ')) return foreign('JPEG XL');
  if (has('mif1', 'msf1')) return foreign('HEIF');
  if (has('crx ')) return foreign('camera raw (CR3)');
  if (has('M4A ', 'M4B ')) return sound('m4a', 'sound (M4A)');
  return has('qt  ') ? video('quicktime', 'video (QuickTime)') : video('mp4', 'video (MP4)');
}

function sniffRiff(bytes: Uint8Array): Sniffed {
  const form = ascii(bytes, 8, 4);
  if (form === 'WEBP') return image('webp');
  if (form === 'WAVE') return sound('wav', 'sound (WAV)');
  if (form === 'AVI ') return foreign('video (AVI)', STILL);
  return foreign(`RIFF (${form.replace(/[^\x20-\x7e]/g, '?')})`);
}

/** The EBML header names what it holds within its first bytes. */
function sniffMatroska(bytes: Uint8Array): Sniffed {
  return ascii(bytes, 0, 64).includes('webm')
    ? video('webm', 'video (WebM)')
    : video('matroska', 'video (Matroska)');
}

/** An IFF file, of which AIFF is one kind. */
function sniffIff(bytes: Uint8Array): Sniffed {
  const form = ascii(bytes, 8, 4);
  return form === 'AIFF' || form === 'AIFC' ? sound('aiff', 'sound (AIFF)') : foreign('IFF');
}

/** TIFF, unless it is one of the camera raw formats that dress as TIFF and whose first picture is a thumbnail. */
function sniffTiff(bytes: Uint8Array): Sniffed {
  if (ascii(bytes, 8, 2) === 'CR') return foreign('camera raw (CR2)');
  return image('tiff');
}

/** BMP has a two-letter signature, so the header that follows must make sense too. */
function looksLikeBmp(bytes: Uint8Array): boolean {
  if (!startsWith(bytes, 0x42, 0x4d) || bytes.length < 18) return false;
  const headerSize = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(14, true);
  return headerSize === 12 || (headerSize >= 16 && headerSize <= 256);
}

interface Signature {
  readonly matches: (bytes: Uint8Array) => boolean;
  readonly is: (bytes: Uint8Array) => Sniffed;
}

const text = (offset: number, value: string) => (bytes: Uint8Array) =>
  ascii(bytes, offset, value.length) === value;
const octets =
  (...prefix: number[]) =>
  (bytes: Uint8Array) =>
    startsWith(bytes, ...prefix);

/** In order; the first that matches decides. */
const SIGNATURES: readonly Signature[] = [
  { matches: octets(0xff, 0xd8), is: () => image('jpeg') },
  { matches: octets(0x89, 0x50, 0x4e, 0x47), is: () => image('png') },
  { matches: text(0, 'GIF87a'), is: () => image('gif') },
  { matches: text(0, 'GIF89a'), is: () => image('gif') },
  { matches: text(0, 'RIFF'), is: sniffRiff },
  { matches: text(4, 'ftyp'), is: sniffIsoMedia },
  { matches: octets(0x49, 0x49, 0x2a, 0), is: sniffTiff },
  { matches: octets(0x4d, 0x4d, 0, 0x2a), is: sniffTiff },
  { matches: octets(0x49, 0x49, 0x2b, 0), is: () => image('tiff') },
  { matches: octets(0x4d, 0x4d, 0, 0x2b), is: () => image('tiff') },
  { matches: looksLikeBmp, is: () => image('bmp') },
  {
    matches: text(0, '%PDF'),
    is: () =>
      foreign('PDF', {
        en: 'extract the pictures from it (for instance with pdfimages -all) and analyse those',
        zh: '请先提取其中的图片（例如 pdfimages -all），再进行分析',
      }),
  },
  { matches: octets(0xff, 0x0a), is: () => foreign('JPEG XL') },
  { matches: text(4, 'JXL '), is: () => foreign('JPEG XL') },
  { matches: text(4, 'jP  '), is: () => foreign('JPEG 2000') },
  { matches: octets(0xff, 0x4f, 0xff, 0x51), is: () => foreign('JPEG 2000') },
  { matches: text(0, '8BPS'), is: () => foreign('Photoshop (PSD)') },
  { matches: text(4, 'moov'), is: () => video('quicktime', 'video (QuickTime)') },
  { matches: octets(0x1a, 0x45, 0xdf, 0xa3), is: sniffMatroska },
  { matches: text(0, 'FLV'), is: () => foreign('video (FLV)', STILL) },
  { matches: octets(0x30, 0x26, 0xb2, 0x75), is: () => foreign('video or audio (ASF/WMV)', STILL) },
  { matches: octets(0, 0, 1, 0xba), is: () => foreign('video (MPEG)', STILL) },
  { matches: text(0, 'OggS'), is: () => sound('ogg', 'sound (Ogg)') },
  { matches: text(0, 'fLaC'), is: () => sound('flac', 'sound (FLAC)') },
  { matches: text(0, 'ID3'), is: () => sound('mp3', 'sound (MP3)') },
  { matches: text(0, 'FORM'), is: sniffIff },
  { matches: text(0, '.snd'), is: () => sound('au', 'sound (AU)') },
  { matches: text(0, '#!AMR'), is: () => foreign('sound (AMR)', AS_WAV) },
  { matches: text(0, 'caff'), is: () => foreign('sound (CAF)', AS_WAV) },
  { matches: (b) => b[0] === 0xff && (b[1] & 0xf6) === 0xf0, is: () => sound('aac', 'sound (AAC)') },
  { matches: (b) => b[0] === 0xff && (b[1] & 0xe6) === 0xe2, is: () => sound('mp3', 'sound (MP3)') },
  {
    matches: (b) => b[0] === 0x47 && b[188] === 0x47 && b[376] === 0x47,
    is: () => video('mpeg-ts', 'video (MPEG transport stream)'),
  },
  { matches: octets(0, 0, 1, 0), is: () => foreign('Windows icon (ICO)') },
  {
    matches: octets(0x50, 0x4b, 3, 4),
    is: () => foreign('a ZIP archive or office document', { en: 'unpack it first', zh: '请先解压' }),
  },
  { matches: octets(0x1f, 0x8b), is: () => foreign('gzip data', { en: 'unpack it first', zh: '请先解压' }) },
];

/** Share of the first bytes that are ordinary text, and the text itself (UTF-8, or UTF-16 with its mark). */
function asText(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, 1024);
  const wide = startsWith(head, 0xff, 0xfe) ? 'utf-16le' : startsWith(head, 0xfe, 0xff) ? 'utf-16be' : null;
  if (wide) return new TextDecoder(wide).decode(head);
  let odd = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32)) odd++;
  if (odd > 0) return null;
  return new TextDecoder('utf-8').decode(head);
}

/** What `bytes` are. Looks at no more than the first 4 KiB. Unknown content is `unsupported` too, and says so. */
export function sniff(bytes: Uint8Array): Sniffed {
  for (const signature of SIGNATURES) if (signature.matches(bytes)) return signature.is(bytes);
  const words = asText(bytes);
  if (words !== null) {
    if (/<svg[\s>]/i.test(words)) {
      return foreign('SVG (a drawing, not a photograph)', {
        en: 'a drawing has no camera noise or generator traces to examine; analyse the original picture',
        zh: '矢量图没有可供检验的相机噪声或生成痕迹；请分析原始图片',
      });
    }
    const html = /<(!doctype html|html|head|body)[\s>]/i.test(words);
    return foreign(html ? 'an HTML page' : 'text', {
      en: html
        ? 'the download probably stored a web page instead of the picture; fetch the picture itself'
        : `give a picture (${READABLE})`,
      zh: html ? '下载到的可能是网页而不是图片；请重新下载图片本身' : `请提供图片文件（${READABLE}）`,
    });
  }
  return unsupported(
    'unknown',
    { en: 'the content is of no known picture format', zh: '内容不属于任何已知的图片格式' },
    { en: `give a picture (${READABLE})`, zh: `请提供图片文件（${READABLE}）` },
  );
}

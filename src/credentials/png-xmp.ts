/**
 * Puts an XMP packet into a PNG, where ISO 16684-3 wants it: an uncompressed iTXt chunk, here right after the header, so
 * that readers that stop at the pixels still see it.
 */
import { HuoyanError } from '../core/errors.ts';
import { crc32 } from '../media/crc32.ts';

const KEYWORD = 'XML:com.adobe.xmp';
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature and IHDR chunk. */
const HEADER_END = 33;

/** The PNG with `packet` in front of everything but its header. Throws HuoyanError `bad-argument` for what is no PNG. */
export function withXmp(png: Uint8Array, packet: string): Uint8Array {
  if (png.length < HEADER_END || SIGNATURE.some((byte, i) => png[i] !== byte)) {
    throw new HuoyanError(
      'bad-argument',
      { en: 'XMP can be put into PNG files only', zh: '只能向 PNG 文件写入 XMP' },
      { en: 'convert the picture to PNG first', zh: '请先将图片转换为 PNG' },
    );
  }
  // Keyword, then five zeros: its end, no compression (two bytes), no language, no translated keyword.
  const data = new TextEncoder().encode(`iTXt${KEYWORD}\0\0\0\0\0${packet}`);
  const out = new Uint8Array(png.length + data.length + 8);
  const view = new DataView(out.buffer);
  out.set(png.subarray(0, HEADER_END));
  view.setUint32(HEADER_END, data.length - 4);
  out.set(data, HEADER_END + 4);
  view.setUint32(HEADER_END + 4 + data.length, crc32(data));
  out.set(png.subarray(HEADER_END), HEADER_END + 8 + data.length);
  return out;
}

/** Photoshop image resources (8BIM blocks), the usual carrier of IPTC-IIM in JPEG and TIFF. */
import { Cursor, utf8 } from './cursor.ts';
import { jpegSize } from './exif-text.ts';
import type { Findings } from './structure.ts';

const IPTC = 0x0404;
const THUMBNAIL = 0x040c;
const XMP = 0x0424;

/** Reads the resources in `parts` (the payloads of one file's APP13 segments, in order) into `findings`. */
export function readPhotoshop(parts: readonly Uint8Array[], findings: Findings): void {
  if (parts.length === 0) return;
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = parts.length === 1 ? parts[0] : new Uint8Array(total);
  if (parts.length > 1) {
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
  }
  const c = new Cursor(bytes);
  for (let at = 0; at + 12 <= bytes.length && c.matches(at, '8BIM'); ) {
    const id = c.u16(at + 4);
    const name = c.u8(at + 6) + 1;
    const head = at + 6 + name + (name & 1);
    if (head + 4 > bytes.length) return;
    const length = c.u32(head);
    const body = head + 4;
    if (body + length > bytes.length) return;
    const data = c.slice(body, length);
    if (id === IPTC) findings.iptc ??= data;
    else if (id === XMP) findings.packet(utf8(data));
    else if (id === THUMBNAIL && length > 28) {
      const size = jpegSize(data.subarray(28));
      if (size) findings.thumbnail ??= { ...size, bytes: length - 28 };
    }
    at = body + length + (length & 1);
  }
}

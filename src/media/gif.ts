/** GIF blocks (GIF89a specification): screen, frames, comments, XMP, what trails the end. */
import { Cursor, looseText, printable, utf8 } from './cursor.ts';
import { corrupt } from './failures.ts';
import type { Findings } from './structure.ts';

const TRAILER = 0x3b;
const EXTENSION = 0x21;
const IMAGE = 0x2c;

/** End of the sub-blocks that start at `at`: past their zero terminator. RangeError past the end of the file. */
function skipSubBlocks(file: Cursor, at: number): number {
  let next = at;
  for (let size = file.u8(next); size !== 0; size = file.u8(next)) next += size + 1;
  return next + 1;
}

/** The contents of the sub-blocks from `at` to `end`, at most `maxBytes`. */
function joinSubBlocks(file: Cursor, at: number, end: number, maxBytes: number): Uint8Array {
  const out = new Uint8Array(Math.min(end - at, maxBytes));
  let used = 0;
  for (let next = at; next < end - 1 && used < out.length; next += file.u8(next) + 1) {
    const part = file.slice(next + 1, file.u8(next)).subarray(0, out.length - used);
    out.set(part, used);
    used += part.length;
  }
  return out.subarray(0, used);
}

/** Reads every block of the GIF `bytes` into `findings`. */
export function readGif(bytes: Uint8Array, findings: Findings): void {
  const file = new Cursor(bytes, true);
  const width = file.u16(6);
  const height = file.u16(8);
  const flags = file.u8(10);
  let frames = 0;
  let hasAlpha = false;
  const state = () => {
    findings.header = {
      width,
      height,
      frames: Math.max(1, frames),
      bitDepth: 8,
      channels: hasAlpha ? 4 : 3,
      colourSpace: 'palette',
      hasAlpha,
    };
  };
  state();
  findings.segment('LSD', 0, 13);
  let at = 13 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  for (;;) {
    const introducer = file.u8(at);
    if (introducer === TRAILER) {
      findings.segment('Trailer', at, 1);
      findings.trailingBytes = bytes.length - at - 1;
      break;
    }
    if (introducer === IMAGE) {
      const local = file.u8(at + 9);
      const data = at + 10 + (local & 0x80 ? 3 << ((local & 7) + 1) : 0);
      const end = skipSubBlocks(file, data + 1);
      findings.segment('Image', at, end - at);
      if (frames < findings.limits.maxFrames) frames++;
      state();
      at = end;
    } else if (introducer === EXTENSION) {
      const end = skipSubBlocks(file, at + 2);
      hasAlpha = readExtension(file, at, end, findings) || hasAlpha;
      state();
      at = end;
    } else {
      if (frames === 0)
        throw corrupt({ en: `byte ${at} starts no GIF block`, zh: `字节 ${at} 处不是有效的 GIF 数据块` });
      findings.warn({ en: `byte ${at} starts no GIF block`, zh: `字节 ${at} 处不是有效的 GIF 数据块` });
      findings.truncated = true;
      break;
    }
  }
}

/** One extension block; true when it declares a transparent colour. */
function readExtension(file: Cursor, at: number, end: number, findings: Findings): boolean {
  const label = file.u8(at + 1);
  if (label === 0xf9) {
    findings.segment('GCE', at, end - at);
    return file.u8(at + 2) >= 4 && (file.u8(at + 3) & 1) === 1;
  }
  if (label === 0xfe) {
    findings.segment('Comment', at, end - at);
    findings.note('gif:comment', '', looseText(joinSubBlocks(file, at + 2, end, findings.textRoom)));
  } else if (label === 0xff && file.u8(at + 2) === 11) {
    const name = file.latin1(at + 3, 11);
    findings.segment(`Application:${printable(name)}`, at, end - at);
    if (name === 'XMP DataXMP') readXmp(file, at + 14, end, findings);
    if (name === 'ICCRGBG1012') findings.icc ??= joinSubBlocks(file, at + 14, end, 1 << 24);
  } else {
    findings.segment(label === 0x01 ? 'PlainText' : `Extension:${label.toString(16)}`, at, end - at);
  }
  return false;
}

/** XMP stands in GIF as plain bytes, not sub-blocks, followed by a 258-byte "magic trailer" that ends the walk. */
function readXmp(file: Cursor, at: number, end: number, findings: Findings): void {
  const raw = file.slice(at, Math.max(0, end - at - 258));
  const text = utf8(raw.subarray(0, findings.textRoom));
  if (text.includes('<')) findings.packet(text);
}

/** WebP chunks (RFC 9649): canvas, frames, alpha, EXIF, XMP, profile, what trails the RIFF container. */
import { Cursor, printable, utf8 } from './cursor.ts';
import { stripExifMark } from './png.ts';
import type { Findings, Header } from './structure.ts';

/** Size from a lossy key frame: 3 bytes of tag, start code 9d 01 2a, then 14 bits each. */
function lossyHeader(chunk: Cursor): Header | undefined {
  if (chunk.length < 10 || chunk.u24(3) !== 0x2a019d) return undefined;
  return {
    width: chunk.u16(6) & 0x3fff,
    height: chunk.u16(8) & 0x3fff,
    frames: 1,
    bitDepth: 8,
    channels: 3,
    colourSpace: 'ycbcr',
    hasAlpha: false,
  };
}

/** Size from a lossless bitstream: signature 2f, then 14 + 14 bits, less one each. */
function losslessHeader(chunk: Cursor): Header | undefined {
  if (chunk.length < 5 || chunk.u8(0) !== 0x2f) return undefined;
  const bits = chunk.u32(1);
  const hasAlpha = ((bits >>> 28) & 1) === 1;
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    frames: 1,
    bitDepth: 8,
    channels: hasAlpha ? 4 : 3,
    colourSpace: 'rgb',
    hasAlpha,
  };
}

/** Reads every chunk of the WebP `bytes` into `findings`. */
export function readWebp(bytes: Uint8Array, findings: Findings): void {
  const file = new Cursor(bytes, true);
  const riffEnd = 8 + file.u32(4);
  const end = Math.min(riffEnd, bytes.length);
  let frames = 0;
  let alpha = false;
  let canvas: { width: number; height: number } | undefined;
  let stream: Header | undefined;
  let at = 12;
  while (at + 8 <= end) {
    const type = file.latin1(at, 4);
    const length = file.u32(at + 4);
    const stored = bytes.subarray(at + 8, Math.min(at + 8 + length, bytes.length));
    const chunk = new Cursor(stored, true);
    findings.segment(printable(type), at, Math.min(8 + length + (length & 1), bytes.length - at));
    if (type === 'VP8X' && stored.length >= 10) {
      canvas = { width: chunk.u24(4) + 1, height: chunk.u24(7) + 1 };
      alpha ||= (chunk.u8(0) & 0x10) !== 0;
    } else if (type === 'VP8 ') stream ??= lossyHeader(chunk);
    else if (type === 'VP8L') stream ??= losslessHeader(chunk);
    else if (type === 'ALPH') alpha = true;
    else if (type === 'ANMF') {
      if (frames < findings.limits.maxFrames) frames++;
      if (frames === 1 && stored.length > 24) stream ??= frameStream(chunk);
    } else if (type === 'EXIF') findings.exif ??= stripExifMark(stored);
    else if (type === 'XMP ') findings.packet(utf8(stored));
    else if (type === 'ICCP') findings.icc ??= stored;
    const header = stream ?? (canvas && PLAIN);
    if (header) {
      const hasAlpha = header.hasAlpha || alpha;
      findings.header = {
        ...header,
        ...canvas,
        frames: Math.max(1, frames),
        hasAlpha,
        channels: hasAlpha ? 4 : 3,
      };
    }
    at += 8 + length + (length & 1);
  }
  if (at > bytes.length || riffEnd > bytes.length) findings.truncated = true;
  findings.trailingBytes = Math.max(0, bytes.length - riffEnd);
}

const PLAIN: Header = {
  width: 0,
  height: 0,
  frames: 1,
  bitDepth: 8,
  channels: 3,
  colourSpace: 'rgb',
  hasAlpha: false,
};

/** The bitstream inside the first animation frame, for its kind of coding. */
function frameStream(frame: Cursor): Header | undefined {
  let at = 16;
  while (at + 8 <= frame.length) {
    const type = frame.latin1(at, 4);
    const length = frame.u32(at + 4);
    const inner = new Cursor(frame.bytes.subarray(at + 8, Math.min(frame.length, at + 8 + length)), true);
    if (type === 'VP8 ') return lossyHeader(inner);
    if (type === 'VP8L') return losslessHeader(inner);
    at += 8 + length + (length & 1);
  }
  return undefined;
}

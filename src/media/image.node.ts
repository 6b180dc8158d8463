/**
 * One still picture from a path, from standard input or from bytes: recognised by content, checked against the
 * limits before anything is decoded, decoded once, and described. The door through which every picture enters.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ImageMedia } from '../core/media.ts';
import { emptyFile, fromFileSystem, notAFile, tooLarge, tooManyPixels, unsupported } from './failures.ts';
import { type ReadLimits, withDefaults } from './limits.ts';
import { decodePixels, probe } from './pixels.node.ts';
import { sniff } from './sniff.ts';

/** Everything of a stream, or `too-large` as soon as the limit is passed. */
async function readStream(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of stream) {
    total += part.length;
    if (total > maxBytes) throw tooLarge(name, Number.POSITIVE_INFINITY, maxBytes);
    parts.push(part);
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The bytes of the regular file `path`, or of standard input for `-`. Throws HuoyanError. */
export async function readBytes(path: string, limits?: Partial<ReadLimits>): Promise<Uint8Array> {
  const { maxBytes } = withDefaults(limits);
  if (path === '-') return readStream('-', process.stdin, maxBytes);
  try {
    const file = await open(path, 'r');
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw notAFile(path);
      if (stat.size > maxBytes) throw tooLarge(path, stat.size, maxBytes);
      const bytes = await file.readFile();
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw fromFileSystem(path, thrown);
  }
}

/**
 * The picture in the file `path` (`-` is standard input). Throws HuoyanError `not-found`, `permission-denied`,
 * `not-a-file` and whatever `readImage` throws.
 */
export async function readImageFile(path: string, limits?: Partial<ReadLimits>): Promise<ImageMedia> {
  return readImage(await readBytes(path, limits), path, limits);
}

/**
 * The picture in `bytes`; `name` is only carried along. Throws HuoyanError `empty`, `too-large`,
 * `too-many-pixels` (from the header, before decoding), `unsupported-format`, `corrupt` or `timeout`.
 */
export async function readImage(
  bytes: Uint8Array,
  name: string,
  limits?: Partial<ReadLimits>,
): Promise<ImageMedia> {
  const within = withDefaults(limits);
  if (bytes.length === 0) throw emptyFile(name);
  if (bytes.length > within.maxBytes) throw tooLarge(name, bytes.length, within.maxBytes);
  const sniffed = sniff(bytes);
  if (sniffed.status === 'unsupported') throw unsupported(sniffed.what, sniffed.hint);
  const header = await probe(bytes);
  if (header.width * header.height > within.maxPixels) {
    throw tooManyPixels(header.width, header.height, within.maxPixels);
  }
  const pixels = await decodePixels(bytes, within);
  return {
    kind: 'image',
    name,
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    pixels,
    container: {
      format: sniffed.format,
      mime: sniffed.mime,
      bytes: bytes.length,
      width: pixels.width,
      height: pixels.height,
      orientation: header.orientation,
      frames: header.frames,
      bitDepth: header.bitDepth,
      channels: header.channels,
      colourSpace: header.colourSpace,
      hasAlpha: header.hasAlpha,
      segments: [],
      text: [],
      xmp: [],
      trailingBytes: 0,
      warnings: [],
    },
  };
}

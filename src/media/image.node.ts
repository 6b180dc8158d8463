/** One still picture from a path, from standard input or from bytes, decoded by libvips. The door through which every picture enters. */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { ImageMedia } from '../core/media.ts';
import { fromFileSystem, notAFile, tooLarge } from './failures.ts';
import { type Decoder, readPicture } from './image.ts';
import { type ReadLimits, withDefaults } from './limits.ts';
import { decode } from './pixels.node.ts';

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
    // Looked at before it is opened: opening a named pipe would wait for a writer.
    if (!(await stat(path)).isFile()) throw notAFile(path);
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw tooLarge(path, size, maxBytes);
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

const LIBVIPS: Decoder = {
  decode: (bytes, _, options) => decode(bytes, options),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
};

/**
 * The picture in `bytes`; `name` is only carried along. Throws HuoyanError `empty`, `too-large`,
 * `too-many-pixels` (from the header, before decoding), `unsupported-format`, `corrupt` or `timeout`.
 */
export function readImage(
  bytes: Uint8Array,
  name: string,
  limits?: Partial<ReadLimits>,
): Promise<ImageMedia> {
  return readPicture(bytes, name, LIBVIPS, limits);
}

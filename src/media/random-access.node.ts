/** Files as {@link RandomAccess}: sound and video are read where they are needed, never as a whole. */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { RandomAccess } from '../core/media.ts';
import { emptyFile, fromFileSystem, notAFile, tooLarge } from './failures.ts';

/** The regular file `path`, open for reading. Throws HuoyanError `not-found`, `not-a-file`, `empty`, `too-large` … */
export async function openFile(path: string, maxBytes: number): Promise<RandomAccess> {
  try {
    // Looked at before it is opened: opening a named pipe would wait for a writer.
    if (!(await stat(path)).isFile()) throw notAFile(path);
    const file = await open(path, 'r');
    const { size } = await file.stat();
    if (size === 0 || size > maxBytes) {
      await file.close();
      throw size === 0 ? emptyFile(path) : tooLarge(path, size, maxBytes);
    }
    return {
      size,
      async slice(from, to) {
        const buffer = new Uint8Array(Math.max(0, to - from));
        let read = 0;
        while (read < buffer.length) {
          const { bytesRead } = await file.read(buffer, read, buffer.length - read, from + read);
          if (bytesRead === 0) break;
          read += bytesRead;
        }
        return buffer.subarray(0, read);
      },
      close: () => file.close(),
    };
  } catch (thrown) {
    throw fromFileSystem(path, thrown);
  }
}

/** Bytes already in memory. */
export function fileOf(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    slice: async (from, to) => bytes.subarray(from, to),
    close: async () => {},
  };
}

const CHUNK = 1 << 22;

/** Lower-case hexadecimal SHA-256 of the whole file, read piece by piece. */
export async function sha256Of(file: RandomAccess): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < file.size; at += CHUNK) {
    hash.update(await file.slice(at, Math.min(file.size, at + CHUNK)));
  }
  return hash.digest('hex');
}

/**
 * The cells as they lie in memory, in a file beside the record, so that opening a million fingerprints takes a second
 * and not the half minute of reading them from the database. The file is only a shortcut: whatever is missing, cut off, altered or from
 * another record is noticed, and the cells are made anew.
 *
 * Layout: 8 bytes magic, 4 bytes length of the header (little-endian), the header as JSON, the cells' memory, SHA-256.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { Cells, type CellsState } from './cells.ts';

const MAGIC = 'HYCELLS1';
const CHUNK = 8 * 2 ** 20;

interface Header {
  readonly identity: string;
  readonly last: number;
  readonly state: CellsState;
}

/** Writes the cells, which follow the record `identity` up to serial `last` and must not change meanwhile. */
export async function saveCells(path: string, cells: Cells, identity: string, last: number): Promise<void> {
  const header = new TextEncoder().encode(
    JSON.stringify({ identity, last, state: cells.state() } satisfies Header),
  );
  const start = Buffer.alloc(12);
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(header.length, 8);
  const hash = createHash('sha256');
  const file = await open(`${path}.new`, 'w');
  try {
    for (const part of [start, header, ...cells.parts()]) {
      for (const chunk of chunks(part)) {
        hash.update(chunk);
        await file.writeFile(chunk);
      }
    }
    await file.writeFile(hash.digest());
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** The cells of record `identity` and the serial they follow it to, or null where the file does not give them. */
export async function loadCells(
  path: string,
  identity: string,
  dimensions: number,
): Promise<{ cells: Cells; last: number } | null> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    return null;
  }
  try {
    const hash = createHash('sha256');
    const start = await filled(file, Buffer.alloc(12), hash);
    if (start.toString('latin1', 0, 8) !== MAGIC) return null;
    const { size } = await file.stat();
    const length = start.readUInt32LE(8);
    if (length > size) return null;
    const text = (await filled(file, Buffer.alloc(length), hash)).toString();
    const header: Header = JSON.parse(text);
    if (header.identity !== identity || header.state.dimensions !== dimensions) return null;
    const cells = Cells.shaped(header.state);
    for (const part of cells.parts()) await filled(file, part, hash);
    const digest = hash.digest();
    if (!digest.equals(await filled(file, Buffer.alloc(digest.length)))) return null;
    cells.adopt();
    return { cells, last: header.last };
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += CHUNK) yield bytes.subarray(i, i + CHUNK);
}

/** The same bytes, read full from where the file stands; throws at its end. */
async function filled<T extends Uint8Array>(
  file: FileHandle,
  bytes: T,
  hash?: ReturnType<typeof createHash>,
): Promise<T> {
  for (const chunk of chunks(bytes)) {
    for (let done = 0; done < chunk.length; ) {
      const { bytesRead } = await file.read(chunk, done, chunk.length - done);
      if (bytesRead === 0) throw new RangeError('the file ends early');
      done += bytesRead;
    }
    hash?.update(chunk);
  }
  return bytes;
}

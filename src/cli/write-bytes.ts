/** A file of bytes that is either whole or not there: written beside its final name and moved there. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { fromFileSystem } from '../media/failures.ts';

/** Throws HuoyanError when nothing can be written at `path`. */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, bytes, { flag: 'wx' });
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true }).catch(() => {});
    throw fromFileSystem(path, thrown);
  }
}

/** What a file is, by its content, before anybody decides how to read it. */
import type { MediaKind } from '../core/media.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { openFile } from './random-access.node.ts';
import { sniff } from './sniff.ts';

const SNIFF_BYTES = 4096;

/**
 * Null where the first bytes say nothing that is known; standard input (`-`), which can be read only once, is taken for
 * a picture. Throws HuoyanError `not-found`, `not-a-file`, `permission-denied`, `empty`, `too-large`.
 */
export async function kindOfFile(path: string): Promise<MediaKind | null> {
  if (path === '-') return 'image';
  const file = await openFile(path, DEFAULT_LIMITS.maxStreamedBytes);
  try {
    const { status } = sniff(await file.slice(0, Math.min(SNIFF_BYTES, file.size)));
    return status === 'unsupported' ? null : status;
  } finally {
    await file.close();
  }
}

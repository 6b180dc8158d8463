/** Blobs as files in a folder, by SHA-256. A file appears under its name only when it is whole and on the disk. */
import { access, mkdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from './blobs.ts';
import { openIncoming } from './incoming.ts';

const HEX = /^[0-9a-f]{64}$/;

/** Where a blob of that name lies below `root`. Names are made by us; anything else is a defect. */
export function placeOf(root: string, name: string): string {
  if (!HEX.test(name)) throw new Error(`"${name}" names no blob`);
  return join(root, name.slice(0, 2), name);
}

/** Moves a whole file to its place. */
export async function settle(partial: string, target: string): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true, mode: 0o700 });
  await rename(partial, target);
}

/** Megabytes free where `folder` lies; null where that is not known. */
export async function freeMbAt(folder: string): Promise<number | null> {
  const stats = await statfs(folder).catch(() => null);
  return stats && Math.floor((stats.bavail * stats.bsize) / 2 ** 20);
}

/** A store in `folder`, made if absent. */
export async function diskBlobs(folder: string): Promise<Blobs> {
  const content = join(folder, 'content');
  const derived = join(folder, 'derived');
  const incoming = await openIncoming(join(folder, 'incoming'));
  for (const one of [content, derived]) await mkdir(one, { recursive: true, mode: 0o700 });
  return {
    async keep(source, limit) {
      const { path, sha256, bytes } = await incoming.receive(source, limit);
      await settle(path, placeOf(content, sha256));
      return { sha256, bytes };
    },
    lend: incoming.lend,
    async path(sha256) {
      const path = placeOf(content, sha256);
      return access(path).then(
        () => path,
        () => null,
      );
    },
    async keepDerived(work, data) {
      await settle(await incoming.write(data), placeOf(derived, work));
    },
    readDerived: (work) => readFile(placeOf(derived, work)).catch(() => null),
    forget: (sha256) => rm(placeOf(content, sha256), { force: true }),
    forgetDerived: (work) => rm(placeOf(derived, work), { force: true }),
    freeMb: () => freeMbAt(folder),
  };
}

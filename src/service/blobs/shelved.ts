/**
 * Blobs on a shelf that children cannot read in place: encrypted, or on another machine. What an analysis needs is copied to
 * this machine and lies there in the clear for a few minutes at most; an erased file is never handed out again, because
 * the shelf is asked each time.
 */
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from './blobs.ts';
import type { Cipher } from './cipher.ts';
import { freeMbAt, placeOf } from './disk.ts';
import { openIncoming } from './incoming.ts';
import type { Shelf } from './shelf.ts';

/** A copy that nobody asked for in so long is erased; longer than an analysis may take by default. */
const KEPT_MS = 10 * 60_000;
const SWEEP_MS = 60_000;

export interface ShelvedOptions {
  /** Folder on this machine for what is on its way, and for copies. */
  readonly folder: string;
  readonly content: Shelf;
  readonly derived: Shelf;
  /** Null keeps bytes as they are. */
  readonly cipher: Cipher | null;
}

export async function shelvedBlobs({ folder, content, derived, cipher }: ShelvedOptions): Promise<Blobs> {
  const incoming = await openIncoming(join(folder, 'incoming'));
  const copies = join(folder, 'copies');
  await mkdir(copies, { recursive: true, mode: 0o700 });
  const copyOf = (name: string) => placeOf(copies, name);

  const put = async (shelf: Shelf, name: string, path: string) => {
    if (!cipher) return shelf.put(name, path);
    const sealed = incoming.fresh();
    try {
      await cipher.seal(name, path, sealed);
      await shelf.put(name, sealed);
    } finally {
      await rm(sealed, { force: true });
      await rm(path, { force: true });
    }
  };
  /** What is kept under `name`, in the clear under a fresh path; null when there is nothing. */
  const take = async (shelf: Shelf, name: string): Promise<string | null> => {
    const path = incoming.fresh();
    if (!(await shelf.take(name, path))) return null;
    if (!cipher) return path;
    const clear = incoming.fresh();
    try {
      await cipher.unseal(name, path, clear);
      return clear;
    } finally {
      await rm(path, { force: true });
    }
  };

  const sweep = async (now: number) => {
    for (const part of await readdir(copies).catch(() => [])) {
      for (const name of await readdir(join(copies, part)).catch(() => [])) {
        const path = join(copies, part, name);
        const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
        if (now - mtimeMs > KEPT_MS) await rm(path, { force: true });
      }
    }
  };
  await sweep(Date.now());
  setInterval(() => void sweep(Date.now()), SWEEP_MS).unref();

  return {
    async keep(source, limit) {
      const { path, sha256, bytes } = await incoming.receive(source, limit);
      await put(content, sha256, path);
      return { sha256, bytes };
    },
    lend: incoming.lend,
    async path(sha256) {
      const copy = copyOf(sha256);
      const now = new Date();
      const kept = await utimes(copy, now, now).then(
        () => true,
        () => false,
      );
      if (kept) {
        if (await content.has(sha256)) return copy;
        await rm(copy, { force: true });
        return null;
      }
      const taken = await take(content, sha256);
      if (taken === null) return null;
      await mkdir(join(copy, '..'), { recursive: true, mode: 0o700 });
      await rename(taken, copy);
      await utimes(copy, now, now);
      return copy;
    },
    async keepDerived(work, data) {
      await put(derived, work, await incoming.write(data));
    },
    async readDerived(work) {
      const path = await take(derived, work);
      if (path === null) return null;
      try {
        return await readFile(path);
      } finally {
        await rm(path, { force: true });
      }
    },
    async forget(sha256) {
      await content.remove(sha256);
      await rm(copyOf(sha256), { force: true });
    },
    forgetDerived: (work) => derived.remove(work),
    freeMb: () => freeMbAt(folder),
  };
}

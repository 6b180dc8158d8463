/** Blobs as files in a folder, by SHA-256. A file appears under its name only when it is whole and on the disk. */
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HuoyanError } from '../../core/errors.ts';
import type { Blobs, Stored } from './blobs.ts';

const DAY_MS = 86_400_000;
const HEX = /^[0-9a-f]{64}$/;

/** A store in `folder`, made if absent. */
export async function diskBlobs(folder: string): Promise<Blobs> {
  // A room of its own for every process, so that none clears away what another is still receiving.
  const incoming = join(folder, 'incoming', randomBytes(12).toString('hex'));
  const content = join(folder, 'content');
  const derived = join(folder, 'derived');
  await clearAbandoned(join(folder, 'incoming'));
  for (const one of [incoming, content, derived]) await mkdir(one, { recursive: true, mode: 0o700 });
  const place = (root: string, name: string) => {
    if (!HEX.test(name)) throw new Error(`"${name}" names no blob`);
    return join(root, name.slice(0, 2), name);
  };
  const put = async (partial: string, target: string) => {
    await mkdir(join(target, '..'), { recursive: true, mode: 0o700 });
    await rename(partial, target);
  };
  const partialName = () => join(incoming, randomBytes(12).toString('hex'));

  const receive = async (source: Readable, limit: number): Promise<Stored & { path: string }> => {
    const path = partialName();
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        for await (const chunk of source as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          if (bytes > limit) throw tooLarge(limit);
          hash.update(chunk);
          await file.write(chunk);
        }
        if (bytes === 0) throw nothing();
        await file.sync();
      } finally {
        await file.close();
      }
      return { path, sha256: hash.digest('hex'), bytes };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  };

  return {
    async keep(source, limit) {
      const { path, sha256, bytes } = await receive(source, limit);
      await put(path, place(content, sha256));
      return { sha256, bytes };
    },
    async lend(source, limit) {
      const received = await receive(source, limit);
      return { ...received, release: () => rm(received.path, { force: true }) };
    },
    async path(sha256) {
      const path = place(content, sha256);
      return access(path).then(
        () => path,
        () => null,
      );
    },
    async keepDerived(work, data) {
      const partial = partialName();
      const file = await open(partial, 'wx', 0o600);
      try {
        await file.writeFile(data);
        await file.sync();
      } finally {
        await file.close();
      }
      await put(partial, place(derived, work));
    },
    readDerived: (work) => readFile(place(derived, work)).catch(() => null),
    forget: (sha256) => rm(place(content, sha256), { force: true }),
    forgetDerived: (work) => rm(place(derived, work), { force: true }),
    async freeMb() {
      const stats = await statfs(folder).catch(() => null);
      return stats && Math.floor((stats.bavail * stats.bsize) / 2 ** 20);
    },
  };
}

/** What processes that died left half-written: it belongs to no request that was accepted. */
async function clearAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const room = join(folder, name);
    const { mtimeMs } = await stat(room).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > DAY_MS) await rm(room, { recursive: true, force: true });
  }
}

export function tooLarge(limit: number): HuoyanError {
  const mb = Math.floor(limit / 2 ** 20);
  return new HuoyanError(
    'too-large',
    { en: `the file is larger than ${mb} MB`, zh: `文件超过 ${mb} MB` },
    {
      en: 'send a smaller file, or start the service with a larger --max-upload',
      zh: '请发送较小的文件，或以更大的 --max-upload 启动服务',
    },
  );
}

function nothing(): HuoyanError {
  return new HuoyanError(
    'empty',
    { en: 'the file is empty', zh: '文件为空' },
    { en: 'send the bytes of a picture, video or sound', zh: '请发送图片、视频或音频文件的内容' },
  );
}

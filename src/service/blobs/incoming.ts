/** Bytes on their way in: streamed to a folder of this process, counted and hashed as they come, whole or not there. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HuoyanError } from '../../core/errors.ts';
import type { Lent, Stored } from './blobs.ts';

const DAY_MS = 86_400_000;

export interface Incoming {
  /** A name in the folder that nothing has yet. */
  fresh(): string;
  /** What comes out of `source`, on the disk under a fresh name. Rejects as {@link Blobs.keep}; nothing is left then. */
  receive(source: Readable, limit: number): Promise<Stored & { readonly path: string }>;
  lend(source: Readable, limit: number): Promise<Lent>;
  /** Writes `data` under a fresh name and has it on the disk. */
  write(data: Uint8Array): Promise<string>;
}

/** A room below `folder` of its own for every process, so that none clears away what another is still receiving. */
export async function openIncoming(folder: string): Promise<Incoming> {
  await clearAbandoned(folder);
  const room = join(folder, randomBytes(12).toString('hex'));
  await mkdir(room, { recursive: true, mode: 0o700 });
  const fresh = () => join(room, randomBytes(12).toString('hex'));
  const receive = async (source: Readable, limit: number) => {
    const path = fresh();
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
    fresh,
    receive,
    async lend(source, limit) {
      const received = await receive(source, limit);
      return { ...received, release: () => rm(received.path, { force: true }) };
    },
    async write(data) {
      const path = fresh();
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(data);
        await file.sync();
      } finally {
        await file.close();
      }
      return path;
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

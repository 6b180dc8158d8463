/**
 * A service's folder, copied while nobody works in it and put back whole: the embedded database, files, maps, enrolled
 * generators. Every file is named in a manifest with its SHA-256, so that a copy that was damaged on the way is noticed
 * before anything of it is put back. On PostgreSQL the database is its own tools' business (docs/service.md).
 */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { z } from 'zod';
import { HuoyanError } from '../../core/errors.ts';
import type { Text } from '../../core/text.ts';
import { lockFolder } from '../../trace/index/folder-lock.node.ts';

const MANIFEST = 'backup.json';
const SCHEMA = 'huoyan.backup/1';
/** What is half-written, or only of a running process. */
const LEFT_OUT = [join('blobs', 'incoming'), 'lock'];

/** Below the folder, with `/`, never upwards. */
const below = z
  .string()
  .refine((path) => path !== '' && !/(^|\/)\.\.?(\/|$)|^\/|\\|\0/.test(path), 'leads out of the folder');
const manifestSchema = z.object({
  schema: z.literal(SCHEMA),
  made: z.string(),
  /** Also the empty ones, without which the database does not start. */
  folders: z.array(below),
  files: z.array(
    z.object({ path: below, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

export interface BackupSummary {
  readonly files: number;
  readonly bytes: number;
}

function refused(text: Text, hint: Text, cause?: unknown): HuoyanError {
  return new HuoyanError('bad-argument', text, hint, { cause });
}

const isEmpty = async (folder: string) => (await readdir(folder).catch(() => [])).length === 0;

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Copies and has the copy on the disk when it resolves; shares the content where the file system can. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const file = await open(to, 'r+');
  await file.sync();
  await file.close();
}

interface Found {
  readonly path: string;
  readonly folder: boolean;
}

/** Every folder and regular file below `root`, as paths from there; a folder before what is in it. */
async function* contentsOf(root: string, within = ''): AsyncGenerator<Found> {
  for (const entry of await readdir(join(root, within), { withFileTypes: true })) {
    const path = join(within, entry.name);
    if (LEFT_OUT.includes(path)) continue;
    if (entry.isDirectory()) {
      yield { path, folder: true };
      yield* contentsOf(root, path);
    } else if (entry.isFile()) yield { path, folder: false };
  }
}

/**
 * Copies the service's folder `data` into the new or empty folder `out`. Rejects with HuoyanError: `permission-denied` while
 * a service runs in it, `bad-argument` when `out` holds something or there is no service.
 */
export async function backup(data: string, out: string): Promise<BackupSummary> {
  if (await isEmpty(data)) {
    throw refused(
      { en: `there is no service in ${data}`, zh: `${data} 中没有服务数据` },
      { en: 'name its folder with --data', zh: '请用 --data 指定其文件夹' },
    );
  }
  if (!(await isEmpty(out))) throw notEmpty(out);
  const unlock = await lockFolder(data);
  try {
    await mkdir(out, { recursive: true, mode: 0o700 });
    const files: z.infer<typeof manifestSchema>['files'] = [];
    const folders: string[] = [];
    for await (const { path, folder } of contentsOf(data)) {
      if (folder) {
        folders.push(path.split(sep).join('/'));
        continue;
      }
      const to = join(out, 'data', path);
      await copy(join(data, path), to);
      const { size } = await stat(to);
      files.push({ path: path.split(sep).join('/'), bytes: size, sha256: await sha256Of(to) });
    }
    // Last: a copy that was cut short has no manifest, and so is none.
    const manifest = await open(join(out, MANIFEST), 'wx', 0o600);
    await manifest.writeFile(
      `${JSON.stringify({ schema: SCHEMA, made: new Date().toISOString(), folders, files })}\n`,
    );
    await manifest.sync();
    await manifest.close();
    return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  } finally {
    await unlock();
  }
}

/**
 * Puts the backup `from` back as the new or empty folder `data`. Rejects with HuoyanError: `bad-argument` when `data` holds
 * something, `corrupt` when a file is missing or not what was saved; nothing is put back then.
 */
export async function restore(from: string, data: string): Promise<BackupSummary> {
  if (!(await isEmpty(data))) throw notEmpty(data);
  const { folders, files } = await readManifest(from);
  const partial = `${data}.restoring`;
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { recursive: true, mode: 0o700 });
    for (const path of folders) await mkdir(join(partial, path), { recursive: true, mode: 0o700 });
    for (const { path, sha256 } of files) {
      const to = join(partial, path);
      await copy(join(from, 'data', path), to).catch((cause) => {
        throw damaged(path, cause);
      });
      if ((await sha256Of(to)) !== sha256) throw damaged(path);
    }
    await rm(data, { recursive: true, force: true });
    await rename(partial, data);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function readManifest(from: string): Promise<z.infer<typeof manifestSchema>> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(from, MANIFEST), 'utf8')));
  } catch (cause) {
    throw new HuoyanError(
      'corrupt',
      { en: `${from} is no whole backup`, zh: `${from} 不是完整的备份` },
      {
        en: `it needs the file ${MANIFEST} that "huoyan backup" writes last`,
        zh: `需要 huoyan backup 最后写出的 ${MANIFEST} 文件`,
      },
      { cause },
    );
  }
}

function notEmpty(folder: string): HuoyanError {
  return refused(
    { en: `${folder} is not empty`, zh: `${folder} 不是空文件夹` },
    { en: 'name a new or empty folder', zh: '请指定新的或空的文件夹' },
  );
}

function damaged(path: string, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `${path} in the backup is missing or damaged`, zh: `备份中的 ${path} 缺失或已损坏` },
    { en: 'take another backup; nothing was put back', zh: '请改用其他备份；未恢复任何内容' },
    { cause },
  );
}

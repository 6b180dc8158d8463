/** `huoyan backup` and `huoyan restore`: a service's folder, copied and put back. */
import { resolve } from 'node:path';
import { type BackupSummary, backup, restore } from '../../service/backup/backup.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { type PlaceFlags, placeOf } from '../service-place.ts';

/** The folder of a service with the embedded database; one on PostgreSQL has tools of its own for that. */
function folderOf(flags: PlaceFlags): string {
  const { data, database } = placeOf(flags);
  if (database === undefined) return data;
  throw usageError(
    { en: 'this service keeps its tables on PostgreSQL', zh: '该服务的数据表在 PostgreSQL 上' },
    {
      en: 'run pg_dump first, then copy the folder of --data; to restore, psql and the folder',
      zh: '请先运行 pg_dump，再复制 --data 文件夹；恢复时用 psql 并放回文件夹',
    },
  );
}

const mb = ({ bytes }: BackupSummary) => (bytes / 2 ** 20).toFixed(1);

/** Saves the service's folder into `out`; it must not be running. */
export async function backupTo(out: string, flags: PlaceFlags, io: Console): Promise<number> {
  const data = folderOf(flags);
  const done = await backup(data, resolve(out));
  io.note({
    en: `${done.files} files, ${mb(done)} MB saved from ${data} in ${out}`,
    zh: `已将 ${data} 中的 ${done.files} 个文件（${mb(done)} MB）备份到 ${out}`,
  });
  return EXIT.ok;
}

/** Puts the backup in `from` back as the service's folder, which must be new or empty. */
export async function restoreFrom(from: string, flags: PlaceFlags, io: Console): Promise<number> {
  const data = folderOf(flags);
  const done = await restore(resolve(from), data);
  io.note({
    en: `${done.files} files, ${mb(done)} MB checked and put back in ${data}`,
    zh: `已校验并恢复 ${done.files} 个文件（${mb(done)} MB）到 ${data}`,
  });
  return EXIT.ok;
}

/**
 * One process at a time for a folder: two PGlites over the same files would ruin them, and nothing else stops them. The
 * lock is a file that names its process, and is worth nothing once that process has ended, however it ended.
 */
import { readFileSync } from 'node:fs';
import { open, readFile, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { folderInUse, folderUnusable } from './failures.ts';

/** Takes the lock and returns what gives it back. `permission-denied` while another holds it. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(await realpath(folder), 'lock');
  const mine = `${process.pid} ${startOf(process.pid) ?? ''}`;
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(mine);
      await file.close();
      return () => unlink(path);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw folderUnusable(folder, error);
    }
    const held = await readFile(path, 'utf8').catch(() => '');
    const pid = Number.parseInt(held, 10);
    if (pid > 0 && isRunning(pid) && held === `${pid} ${startOf(pid) ?? ''}`) throw folderInUse(folder, pid);
    await unlink(path).catch(() => {});
  }
  throw folderInUse(folder, process.pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** When a process began, in the kernel's ticks since boot: a number is soon given to another process. Null where unknown. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return null;
  }
}

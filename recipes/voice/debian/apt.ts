/**
 * Packages fetched by name with Debian's own client and unpacked without being installed. Resumable: what was unpacked
 * stays in `.cache/voice/debian`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HuoyanError } from '../../../src/core/errors.ts';

export const FOLDER = '.cache/voice/debian';
const PACKED = join(FOLDER, 'packages');
const UNPACKED = join(FOLDER, 'unpacked');

/** Where the files of a package lie once it is unpacked. */
export const unpacked = (name: string): string => join(UNPACKED, name);

/** Whether a program can be started here. */
export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;

/** Throws `component-missing`, with what to install, where a program is not there. */
export function demand(program: string, from: string): void {
  if (hasProgram(program)) return;
  throw new HuoyanError(
    'component-missing',
    { en: `there is no ${program} here`, zh: `此处没有 ${program}` },
    {
      en: `this step needs Debian or a system derived from it, with ${program} (package ${from}) installed; the voice network can be fitted without the pool`,
      zh: `此步骤需要 Debian 或其衍生系统，并安装 ${program}（软件包 ${from}）；没有该语音库也可以拟合语音网络`,
    },
  );
}

/** Fetches and unpacks what is not there yet. @throws {HuoyanError} `component-missing`, `not-found`. */
export function fetchPackages(names: readonly string[]): void {
  const missing = names.filter((name) => !existsSync(unpacked(name)));
  if (missing.length === 0) return;
  demand('apt-get', 'apt');
  demand('dpkg-deb', 'dpkg');
  for (const name of missing) {
    const folder = join(PACKED, name);
    mkdirSync(folder, { recursive: true });
    const packed = () => readdirSync(folder).filter((file) => file.endsWith('.deb'));
    if (packed().length === 0) {
      const { status, stderr } = spawnSync('apt-get', ['download', '-q', name], { cwd: folder });
      if (status !== 0)
        throw new HuoyanError(
          'not-found',
          { en: `apt-get could not fetch ${name}: ${stderr}`, zh: `apt-get 无法下载 ${name}：${stderr}` },
          {
            en: 'run `apt-get update`, see that the main archive is listed, and start again: what was fetched is kept',
            zh: '请运行 `apt-get update`，确认已列出 main 软件源，然后重新开始：已下载的内容会保留',
          },
        );
    }
    const partial = `${unpacked(name)}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(UNPACKED, { recursive: true });
    execFileSync('dpkg-deb', ['-x', join(folder, packed()[0]), partial]);
    renameSync(partial, unpacked(name));
    rmSync(folder, { recursive: true });
    console.error(`${name} unpacked`);
  }
}

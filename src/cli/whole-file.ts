/**
 * A file that is either whole or not there: checked for being writable before the work begins, written beside its final
 * name and moved there at the end, so that nobody ever opens half a report.
 */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { HuoyanError } from '../core/errors.ts';
import { EXIT } from './exit.ts';
import { CommandFailure } from './failure.ts';

export class WholeFile {
  #finished = false;

  private constructor(
    readonly path: string,
    private readonly partial: string,
    private readonly file: FileHandle,
  ) {}

  /** Throws a failure when nothing can be written at `path`. */
  static async open(path: string): Promise<WholeFile> {
    const partial = `${path}.${process.pid}.partial`;
    try {
      return new WholeFile(path, partial, await open(partial, 'wx'));
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** Writes all parts and moves the file to its place. Throws a failure when that is not possible. */
  async finish(parts: Iterable<string>): Promise<void> {
    try {
      for (const part of parts) await this.file.write(part);
      await this.file.close();
      await rename(this.partial, this.path);
      this.#finished = true;
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
  }

  /** Removes what was begun, unless it was finished. */
  async discard(): Promise<void> {
    if (this.#finished) return;
    await this.file.close().catch(() => {});
    await rm(this.partial, { force: true }).catch(() => {});
  }
}

function cannotWrite(path: string, cause: unknown): CommandFailure {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new CommandFailure(
    EXIT.failure,
    new HuoyanError(
      'permission-denied',
      { en: `the report "${path}" cannot be written (${reason})`, zh: `无法写出报告“${path}”（${reason}）` },
      {
        en: 'name a file in a folder that exists and may be written to',
        zh: '请指定已存在且可写的文件夹中的文件名',
      },
      { cause },
    ),
  );
}

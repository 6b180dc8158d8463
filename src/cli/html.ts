/**
 * The file of `--html`: checked for being writable before the first picture is looked at, written beside its final
 * name and moved there when whole, so that nobody ever opens half a report.
 */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { Analysis } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import type { Language } from '../core/text.ts';
import { htmlParts } from '../report/index.ts';
import { EXIT } from './exit.ts';
import { CommandFailure } from './failure.ts';

/** Most bytes of pictures held for the report; later files appear in it without their picture. */
const PICTURES_BYTES = 96 * 1024 * 1024;

export class HtmlReport {
  readonly #analyses: Analysis[] = [];
  #pictureBytes = 0;
  #finished = false;

  private constructor(
    readonly path: string,
    private readonly language: Language,
    private readonly partial: string,
    private readonly file: FileHandle,
  ) {}

  /** Opens a report that will stand at `path`. Throws a failure when nothing can be written there. */
  static async open(path: string, language: Language): Promise<HtmlReport> {
    const partial = `${path}.${process.pid}.partial`;
    try {
      return new HtmlReport(path, language, partial, await open(partial, 'wx'));
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** Keeps what the report needs of one result. */
  async add(analysis: Analysis): Promise<void> {
    if (analysis.outcome !== 'analysed' || !analysis.preview) {
      this.#analyses.push(analysis);
      return;
    }
    const { preview, ...rest } = analysis;
    const fits = this.#pictureBytes + preview.length <= PICTURES_BYTES;
    if (fits) this.#pictureBytes += preview.length;
    this.#analyses.push(fits ? analysis : rest);
  }

  /** Writes the report and moves it to its place. Throws a failure when that is not possible. */
  async finish(): Promise<void> {
    try {
      for (const part of htmlParts(this.#analyses, { language: this.language, generatedAt: new Date() })) {
        await this.file.write(part);
      }
      await this.file.close();
      await rename(this.partial, this.path);
      this.#finished = true;
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
  }

  /** Removes what was begun, unless the report was finished. */
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

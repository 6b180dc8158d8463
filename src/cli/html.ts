/**
 * The file of `analyze --html`: what it needs of each result is kept until the end, pictures and recordings within a
 * budget. Recordings are read from their files as the page is written, so that they are never all in memory.
 */
import { readFileSync, statSync } from 'node:fs';
import type { AnalysedFile, Analysis } from '../core/analysis.ts';
import type { Language } from '../core/text.ts';
import { htmlParts } from '../report/index.ts';
import { WholeFile } from './whole-file.ts';

/** Most bytes of pictures held for the report; later files appear in it without their picture. */
const PICTURES_BYTES = 96 * 1024 * 1024;
/** The largest sound or video that goes into the report, and most bytes of all of them. */
const RECORDING_BYTES = 16 * 1024 * 1024;
const RECORDINGS_BYTES = 64 * 1024 * 1024;

/** Reads recordings until the budget is used up; null for one that is too large or no longer there. */
function withinBudget(): (analysis: AnalysedFile) => Uint8Array | null {
  let left = RECORDINGS_BYTES;
  return ({ kind, file, container }) => {
    if (kind === 'image') return null;
    try {
      const { size } = statSync(file);
      if (size !== container.bytes || size > Math.min(RECORDING_BYTES, left)) return null;
      const bytes = readFileSync(file);
      left -= bytes.length;
      return bytes;
    } catch {
      return null;
    }
  };
}

export class HtmlReport {
  readonly #analyses: Analysis[] = [];
  #pictureBytes = 0;

  private constructor(
    private readonly language: Language,
    private readonly file: WholeFile,
  ) {}

  /** Opens a report that will stand at `path`. Throws a failure when nothing can be written there. */
  static async open(path: string, language: Language): Promise<HtmlReport> {
    return new HtmlReport(language, await WholeFile.open(path));
  }

  get path(): string {
    return this.file.path;
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
    await this.file.finish(
      htmlParts(this.#analyses, {
        language: this.language,
        generatedAt: new Date(),
        recordingOf: withinBudget(),
      }),
    );
  }

  /** Removes what was begun, unless the report was finished. */
  async discard(): Promise<void> {
    await this.file.discard();
  }
}

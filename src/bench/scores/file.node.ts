/**
 * Score files on disk: read whole with the description beside them, and written row by row so that an interrupted run
 * loses at most the row under way and goes on where it stopped.
 */
import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import { HuoyanError } from '../../core/errors.ts';
import { parseScores } from './parse.ts';
import type { ScoreMeta, ScoreRow, ScoreTable } from './row.ts';
import { metaNames, parseMeta, scoreTable, scoreText, type TableOptions } from './table.ts';
import { CSV_HEAD, csvRow, ndjsonRow } from './write.ts';

/** Reads a score file. Throws HuoyanError `not-found`, `corrupt`. */
export async function readScores(path: string, options: TableOptions = {}): Promise<ScoreTable> {
  return scoreTable(await readText(path), path, await readMeta(path), options);
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause) => {
    throw new HuoyanError(
      'not-found',
      { en: `${path} cannot be read`, zh: `无法读取 ${path}` },
      { en: 'check the path of the score file', zh: '请检查分数文件的路径' },
      { cause },
    );
  });
  return scoreText(bytes, path);
}

/** The description beside a score file; null when there is none. Throws HuoyanError `corrupt`. */
export async function readMeta(path: string): Promise<ScoreMeta | null> {
  const found = metaNames(path).find((candidate) => existsSync(candidate));
  return found ? parseMeta(await readFile(found, 'utf8'), found) : null;
}

/** A score file under way. */
export class ScoreWriter {
  private constructor(
    /** Rows that were there already. */
    readonly earlier: readonly ScoreRow[],
    private readonly file: FileHandle,
    private readonly line: (row: ScoreRow) => string,
  ) {}

  /**
   * Opens `path` (`.csv`, else NDJSON) for appending and describes it by `meta`. Rows already there are kept when they
   * are of the same detector with the same settings; otherwise throws HuoyanError `bad-argument`.
   */
  static async open(path: string, meta: ScoreMeta): Promise<ScoreWriter> {
    const csv = /\.csv$/i.test(path);
    const [metaPath] = metaNames(path);
    let earlier: readonly ScoreRow[] = [];
    const toLine = csv ? csvRow : ndjsonRow;
    if (existsSync(path) && (await readFile(path)).length > 0) {
      const before = await readMeta(path);
      if (
        !before ||
        JSON.stringify(before.detector) !== JSON.stringify(JSON.parse(JSON.stringify(meta.detector)))
      ) {
        throw new HuoyanError(
          'bad-argument',
          {
            en: `${path} holds scores of another detector or of other settings`,
            zh: `${path} 中是另一个检测器（或另一种设置）的分数`,
          },
          { en: 'name another file, or remove this one', zh: '请换一个文件名，或删除该文件' },
        );
      }
      const parsed = parseScores(await readText(path), path);
      earlier = parsed.rows;
      // Written anew: without the row that was cut off, and without rows that a later one replaced.
      const whole = (csv ? CSV_HEAD : '') + earlier.map(toLine).join('');
      await writeFile(`${path}.partial`, whole);
      await rename(`${path}.partial`, path);
    } else if (csv) await writeFile(path, CSV_HEAD);
    await writeFile(metaPath, `${JSON.stringify(meta, null, 2)}\n`);
    return new ScoreWriter(earlier, await open(path, 'a'), toLine);
  }

  async add(row: ScoreRow): Promise<void> {
    await this.file.write(this.line(row));
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

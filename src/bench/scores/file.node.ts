/**
 * Score files on disk: read whole with the description beside them, and written row by row so that an interrupted run
 * loses at most the row under way and goes on where it stopped.
 */
import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { HuoyanError } from '../../core/errors.ts';
import { parseScores } from './parse.ts';
import type { ScoreMeta, ScoreRow, ScoreTable } from './row.ts';
import { CSV_HEAD, csvRow, ndjsonRow } from './write.ts';

/** `x.scores.csv`, `x.csv` and `x.scores.ndjson` are all described by `x.scores.meta.json`, `x.csv` also by `x.meta.json`. */
function metaPaths(path: string): string[] {
  const stem = path.replace(/\.(csv|ndjson|jsonl|txt)$/i, '');
  return stem.endsWith('.scores') ? [`${stem}.meta.json`] : [`${stem}.meta.json`, `${stem}.scores.meta.json`];
}

export interface ReadScoresOptions {
  /** Overrides what the description says; default is the description, else `higher-is-fake`. */
  readonly polarity?: ScoreMeta['polarity'];
}

/** Reads a score file. Throws HuoyanError `not-found`, `corrupt`. */
export async function readScores(path: string, options: ReadScoresOptions = {}): Promise<ScoreTable> {
  const text = await readText(path);
  const { rows, incomplete, polarity: stated } = parseScores(text, path);
  const name = basename(path).replace(/(\.scores)?\.(csv|ndjson|jsonl|txt)$/i, '');
  const stored = await readMeta(path);
  const scores = rows.flatMap((row) => (row.score === null ? [] : [row.score]));
  const polarity = options.polarity ?? stored?.polarity ?? stated ?? 'higher-is-fake';
  const bounded = scores.length > 0 && scores.every((score) => score >= 0 && score <= 1);
  const meta: ScoreMeta = {
    schema: 'huoyan.scores/1',
    detector: { name },
    // Between nought and one everywhere: taken for probabilities, as most tables without a description are.
    scale: bounded ? 'probability' : 'unbounded',
    ...stored,
    polarity,
  };
  if (polarity === 'higher-is-fake') return { name, meta, rows, incomplete };
  const turn = (score: number) => (meta.scale === 'probability' ? 1 - score : -score);
  return {
    ...{ name, incomplete },
    meta: {
      ...meta,
      polarity: 'higher-is-fake',
      ...(meta.threshold === undefined ? {} : { threshold: turn(meta.threshold) }),
    },
    rows: rows.map((row) => (row.score === null ? row : { ...row, score: turn(row.score) })),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    if (cause instanceof TypeError) {
      throw new HuoyanError(
        'corrupt',
        { en: `${path} is not UTF-8 text`, zh: `${path} 不是 UTF-8 文本` },
        { en: 'name a score file (CSV or NDJSON)', zh: '请指定分数文件（CSV 或 NDJSON）' },
        { cause },
      );
    }
    throw new HuoyanError(
      'not-found',
      { en: `${path} cannot be read`, zh: `无法读取 ${path}` },
      { en: 'check the path of the score file', zh: '请检查分数文件的路径' },
      { cause },
    );
  }
}

/** The description beside a score file; null when there is none. Throws HuoyanError `corrupt`. */
export async function readMeta(path: string): Promise<ScoreMeta | null> {
  const found = metaPaths(path).find((candidate) => existsSync(candidate));
  if (!found) return null;
  try {
    const meta = JSON.parse(await readFile(found, 'utf8')) as ScoreMeta;
    const known =
      typeof meta.detector?.name === 'string' &&
      ['higher-is-fake', 'higher-is-real'].includes(meta.polarity) &&
      ['probability', 'logit', 'unbounded'].includes(meta.scale);
    if (known) return meta;
    throw new TypeError('detector.name, polarity or scale is missing');
  } catch (cause) {
    throw new HuoyanError(
      'corrupt',
      { en: `${found} does not describe a score file`, zh: `${found} 不是分数文件的说明` },
      {
        en: 'it needs detector.name, polarity (higher-is-fake, higher-is-real) and scale (probability, logit, unbounded)',
        zh: '应含 detector.name、polarity（higher-is-fake 或 higher-is-real）与 scale（probability、logit、unbounded）',
      },
      { cause },
    );
  }
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
    const [metaPath] = metaPaths(path);
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

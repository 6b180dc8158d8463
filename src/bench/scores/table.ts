/**
 * A score file's text and what describes it, as a table: the name, the polarity turned to "higher is fake", the scale.
 * Apart from the disk, because score files also arrive over the network.
 */
import { HuoyanError } from '../../core/errors.ts';
import { parseScores } from './parse.ts';
import type { ScoreMeta, ScoreTable } from './row.ts';

export interface TableOptions {
  /** Overrides what the description says; default is the description, else `higher-is-fake`. */
  readonly polarity?: ScoreMeta['polarity'];
}

const ENDING = /\.(csv|ndjson|jsonl|txt)$/i;

/** `x.scores.csv`, `x.csv` and `x.scores.ndjson` are all described by `x.scores.meta.json`, `x.csv` also by `x.meta.json`. */
export function metaNames(name: string): string[] {
  const stem = name.replace(ENDING, '');
  return stem.endsWith('.scores') ? [`${stem}.meta.json`] : [`${stem}.meta.json`, `${stem}.scores.meta.json`];
}

/** The bytes of a score file as text. Throws HuoyanError `corrupt`. */
export function scoreText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HuoyanError(
      'corrupt',
      { en: `${name} is not UTF-8 text`, zh: `${name} 不是 UTF-8 文本` },
      { en: 'name a score file (CSV or NDJSON)', zh: '请指定分数文件（CSV 或 NDJSON）' },
      { cause },
    );
  }
}

/** The rows of `text`, described by `meta` where there is a description. Throws HuoyanError `corrupt`. */
export function scoreTable(
  text: string,
  path: string,
  meta: ScoreMeta | null,
  options: TableOptions = {},
): ScoreTable {
  const { rows, incomplete, polarity: stated } = parseScores(text, path);
  const last = path.split(/[\\/]/).at(-1) ?? path;
  const name = last.replace(/(\.scores)?\.(csv|ndjson|jsonl|txt)$/i, '');
  const scores = rows.flatMap((row) => (row.score === null ? [] : [row.score]));
  const polarity = options.polarity ?? meta?.polarity ?? stated ?? 'higher-is-fake';
  const bounded = scores.length > 0 && scores.every((score) => score >= 0 && score <= 1);
  const described: ScoreMeta = {
    schema: 'huoyan.scores/1',
    detector: { name },
    // Between nought and one everywhere: taken for probabilities, as most tables without a description are.
    scale: bounded ? 'probability' : 'unbounded',
    ...meta,
    polarity,
  };
  if (polarity === 'higher-is-fake') return { name, meta: described, rows, incomplete };
  const turn = (score: number) => (described.scale === 'probability' ? 1 - score : -score);
  return {
    ...{ name, incomplete },
    meta: {
      ...described,
      polarity: 'higher-is-fake',
      ...(described.threshold === undefined ? {} : { threshold: turn(described.threshold) }),
    },
    rows: rows.map((row) => (row.score === null ? row : { ...row, score: turn(row.score) })),
  };
}

/** A description that stands beside a score file. Throws HuoyanError `corrupt`. */
export function parseMeta(text: string, name: string): ScoreMeta {
  try {
    const meta = JSON.parse(text) as ScoreMeta;
    const known =
      typeof meta.detector?.name === 'string' &&
      ['higher-is-fake', 'higher-is-real'].includes(meta.polarity) &&
      ['probability', 'logit', 'unbounded'].includes(meta.scale);
    if (known) return meta;
    throw new TypeError('detector.name, polarity or scale is missing');
  } catch (cause) {
    throw new HuoyanError(
      'corrupt',
      { en: `${name} does not describe a score file`, zh: `${name} 不是分数文件的说明` },
      {
        en: 'it needs detector.name, polarity (higher-is-fake, higher-is-real) and scale (probability, logit, unbounded)',
        zh: '应含 detector.name、polarity（higher-is-fake 或 higher-is-real）与 scale（probability、logit、unbounded）',
      },
      { cause },
    );
  }
}

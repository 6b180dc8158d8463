/**
 * Score files of any maker as rows: CSV with a header (`key,label,score` and more), NDJSON, and the lines of ASVspoof
 * (`UTT ATTACK KEY SCORE`). What cannot be understood is an error with its line, never a guess.
 */
import { HuoyanError } from '../../core/errors.ts';
import { parseCsv } from './csv.ts';
import { type ScoreMeta, type ScoreRow, type ScoreStatus, STATUSES } from './row.ts';

const FAKE = new Set([
  '1',
  'fake',
  'spoof',
  'synthetic',
  'manipulated',
  'generated',
  'ai',
  'ai-generated',
  'true',
]);
const REAL = new Set([
  '0',
  'real',
  'bonafide',
  'bona-fide',
  'pristine',
  'authentic',
  'genuine',
  'nature',
  'false',
]);

/** Other names under which makers write the same columns. */
const ALIASES: Readonly<Record<string, string>> = {
  ...{ file: 'key', filename: 'key', path: 'key', image: 'key', utt: 'key', utterance: 'key', video: 'key' },
  ...{ target: 'label', class: 'label', y: 'label', ground_truth: 'label', y_true: 'label' },
  ...{ prediction: 'score', pred: 'score', y_score: 'score', probability: 'score', prob: 'score' },
  ...{ method: 'generator', attack: 'generator', compression: 'condition', elapsed_ms: 'elapsedms' },
};

const TEXTS = ['dataset', 'source', 'generator', 'identity', 'split', 'verdict', 'reason', 'sha256'] as const;

export interface Parsed {
  /** As stored: not yet turned to "higher is fake". */
  readonly rows: readonly ScoreRow[];
  /** What the format itself says; ASVspoof scores rise with bona fide. */
  readonly polarity?: ScoreMeta['polarity'];
  readonly incomplete: number;
}

/** The rows of `text`; `name` is told in errors. A later row of the same key and condition takes the place of the earlier. */
export function parseScores(text: string, name: string): Parsed {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (start === '') throw broken(name, 1, { en: 'it is empty', zh: '文件为空' });
  const parsed = start.startsWith('{')
    ? parseNdjson(text, name)
    : isAsvspoof(start)
      ? parseAsvspoof(text, name)
      : parseTable(text, name);
  const last = new Map(parsed.rows.map((row) => [`${row.condition}\0${row.key}`, row]));
  return { ...parsed, rows: [...last.values()] };
}

function isAsvspoof(text: string): boolean {
  const fields = text
    .slice(0, text.indexOf('\n') >>> 0)
    .trim()
    .split(/\s+/);
  return !text.startsWith('key') && fields.length === 4 && /^(bonafide|spoof)$/.test(fields[2]);
}

function parseAsvspoof(text: string, name: string): Parsed {
  const rows = text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const [key, attack, label, score, ...rest] = line.trim().split(/\s+/);
    if (score === undefined || rest.length > 0)
      throw broken(name, i + 1, {
        en: 'it is not "UTT ATTACK KEY SCORE"',
        zh: '不是“语句 攻击 标签 分数”四列',
      });
    const generator = attack === '-' ? undefined : attack;
    return [rowOf({ key, label, score, generator, source: generator }, name, i + 1)];
  });
  return { rows, incomplete: 0, polarity: 'higher-is-real' };
}

function parseTable(text: string, name: string): Parsed {
  const [head, ...records] = parseCsv(text);
  const columns = head.fields.map((field) => {
    const column = field.trim().toLowerCase();
    return ALIASES[column] ?? column;
  });
  for (const column of ['key', 'label', 'score']) {
    if (!columns.includes(column))
      throw broken(name, 1, { en: `it has no column "${column}"`, zh: `缺少“${column}”列` });
  }
  const rows: ScoreRow[] = [];
  let incomplete = 0;
  for (const { fields, line, ended } of records) {
    if (fields.length !== columns.length) {
      if (!ended) {
        incomplete++;
        continue;
      }
      throw broken(name, line, {
        en: `it has ${fields.length} fields where the header has ${columns.length}`,
        zh: `有 ${fields.length} 个字段，表头有 ${columns.length} 个`,
      });
    }
    // The first column of a name wins: `score` before `probability`.
    const cells: Record<string, string> = {};
    columns.forEach((column, i) => {
      cells[column] ??= fields[i];
    });
    rows.push(rowOf(cells, name, line));
  }
  return { rows, incomplete };
}

function parseNdjson(text: string, name: string): Parsed {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  const rows: ScoreRow[] = [];
  let incomplete = 0;
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      // Only the last line, and only one without its line feed, may have been cut off while it was written.
      if (i === lines.length - 1) {
        incomplete++;
        return;
      }
      throw broken(name, i + 1, { en: 'it is not JSON', zh: '不是 JSON' });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw broken(name, i + 1, { en: 'it is not an object', zh: '不是对象' });
    const cells: Record<string, string> = {};
    for (const [field, v] of Object.entries(value)) {
      const column = field.toLowerCase();
      if (v !== null && v !== undefined) cells[ALIASES[column] ?? column] ??= String(v);
    }
    rows.push(rowOf(cells, name, i + 1));
  });
  return { rows, incomplete };
}

function rowOf(cells: Readonly<Record<string, string | undefined>>, name: string, line: number): ScoreRow {
  const cell = (column: string) => cells[column]?.trim() || undefined;
  const key = cells.key;
  if (!key) throw broken(name, line, { en: 'it names no file (key)', zh: '没有文件名（key）' });
  const word = cell('label')?.toLowerCase() ?? '';
  const label = FAKE.has(word) ? 'fake' : REAL.has(word) ? 'real' : null;
  if (!label) {
    throw broken(name, line, {
      en: `its label "${cells.label ?? ''}" is neither real nor fake`,
      zh: `标签“${cells.label ?? ''}”既非真也非假`,
    });
  }
  const stated = cell('status');
  if (stated !== undefined && !(STATUSES as readonly string[]).includes(stated)) {
    throw broken(name, line, {
      en: `its status "${stated}" is none of ${STATUSES.join(', ')}`,
      zh: `状态“${stated}”不在 ${STATUSES.join('、')} 之中`,
    });
  }
  const given = cell('score');
  const number = given === undefined || /^nan$/i.test(given) ? null : Number(given);
  if (number !== null && !Number.isFinite(number)) {
    throw broken(name, line, { en: `its score "${given}" is no number`, zh: `分数“${given}”不是数` });
  }
  const status = (stated as ScoreStatus | undefined) ?? (number === null ? 'failed' : 'ok');
  if (status === 'ok' && number === null) {
    throw broken(name, line, { en: 'its status is ok, but it has no score', zh: '状态为 ok，却没有分数' });
  }
  const score = status === 'ok' || status === 'inconclusive' ? number : null;
  const elapsed = cell('elapsedms');
  return {
    ...{ key, label, score, status, condition: cell('condition') ?? 'stored' },
    ...Object.fromEntries(TEXTS.flatMap((column) => (cell(column) ? [[column, cell(column)]] : []))),
    ...(elapsed !== undefined && Number.isFinite(Number(elapsed)) ? { elapsedMs: Number(elapsed) } : {}),
  };
}

function broken(name: string, line: number, what: { en: string; zh: string }): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `${name}, line ${line}: ${what.en}`, zh: `${name} 第 ${line} 行：${what.zh}` },
    {
      en: 'a score file is CSV with key,label,score in its header, NDJSON with those fields, or ASVspoof score lines; see docs/bench.md',
      zh: '分数文件应为含 key,label,score 表头的 CSV、含这些字段的 NDJSON，或 ASVspoof 分数行；见 docs/bench.zh-CN.md',
    },
  );
}

/**
 * Recorded answers of a service: comma separated text or NDJSON, in files or on standard input. A row that cannot be
 * used is a problem with its line number, and the rest goes on; a file that cannot be read at all is one problem.
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { AuditProblem } from '../../core/audit.ts';
import { asHuoyanError, HuoyanError } from '../../core/errors.ts';
import { fromFileSystem } from '../../media/failures.ts';
import type { Answer } from '../answers.ts';
import { DelimitedError, DelimitedReader } from './delimited.ts';
import { answerOf, type Cells, type Layout, layoutOf, type Row, type RowDefaults, scaled } from './row.ts';

export interface RecordedOptions {
  /** The service that answered, where the file does not say. Default `recorded`. */
  readonly service?: string;
  /** Where `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

export interface Recorded {
  readonly answers: readonly Answer[];
  readonly problems: readonly AuditProblem[];
}

/** Rows of one file beyond these are not read. */
const MOST_ROWS = 2_000_000;
/** Characters of one line of NDJSON. */
const LONGEST_LINE = 1 << 20;

/** The answers in `path` (`-` is standard input). Never rejects for what the file is or holds. */
export async function readRecorded(path: string, options: RecordedOptions = {}): Promise<Recorded> {
  const problems: AuditProblem[] = [];
  const rows: Row[] = [];
  try {
    const source = path === '-' ? (options.stdin ?? process.stdin) : createReadStream(path);
    for await (const row of rowsIn(source, path, options.service ?? 'recorded')) {
      if ('answer' in row) rows.push(row);
      else problems.push({ file: path, ...row });
      if (rows.length > MOST_ROWS) throw tooManyRows();
    }
    if (rows.length === 0 && problems.length === 0) throw nothingIn();
  } catch (thrown) {
    const failed = thrown as NodeJS.ErrnoException;
    const error = typeof failed?.code === 'string' && failed.syscall ? fromFileSystem(path, thrown) : null;
    problems.push({
      file: path,
      ...(thrown instanceof DelimitedError
        ? { line: thrown.line, error: brokenText(thrown) }
        : { error: error ?? asHuoyanError(thrown) }),
    });
  }
  return { answers: scaled(rows).map(({ answer }) => answer), problems };
}

type Found = Row | { readonly line: number; readonly error: HuoyanError };

async function* rowsIn(
  source: AsyncIterable<Uint8Array>,
  path: string,
  service: string,
): AsyncGenerator<Found> {
  const set = path === '-' ? 'standard input' : basename(path).replace(/\.(csv|tsv|txt|ndjson|jsonl)$/i, '');
  const defaults = { set, service };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let take: ((piece: string, end: boolean) => Generator<Found>) | null = null;
  let waiting = '';
  for await (const bytes of source) {
    const piece = decoded(() => decoder.decode(bytes, { stream: true }));
    if (take) yield* take(piece, false);
    else {
      waiting += piece;
      const first = waiting.replace(/^\ufeff/, '').trimStart()[0];
      if (first === undefined) continue;
      take = first === '{' ? lines(defaults) : table(defaults);
      yield* take(waiting, false);
    }
  }
  if (take)
    yield* take(
      decoded(() => decoder.decode()),
      true,
    );
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch (cause) {
    throw new HuoyanError(
      'corrupt',
      { en: 'this is not UTF-8 text', zh: '不是 UTF-8 文本' },
      {
        en: 'save the table as "CSV UTF-8", or give NDJSON',
        zh: '请在表格软件中另存为“CSV UTF-8”，或提供 NDJSON',
      },
      { cause },
    );
  }
}

/** What reads a table piece by piece. */
function table(defaults: RowDefaults): (piece: string, end: boolean) => Generator<Found> {
  const reader = new DelimitedReader();
  let columns: readonly string[] | null = null;
  let layout: Layout = {};
  return function* (piece, end) {
    for (const { line, cells } of reader.push(piece, end)) {
      if (columns === null) {
        columns = cells.map((cell) => cell.trim());
        layout = layoutOf(columns);
        continue;
      }
      const named = columns;
      yield attempt(line, () => {
        const surplus = cells.slice(named.length).some((cell) => cell.trim() !== '');
        if (cells.length < named.length || surplus) throw wrongWidth(cells.length, named.length);
        const byColumn: Cells = Object.fromEntries(named.map((column, i) => [column, cells[i]]));
        return answerOf(byColumn, layout, defaults);
      });
    }
  };
}

/** What reads NDJSON piece by piece. */
function lines(defaults: RowDefaults): (piece: string, end: boolean) => Generator<Found> {
  let rest = '';
  let line = 0;
  return function* (piece, end) {
    rest += piece;
    const parts = rest.split('\n');
    rest = end ? '' : (parts.pop() as string);
    if (rest.length > LONGEST_LINE) throw new DelimitedError(line + 1, 'too-long');
    for (const part of parts) {
      line++;
      const json = part.replace(/^\ufeff/, '').trim();
      if (json === '') continue;
      yield attempt(line, () => {
        const value = parsed(json);
        return answerOf(value, layoutOf(Object.keys(value)), defaults);
      });
    }
  };
}

function parsed(json: string): Cells {
  let value: unknown = null;
  let cause: unknown;
  try {
    value = JSON.parse(json);
  } catch (thrown) {
    cause = thrown;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Cells;
  throw new HuoyanError(
    'corrupt',
    { en: 'this line is not a JSON object', zh: '该行不是 JSON 对象' },
    {
      en: 'write one object a line: {"person": …, "named": …}',
      zh: '每行写一个对象：{"person": …, "named": …}',
    },
    { cause },
  );
}

function attempt(line: number, make: () => Answer): Found {
  try {
    return { line, answer: make() };
  } catch (thrown) {
    return { line, error: asHuoyanError(thrown) };
  }
}

function wrongWidth(found: number, expected: number): HuoyanError {
  return new HuoyanError(
    'corrupt',
    {
      en: `this row has ${found} fields, the first line ${expected}`,
      zh: `该行有 ${found} 列，首行有 ${expected} 列`,
    },
    {
      en: 'put fields that hold a separator in double quotes',
      zh: '含分隔符的字段请用双引号括起',
    },
  );
}

function brokenText({ reason }: DelimitedError): HuoyanError {
  const texts = {
    'open-quote': { en: 'a quoted field is never closed', zh: '带引号的字段没有结束' },
    'stray-quote': { en: 'text follows a closing quote', zh: '右引号之后还有文字' },
    'too-long': { en: 'a row is longer than a million characters', zh: '某一行超过一百万个字符' },
  };
  return new HuoyanError('corrupt', texts[reason], {
    en: 'the rows before it were read; write a double quote inside a field twice',
    zh: '此前各行已读取；字段内的双引号应写两次',
  });
}

function tooManyRows(): HuoyanError {
  return new HuoyanError(
    'too-large',
    { en: `more than ${MOST_ROWS} rows`, zh: `超过 ${MOST_ROWS} 行` },
    { en: 'the rows before were read; split the file', zh: '此前各行已读取；请拆分文件' },
  );
}

function nothingIn(): HuoyanError {
  return new HuoyanError(
    'empty',
    { en: 'there is no answer in it', zh: '其中没有应答记录' },
    {
      en: 'the first line names the columns, every other line is one fake',
      zh: '首行为列名，其后每行对应一张伪造图片',
    },
  );
}

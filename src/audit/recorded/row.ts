/**
 * One row of a recording as an answer. Column names follow the result files of arXiv 2103.00847 (`Src` is the person
 * impersonated, `Tar Pred.` what was answered to the fake, empty for nobody) and a few plainer ones; case, spaces and
 * punctuation of a column name do not count.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { Answer } from '../answers.ts';

const COLUMNS = {
  file: ['filename', 'file', 'path', 'fake'],
  person: ['src', 'source', 'person', 'impersonated'],
  realName: ['srcpred', 'realname', 'realnamed'],
  realConfidence: ['srcconf', 'realconfidence', 'realconf'],
  fakeName: ['tarpred', 'named', 'answer', 'pred', 'prediction'],
  fakeConfidence: ['tarconf', 'confidence', 'conf'],
  similarity: ['similarity'],
  service: ['service', 'api'],
  set: ['set', 'dataset'],
  method: ['method'],
  clip: ['clip', 'video'],
} as const;

type Field = keyof typeof COLUMNS;

/** What a recording calls its columns or keys, by field. */
export type Layout = Partial<Record<Field, string>>;

const plain = (column: string) => column.toLowerCase().replace(/[^a-z]/g, '');

/** Where each field stands. Throws HuoyanError `corrupt` when the columns nothing can be measured without are absent. */
export function layoutOf(columns: readonly string[]): Layout {
  const layout: Layout = {};
  for (const [field, names] of Object.entries(COLUMNS) as [Field, readonly string[]][]) {
    for (const name of names) layout[field] ??= columns.find((column) => plain(column) === name);
  }
  if (layout.person === undefined || layout.fakeName === undefined) {
    throw new HuoyanError(
      'corrupt',
      {
        en: `there is no column ${layout.person === undefined ? '"Src"' : '"Tar Pred."'}`,
        zh: `缺少列 ${layout.person === undefined ? '“Src”' : '“Tar Pred.”'}`,
      },
      {
        en: 'name the impersonated person "Src" (or "person") and the answer to the fake "Tar Pred." (or "named") in the first line',
        zh: '首行中，被冒充者列名为 Src（或 person），对伪造图片的应答列名为 Tar Pred.（或 named）',
      },
    );
  }
  return layout;
}

/** Confidences and likenesses before it is known whether they are in per cent. */
export interface Row {
  readonly line: number;
  readonly answer: Answer;
}

export interface RowDefaults {
  readonly set: string;
  readonly service: string;
}

export type Cells = Readonly<Record<string, unknown>>;

/** The answer in `cells`; throws HuoyanError `corrupt` for a row that holds none. */
export function answerOf(cells: Cells, layout: Layout, defaults: RowDefaults): Answer {
  const text = (field: Field): string | null => {
    const column = layout[field];
    const value = column === undefined ? undefined : cells[column];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string' && typeof value !== 'number') throw notText(column as string);
    const trimmed = String(value).trim();
    return NOBODY.test(trimmed) ? null : trimmed;
  };
  const number = (field: Field): number | null => {
    const value = text(field);
    if (value === null) return null;
    const parsed = Number(value.replace(/%$/, ''));
    const least = field === 'similarity' ? -100 : 0;
    if (!(parsed >= least && parsed <= 100)) throw notANumber(layout[field] as string, value);
    return value.endsWith('%') ? parsed / 100 : parsed;
  };
  const person = text('person');
  if (person === null || !/[\p{L}\p{N}]/u.test(person)) {
    throw new HuoyanError(
      'corrupt',
      { en: 'nobody is impersonated in this row', zh: '该行没有被冒充者' },
      {
        en: `fill the column "${layout.person}" with the name of the person`,
        zh: `请在“${layout.person}”列填写姓名`,
      },
    );
  }
  const real = { name: text('realName'), confidence: number('realConfidence') };
  return {
    set: text('set') ?? defaults.set,
    service: text('service') ?? defaults.service,
    method: text('method'),
    file: text('file') ?? '',
    person,
    fake: { name: text('fakeName'), confidence: number('fakeConfidence') },
    real: layout.realName === undefined ? null : real,
    similarity: number('similarity'),
    clip: text('clip'),
  };
}

/** What programs write where there is nothing. */
const NOBODY = /^(|nan|none|null|n\/a)$/i;

/**
 * Confidences of a service that states any above 1 are per cent; likenesses likewise. Throws nothing: what is above
 * 100 never came this far.
 */
export function scaled(rows: readonly Row[]): Row[] {
  const largest = (pick: (answer: Answer) => (number | null)[]) => {
    const top = new Map<string, number>();
    for (const { answer } of rows)
      for (const value of pick(answer))
        if (value !== null) top.set(answer.service, Math.max(top.get(answer.service) ?? 0, value));
    return top;
  };
  const confidence = largest(({ fake, real }) => [fake.confidence, real?.confidence ?? null]);
  const similarity = largest((answer) => [answer.similarity]);
  const share = (value: number | null, top: number | undefined) =>
    value === null ? null : (top ?? 0) > 1 ? value / 100 : value;
  return rows.map(({ line, answer }) => {
    const { service, fake, real } = answer;
    const top = confidence.get(service);
    return {
      line,
      answer: {
        ...answer,
        fake: { ...fake, confidence: share(fake.confidence, top) },
        real: real && { ...real, confidence: share(real.confidence, top) },
        similarity: share(answer.similarity, similarity.get(service)),
      },
    };
  });
}

function notANumber(column: string, value: string): HuoyanError {
  const shown = value.slice(0, 40);
  return new HuoyanError(
    'corrupt',
    { en: `"${shown}" in "${column}" is not a confidence`, zh: `“${column}”列中的“${shown}”不是置信度` },
    { en: 'write a number from 0 to 1, or from 0 to 100', zh: '请写 0 到 1 或 0 到 100 的数' },
  );
}

function notText(column: string): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `"${column}" holds neither text nor a number`, zh: `“${column}”既不是文本也不是数` },
    { en: 'write one name or number in each field', zh: '每个字段只写一个名称或数' },
  );
}

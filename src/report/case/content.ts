/**
 * What the report of a case, or of one analysis, says: blocks in their order, in one language. How they are set on pages is another matter
 * (`pdf.node.ts`); what stands here can be read and tested without one.
 */
import type { Language, Text } from '../../core/text.ts';
import { group, moment, percent, percentRange, signed } from '../locale/format.ts';
import { KIND_WORDS } from '../locale/kinds.ts';
import {
  detectorName,
  OUTCOME_HEADLINE,
  OUTCOME_WORD,
  type Outcome,
  STATUS_WORD,
  weightWord,
} from '../locale/labels.ts';
import { flipsSentence, LIMITS, PAGE } from '../locale/page.ts';
import { cutText, plainBlock, plainLine } from '../plain.ts';
import { PRODUCER } from '../producer.ts';
import type { AnalysisRecord } from '../schema.ts';
import type { AnalysisReport, CaseFile, CaseReport, CustodyLine, Printed } from './case.ts';
import { ACTION, CASE, HUMAN_METHOD, METHOD } from './words.ts';

/** `code`: figures and hashes, which break anywhere. */
export type Style = 'plain' | 'quiet' | 'bold' | 'code';

export interface Cell {
  readonly text: string;
  readonly style?: Style;
  readonly outcome?: Outcome;
}

export type Block =
  | { readonly type: 'title'; readonly above: string; readonly text: string }
  | { readonly type: 'heading'; readonly level: 1 | 2; readonly text: string; readonly fresh?: boolean }
  | { readonly type: 'text'; readonly text: string; readonly style?: Style }
  | { readonly type: 'verdict'; readonly outcome: Outcome; readonly text: string; readonly beside: string }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'facts'; readonly rows: readonly (readonly [string, Cell])[] }
  | {
      readonly type: 'table';
      readonly head: readonly string[];
      /** Shares of the width. */
      readonly widths: readonly number[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly type: 'picture'; readonly jpeg: Uint8Array; readonly alt: string };

export interface PagedDocument {
  readonly language: Language;
  readonly title: string;
  /** At the foot of every page, beside its number. */
  readonly foot: string;
  readonly blocks: readonly Block[];
}

/** Longest note, reason or the like that is printed whole, in UTF-16 units. */
const LONGEST = 10_000;

type Told = Omit<CaseFile, 'human'> & Partial<Pick<CaseFile, 'human'>>;

/** Everything the report of a case says. */
export function caseDocument(report: CaseReport, language: Language): PagedDocument {
  const words = new Words(report, language);
  const say = (text: Text) => text[language];
  const { files, notes } = report;
  const title = plainLine(report.title);
  const blocks: Block[] = [
    { type: 'title', above: `${say(CASE.kind)} · ${say(CASE.byHuoyan)}`, text: title },
    words.printed(say(CASE.case), [[say(CASE.opened), { text: moment(report.opened) }]]),
    { type: 'heading', level: 1, text: say(CASE.contents) },
  ];
  if (files.length === 0) blocks.push({ type: 'text', text: say(CASE.noFiles), style: 'quiet' });
  else {
    blocks.push({
      type: 'table',
      head: [say(CASE.number), say(CASE.file), say(CASE.machine), say(CASE.human)],
      widths: [0.07, 0.49, 0.24, 0.2],
      rows: files.map((file, i) => [
        { text: String(i + 1) },
        { text: plainLine(file.name) },
        words.machine(file),
        words.human(file),
      ]),
    });
  }
  for (const [i, file] of files.entries()) {
    blocks.push({ type: 'heading', level: 1, text: `${i + 1}. ${plainLine(file.name)}`, fresh: true });
    blocks.push(...words.file(file));
  }
  blocks.push({ type: 'heading', level: 1, text: say(CASE.notes) });
  if (notes.length === 0) blocks.push({ type: 'text', text: say(CASE.noNotes), style: 'quiet' });
  for (const note of notes) {
    const head = `${moment(note.at)} · ${words.who(note.author)}`;
    blocks.push({ type: 'text', text: head, style: 'quiet' });
    blocks.push({ type: 'text', text: cutText(plainBlock(note.text), LONGEST, true) });
  }
  blocks.push(...words.ground([...METHOD, HUMAN_METHOD]));
  return { language, title, foot: words.foot(CASE.kind), blocks };
}

/** Everything the report of one analysis says. */
export function analysisDocument(report: AnalysisReport, language: Language): PagedDocument {
  const words = new Words(report, language);
  const say = (text: Text) => text[language];
  const title = plainLine(report.file.name);
  const blocks: Block[] = [
    { type: 'title', above: `${say(CASE.oneKind)} · ${say(CASE.byHuoyan)}`, text: title },
    words.printed(say(CASE.analysis), []),
    { type: 'heading', level: 1, text: say(CASE.verdict) },
    ...words.file(report.file),
    ...words.ground(METHOD),
  ];
  return { language, title, foot: words.foot(CASE.oneKind), blocks };
}

/** What is said of files, lines and people, in one language. */
class Words {
  readonly #report: Printed;
  readonly #language: Language;

  constructor(report: Printed, language: Language) {
    this.#report = report;
    this.#language = language;
  }

  foot(kind: Text): string {
    return `${this.#say(kind)} ${this.#report.id} · ${moment(this.#report.printed)}`;
  }

  /** What it is, with `more` facts of its own, and how this copy was made. */
  printed(name: string, more: readonly (readonly [string, Cell])[]): Block {
    const { id, printed, printedBy, chain } = this.#report;
    return {
      type: 'facts',
      rows: [
        [name, { text: id, style: 'code' }],
        ...more,
        [this.#say(CASE.printed), { text: moment(printed) }],
        [this.#say(CASE.printedBy), { text: this.who(printedBy) }],
        [this.#say(CASE.software), { text: `${PRODUCER.name} ${PRODUCER.version}` }],
        [this.#say(CASE.chain), { text: this.chain(chain), style: chain.whole ? 'plain' : 'bold' }],
        ['', { text: chain.last, style: 'code' }],
      ],
    };
  }

  /** What it all rests on: the history, the method with its limits, the networks. */
  ground(method: readonly Text[]): Block[] {
    const { custody, custodyLeftOut, models } = this.#report;
    const heading = (text: Text): Block => ({ type: 'heading', level: 1, text: this.#say(text) });
    const all = (texts: readonly Text[]) => texts.map((text) => this.#say(text));
    const blocks = [heading(CASE.custody)];
    if (custodyLeftOut > 0) blocks.push({ type: 'text', text: this.leftOut(custodyLeftOut), style: 'quiet' });
    return [
      ...blocks,
      {
        type: 'table',
        head: all([CASE.number, CASE.at, CASE.who, CASE.what]),
        widths: [0.06, 0.14, 0.17, 0.63],
        rows: custody.map((line) => [
          { text: String(line.seq) },
          { text: line.at.slice(0, 19).replace('T', ' ') },
          { text: this.who(line.actor) },
          { text: this.act(line) },
        ]),
      },
      heading(CASE.method),
      { type: 'list', items: all(method) },
      heading(CASE.limits),
      { type: 'list', items: all(LIMITS) },
      heading(CASE.models),
      {
        type: 'table',
        head: all([CASE.name, CASE.version, CASE.sha256]),
        widths: [0.3, 0.12, 0.58],
        rows: models.map(({ name, version, sha256 }) => [
          { text: name },
          { text: version },
          { text: sha256, style: 'code' },
        ]),
      },
    ];
  }

  #say(text: Text): string {
    return text[this.#language];
  }

  /** A key's name with its id, and what stands where there is no key. */
  who(id: string): string {
    if (id === 'huoyan') return this.#say(CASE.system);
    if (id === 'local') return this.#say(CASE.local);
    if (id === 'root') return this.#say(CASE.root);
    const name = this.#report.people[id];
    return name === undefined ? id : `${plainLine(name)} (${id})`;
  }

  chain({ whole, lines }: Printed['chain']): string {
    const state = this.#say(whole ? CASE.whole : CASE.broken);
    return this.#say({
      en: `${state}, ${group(lines)} lines; the last one's hash:`,
      zh: `${state}，共 ${group(lines)} 条；末条的哈希值：`,
    });
  }

  leftOut(count: number): string {
    return this.#say({
      en: `The oldest lines; ${group(count)} more are in the log of the service.`,
      zh: `此处为最早的记录；另有 ${group(count)} 条见服务日志。`,
    });
  }

  machine({ record }: Told): Cell {
    if (!record) return { text: this.#say(CASE.notYet), style: 'quiet' };
    if (!('verdict' in record)) return { text: this.#say(OUTCOME_WORD.unreadable), outcome: 'unreadable' };
    const { label, probability } = record.verdict;
    return { text: `${this.#say(OUTCOME_WORD[label])} ${percent(probability)} %`, outcome: label };
  }

  /** What is known of a file; the verdict of people only where they are asked for one. */
  file(file: Told): Block[] {
    const { record } = file;
    const blocks: Block[] = [];
    if (file.preview) {
      const alt =
        record && 'verdict' in record ? KIND_WORDS[record.kind].alt(plainLine(file.name)) : CASE.file;
      blocks.push({ type: 'picture', jpeg: file.preview, alt: this.#say(alt) });
    }
    blocks.push({ type: 'facts', rows: this.#facts(file) });
    if (!record) return blocks;
    if (!('verdict' in record)) {
      blocks.push({
        type: 'verdict',
        outcome: 'unreadable',
        text: this.#say(OUTCOME_HEADLINE.unreadable),
        beside: '',
      });
      blocks.push({ type: 'text', text: cutText(plainLine(record.error.message), LONGEST, true) });
      return blocks;
    }
    const { verdict, kind, evidence } = record;
    blocks.push({
      type: 'verdict',
      outcome: verdict.label,
      text: this.#say(OUTCOME_HEADLINE[verdict.label]),
      beside: `${percent(verdict.probability)} %`,
    });
    blocks.push({ type: 'text', text: this.#say(KIND_WORDS[kind].meaning[verdict.label]) });
    blocks.push({
      type: 'facts',
      rows: [
        [
          this.#say(CASE.probability),
          {
            text: `${percent(verdict.probability)} % (${this.#say(CASE.interval)} ${percentRange(verdict.interval)} %; ${this.#say(CASE.prior)} ${percent(verdict.prior)} %)`,
          },
        ],
        [this.#say(PAGE.sum), { text: `${signed(verdict.llr, 2)} (${this.#say(weightWord(verdict.llr))})` }],
        [this.#say(CASE.stability), { text: this.#stability(verdict.stability) }],
        ...(file.human === undefined ? [] : [[this.#say(CASE.humanVerdict), this.human(file)] as const]),
      ],
    });
    if (verdict.reasons.length > 0) {
      blocks.push({ type: 'heading', level: 2, text: this.#say(CASE.reasons) });
      blocks.push({
        type: 'list',
        items: verdict.reasons.map(
          ({ text, weight }) => `${cutText(plainLine(text), LONGEST, true)} (${signed(weight, 2)})`,
        ),
      });
    }
    blocks.push({ type: 'heading', level: 2, text: this.#say(CASE.evidence) });
    blocks.push(this.#evidence(evidence));
    return blocks;
  }

  #facts(file: Told): (readonly [string, Cell])[] {
    const { record, source } = file;
    const size = `${group(file.bytes)} ${this.#say(CASE.bytes)}`;
    const facts: (readonly [string, Cell])[] = [
      [this.#say(CASE.sha256), { text: file.sha256, style: 'code' }],
      [this.#say(CASE.size), { text: size }],
      [this.#say(CASE.received), { text: moment(file.received) }],
      [this.#say(CASE.examined), { text: file.examined ? moment(file.examined) : this.#say(CASE.notYet) }],
    ];
    if (source) facts.push([this.#say(CASE.source), { text: plainLine(source), style: 'code' }]);
    if (record && 'verdict' in record) facts.push([this.#say(CASE.format), { text: formatOf(record) }]);
    if (record) {
      const { name, version } = record.producer;
      facts.push([this.#say(CASE.software), { text: `${name} ${version}` }]);
    }
    return facts;
  }

  human({ human }: Told): Cell {
    return human
      ? { text: this.#say(OUTCOME_WORD[human]), outcome: human }
      : { text: this.#say(CASE.undecided), style: 'quiet' };
  }

  #stability(stability: { flips: number; ladder: readonly unknown[] } | null): string {
    if (!stability) return this.#say(CASE.stabilityNone);
    const { flips, ladder } = stability;
    return this.#say(flips > 0 ? flipsSentence(flips, ladder.length) : PAGE.holds);
  }

  #evidence(evidence: Extract<AnalysisRecord, { verdict: unknown }>['evidence']): Block {
    return {
      type: 'table',
      head: [CASE.evidence, CASE.result, CASE.weight, PAGE.seen].map((text) => this.#say(text)),
      widths: [0.2, 0.13, 0.1, 0.57],
      rows: evidence.map(({ detector, version, status, llr, summary, ...rest }) => {
        const name = this.#say(detectorName(detector));
        const more =
          'measuredOn' in rest && rest.measuredOn ? `\n${this.#say(PAGE.measuredOn)}${rest.measuredOn}` : '';
        const wrong = 'error' in rest && rest.error ? `\n${rest.error.message}` : '';
        return [
          { text: `${plainLine(name)}\n${plainLine(version)}` },
          { text: this.#say(STATUS_WORD[status]), style: status === 'detected' ? 'bold' : 'plain' },
          { text: llr === null ? '–' : signed(llr, 2) },
          { text: cutText(plainBlock(`${summary}${more}${wrong}`), LONGEST, true) },
        ];
      }),
    };
  }

  /** What was done, what the log says of it, and its hash. */
  act({ action, detail, hash }: CustodyLine): string {
    const name = Object.hasOwn(ACTION, action) ? this.#say(ACTION[action]) : action;
    return `${name}${detailOf(detail)}\n${hash}`;
  }
}

/** The fields of a line of the log, as `key value`. */
function detailOf(detail: string): string {
  try {
    const fields = Object.entries(JSON.parse(detail) as Record<string, unknown>);
    const told = fields.map(
      ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    return told.length > 0 ? `: ${cutText(plainLine(told.join(', ')), 1000, true)}` : '';
  } catch {
    return `: ${cutText(plainLine(detail), 1000, true)}`;
  }
}

function formatOf({ container }: Extract<AnalysisRecord, { verdict: unknown }>): string {
  const size = 'width' in container ? `, ${group(container.width)} × ${group(container.height)}` : '';
  const seconds = 'durationSeconds' in container ? `, ${container.durationSeconds.toFixed(1)} s` : '';
  return `${container.format.toUpperCase()}${size}${seconds}`;
}

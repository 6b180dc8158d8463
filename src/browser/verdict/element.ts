/**
 * One analysis in a box of its own. It is given a record (`huoyan analyze --ndjson`, or what the service answers), by address
 * (`src`) or by the property `record`, and asks nobody else. Records come from elsewhere: whatever stands in one becomes text,
 * never markup. The style sheet is adopted and not written into the page, so that a strict content security policy admits it.
 */
import type { Language, Text } from '../../core/text.ts';
import { percent, percentRange } from '../../report/locale/format.ts';
import { OUTCOME_HEADLINE, OUTCOME_MEANING, OUTCOMES, type Outcome } from '../../report/locale/labels.ts';
import { plainLine } from '../../report/plain.ts';
import { RECORD_SCHEMA } from '../../report/producer.ts';
import type { AnalysisRecord } from '../../report/schema.ts';
import { VERDICT_STYLE } from './style.ts';

export interface VerdictElement extends HTMLElement {
  /** What is shown; null while there is nothing. */
  record: AnalysisRecord | null;
}

const WORDS = {
  waiting: { en: 'Loading the examination…', zh: '正在载入检验结果…' },
  missing: { en: 'The examination could not be loaded.', zh: '无法载入检验结果。' },
  probability: { en: 'Probability of AI or alteration', zh: 'AI 生成或篡改的概率' },
  interval: { en: '90 % interval', zh: '90% 区间' },
  prior: { en: 'assumed before looking', zh: '检验前的假定' },
  more: { en: 'Why, and of which file', zh: '理由与对应文件' },
  file: { en: 'File', zh: '文件' },
  by: { en: 'Examined with Huoyan', zh: '由火眼检验' },
} as const satisfies Record<string, Text>;

/** Most reasons that are shown; a record has all of them. */
const MOST_REASONS = 8;

type State =
  | { readonly is: 'waiting' | 'missing' }
  | { readonly is: 'there'; readonly record: AnalysisRecord };

/** Defines the element under `name`, once. */
export function defineVerdict(name = 'huoyan-verdict'): void {
  if (customElements.get(name)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(VERDICT_STYLE);

  class Verdict extends HTMLElement implements VerdictElement {
    static readonly observedAttributes = ['src', 'lang'];
    #state: State = { is: 'waiting' };
    /** Counts addresses: the answer of an earlier one comes too late. */
    #asked = 0;

    get record(): AnalysisRecord | null {
      return this.#state.is === 'there' ? this.#state.record : null;
    }

    set record(value: AnalysisRecord | null) {
      this.#asked++;
      this.#state = value === null ? { is: 'waiting' } : stateOf(value);
      this.#draw();
    }

    connectedCallback(): void {
      if (!this.shadowRoot) this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
      this.#draw();
    }

    attributeChangedCallback(attribute: string, _: string | null, value: string | null): void {
      if (attribute === 'src' && value !== null) void this.#load(value);
      else this.#draw();
    }

    async #load(src: string): Promise<void> {
      const turn = ++this.#asked;
      this.#state = { is: 'waiting' };
      this.#draw();
      const found = await fetch(new URL(src, document.baseURI), { headers: { accept: 'application/json' } })
        .then((response) => (response.ok ? response.json() : null))
        .then(stateOf, (): State => ({ is: 'missing' }));
      if (turn !== this.#asked) return;
      this.#state = found;
      this.#draw();
    }

    #draw(): void {
      const root = this.shadowRoot;
      if (!root) return;
      const spoken = this.closest('[lang]')?.getAttribute('lang') ?? '';
      const language: Language = /^zh/i.test(spoken) ? 'zh' : 'en';
      root.replaceChildren(
        this.#state.is === 'there' ? boxOf(this.#state.record, language) : notice(this.#state.is, language),
      );
    }
  }
  customElements.define(name, Verdict);
}

/** A record, or the answer of the service that has one as its `result`; whatever else is missing. */
function stateOf(found: unknown): State {
  const record = ((found as { result?: unknown } | null)?.result ?? found) as AnalysisRecord | null;
  if (record?.schema !== RECORD_SCHEMA) return { is: 'missing' };
  if ('error' in record) return { is: 'there', record };
  const { label, probability, interval, reasons } = record.verdict ?? {};
  const whole =
    (OUTCOMES as readonly unknown[]).includes(label) &&
    [probability, interval?.[0], interval?.[1]].every(Number.isFinite) &&
    Array.isArray(reasons);
  return whole ? { is: 'there', record } : { is: 'missing' };
}

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function notice(what: 'waiting' | 'missing', language: Language): HTMLElement {
  const box = element('div', 'box', element('p', 'quiet', WORDS[what][language]));
  box.lang = language === 'zh' ? 'zh-Hans' : 'en';
  box.setAttribute('role', 'status');
  return box;
}

function boxOf(record: AnalysisRecord, language: Language): HTMLElement {
  const say = (text: Text) => text[language];
  const outcome: Outcome = 'verdict' in record ? record.verdict.label : 'unreadable';
  const box = element('div', `box ${outcome}`);
  box.setAttribute('role', 'group');
  box.lang = language === 'zh' ? 'zh-Hans' : 'en';
  box.setAttribute('aria-label', say(WORDS.by));
  box.append(
    element('p', 'headline', say(OUTCOME_HEADLINE[outcome])),
    element('p', '', say(OUTCOME_MEANING[outcome])),
  );
  const details = element('details', '', element('summary', '', say(WORDS.more)));
  if ('verdict' in record) {
    const { probability, interval, prior, reasons } = record.verdict;
    const told = `${percent(probability)} % (${say(WORDS.interval)} ${percentRange(interval)} %; ${say(WORDS.prior)} ${percent(prior)} %)`;
    box.append(element('p', 'quiet', `${say(WORDS.probability)}: `, element('b', '', told)));
    const list = element('ul', '');
    list.lang = record.language === 'zh' ? 'zh-Hans' : 'en';
    for (const { text } of reasons.slice(0, MOST_REASONS))
      list.append(element('li', '', plainLine(String(text))));
    details.append(list);
  } else details.append(element('p', '', plainLine(String(record.error.message))));
  const file = element('bdi', '', plainLine(String(record.file)));
  details.append(element('p', 'quiet', `${say(WORDS.file)}: `, file));
  if (record.sha256)
    details.append(element('p', 'quiet', 'SHA-256: ', element('code', '', String(record.sha256))));
  const version = plainLine(String(record.producer?.version ?? ''));
  box.append(details, element('p', 'quiet', `${say(WORDS.by)} ${version}`));
  return box;
}

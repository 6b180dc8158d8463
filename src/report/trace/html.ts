/**
 * Traces as one HTML document that needs nothing else: for every picture what it was likely made by, its fingerprint,
 * the candidates, how the generator is likely built and the pictures of likely the same source. Both languages; works without its script and on paper.
 */
import type { Language, Text } from '../../core/text.ts';
import type { Trace, Traced, TracedPicture } from '../../core/trace.ts';
import { base64 } from '../base64.ts';
import { both, label, t } from '../html/bilingual.ts';
import { type Html, html } from '../html/escape.ts';
import { ending, opening } from '../html/frame.ts';
import { rampPaint } from '../html/heat.ts';
import { listOverview, listRow, withinBudget } from '../html/list.ts';
import { TRACE_POLICY } from '../html/policy.ts';
import { duration, group, percent } from '../locale/format.ts';
import { ERROR_WORD, weightWord } from '../locale/labels.ts';
import { PAGE, photoAlt } from '../locale/page.ts';
import {
  candidateShare,
  heardInShort,
  SAME_SOURCE,
  sameSourceAs,
  TRACE,
  untraceable,
} from '../locale/trace.ts';
import {
  ANSWER_WORD,
  answerHeadline,
  answerMeaning,
  ORIGIN_TAG,
  TRACE_LIMITS,
  TRACE_PAGE,
  TRACE_READING,
  tracedTitle,
} from '../locale/trace-page.ts';
import { plainLine } from '../plain.ts';
import { ANSWER_KINDS, answerKind, type Candidate, candidatesOf, type Medium } from './answer.ts';
import { candidatesTable, sharesBar } from './candidates.ts';
import { constructionSection } from './construction-section.ts';
import { fingerprintSection } from './fingerprint.ts';
import { answerIcon, kindOf, look } from './look.ts';
import { TRACE_STYLE } from './style.ts';

export interface TracePageOptions {
  /** The language shown first; the reader can switch. English when absent. */
  readonly language?: Language;
  /** The moment written into the page; now when absent. */
  readonly generatedAt?: Date;
  /** How many bytes of previews (JPEG, before base64) go in altogether, first come first served. 96 MB when absent. */
  readonly pictureBudgetBytes?: number;
}

const PICTURE_BUDGET = 96_000_000;
/** Width of the coordinate system of a preview; its height follows the picture. */
const VIEW_WIDTH = 1000;
const MOST_NEIGHBOURS = 60;

/** What every part of the page needs to know of the whole. */
interface Whole {
  readonly traces: readonly Trace[];
  readonly language: Language;
  readonly withPicture: ReadonlySet<number>;
  /** Where a file stands in the page. */
  readonly places: ReadonlyMap<string, number>;
}

/** The page on all `traces` in pieces, one a picture, so that a large one can be written without holding it in memory. */
export function* traceHtmlParts(traces: readonly Trace[], options: TracePageOptions = {}): Generator<string> {
  const language = options.language ?? 'en';
  const sizes = traces.flatMap((trace, i) =>
    isPicture(trace) && trace.preview ? [[i, trace.preview.length] as const] : [],
  );
  const withPicture = withinBudget(sizes, options.pictureBudgetBytes ?? PICTURE_BUDGET);
  const places = new Map(traces.map(({ file }, i) => [file, i] as const).reverse());
  const whole: Whole = { traces, language, withPicture, places };
  yield opening({
    title: pageTitle(traces),
    subtitle: TRACE_PAGE.subtitle,
    language,
    store: html`<svg class="store" width="0" height="0" aria-hidden="true" focusable="false"><defs>${rampPaint()}</defs></svg>`,
    extra: { style: TRACE_STYLE, policy: TRACE_POLICY },
  }).text;
  if (traces.length === 0) yield html`<p class="card">${t(PAGE.empty)}</p>`.text;
  if (traces.length === 1) {
    yield html`<h1 class="unseen">${t(tracedTitle('1'))}</h1>${preview(whole, 0)}<article class="card"><div class="body traced">${body(whole, 0)}</div></article>`
      .text;
  }
  if (traces.length > 1) {
    yield html`${overview(whole)}<div class="files">`.text;
    const ranks = ranksOf(traces);
    for (let i = 0; i < traces.length; i++) yield row(whole, i, ranks[i]).text;
    yield html`</div><p class="nothing-left" hidden>${t(PAGE.nothingLeft)}</p>`.text;
  }
  const points = (texts: readonly Text[]) => html`<ul>${texts.map((x) => html`<li>${t(x)}</li>`)}</ul>`;
  yield html`<section class="guide"><div><h2>${t(TRACE_PAGE.how)}</h2>${points(TRACE_READING)}</div><div><h2>${t(TRACE_PAGE.limits)}</h2>${points(TRACE_LIMITS)}</div></section>
${ending(options.generatedAt ?? new Date())}`.text;
}

function pageTitle(traces: readonly Trace[]): Text {
  const what = (language: Language) =>
    traces.length === 1
      ? `${ANSWER_WORD[answerKind(traces[0])][language]} · ${plainLine(traces[0].file)}`
      : tracedTitle(group(traces.length))[language];
  return { en: `${what('en')} · Huoyan`, zh: `${what('zh')} · 火眼` };
}

function isPicture(trace: Trace): trace is TracedPicture {
  return trace.outcome === 'traced' && trace.kind === 'image';
}

function mediumOf(trace: Trace): Medium {
  return trace.outcome === 'unreadable' ? 'image' : trace.kind;
}

function mostLikely(trace: Trace): Candidate | null {
  return trace.outcome === 'traced' ? candidatesOf(trace)[0] : null;
}

function probabilityOf(trace: Trace): number {
  return mostLikely(trace)?.probability ?? Number.NaN;
}

/** What a picture is listed under when the list is ordered by source. */
function sourceOf(trace: Trace): string {
  const kind = answerKind(trace);
  const first = mostLikely(trace);
  return kind === 'generator' && first?.kind === 'generator' ? `generator ${first.generator}` : kind;
}

/** Ranks that bring pictures of one source together, named generators first, the most frequent of them first. */
function ranksOf(traces: readonly Trace[]): number[] {
  const counts = new Map<string, number>();
  for (const trace of traces) counts.set(sourceOf(trace), (counts.get(sourceOf(trace)) ?? 0) + 1);
  const order = new Map<string, number>();
  const kind = (trace: Trace) => ANSWER_KINDS.indexOf(answerKind(trace));
  const count = (trace: Trace) => counts.get(sourceOf(trace)) ?? 0;
  for (const trace of traces.toSorted((a, b) => kind(a) - kind(b) || count(b) - count(a))) {
    if (!order.has(sourceOf(trace))) order.set(sourceOf(trace), order.size);
  }
  return traces.map((trace) => order.get(sourceOf(trace)) ?? order.size);
}

function overview({ traces, language }: Whole): Html {
  const kinds = ANSWER_KINDS.map((kind) => ({
    ...kindOf(kind),
    count: traces.filter((trace) => answerKind(trace) === kind).length,
  }));
  return listOverview({
    title: tracedTitle(group(traces.length)),
    kinds: kinds.filter(({ count }) => count > 0),
    ranked: TRACE_PAGE.bySource,
    language,
    rows: traces.map((trace) => ({
      file: trace.file,
      kind: kindOf(answerKind(trace)),
      probability: probabilityOf(trace),
    })),
  });
}

function row(whole: Whole, index: number, rank: number): Html {
  const trace = whole.traces[index];
  return listRow({
    index,
    file: trace.file,
    kind: kindOf(answerKind(trace)),
    rank,
    probability: probabilityOf(trace),
    why: inShort(trace),
    thumbnail: thumbnail(whole, index),
    store: preview(whole, index),
    body: html`<div class="traced">${body(whole, index)}</div>`,
  });
}

/** The answer in one clause, as the terminal has it. */
function inShort(trace: Trace): Text {
  if (trace.outcome === 'unreadable') return trace.error.text;
  if (trace.outcome === 'notApplicable') return untraceable(trace);
  const [first, second] = candidatesOf(trace).map(candidateShare);
  const company = trace.neighbours.length > 0 ? sameSourceAs(String(trace.neighbours.length)) : null;
  const clause = (language: Language) => {
    const comma = language === 'en' ? ', ' : '，';
    const answer =
      answerKind(trace) === 'unclear'
        ? `${TRACE.notClear[language]}${first[language]}${comma}${second[language]}`
        : first[language];
    return plainLine(company ? `${answer} · ${company[language]}` : answer);
  };
  return { en: clause('en'), zh: clause('zh') };
}

/** What the page of one picture has within its frame, for a page that brings its own. */
export function traceFragment(trace: Trace, language: Language): string {
  const whole: Whole = { traces: [trace], language, withPicture: new Set([0]), places: new Map() };
  return html`${preview(whole, 0)}<article class="card"><div class="body traced">${body(whole, 0)}</div></article>`
    .text;
}

function body(whole: Whole, index: number): Html {
  const trace = whole.traces[index];
  if (trace.outcome === 'unreadable') return html`${banner(trace, whole.language)}${unreadable(trace)}`;
  if (trace.outcome === 'notApplicable') return html`${banner(trace, whole.language)}${identity(trace)}`;
  return html`${banner(trace, whole.language)}
<div class="columns"><div>${trace.kind === 'image' && pictureFigure(whole, index)}${identity(trace)}</div>${candidatesTable(trace)}</div>
${trace.kind === 'image' && html`${fingerprintSection(trace.fingerprint, trace.file, whole.language)}${constructionSection(trace)}`}${neighbours(whole, index, trace)}`;
}

function banner(trace: Trace, language: Language): Html {
  const kind = answerKind(trace);
  const first = mostLikely(trace);
  const generator = first?.kind === 'generator' ? first : null;
  const of = mediumOf(trace);
  const headline = answerHeadline(kind, plainLine(generator?.generator ?? ''), of);
  const tag = kind === 'generator' && generator ? ORIGIN_TAG[generator.origin] : null;
  return html`<header class="banner ${look(kind)}">
<div class="badge">${answerIcon(kind)}</div>
<div class="words"><h2>${t(headline)}${tag && html`<span class="tag">${t(tag)}</span>`}</h2>
<p class="name"><bdi>${plainLine(trace.file)}</bdi></p>
<p>${t(answerMeaning(kind, of))}</p></div>
${
  trace.outcome === 'traced' &&
  html`<div class="gauge">${
    kind !== 'unclear' &&
    html`<p class="gauge-head">${t(TRACE_PAGE.probability)}</p><p class="gauge-figure"><strong>${percent(probabilityOf(trace))} %</strong></p>`
  }${sharesBar(trace, language)}</div>`
}</header>`;
}

const photoId = (index: number) => `f${index}-photo`;

function viewHeight({ width, height }: TracedPicture): number {
  return width > 0 && height > 0 ? Math.max(1, Math.round((VIEW_WIDTH * height) / width)) : 750;
}

/** The stored pixels of one picture, drawn elsewhere by reference. */
function preview({ traces, withPicture }: Whole, index: number): Html | null {
  const trace = traces[index];
  if (!isPicture(trace) || !trace.preview || !withPicture.has(index)) return null;
  return html`<svg class="store" width="0" height="0" aria-hidden="true" focusable="false"><defs><image id="${photoId(index)}" width="${VIEW_WIDTH}" height="${viewHeight(trace)}" preserveAspectRatio="none" href="data:image/jpeg;base64,${base64(trace.preview)}"/></defs></svg>`;
}

function pictureFigure({ traces, withPicture, language }: Whole, index: number): Html {
  const trace = traces[index];
  if (!isPicture(trace) || !withPicture.has(index)) {
    return html`<figure class="picture"><p class="absent">${t(PAGE.noPicture)}</p></figure>`;
  }
  const alt = photoAlt(plainLine(trace.file));
  return html`<figure class="picture"><svg class="canvas" viewBox="0 0 ${VIEW_WIDTH} ${viewHeight(trace)}" role="img" ${label(alt, language)}><use href="#${photoId(index)}"/></svg></figure>`;
}

/** The middle square of a picture. */
function thumbnail({ traces, withPicture }: Whole, index: number): Html {
  const trace = traces[index];
  if (!isPicture(trace) || !withPicture.has(index)) return html`<span class="thumb empty"></span>`;
  const height = viewHeight(trace);
  const side = Math.min(VIEW_WIDTH, height);
  return html`<svg class="thumb" viewBox="${(VIEW_WIDTH - side) / 2} ${(height - side) / 2} ${side} ${side}" aria-hidden="true"><use href="#${photoId(index)}"/></svg>`;
}

function neighbours(whole: Whole, index: number, trace: Traced): Html | null {
  if (whole.traces.length === 1 && trace.neighbours.length === 0) return null;
  const head = html`<h3>${t(SAME_SOURCE[trace.kind])}</h3>`;
  if (trace.neighbours.length === 0) {
    return html`<section class="traces">${head}<p class="quiet">${t(TRACE_PAGE.alone)}</p></section>`;
  }
  return html`<section class="traces">${head}<p class="quiet">${t(TRACE_PAGE.neighboursNote)}</p><ul class="kin">${trace.neighbours
    .slice(0, MOST_NEIGHBOURS)
    .map(({ file, similarity, llr }) => {
      const place = whole.places.get(file);
      const name = plainLine(file);
      const likeness = Number.isFinite(similarity) ? similarity.toFixed(2) : '–';
      const words = html`<bdi title="${name}">${baseName(name)}</bdi><span class="figure">${likeness} · ${t(weightWord(llr))}</span>`;
      return place === undefined || place === index
        ? html`<li>${words}</li>`
        : html`<li><a href="#file-${place + 1}">${thumbnail(whole, place)}${words}</a></li>`;
    })}</ul></section>`;
}

/** The last part of a path; the whole stands in the title. */
function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

/** Width and height, or what was heard. */
function sizeOf(trace: Exclude<Trace, { outcome: 'unreadable' }>): Html {
  if (trace.kind === 'image')
    return html`<div><dt>${t(TRACE_PAGE.size)}</dt><dd class="figure">${trace.width} × ${trace.height}</dd></div>`;
  const heard = trace.outcome === 'traced' ? heardInShort(trace.heard) : untraceable(trace);
  return html`<div><dt>${t(TRACE.heard)}</dt><dd>${t(heard)}</dd></div>`;
}

function identity(trace: Exclude<Trace, { outcome: 'unreadable' }>): Html {
  return html`<dl class="facts">
${sizeOf(trace)}
<div><dt>${t(PAGE.hash)}</dt><dd><code class="hash">${trace.sha256}</code></dd></div>
${Number.isFinite(trace.elapsedMs) && html`<div><dt>${t(PAGE.took)}</dt><dd>${t(duration(trace.elapsedMs))}</dd></div>`}
</dl>`;
}

function unreadable({ error }: Extract<Trace, { outcome: 'unreadable' }>): Html {
  return html`<dl class="facts error">
<div><dt>${t(ERROR_WORD[error.code])}</dt><dd>${t(error.text)}</dd></div>
<div><dt>${t(PAGE.hint)}</dt><dd>${both((language) => error.hint[language])}</dd></div>
<div><dt>${t(PAGE.code)}</dt><dd><code>${error.code}</code></dd></div></dl>`;
}

/**
 * A report on many files as a list: one row a file that opens, above it counts, filter, search and order. The script
 * of the page (script.ts) knows the attributes written here.
 */
import type { Language, Text } from '../../core/text.ts';
import { group, percent } from '../locale/format.ts';
import { PAGE } from '../locale/page.ts';
import { plainLine } from '../plain.ts';
import { label, t } from './bilingual.ts';
import { type Fragment, type Html, html } from './escape.ts';

/** One kind of result: `value` for the filter, `look` the class that gives its colour. */
export interface Kind {
  readonly value: string;
  readonly look: string;
  readonly chip: Html;
}

export interface Row {
  readonly index: number;
  readonly file: string;
  readonly kind: Kind;
  /** Rank in the second order of the list; smaller is earlier. */
  readonly rank: number;
  /** 0..1; not a number where there is none. */
  readonly probability: number;
  readonly why: Text | null;
  readonly thumbnail: Html;
  /** Drawings of this file that others refer to. */
  readonly store: Fragment;
  readonly body: Html;
}

export interface Overview {
  readonly title: Text;
  /** Every kind that occurs, in the order of the bar. */
  readonly kinds: readonly (Kind & { readonly count: number })[];
  /** Name of the order by rank. */
  readonly ranked: Text;
  readonly language: Language;
  readonly rows: readonly Pick<Row, 'file' | 'kind' | 'probability'>[];
}

export function listRow(row: Row): Html {
  const { index, file, kind, rank, why, thumbnail, store, body } = row;
  const known = Number.isFinite(row.probability);
  const probability = known ? row.probability : -1;
  const width = `${Math.round(Math.min(1, Math.max(0, probability)) * 1000) / 10}%`;
  return html`<article class="file" id="file-${index + 1}" data-index="${index}" data-outcome="${kind.value}" data-gravity="${rank}" data-probability="${probability}" data-name="${plainLine(file)}">
${store}
<details><summary>${thumbnail}
${kind.chip}
<span class="row-bar ${kind.look}">${known && html`<span class="figure">${percent(probability)} %</span><svg width="100%" height="8" aria-hidden="true"><rect class="bar-track" x="0" y="2" width="100%" height="4" rx="2"/><rect class="bar-fill" x="0" y="2" width="${width}" height="4" rx="2"/></svg>`}</span>
<span class="row-text"><bdi class="row-name">${plainLine(file)}</bdi><span class="row-why">${why && t(why)}</span></span>
<svg class="turn" viewBox="0 0 14 14" aria-hidden="true"><path d="M5 2.5L9.5 7L5 11.5"/></svg></summary>
<div class="body">${body}</div></details></article>`;
}

export function listOverview({ title, kinds, ranked, language, rows }: Overview): Html {
  const total = rows.length;
  let x = 0;
  const bars = kinds.map((kind, i) => {
    const width = (100 * kind.count) / total;
    const bar = html`<rect class="${kind.look}" x="${round(x)}%" width="${round(Math.max(0.2, width - (i === kinds.length - 1 ? 0 : 0.3)))}%" height="10" rx="2"/>`;
    x += width;
    return bar;
  });
  const option = (value: string, text: Text) =>
    html`<option value="${value}" data-text-en="${text.en}" data-text-zh="${text.zh}">${text[language]}</option>`;
  return html`<section class="overview"><h1>${t(title)}</h1>
<svg class="stack" width="100%" height="10" aria-hidden="true">${bars}</svg>
<fieldset class="segments filters"><legend class="unseen">${t(PAGE.show)}</legend>
<label><input type="radio" name="outcome" value="" checked><span>${t(PAGE.all)}<span class="figure">${group(total)}</span></span></label>
${kinds.map((k) => html`<label><input type="radio" name="outcome" value="${k.value}"><span>${k.chip}<span class="figure">${group(k.count)}</span></span></label>`)}</fieldset>
<div class="finder needs-script"><input type="search" class="search" placeholder="${PAGE.search[language]}" ${label(PAGE.search, language)}>
<select class="sort" ${label(PAGE.sort, language)}>${option('given', PAGE.asGiven)}${option('gravest', ranked)}${option('name', PAGE.byName)}</select>
<button type="button" data-open="all">${t(PAGE.openAll)}</button><button type="button" data-open="none">${t(PAGE.closeAll)}</button></div>${paperIndex(rows)}</section>`;
}

/** On paper, the list of files that the rows are on the screen. */
function paperIndex(rows: Overview['rows']): Html {
  return html`<table class="print-only index"><tbody>${rows.map(({ file, kind, probability }) => {
    const figure = Number.isFinite(probability) ? html`${percent(probability)} %` : '';
    return html`<tr><td>${kind.chip}</td><td class="figure">${figure}</td><td><bdi>${plainLine(file)}</bdi></td></tr>`;
  })}</tbody></table>`;
}

/** The numbers of those that fit into `budget` bytes, taken in the order given. */
export function withinBudget(
  sizes: Iterable<readonly [index: number, bytes: number]>,
  budget: number,
): Set<number> {
  const chosen = new Set<number>();
  let left = budget;
  for (const [index, bytes] of sizes) {
    if (bytes > left) continue;
    left -= bytes;
    chosen.add(index);
  }
  return chosen;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

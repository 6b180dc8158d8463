/**
 * The possible sources of one file as shares of one bar and as rows: the generators compared with, and set apart
 * from them the two answers that none of them made it.
 */
import type { Language, Text } from '../../core/text.ts';
import type { Traced } from '../../core/trace.ts';
import { label, t } from '../html/bilingual.ts';
import { type Fragment, type Html, html } from '../html/escape.ts';
import { group, percent } from '../locale/format.ts';
import { candidateName } from '../locale/trace.ts';
import { CANDIDATES_NOTE, ORIGIN_TAG, otherGenerators, sharesAlt, TRACE_PAGE } from '../locale/trace-page.ts';
import { plainLine } from '../plain.ts';
import { type Candidate, candidatesOf } from './answer.ts';
import { look } from './look.ts';

/** Generators that get a row of their own. */
const MOST_ROWS = 8;
/** A generator below this gets no row, unless it is the first. */
const LEAST_SHARE = 0.005;

const share = (value: number) => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0);
const at = (value: number) => `${Math.round(value * 1000) / 10}%`;

/** The three kinds of answer as parts of one bar. */
export function sharesBar(trace: Traced, language: Language): Html {
  const all = candidatesOf(trace);
  const named = all.reduce((sum, one) => sum + (one.kind === 'generator' ? share(one.probability) : 0), 0);
  // In this order, whichever is the likelier.
  const others = all
    .filter((one) => one.kind !== 'generator')
    .sort((a, b) => Number(b.kind === 'unknown') - Number(a.kind === 'unknown'))
    .map((one) => ({ kind: one.kind, value: share(one.probability), text: candidateName(one) }));
  const parts = [
    { kind: 'generator' as const, value: share(named), text: TRACE_PAGE.generators as Text },
    ...others,
  ];
  let x = 0;
  const bars = parts.map(({ kind, value }) => {
    const bar = html`<g class="${look(kind)}"><rect x="${at(x)}" width="${at(Math.max(0, value - 0.004))}" height="12"/></g>`;
    x += value;
    return bar;
  });
  const [{ value: first }, unknown, natural] = parts;
  const spoken = ({ text, value }: (typeof parts)[number]): Text => ({
    en: `${text.en} ${percent(value)}`,
    zh: `${text.zh} ${percent(value)}`,
  });
  const alt = sharesAlt(percent(first), spoken(unknown), spoken(natural));
  return html`<p class="gauge-head">${t(TRACE_PAGE.shares)}</p>
<svg class="shares" width="100%" height="12" role="img" ${label(alt, language)}>${bars}</svg>
<ul class="share-keys">${parts.map(
    ({ kind, value, text }) =>
      html`<li class="${look(kind)}"><svg class="dot" viewBox="0 0 9 9" aria-hidden="true"><rect width="9" height="9" rx="2"/></svg><span>${t(text)}</span><span class="figure">${percent(value)} %</span></li>`,
  )}</ul>`;
}

/** Every possible source of some weight, the most likely first. */
export function candidatesTable(trace: Traced): Html {
  const all = candidatesOf(trace);
  const generators = all.filter((one) => one.kind === 'generator');
  const shown = generators.slice(0, MOST_ROWS).filter((one, i) => i === 0 || one.probability >= LEAST_SHARE);
  const rest = generators.slice(shown.length);
  const left = rest.reduce((sum, one) => sum + share(one.probability), 0);
  return html`<section class="candidates"><h3>${t(TRACE_PAGE.candidates)}</h3><p class="quiet">${t(CANDIDATES_NOTE[trace.kind])}</p>
<table><tbody>${shown.map(row)}${rest.length > 0 && line(t(otherGenerators(group(rest.length))), left, 'generator', 'few')}</tbody>
<tbody><tr class="apart-head"><th scope="rowgroup" colspan="2">${t(TRACE_PAGE.apart)}</th></tr>${all.filter((one) => one.kind !== 'generator').map(row)}</tbody></table></section>`;
}

function row(one: Candidate): Html {
  const { en, zh } = candidateName(one);
  const tag = one.kind === 'generator' ? ORIGIN_TAG[one.origin] : null;
  const name = html`${t({ en: plainLine(en), zh: plainLine(zh) })}${tag && html`<span class="tag">${t(tag)}</span>`}`;
  return line(name, one.probability, one.kind, '');
}

function line(name: Fragment, probability: number, kind: Candidate['kind'], weight: string): Html {
  return html`<tr class="${weight}"><th scope="row">${name}</th><td class="figure">${percent(probability)} %</td></tr>
<tr class="line ${look(kind)}" aria-hidden="true"><td colspan="2"><svg width="100%" height="7"><rect class="bar-track" width="100%" height="7" rx="3.5"/><rect class="bar-fill" width="${at(share(probability))}" height="7" rx="3.5"/></svg></td></tr>`;
}

/** The table of weighed evidence, and the list of what could not be used: four results that never look alike. */
import type { AnalysedFile } from '../../core/analysis.ts';
import type { Evidence, EvidenceStatus } from '../../core/evidence.ts';
import type { Json } from '../../core/json.ts';
import { valueLine } from '../facts.ts';
import { factor, signed } from '../locale/format.ts';
import { KIND_WORDS } from '../locale/kinds.ts';
import {
  CLAIM_WORD,
  detectorName,
  ERROR_WORD,
  STATUS_MEANING,
  STATUS_WORD,
  weightWord,
} from '../locale/labels.ts';
import { moreOf, PAGE, timesLikelier } from '../locale/page.ts';
import { clockRange, spansToTell } from '../spans.ts';
import { contribution, inOrderOfWeight, isWeighed, type WeighedEvidence } from '../weigh.ts';
import { t } from './bilingual.ts';
import { type Html, html, trusted } from './escape.ts';

const STATUS_ICON: Readonly<Record<EvidenceStatus, string>> = {
  detected: '<circle cx="8" cy="8" r="5.5" class="solid"/>',
  notDetected: '<circle cx="8" cy="8" r="5"/>',
  notApplicable: '<path d="M3.5 8h9"/>',
  failed: '<path d="M8 2.5L14 13H2zM8 6.5v3M8 11.3v.1"/>',
};
/** Weight at which the diverging bar is full: odds of about a thousand. */
const FULL_WEIGHT = 7;
const MOST_ROWS = 80;
const MOST_TIMES = 12;

export function statusBadge(status: EvidenceStatus): Html {
  const shape = trusted(`<svg viewBox="0 0 16 16" aria-hidden="true">${STATUS_ICON[status]}</svg>`);
  return html`<span class="status ${status}">${shape}<span>${t(STATUS_WORD[status])}</span></span>`;
}

export function evidenceTable(analysis: AnalysedFile): Html {
  const weighed = inOrderOfWeight(analysis.evidence, analysis.verdict).filter(isWeighed);
  const head = html`<h3>${t(PAGE.evidence)}</h3>`;
  if (weighed.length === 0)
    return html`<section class="evidence">${head}<p>${t(PAGE.noEvidence)}</p></section>`;
  return html`<section class="evidence">${head}
<table class="evidence-table"><thead><tr><th scope="col">${t(PAGE.evidenceName)}</th><th scope="col">${t(PAGE.weight)}</th><th scope="col">${t(PAGE.seen)}</th></tr></thead>
<tbody>${weighed.map((one) => weighedRow(one, analysis))}</tbody></table></section>`;
}

function weighedRow(one: WeighedEvidence, analysis: AnalysedFile): Html {
  const weight = contribution(one, analysis.verdict);
  const light = Math.abs(weight) < Math.log(2);
  const range = one.llrInterval;
  return html`<tr>
<th scope="row"><span class="evidence-name">${t(detectorName(one.detector))}</span><span class="quiet version">${one.detector} ${one.version}</span>${statusBadge(one.status)}</th>
<td class="weight">${weightBar(weight)}<p><span class="figure">${signed(weight)}</span>${
    range &&
    weight === one.llr &&
    html` <span class="quiet figure">(${signed(range[0])} … ${signed(range[1])})</span>`
  }</p><p class="quiet">${t(weightWord(weight))}${light ? null : html`<br>${t(timesLikelier(factor(weight), weight > 0, CLAIM_WORD[one.claim], KIND_WORDS[analysis.kind].ifReal))}`}</p></td>
<td><p class="summary">${t(one.summary)}</p>${times(one)}${one.measuredOn && html`<p class="quiet">${t(PAGE.measuredOn)}${t(one.measuredOn)}</p>`}${numbers(one.details)}</td></tr>`;
}

/** Left of the middle for a real photograph, right for the claim. */
function weightBar(weight: number): Html {
  const length = (50 * Math.min(FULL_WEIGHT, Math.abs(weight))) / FULL_WEIGHT;
  const width = `${Math.round(length * 10) / 10}%`;
  const x = weight < 0 ? `${Math.round((50 - length) * 10) / 10}%` : '50%';
  return html`<svg class="weight-bar" width="100%" height="14" aria-hidden="true"><rect class="bar-track" x="0" y="5" width="100%" height="4" rx="2"/><rect class="${weight < 0 ? 'for-real' : 'for-claim'}" x="${x}" y="3" width="${width}" height="8" rx="1"/><line class="middle" x1="50%" x2="50%" y1="0" y2="14"/></svg>`;
}

/** When it was seen or heard; null for what has no duration. */
function times(one: WeighedEvidence): Html | null {
  const told = spansToTell(one, MOST_TIMES);
  if (told.length === 0) return null;
  return html`<p class="quiet">${t(PAGE.heardAt)}: <span class="figure">${told.map(clockRange).join(' · ')}</span></p>`;
}

/** Not applicable and failed, with reasons; null when everything could be used. */
export function unusedEvidence(analysis: AnalysedFile): Html | null {
  const unused = inOrderOfWeight(analysis.evidence, analysis.verdict).filter((e) => !isWeighed(e));
  if (unused.length === 0) return null;
  return html`<section class="unused"><h3>${t(PAGE.unused)}</h3><p class="quiet">${t(PAGE.unusedNote)}</p>
<ul>${unused.map((one) => html`<li><p class="unused-head"><span class="evidence-name">${t(detectorName(one.detector))}</span>${statusBadge(one.status)}</p>${unusedWhy(one)}${numbers(one.details)}</li>`)}</ul></section>`;
}

function unusedWhy(one: Evidence): Html {
  if (one.status === 'failed') {
    const { code, message, hint } = one.error;
    return html`<p>${t(one.summary)}</p><p class="quiet">${t(ERROR_WORD[code] ?? { en: code, zh: code })} <code>${code}</code> · ${message} · ${t(PAGE.hintBefore)}${hint}</p>`;
  }
  const reason = one.status === 'notApplicable' ? one.reason : '';
  return html`<p>${t(one.summary)} <code>${reason}</code></p>`;
}

/** What the four kinds of result mean. */
export function statusLegend(): Html {
  const all: readonly EvidenceStatus[] = ['detected', 'notDetected', 'notApplicable', 'failed'];
  return html`<dl class="status-legend">${all.map((s) => html`<div><dt>${statusBadge(s)}</dt><dd>${t(STATUS_MEANING[s])}</dd></div>`)}</dl>`;
}

function numbers(details: Readonly<Record<string, Json>>): Html | null {
  const rows = Object.entries(details).filter(([, value]) => value !== undefined);
  if (rows.length === 0) return null;
  return html`<details class="more"><summary>${t(PAGE.numbers)}</summary>${keyValueTable(details)}</details>`;
}

/** Names and values, one a row; long values and long tables are cut. */
export function keyValueTable(fields: Readonly<Record<string, Json>>): Html {
  const rows = Object.entries(fields).filter(([, value]) => value !== undefined);
  const rest = rows.length - MOST_ROWS;
  return html`<table class="key-values"><tbody>${rows
    .slice(0, MOST_ROWS)
    .map(
      ([key, value]) => html`<tr><th scope="row">${key.slice(0, 120)}</th><td>${shown(value)}</td></tr>`,
    )}</tbody></table>${rest > 0 && html`<p class="quiet">${t(moreOf(String(rest)))}</p>`}`;
}

function shown(value: Json): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : '–';
  return value === null ? '–' : valueLine(value, 400);
}

/**
 * An audit as one HTML document that needs nothing else: bars by data set with intervals, curves over the threshold,
 * how sure the service was, who was taken for whom, the recogniser itself, the gate. Both languages; works without
 * its script and on paper.
 */
import type { Audit, AuditAccuracy, AuditGate, AuditRates, AuditSet, AuditTotal } from '../../core/audit.ts';
import type { Language, Text } from '../../core/text.ts';
import { t } from '../html/bilingual.ts';
import { type Html, html } from '../html/escape.ts';
import { ending, opening } from '../html/frame.ts';
import { AUDIT_POLICY } from '../html/policy.ts';
import {
  AUDIT,
  AUDIT_LIMITS,
  AUDIT_READING,
  at5,
  auditTitle,
  failedCount,
  inverted,
  peopleCount,
} from '../locale/audit.ts';
import { group } from '../locale/format.ts';
import { plainLine } from '../plain.ts';
import { bar, barKeys, curves, histogramPlot, type Line } from './plots.ts';
import { AUDIT_STYLE } from './style.ts';
import { range, tenths } from './terminal.ts';

export interface AuditPageOptions {
  /** The language shown first; the reader can switch. English when absent. */
  readonly language?: Language;
  /** The moment written into the page; now when absent. */
  readonly generatedAt?: Date;
}

/** Rows of a table that show; the record has them all. */
const MOST_ROWS = 120;
const MOST_PROBLEMS = 100;

/** The page of `audit` in pieces, one a set. */
export function* auditHtmlParts(audit: Audit, options: AuditPageOptions = {}): Generator<string> {
  const language = options.language ?? 'en';
  const title = titleOf(audit);
  yield opening({
    title: { en: `${title.en} · Huoyan`, zh: `${title.zh} · 火眼` },
    subtitle: AUDIT.subtitle,
    language,
    store: html``,
    extra: { style: AUDIT_STYLE, policy: AUDIT_POLICY },
  }).text;
  yield* auditBody(audit, language, title);
  const points = (texts: readonly Text[]) => html`<ul>${texts.map((x) => html`<li>${t(x)}</li>`)}</ul>`;
  yield html`<section class="guide"><div><h2>${t(AUDIT.how)}</h2>${points(AUDIT_READING)}</div><div><h2>${t(AUDIT.limits)}</h2>${points(AUDIT_LIMITS)}</div></section>
${ending(options.generatedAt ?? new Date())}`.text;
}

/**
 * What the page has within its frame, for a page that brings its own frame and style sheet: the web application shows what
 * the report shows.
 */
export function auditFragment(audit: Audit, language: Language): string {
  return [...auditBody(audit, language, titleOf(audit))].join('');
}

const titleOf = ({ total }: Audit): Text =>
  total.n > 0 ? auditTitle(tenths(total.targeted.rate)) : AUDIT.empty;

function* auditBody(audit: Audit, language: Language, title: Text): Generator<string> {
  const { sets, total, accuracy, gates, problems } = audit;
  yield html`<div class="audit"><section class="card"><h1>${t(title)}</h1>${total.n > 0 && lead(total)}</section>`
    .text;
  if (total.n > 0) yield overview(sets, total).text;
  for (const one of accuracy) yield recogniser(one, language).text;
  if (gates.length > 0) yield gateSection(gates, language).text;
  for (const [i, set] of sets.entries()) yield setSection(set, i, language).text;
  if (problems.length > 0) {
    yield html`<section class="card"><h2>${t(AUDIT.problems)}</h2><ul>${problems
      .slice(0, MOST_PROBLEMS)
      .map(
        ({ file, line, error }) =>
          html`<li><bdi>${plainLine(file)}</bdi>${line !== undefined && html` (${t(AUDIT.line)} ${line})`}: ${t(error.text)} <span class="quiet">${t(error.hint)}</span></li>`,
      )}</ul></section>`.text;
  }
  yield '</div>';
}

function lead(total: AuditTotal): Html {
  return html`<p>${t(peopleCount(total.personsImpersonated, total.persons))} · ${t(inverted(total.inverted.count))} · ${t(AUDIT.byIdentity)}: <span class="figure">${tenths(total.targetedByIdentity.rate)} %</span>${total.failed > 0 && html` · ${t(failedCount(total.failed))}`}</p>`;
}

function overview(sets: readonly AuditSet[], total: AuditTotal): Html {
  const block = (name: Html, one: AuditTotal) =>
    html`<div><h3>${name}<span class="quiet figure">n = ${group(one.n)}</span></h3>${rateRows(one)}</div>`;
  return html`<section class="card"><h2>${t(AUDIT.bars)}</h2><p class="quiet">${t(AUDIT.barsNote)}</p>${barKeys()}<div class="bars">
${sets.map((set, i) => block(html`<a href="#set-${i + 1}">${setName(set)}</a>`, set))}${sets.length > 1 && block(html`${t(AUDIT.total)}`, total)}</div></section>`;
}

const setName = ({ name, service }: { name: string; service: string }): Html =>
  html`<bdi>${plainLine(name)}</bdi> · <bdi>${plainLine(service)}</bdi>`;

function rateRows(rates: AuditRates): Html {
  return html`${(
    [
      ['targeted', AUDIT.targeted, rates.targeted],
      ['anybody', AUDIT.nonTargeted, rates.nonTargeted],
      ['other', AUDIT.misidentified, rates.misidentified],
    ] as const
  ).map(
    ([quantity, name, rate]) =>
      html`<div class="bar-row"><span>${t(name)}</span>${bar(rate, quantity)}<span class="figure">${tenths(rate.rate)} % (${range(rate)})</span></div>`,
  )}`;
}

function setSection(set: AuditSet, index: number, language: Language): Html {
  const line = (quantity: Line['quantity'], name: Text, key: keyof AuditRates): Line => ({
    quantity,
    name,
    points: set.byThreshold.map((one) => ({
      x: one.threshold,
      y: one[key].rate,
      ...(key === 'targeted' ? { lo: one[key].lo, hi: one[key].hi } : {}),
    })),
  });
  const { confidence, similarity, clips } = set;
  return html`<section class="card" id="set-${index + 1}"><h2>${setName(set)}</h2>
<p>${t(peopleCount(set.personsImpersonated, set.persons))} · ${t(inverted(set.inverted.count))} · ${t(AUDIT.byIdentity)}: <span class="figure">${tenths(set.targetedByIdentity.rate)} % (${range(set.targetedByIdentity)})</span></p>
<div class="plots">${curves(
    [
      line('targeted', AUDIT.targeted, 'targeted'),
      line('anybody', AUDIT.nonTargeted, 'nonTargeted'),
      line('other', AUDIT.misidentified, 'misidentified'),
    ],
    { title: AUDIT.curves, x: AUDIT.threshold, y: AUDIT.fakes, mark: set.operating || undefined, language },
  )}<div>${confidence.targeted.n > 0 && histogramPlot(both(AUDIT.confidenceOf, AUDIT.targeted), confidence.targeted, 'targeted', language)}
${confidence.misidentified.n > 0 && histogramPlot(both(AUDIT.confidenceOf, AUDIT.misidentified), confidence.misidentified, 'other', language)}
${similarity && histogramPlot(AUDIT.similarityOf, similarity, 'plain', language)}</div></div>
<p class="quiet">${t(AUDIT.curvesNote)}</p>
${clips && html`<h3>${t(AUDIT.clips)} <span class="quiet figure">n = ${group(clips.n)}</span></h3><p>${t(AUDIT.anyFrame)}: ${tenths(clips.anyFrame.rate)} % (${range(clips.anyFrame)}) · ${t(AUDIT.mostFrames)}: ${tenths(clips.mostFrames.rate)} % (${range(clips.mostFrames)})</p>`}
${
  set.methods.length > 0 &&
  ratesTable(
    AUDIT.methods,
    AUDIT.method,
    set.methods.map((one) => ({ ...one, label: one.method })),
  )
}
${ratesTable(
  AUDIT.people,
  AUDIT.person,
  set.people.map((one) => ({ ...one, label: one.person })),
)}
${
  set.confusions.length > 0 &&
  html`<details class="more"><summary>${t(AUDIT.confusions)}</summary><div class="scroll"><table class="figures"><thead><tr><th scope="col">${t(AUDIT.person)}</th><th scope="col">${t(AUDIT.named)}</th><th scope="col" class="figure">${t(AUDIT.count)}</th></tr></thead><tbody>${set.confusions.slice(0, MOST_ROWS).map(({ person, named, count }) => html`<tr><th scope="row"><bdi>${plainLine(person)}</bdi></th><td><bdi>${plainLine(named)}</bdi></td><td class="figure">${count}</td></tr>`)}</tbody></table></div></details>`
}</section>`;
}

const both = (a: Text, b: Text): Text => ({ en: `${a.en}: ${b.en}`, zh: `${a.zh}：${b.zh}` });

type Labelled = AuditRates & { readonly label: string; readonly n: number };

function ratesTable(title: Text, first: Text, rows: readonly Labelled[]): Html {
  return html`<details class="more"><summary>${t(title)}</summary><div class="scroll"><table class="figures"><thead><tr><th scope="col">${t(first)}</th><th scope="col" class="figure">n</th><th scope="col" class="figure">${t(AUDIT.targeted)} %</th><th scope="col" class="figure">${t(AUDIT.nonTargeted)} %</th><th scope="col" class="figure">${t(AUDIT.misidentified)} %</th></tr></thead><tbody>${rows
    .slice(0, MOST_ROWS)
    .map(
      (one) =>
        html`<tr><th scope="row"><bdi>${plainLine(one.label)}</bdi></th><td class="figure">${group(one.n)}</td><td class="figure">${tenths(one.targeted.rate)}</td><td class="figure">${tenths(one.nonTargeted.rate)}</td><td class="figure">${tenths(one.misidentified.rate)}</td></tr>`,
    )}</tbody></table></div></details>`;
}

function recogniser(
  { service, people, photos, pairs, identified, probes }: AuditAccuracy,
  language: Language,
): Html {
  const line: Line = {
    quantity: 'plain',
    name: AUDIT.fnmrAxis,
    points: (pairs?.roc ?? []).map(({ fmr, fnmr }) => ({ x: fmr, y: fnmr })).sort((a, b) => a.x - b.x),
  };
  const roc = { title: AUDIT.roc, x: AUDIT.fmr, y: AUDIT.fnmrAxis, xEnd: 0.1, mark: 0.001, language };
  return html`<section class="card"><h2>${t(AUDIT.accuracyTitle)}: <bdi>${plainLine(service)}</bdi></h2><p class="quiet">${t(AUDIT.accuracyNote)}</p>
<div class="plots">${pairs && curves([line], roc)}
<dl class="facts"><div><dt>${t(AUDIT.photos)}</dt><dd class="figure">${group(photos)} / ${group(people)}</dd></div>
${
  pairs &&
  html`<div><dt>${t(AUDIT.auc)}</dt><dd class="figure">${pairs.auc.toFixed(4)}</dd></div>
<div><dt>${t(AUDIT.fnmr)}</dt><dd class="figure">${tenths(pairs.falseNonMatch.rate)} % (${range(pairs.falseNonMatch)})</dd></div>
<div><dt>${t(AUDIT.threshold)}</dt><dd class="figure">${pairs.threshold.toFixed(3)}</dd></div>`
}
<div><dt>${t(AUDIT.identified)}</dt><dd class="figure">${tenths(identified.rate)} % (${range(identified)}), n = ${group(probes)}</dd></div></dl></div></section>`;
}

function gateSection(gates: readonly AuditGate[], language: Language): Html {
  return html`<section class="card"><h2>${t(AUDIT.gateTitle)}</h2><p class="quiet">${t(AUDIT.gateNote)}</p><div class="plots">${gates.map(
    (gate) => {
      const line: Line = {
        quantity: 'targeted',
        name: AUDIT.residual,
        points: gate.curve.map(({ falseReject, residual: { rate, lo, hi } }) => ({
          x: falseReject.rate,
          y: rate,
          lo,
          hi,
        })),
      };
      const where = `${plainLine(gate.detector)} → ${plainLine(gate.service)} · ${plainLine(gate.set)}`;
      return html`<div>${curves([line], { title: { en: where, zh: where }, x: AUDIT.falseReject, y: AUDIT.residual, xEnd: 0.5, mark: 0.05, language })}<p>${t(at5(`${tenths(gate.before.rate)} %`, gate.operating, tenths, range))}</p></div>`;
    },
  )}</div></section>`;
}

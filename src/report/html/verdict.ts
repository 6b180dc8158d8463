/** The top of one file's report: the verdict in words, the probability with interval and prior, reasons, stability. */
import type { AnalysedFile, Analysis } from '../../core/analysis.ts';
import type { MediaKind } from '../../core/media.ts';
import type { Verdict } from '../../core/verdict.ts';
import { group, outOf, percent, percentRange, signed } from '../locale/format.ts';
import { KIND_WORDS } from '../locale/kinds.ts';
import { detectorName, OUTCOME_HEADLINE, OUTCOME_WORD, type Outcome, stepName } from '../locale/labels.ts';
import { barAlt, flipsSentence, PAGE } from '../locale/page.ts';
import { falsePositiveShare, outcomeOf } from '../weigh.ts';
import { label, t, type View } from './bilingual.ts';
import { type Html, html, trusted } from './escape.ts';

/** Shapes drawn here rather than taken from a font, so that every system shows the same; 24 x 24, stroked. */
const ICON: Readonly<Record<Outcome, string>> = {
  authentic: '<path d="M5 12.5l4.6 4.6L19 7.5"/>',
  inconclusive: '<path d="M8.6 9a3.4 3.4 0 1 1 5 3c-1.1.7-1.6 1.3-1.6 2.6M12 18.2v.1"/>',
  suspect: '<path d="M12 5.5v8.2M12 18v.1"/>',
  synthetic: '<path d="M12 4c.7 4.7 3.3 7.3 8 8-4.7.7-7.3 3.3-8 8-.7-4.7-3.3-7.3-8-8 4.7-.7 7.3-3.3 8-8z"/>',
  manipulated: '<path d="M5 19l.9-3.9L16 5l3 3L8.9 18.1zM13.9 7.1l3 3"/>',
  unreadable: '<path d="M7 7l10 10M17 7L7 17"/>',
};

export function icon(outcome: Outcome): Html {
  return trusted(
    `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${ICON[outcome]}</svg>`,
  );
}

/** Symbol and word of an outcome. */
export function chip(outcome: Outcome): Html {
  return html`<span class="chip ${outcome}">${icon(outcome)}<span>${t(OUTCOME_WORD[outcome])}</span></span>`;
}

export function banner(analysis: Analysis, view: View): Html {
  const outcome = outcomeOf(analysis);
  return html`<header class="banner ${outcome}">
<div class="badge">${icon(outcome)}</div>
<div class="words">
<h2>${t(OUTCOME_HEADLINE[outcome])}</h2>
<p class="name"><bdi>${analysis.file}</bdi></p>
<p>${t(KIND_WORDS[kindOf(analysis)].meaning[outcome])}</p>
${analysis.outcome === 'analysed' && falsePositives(analysis)}
</div>
${analysis.outcome === 'analysed' && gauge(analysis, view)}
</header>`;
}

/** What the words are chosen by; a file that could not be read is spoken of as a picture. */
function kindOf(analysis: Analysis): MediaKind {
  return analysis.outcome === 'analysed' ? analysis.kind : 'image';
}

function falsePositives(analysis: AnalysedFile): Html | null {
  const { label: found } = analysis.verdict;
  // a figure about generated pictures says nothing of a paste, and the other way round
  const speaking = analysis.evidence.filter(
    (e) =>
      (found !== 'synthetic' && found !== 'manipulated') || (e.status === 'detected' && e.claim === found),
  );
  const known = falsePositiveShare(speaking);
  const figure = known && outOf(known.share);
  if (!figure || found === 'authentic') return null;
  return html`<p class="of-hundred">${t(KIND_WORDS[analysis.kind].falsePositives(group(figure.count), group(figure.of), figure.few))}</p>`;
}

function gauge({ verdict, kind }: AnalysedFile, view: View): Html {
  const p = clamp(verdict.probability);
  const [low, high] = [clamp(verdict.interval[0]), clamp(verdict.interval[1])];
  const prior = clamp(verdict.prior);
  const range = percentRange(verdict.interval);
  return html`<div class="gauge">
<p class="gauge-head"><span>${t(PAGE.probability)}</span></p>
<p class="gauge-figure"><strong>${percent(verdict.probability)} %</strong> <span class="quiet">${t(PAGE.intervalNote)} ${range} %</span></p>
<svg class="bar" width="100%" height="46" role="img" ${label(barAlt(percent(p), range, percent(prior)), view.language)}>
<rect class="bar-track" x="0" y="14" width="100%" height="8" rx="4"/>
<rect class="bar-interval" x="${at(low)}" y="10" width="${at(Math.max(0.004, high - low))}" height="16" rx="3"/>
<line class="bar-prior" x1="${at(prior)}" x2="${at(prior)}" y1="6" y2="34"/>
<line class="bar-mark" x1="${at(p)}" x2="${at(p)}" y1="5" y2="31"/>
<text class="bar-note" x="${at(prior)}" y="45" text-anchor="${anchor(prior)}">${prior <= 0.005 || prior >= 0.995 ? '' : `${percent(prior)} %`}</text>
</svg>
<p class="gauge-ends"><span>${t(KIND_WORDS[kind].real)}</span><span class="prior-key">${t(PAGE.priorMark)}</span><span>${t(PAGE.fake)}</span></p>
</div>`;
}

export function reasons(verdict: Verdict): Html | null {
  if (verdict.reasons.length === 0) return null;
  return html`<section class="reasons"><h3>${t(PAGE.why)}</h3><ol>${verdict.reasons
    .slice(0, 6)
    .map(
      (r) =>
        html`<li><p>${t(r.text)}</p><p class="quiet">${t(detectorName(r.detector))} <span class="figure">${signed(r.weight)}</span></p></li>`,
    )}</ol></section>`;
}

export function stability({ verdict, kind }: AnalysedFile): Html {
  const { stability: found } = verdict;
  if (!found) {
    return html`<section class="stability"><h3>${t(PAGE.stability)}</h3><p class="quiet">${t(PAGE.stabilityNone)}</p></section>`;
  }
  const rows = [
    { name: PAGE.asIs, label: verdict.label, probability: verdict.probability },
    ...found.ladder.map((s) => ({ name: stepName(s.step), label: s.label, probability: s.probability })),
  ];
  const holds = found.flips === 0;
  return html`<section class="stability"><h3>${t(PAGE.stability)}</h3><p class="quiet">${t(KIND_WORDS[kind].stabilityNote)}</p>
<table class="ladder"><tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row">${t(row.name)}</th><td class="ladder-bar"><svg width="100%" height="12" aria-hidden="true"><rect class="bar-track" x="0" y="4" width="100%" height="4" rx="2"/><rect class="bar-fill ${row.label}" x="0" y="4" width="${at(clamp(row.probability))}" height="4" rx="2"/></svg></td><td class="figure">${percent(row.probability)} %</td><td>${chip(row.label)}</td></tr>`,
  )}</tbody></table>
<p class="${holds ? 'quiet' : 'caution'}">${t(holds ? PAGE.holds : flipsSentence(found.flips, found.ladder.length))}</p></section>`;
}

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}

function at(value: number): string {
  return `${Math.round(value * 1000) / 10}%`;
}

function anchor(value: number): string {
  return value < 0.06 ? 'start' : value > 0.94 ? 'end' : 'middle';
}

/**
 * The HTML report: one file that needs nothing else, for one analysis or for hundreds. Both languages are in it; the
 * page works without its script, on paper, in the dark, on a phone and by keyboard.
 */
import type { Analysis } from '../../core/analysis.ts';
import type { Language, Text } from '../../core/text.ts';
import { group, percent } from '../locale/format.ts';
import { OUTCOME_WORD, OUTCOMES } from '../locale/labels.ts';
import { examinedTitle, HOW_TO_READ, LIMITS, PAGE } from '../locale/page.ts';
import { plainLine } from '../plain.ts';
import { countOutcomes, decisiveReason, gravity, outcomeOf } from '../weigh.ts';
import { both, label, t, type View } from './bilingual.ts';
import { type Html, html } from './escape.ts';
import { statusLegend } from './evidence.ts';
import { fileBody } from './file.ts';
import { ending, opening } from './frame.ts';
import { RAMP } from './heat.ts';
import { pictureOf, pictureStore, thumbnail } from './picture.ts';
import { chip } from './verdict.ts';

export interface HtmlOptions {
  /** The language shown first; the reader can switch. English when absent. */
  readonly language?: Language;
  /** The moment written into the page; now when absent. */
  readonly generatedAt?: Date;
  /**
   * How many bytes of pictures go in altogether (as JPEG, before base64), so that a report on thousands of files can
   * still be opened; the gravest outcomes come first, the others say that their picture was left out. 96 MB when absent.
   */
  readonly pictureBudgetBytes?: number;
}

const PICTURE_BUDGET = 96_000_000;

/** The report on all `analyses`, in their order, as one HTML document. */
export function renderHtml(analyses: readonly Analysis[], options: HtmlOptions = {}): string {
  return [...htmlParts(analyses, options)].join('');
}

/** The same document in pieces, one a file, so that a large report can be written without holding it in memory. */
export function* htmlParts(analyses: readonly Analysis[], options: HtmlOptions = {}): Generator<string> {
  const language = options.language ?? 'en';
  const withPicture = pictureChoice(analyses, options.pictureBudgetBytes ?? PICTURE_BUDGET);
  yield opening({ title: pageTitle(analyses), subtitle: PAGE.subtitle, language, store: sharedPaints() })
    .text;
  const single = analyses.length === 1;
  if (analyses.length === 0) yield html`<p class="card">${t(PAGE.empty)}</p>`.text;
  if (!single && analyses.length > 0) yield html`${overview(analyses, language)}<div class="files">`.text;
  for (let i = 0; i < analyses.length; i++) {
    const view: View = { language, id: `f${i}`, picture: withPicture.has(i) };
    yield (single ? alone(analyses[i], view) : listed(analyses[i], i, view)).text;
  }
  if (!single && analyses.length > 0) {
    yield html`</div><p class="nothing-left" hidden>${t(PAGE.nothingLeft)}</p>`.text;
  }
  yield closing(options.generatedAt ?? new Date()).text;
}

function pictureChoice(analyses: readonly Analysis[], budget: number): Set<number> {
  const order = analyses
    .map((_, i) => i)
    .sort((a, b) => gravity(outcomeOf(analyses[a])) - gravity(outcomeOf(analyses[b])) || a - b);
  const chosen = new Set<number>();
  let left = budget;
  for (const i of order) {
    const analysis = analyses[i];
    if (analysis.outcome !== 'analysed' || !analysis.preview || analysis.preview.length > left) continue;
    left -= analysis.preview.length;
    chosen.add(i);
  }
  return chosen;
}

function pageTitle(analyses: readonly Analysis[]): Text {
  const what = (language: Language) => {
    if (analyses.length !== 1) return examinedTitle(group(analyses.length))[language];
    return `${OUTCOME_WORD[outcomeOf(analyses[0])][language]} · ${plainLine(analyses[0].file)}`;
  };
  return { en: `${what('en')} · Huoyan`, zh: `${what('zh')} · 火眼` };
}

/** Hatching and the ramp of the legend, drawn once. */
function sharedPaints(): Html {
  const stops = RAMP.map(
    (c, i) =>
      html`<stop offset="${Math.round((100 * i) / (RAMP.length - 1))}%" stop-color="rgb(${c[0]},${c[1]},${c[2]})"/>`,
  );
  const hatch = (id: string, size: number) =>
    html`<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="${size}" height="${size}"/><line class="hatch-shadow" x1="3" x2="3" y1="0" y2="${size}"/><line class="hatch-line" x1="1" x2="1" y1="0" y2="${size}"/></pattern>`;
  return html`<svg class="store" width="0" height="0" aria-hidden="true" focusable="false"><defs>${hatch('hatch', 14)}${hatch('hatch-small', 8)}<linearGradient id="ramp">${stops}</linearGradient></defs></svg>`;
}

function alone(analysis: Analysis, view: View): Html {
  const picture = analysis.outcome === 'analysed' ? pictureOf(analysis) : null;
  return html`<h1 class="unseen">${both((l) => examinedTitle('1')[l])}</h1>
${analysis.outcome === 'analysed' && picture && pictureStore(analysis, picture, view)}
<article class="card"><div class="body">${fileBody(analysis, picture, view)}</div></article>`;
}

function listed(analysis: Analysis, index: number, view: View): Html {
  const outcome = outcomeOf(analysis);
  const analysed = analysis.outcome === 'analysed';
  const picture = analysed ? pictureOf(analysis) : null;
  const probability =
    analysed && Number.isFinite(analysis.verdict.probability) ? analysis.verdict.probability : -1;
  const why = analysed ? decisiveReason(analysis.verdict, analysis.evidence) : analysis.error.text;
  const width = `${Math.round(Math.min(1, Math.max(0, probability)) * 1000) / 10}%`;
  return html`<article class="file" id="file-${index + 1}" data-index="${index}" data-outcome="${outcome}" data-gravity="${gravity(outcome)}" data-probability="${probability}" data-name="${plainLine(analysis.file)}">
${analysed && picture && pictureStore(analysis, picture, view)}
<details><summary>${analysed && picture ? thumbnail(analysis, picture, view) : html`<span class="thumb empty"></span>`}
${chip(outcome)}
<span class="row-bar ${outcome}">${analysed && html`<span class="figure">${percent(probability)} %</span><svg width="100%" height="8" aria-hidden="true"><rect class="bar-track" x="0" y="2" width="100%" height="4" rx="2"/><rect class="bar-fill" x="0" y="2" width="${width}" height="4" rx="2"/></svg>`}</span>
<span class="row-text"><bdi class="row-name">${plainLine(analysis.file)}</bdi><span class="row-why">${why && t(why)}</span></span>
<svg class="turn" viewBox="0 0 14 14" aria-hidden="true"><path d="M5 2.5L9.5 7L5 11.5"/></svg></summary>
<div class="body">${fileBody(analysis, picture, view)}</div></details></article>`;
}

function overview(analyses: readonly Analysis[], language: Language): Html {
  const counts = countOutcomes(analyses);
  const present = OUTCOMES.filter((o) => counts[o] > 0);
  let x = 0;
  const bars = present.map((outcome) => {
    const width = (100 * counts[outcome]) / analyses.length;
    const bar = html`<rect class="${outcome}" x="${round(x)}%" width="${round(Math.max(0.2, width - (outcome === present.at(-1) ? 0 : 0.3)))}%" height="10" rx="2"/>`;
    x += width;
    return bar;
  });
  const option = (value: string, text: Text) =>
    html`<option value="${value}" data-text-en="${text.en}" data-text-zh="${text.zh}">${text[language]}</option>`;
  return html`<section class="overview"><h1>${t(examinedTitle(group(analyses.length)))}</h1>
<svg class="stack" width="100%" height="10" aria-hidden="true">${bars}</svg>
<fieldset class="segments filters"><legend class="unseen">${t(PAGE.show)}</legend>
<label><input type="radio" name="outcome" value="" checked><span>${t(PAGE.all)}<span class="figure">${group(analyses.length)}</span></span></label>
${present.map((o) => html`<label><input type="radio" name="outcome" value="${o}"><span>${chip(o)}<span class="figure">${group(counts[o])}</span></span></label>`)}</fieldset>
<div class="finder needs-script"><input type="search" class="search" placeholder="${PAGE.search[language]}" ${label(PAGE.search, language)}>
<select class="sort" ${label(PAGE.sort, language)}>${option('given', PAGE.asGiven)}${option('gravest', PAGE.gravest)}${option('name', PAGE.byName)}</select>
<button type="button" data-open="all">${t(PAGE.openAll)}</button><button type="button" data-open="none">${t(PAGE.closeAll)}</button></div>${paperIndex(analyses)}</section>`;
}

/** On paper, the list of files that the rows are on the screen. */
function paperIndex(analyses: readonly Analysis[]): Html {
  return html`<table class="print-only index"><tbody>${analyses.map((analysis) => {
    const probability =
      analysis.outcome === 'analysed' ? html`${percent(analysis.verdict.probability)} %` : '';
    return html`<tr><td>${chip(outcomeOf(analysis))}</td><td class="figure">${probability}</td><td><bdi>${plainLine(analysis.file)}</bdi></td></tr>`;
  })}</tbody></table>`;
}

function closing(generatedAt: Date): Html {
  const points = (texts: readonly Text[]) => html`<ul>${texts.map((x) => html`<li>${t(x)}</li>`)}</ul>`;
  return html`<section class="guide"><div><h2>${t(PAGE.how)}</h2>${points(HOW_TO_READ)}</div><div><h2>${t(PAGE.limits)}</h2>${points(LIMITS)}</div>${statusLegend()}</section>
${ending(generatedAt)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * The HTML report: one file that needs nothing else, for one analysis or for hundreds. Both languages are in it; the
 * page works without its script, on paper, in the dark, on a phone and by keyboard.
 */
import type { AnalysedFile, Analysis } from '../../core/analysis.ts';
import type { Language, Text } from '../../core/text.ts';
import { group } from '../locale/format.ts';
import { OUTCOME_WORD, OUTCOMES, type Outcome } from '../locale/labels.ts';
import { examinedTitle, HOW_TO_READ, LIMITS, PAGE } from '../locale/page.ts';
import { plainLine } from '../plain.ts';
import { countOutcomes, decisiveReason, gravity, outcomeOf } from '../weigh.ts';
import { both, t, type View } from './bilingual.ts';
import { type Html, html } from './escape.ts';
import { statusLegend } from './evidence.ts';
import { fileBody } from './file.ts';
import { ending, opening } from './frame.ts';
import { rampPaint } from './heat.ts';
import { type Kind, listOverview, listRow, withinBudget } from './list.ts';
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
  /**
   * The bytes of a sound or a video, to be played in the page; null leaves it out, which the page says. Asked once a
   * file, as its part is written. Everything is left out when absent.
   */
  readonly recordingOf?: (analysis: AnalysedFile) => Uint8Array | null;
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
    const analysis = analyses[i];
    const recording = analysis.outcome === 'analysed' ? options.recordingOf?.(analysis) : null;
    const view: View = { language, id: `f${i}`, picture: withPicture.has(i), recording };
    yield (single ? alone(analysis, view) : listed(analysis, i, view)).text;
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
  const sizes = order.flatMap((i) => {
    const analysis = analyses[i];
    return analysis.outcome === 'analysed' && analysis.preview ? [[i, analysis.preview.length] as const] : [];
  });
  return withinBudget(sizes, budget);
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
  const hatch = (id: string, size: number) =>
    html`<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="${size}" height="${size}"/><line class="hatch-shadow" x1="3" x2="3" y1="0" y2="${size}"/><line class="hatch-line" x1="1" x2="1" y1="0" y2="${size}"/></pattern>`;
  return html`<svg class="store" width="0" height="0" aria-hidden="true" focusable="false"><defs>${hatch('hatch', 14)}${hatch('hatch-small', 8)}${rampPaint()}</defs></svg>`;
}

/**
 * What the page of one file has within its frame, for a page that brings its own frame, style sheet and script: the web
 * application shows exactly what the report shows.
 */
export function analysisFragment(analysis: Analysis, language: Language): string {
  const view: View = { language, id: 'f0', picture: true };
  return html`${sharedPaints()}${alone(analysis, view)}`.text;
}

function alone(analysis: Analysis, view: View): Html {
  const picture = analysis.outcome === 'analysed' ? pictureOf(analysis) : null;
  return html`<h1 class="unseen">${both((l) => examinedTitle('1')[l])}</h1>
${analysis.outcome === 'analysed' && picture && pictureStore(analysis, picture, view)}
<article class="card"><div class="body">${fileBody(analysis, picture, view)}</div></article>`;
}

function kindOf(outcome: Outcome): Kind {
  return { value: outcome, look: outcome, chip: chip(outcome) };
}

function probabilityOf(analysis: Analysis): number {
  return analysis.outcome === 'analysed' ? analysis.verdict.probability : Number.NaN;
}

function listed(analysis: Analysis, index: number, view: View): Html {
  const outcome = outcomeOf(analysis);
  const analysed = analysis.outcome === 'analysed';
  const picture = analysed ? pictureOf(analysis) : null;
  return listRow({
    index,
    file: analysis.file,
    kind: kindOf(outcome),
    rank: gravity(outcome),
    probability: probabilityOf(analysis),
    why: analysed ? decisiveReason(analysis.verdict, analysis.evidence) : analysis.error.text,
    thumbnail:
      analysed && picture ? thumbnail(analysis, picture, view) : html`<span class="thumb empty"></span>`,
    store: analysed && picture && pictureStore(analysis, picture, view),
    body: fileBody(analysis, picture, view),
  });
}

function overview(analyses: readonly Analysis[], language: Language): Html {
  const counts = countOutcomes(analyses);
  return listOverview({
    title: examinedTitle(group(analyses.length)),
    kinds: OUTCOMES.filter((o) => counts[o] > 0).map((o) => ({ ...kindOf(o), count: counts[o] })),
    ranked: PAGE.gravest,
    language,
    rows: analyses.map((analysis) => ({
      file: analysis.file,
      kind: kindOf(outcomeOf(analysis)),
      probability: probabilityOf(analysis),
    })),
  });
}

function closing(generatedAt: Date): Html {
  const points = (texts: readonly Text[]) => html`<ul>${texts.map((x) => html`<li>${t(x)}</li>`)}</ul>`;
  return html`<section class="guide"><div><h2>${t(PAGE.how)}</h2>${points(HOW_TO_READ)}</div><div><h2>${t(PAGE.limits)}</h2>${points(LIMITS)}</div>${statusLegend()}</section>
${ending(generatedAt)}`;
}

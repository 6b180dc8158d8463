/** The body of one file's report, put together from its parts, with the container's facts and the file's identity. */
import type {
  AnalysedFile,
  AnalysedSound,
  AnalysedVideo,
  Analysis,
  UnreadableFile,
} from '../../core/analysis.ts';
import type { ContainerFacts } from '../../core/media.ts';
import type { Text } from '../../core/text.ts';
import { containerFacts, type Fact, factsOf } from '../facts.ts';
import { duration, group, signed } from '../locale/format.ts';
import { ERROR_WORD } from '../locale/labels.ts';
import { moreOf, PAGE } from '../locale/page.ts';
import { cutText } from '../plain.ts';
import { t, type View } from './bilingual.ts';
import { type Fragment, type Html, html } from './escape.ts';
import { evidenceTable, keyValueTable, unusedEvidence } from './evidence.ts';
import { peopleSection } from './people.ts';
import { faceCrops, type Picture, pictureFigure } from './picture.ts';
import { recordingSection } from './player.ts';
import { turnsSection } from './turns.ts';
import { banner, reasons, stability } from './verdict.ts';

const MOST_TEXTS = 20;
const MOST_SEGMENTS = 120;
const LONGEST_TEXT = 6000;

/** Everything about one file below its line in the list. */
export function fileBody(analysis: Analysis, picture: Picture | null, view: View): Html {
  if (analysis.outcome === 'unreadable' || picture === null) {
    return html`${banner(analysis, view)}${analysis.outcome === 'unreadable' && unreadable(analysis)}`;
  }
  return html`${banner(analysis, view)}
<div class="columns"><div class="wide">${pictureFigure(analysis, picture, view)}</div>
<div class="narrow">${reasons(analysis.verdict)}${stability(analysis)}</div></div>
${recordingSection(analysis, view)}${peopleSection(analysis, view)}${turnsSection(analysis, view)}${evidenceTable(analysis)}${unusedEvidence(analysis)}${faceCrops(analysis, picture, view)}
<div class="columns even">${analysis.kind === 'image' ? container(analysis.container) : trackContainer(analysis)}${identity(analysis)}</div>`;
}

function unreadable(analysis: UnreadableFile): Html {
  const { code, text, hint } = analysis.error;
  return html`<dl class="facts error">
<div><dt>${t(ERROR_WORD[code] ?? { en: code, zh: code })}</dt><dd>${t(text)}</dd></div>
<div><dt>${t(PAGE.hint)}</dt><dd>${t(hint)}</dd></div>
<div><dt>${t(PAGE.code)}</dt><dd><code>${code}</code></dd></div>
${analysis.sha256 && html`<div><dt>${t(PAGE.hash)}</dt><dd><code class="hash">${analysis.sha256}</code></dd></div>`}
</dl>`;
}

function container(facts: ContainerFacts): Html {
  const rows = containerFacts(facts);
  return html`<section class="container"><h3>${t(PAGE.container)}</h3><p class="quiet">${t(PAGE.containerNote)}</p>
${factList(rows)}
${warningList(facts.warnings)}
${facts.text.length > 0 && texts(facts)}
${facts.exif && more(PAGE.exif, keyValueTable(facts.exif))}
${facts.iptc && more(PAGE.iptc, keyValueTable(facts.iptc))}
${
  facts.xmp.length > 0 &&
  more(
    PAGE.xmp,
    facts.xmp.slice(0, 4).map((packet) => html`<pre>${cutText(packet, LONGEST_TEXT, true)}</pre>`),
  )
}
${facts.jpeg && facts.jpeg.quantisation.length > 0 && more(PAGE.tables, quantisation(facts.jpeg.quantisation))}
${facts.segments.length > 0 && more(PAGE.segments, segments(facts))}
</section>`;
}

/** A sound or a video: facts, tags, warnings. */
function trackContainer(analysis: AnalysedSound | AnalysedVideo): Html {
  const { tags, warnings } = analysis.container;
  return html`<section class="container"><h3>${t(PAGE.container)}</h3><p class="quiet">${t(PAGE.containerNote)}</p>
${factList(factsOf(analysis))}
${warningList(warnings)}
${Object.keys(tags).length > 0 && html`<details class="more" open><summary>${t(PAGE.texts)}</summary>${keyValueTable(tags)}</details>`}
</section>`;
}

function warningList(warnings: readonly Text[]): Html | false {
  return (
    warnings.length > 0 &&
    html`<p class="caution-head">${t(PAGE.warnings)}</p><ul class="warnings">${warnings.slice(0, 12).map((w) => html`<li>${t(w)}</li>`)}</ul>`
  );
}

function factList(rows: readonly Fact[]): Html {
  return html`<dl class="facts">${rows.map((r) => html`<div><dt>${t(r.term)}</dt><dd><bdi>${t(r.value)}</bdi></dd></div>`)}</dl>`;
}

/** Prompts and parameters open at once: they are often the most telling thing in a file. */
function texts(facts: ContainerFacts): Html {
  const rest = facts.text.length - MOST_TEXTS;
  return html`<details class="more" open><summary>${t(PAGE.texts)}</summary>${facts.text
    .slice(0, MOST_TEXTS)
    .map(
      (x) =>
        html`<p class="carrier"><code>${cutText(x.carrier, 80, true)}</code> ${cutText(x.key, 120, true)}</p><pre>${cutText(x.value, LONGEST_TEXT, true)}</pre>`,
    )}${rest > 0 && html`<p class="quiet">${t(moreOf(group(rest)))}</p>`}</details>`;
}

function quantisation(tables: readonly (readonly number[])[]): Fragment {
  return tables.slice(0, 4).map((table) => {
    const rows = Array.from({ length: 8 }, (_, y) => table.slice(y * 8, y * 8 + 8));
    return html`<table class="quant"><tbody>${rows.map((row) => html`<tr>${row.map((v) => html`<td>${v}</td>`)}</tr>`)}</tbody></table>`;
  });
}

function segments(facts: ContainerFacts): Fragment {
  const rest = facts.segments.length - MOST_SEGMENTS;
  return html`<table class="key-values"><tbody>${facts.segments
    .slice(0, MOST_SEGMENTS)
    .map(
      (s) =>
        html`<tr><th scope="row">${s.type.slice(0, 60)}</th><td class="figure">@${s.offset}</td><td class="figure">${group(s.length)} B</td></tr>`,
    )}</tbody></table>${rest > 0 && html`<p class="quiet">${t(moreOf(group(rest)))}</p>`}`;
}

function more(title: { en: string; zh: string }, body: Fragment): Html {
  return html`<details class="more"><summary>${t(title)}</summary>${body}</details>`;
}

function identity(analysis: AnalysedFile): Html {
  const { total } = analysis.timing;
  const versions = analysis.evidence.map((e) => `${e.detector} ${e.version}`).join(' · ');
  return html`<section class="identity"><h3>${t(PAGE.identity)}</h3><dl class="facts">
<div><dt>${t(PAGE.file)}</dt><dd><bdi>${analysis.file}</bdi></dd></div>
<div><dt>${t(PAGE.hash)}</dt><dd><code class="hash">${analysis.sha256}</code></dd></div>
<div><dt>${t(PAGE.sum)}</dt><dd class="figure">${signed(analysis.verdict.llr, 2)}</dd></div>
<div><dt>${t(PAGE.versions)}</dt><dd>${versions}</dd></div>
${Number.isFinite(total) && html`<div><dt>${t(PAGE.took)}</dt><dd>${t(duration(total))}</dd></div>`}
</dl></section>`;
}

/**
 * A folder of pictures by source, as one HTML document that needs nothing else: the network first, then every source
 * with its pictures, copies of one picture, and what belongs nowhere. Both languages; works without its script.
 */
import type { Language, Text } from '../../../core/text.ts';
import { base64 } from '../../base64.ts';
import type { ClusterReport, ReportedCluster } from '../../clusters.ts';
import {
  CAUTIONS,
  CLUSTERS,
  copiesName,
  headline,
  picturesCount,
  READING,
  showRest,
  sourceName,
  TRACES,
  tally,
  traceAlt,
} from '../../locale/clusters.ts';
import { group, percent } from '../../locale/format.ts';
import { PAGE } from '../../locale/page.ts';
import { plainLine } from '../../plain.ts';
import { label, t } from '../bilingual.ts';
import { type Html, html, trusted } from '../escape.ts';
import { ending, opening } from '../frame.ts';
import { CLUSTER_POLICY } from '../policy.ts';
import { distinctionUrls, spectrumUrl } from '../spectrum.ts';
import { round } from './layout.ts';
import { networkFigure } from './network.ts';
import { CLUSTER_STYLE, colourClass } from './style.ts';

export interface ClusterPageOptions {
  /** The language shown first; the reader can switch. English when absent. */
  readonly language?: Language;
  /** The moment written into the page; now when absent. */
  readonly generatedAt?: Date;
}

/** So many pictures of a group show at once; the others wait behind a line. */
const FIRST = 48;

/** What stands beside a picture's name: the groups it is in. */
interface Places {
  /** Of copies, from 1. */
  readonly copies: ReadonlyMap<number, number>;
  readonly sources: ReadonlyMap<number, number>;
}

/** The page of `report`. */
export function renderClusters(report: ClusterReport, options: ClusterPageOptions = {}): string {
  const { pictures, clusters, unclustered, nearIdentical, skipped } = report;
  const language = options.language ?? 'en';
  const what = headline(group(pictures.length), group(clusters.length));
  const copies = new Map(nearIdentical.flatMap((members, k) => members.map((m) => [m, k + 1])));
  const sources = new Map(clusters.flatMap((c) => c.members.map((m) => [m, c.id])));
  const places = { copies, sources };
  const apart = distinctionUrls(clusters.map(({ spectrum }) => spectrum ?? new Float64Array(0)));
  return html`${opening({
    title: { en: `${what.en} · Huoyan`, zh: `${what.zh} · 火眼` },
    subtitle: CLUSTERS.subtitle,
    language,
    store: thumbnails(report),
    extra: { style: CLUSTER_STYLE, policy: CLUSTER_POLICY },
  })}
<div class="sources"><section class="card gist"><h1>${t(what)}</h1>
<p>${t(pictures.length === 0 ? PAGE.empty : tally(group(sources.size), group(unclustered.length), group(copies.size)))}</p>
<div class="meaning"><p>${t(CLUSTERS.meaning)}</p><p><strong>${t(CLUSTERS.meaningNot)}</strong></p></div></section>
${networkFigure(report, language)}
${clusters.length === 0 && pictures.length > 0 && html`<p class="card source">${t(CLUSTERS.none)}</p>`}
${clusters.map((cluster, i) => source(report, cluster, apart[i], places, language))}
${nearIdentical.length > 0 && copiesSection(report, places, language)}
${
  unclustered.length > 0 &&
  html`<section class="card source" id="rest"><div class="source-head"><h2>${t(CLUSTERS.rest)}</h2><p class="how-much">${t(picturesCount(group(unclustered.length)))}</p></div><p class="quiet">${t(CLUSTERS.restNote)}</p><div class="spread wide"><div>${sheet(report, unclustered, places, language)}</div></div></section>`
}
${
  skipped.length > 0 &&
  html`<section class="card source"><h2>${t(CLUSTERS.skipped)}</h2><ul class="plain">${skipped.map(({ file, error }) => html`<li><bdi>${plainLine(file)}</bdi> <span class="quiet">${t(error.text)}</span></li>`)}</ul></section>`
}
<section class="guide"><div><h2>${t(PAGE.how)}</h2>${points(clusters.some((c) => c.spectrum) ? [...READING, TRACES] : READING)}</div><div><h2>${t(PAGE.limits)}</h2>${points(CAUTIONS)}</div></section></div>
${ending(options.generatedAt ?? new Date())}`.text;
}

const points = (texts: readonly Text[]) => html`<ul>${texts.map((x) => html`<li>${t(x)}</li>`)}</ul>`;

/** Every thumbnail once, drawn elsewhere by reference. */
function thumbnails({ pictures }: ClusterReport): Html {
  return html`<svg class="store" width="0" height="0" aria-hidden="true" focusable="false"><defs><clipPath id="round" clipPathUnits="userSpaceOnUse"><circle cx="50" cy="50" r="50"/></clipPath>
${pictures.map(({ thumbnail }, i) => thumbnail && html`<image id="t${i}" width="100" height="100" preserveAspectRatio="xMidYMid slice" href="data:image/jpeg;base64,${trusted(base64(thumbnail))}"/>`)}</defs></svg>`;
}

function source(
  report: ClusterReport,
  cluster: ReportedCluster,
  apart: string | null,
  places: Places,
  language: Language,
): Html {
  const { id, members, cohesion, spectrum } = cluster;
  const mean = spectrum ? spectrumUrl(spectrum) : null;
  const share = Number.isFinite(cohesion) ? Math.min(1, Math.max(0, cohesion)) : 0;
  const trace = (url: string, text: Text) =>
    html`<figure><svg viewBox="0 0 32 32" role="img" ${label(traceAlt(text, id), language)}><image width="32" height="32" preserveAspectRatio="none" href="${url}"/></svg><figcaption class="quiet">${t(text)}</figcaption></figure>`;
  return html`<section class="card source ${colourClass(id)}" id="source-${id}"><div class="source-head"><span class="number" aria-hidden="true">${id}</span><h2>${t(sourceName(id))}</h2>
<p class="how-much"><span>${t(picturesCount(group(members.length)))}</span><span>${t(CLUSTERS.cohesion)} <svg width="64" height="6" aria-hidden="true"><rect class="bar-track" width="64" height="6" rx="3"/><rect width="${round(64 * share)}" height="6" rx="3"/></svg> <span class="figure">${percent(cohesion)} %</span></span></p></div>
<div class="spread${mean ? '' : ' wide'}"><div>${sheet(report, members, places, language)}</div>
${mean && html`<div class="spectra">${trace(mean, CLUSTERS.trace)}${apart && trace(apart, CLUSTERS.apart)}</div>`}</div></section>`;
}

/** The contact sheet of `members`; each picture's own place in the page, hence its id. */
function sheet(report: ClusterReport, members: readonly number[], places: Places, language: Language): Html {
  const entry = (i: number) => {
    const copies = places.copies.get(i);
    return html`<li id="p${i}">${picture(report, i, language)}${copies !== undefined && html`<a class="copy" href="#copies-${copies}" ${label(copiesName(copies, group(report.nearIdentical[copies - 1].length)), language)}>${copies}</a>`}</li>`;
  };
  const rest = members.slice(FIRST);
  return html`<ul class="sheet">${members.slice(0, FIRST).map(entry)}</ul>${
    rest.length > 0 &&
    html`<details class="more"><summary>${t(showRest(group(rest.length)))}</summary><ul class="sheet">${rest.map(entry)}</ul></details>`
  }`;
}

function copiesSection(report: ClusterReport, places: Places, language: Language): Html {
  return html`<section class="card source"><h2>${t(CLUSTERS.near)}</h2><p class="quiet">${t(CLUSTERS.nearNote)}</p>
${report.nearIdentical.map(
  (members, k) =>
    html`<div class="copies-group" id="copies-${k + 1}"><h3>${t(copiesName(k + 1, group(members.length)))}</h3><ul class="sheet">${members.map(
      (i) => {
        const id = places.sources.get(i);
        return html`<li>${picture(report, i, language)}${id === undefined ? html`<span class="home">${t(CLUSTERS.rest)}</span>` : html`<a class="home ${colourClass(id)}" href="#p${i}">${t(sourceName(id))}</a>`}</li>`;
      },
    )}</ul></div>`,
)}</section>`;
}

function picture({ pictures }: ClusterReport, index: number, language: Language): Html {
  const { file, thumbnail } = pictures[index];
  const name = plainLine(file);
  const drawn = thumbnail
    ? html`<svg viewBox="0 0 100 100" role="img" ${label({ en: name, zh: name }, language)}><use href="#t${index}"/></svg>`
    : html`<span class="blank"></span>`;
  return html`${drawn}<bdi title="${name}">${baseName(name)}</bdi>`;
}

/** The last part of a path; the whole stands in the title. */
function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

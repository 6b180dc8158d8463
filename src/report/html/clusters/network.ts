/** The drawing of who belongs with whom: pictures as round thumbnails, or, when there are too many, sources. */
import type { Language, Text } from '../../../core/text.ts';
import type { ClusterReport, ReportedCluster } from '../../clusters.ts';
import { CLUSTERS, networkAlt, sourceName } from '../../locale/clusters.ts';
import { group } from '../../locale/format.ts';
import { plainLine } from '../../plain.ts';
import { label, t } from '../bilingual.ts';
import { type Html, html } from '../escape.ts';
import { type Disc, hull, network, packed, round } from './layout.ts';
import { colourClass } from './style.ts';

/** With more pictures than this, sources are drawn in their place. */
const MOST_PICTURES = 200;
const MOST_SOURCES = 300;
const RADIUS = 24;
const MARGIN = 14;
/** Radius of the disc with a source's number. */
const TAG = 13;

type Pair = readonly [number, number];

/**
 * The figure with its legend, every picture a link to where it is listed; null when there is nothing to connect. Whoever
 * goes by keyboard can skip the links: the lists below say the same.
 */
export function networkFigure(report: ClusterReport, language: Language): Html | null {
  const { pictures, clusters, nearIdentical } = report;
  if (clusters.length === 0 && nearIdentical.length === 0) return null;
  const small = pictures.length <= MOST_PICTURES;
  const shown = small ? picturesDrawn(report, language) : sourcesDrawn(report, language);
  const { x, y, width, height } = shown.frame;
  return html`<figure class="network"><h2>${t(CLUSTERS.network)}</h2><a class="skip" href="#past-network">${t(CLUSTERS.skip)}</a>
<svg viewBox="${x} ${y} ${width} ${height}" width="${Math.round(width * 1.5)}" role="group" ${label(networkAlt(group(pictures.length), group(clusters.length)), language)}>
${shown.drawing}</svg>
<figcaption class="legend">${small && key('thin', CLUSTERS.thin)}${key('thick', CLUSTERS.thick)}<span>${t(CLUSTERS.colour)}</span><span>${t(small ? CLUSTERS.grey : CLUSTERS.bubbles)}</span></figcaption></figure><span id="past-network" tabindex="-1"></span>`;
}

function key(line: 'thin' | 'thick', text: Text): Html {
  return html`<span><svg width="26" height="10" aria-hidden="true"><line class="${line}" x1="3" x2="23" y1="5" y2="5"/></svg> ${t(text)}</span>`;
}

interface Drawn {
  readonly drawing: Html;
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

function picturesDrawn(report: ClusterReport, language: Language): Drawn {
  const { clusters, unclustered, links } = report;
  const copies = neighbours(report.nearIdentical);
  const pulls: Pair[] = [...links.map(({ a, b }): Pair => [a, b]), ...copies, ...copies];
  const groups = [...clusters.map((c) => c.members), ...unclustered.map((i) => [i])];
  const discs = network(groups, pulls, RADIUS);
  const disc = (i: number) => discs.get(i) as Disc;
  const identical = new Set(copies.map(([a, b]) => `${a} ${b}`));
  const line = (a: number, b: number) =>
    html`<line x1="${disc(a).x}" y1="${disc(a).y}" x2="${disc(b).x}" y2="${disc(b).y}"/>`;
  const thin = links.filter(({ a, b }) => !identical.has(`${a} ${b}`) && !identical.has(`${b} ${a}`));
  const home = new Map(clusters.flatMap((c) => c.members.map((m) => [m, c])));
  const tags = clusters.map((c) => tagPlace(c.members.map(disc)));
  const drawing = html`${clusters.map((c) => halo(c, c.members.map(disc)))}
${clusters.map((c) => html`<g class="thin ${colourClass(c.id)}">${thin.filter(({ a }) => home.get(a) === c).map(({ a, b }) => line(a, b))}</g>`)}
<g class="thick">${copies.map(([a, b]) => line(a, b))}</g>
${[...discs].map(([i, place]) => node(report, i, place, home.get(i)))}
${clusters.map((c, k) => tag(c, tags[k], language))}`;
  return { drawing, frame: frameOf([...discs.values(), ...tags]) };
}

/** Sources as discs whose areas go with their numbers of pictures. */
function sourcesDrawn(report: ClusterReport, language: Language): Drawn {
  const clusters = report.clusters.slice(0, MOST_SOURCES);
  const home = new Map(clusters.flatMap((c, k) => c.members.map((m) => [m, k])));
  const bridges = new Map<string, Pair>();
  for (const [a, b] of neighbours(report.nearIdentical)) {
    const [p, q] = [home.get(a), home.get(b)];
    if (p !== undefined && q !== undefined && p !== q)
      bridges.set([p, q].sort().join(), [Math.min(p, q), Math.max(p, q)]);
  }
  const links = [...bridges.values()];
  const most = Math.max(1, ...clusters.map((c) => c.members.length));
  const discs = packed(
    clusters.map((c) => Math.max(RADIUS, 4 * RADIUS * Math.sqrt(c.members.length / most))),
    links,
    RADIUS * 1.6,
  );
  const tags = discs.map((d) => ({ x: d.x, y: round(d.y - d.radius), radius: TAG }));
  const drawing = html`<g class="thick">${links.map(([a, b]) => html`<line x1="${discs[a].x}" y1="${discs[a].y}" x2="${discs[b].x}" y2="${discs[b].y}"/>`)}</g>
${clusters.map((c, k) => node(report, c.members[0], discs[k], c, `#source-${c.id}`))}
${clusters.map((c, k) => tag(c, tags[k], language))}`;
  return { drawing, frame: frameOf([...discs, ...tags]) };
}

/** Each copy with the next: enough to see the group, without all its pairs. */
function neighbours(groups: readonly (readonly number[])[]): Pair[] {
  return groups.flatMap((members) => members.slice(1).map((b, k): Pair => [members[k], b]));
}

function node(
  { pictures }: ClusterReport,
  picture: number,
  { x, y, radius }: Disc,
  cluster: ReportedCluster | undefined,
  target = `#p${picture}`,
): Html {
  const { file, thumbnail } = pictures[picture];
  const rim = cluster ? colourClass(cluster.id) : 'alone';
  const [left, top] = [round(x - radius), round(y - radius)];
  return html`<a class="node ${rim}" href="${target}"><title>${plainLine(file)}</title><circle class="ground" cx="${x}" cy="${y}" r="${radius}"/>${
    thumbnail &&
    html`<use href="#t${picture}" clip-path="url(#round)" transform="translate(${left} ${top}) scale(${round(radius * 10) / 500})"/>`
  }<circle class="rim" cx="${x}" cy="${y}" r="${radius}"/></a>`;
}

function halo({ id }: ReportedCluster, discs: readonly Disc[]): Html {
  const corners = hull(discs).map(({ x, y }) => `${x} ${y}`);
  return html`<path class="halo ${colourClass(id)}" stroke-width="${2 * RADIUS + 18}" d="M${corners.join('L')}Z"/>`;
}

/** Above the highest picture of a source. */
function tagPlace(discs: readonly Disc[]): Disc {
  const top = discs.reduce((high, d) => (d.y < high.y ? d : high));
  return { x: top.x, y: round(top.y - top.radius - TAG * 0.7), radius: TAG };
}

function tag({ id }: ReportedCluster, { x, y, radius }: Disc, language: Language): Html {
  return html`<a class="tag ${colourClass(id)}" href="#source-${id}" ${label(sourceName(id), language)}><circle cx="${x}" cy="${y}" r="${radius}"/><text x="${x}" y="${round(y + 4.6)}">${id}</text></a>`;
}

function frameOf(discs: readonly Disc[]): Drawn['frame'] {
  const edge = (side: (d: Disc) => number, best: (...values: number[]) => number) => best(...discs.map(side));
  const x = Math.floor(edge((d) => d.x - d.radius, Math.min) - MARGIN);
  const y = Math.floor(edge((d) => d.y - d.radius, Math.min) - MARGIN);
  return {
    x,
    y,
    width: Math.ceil(edge((d) => d.x + d.radius, Math.max) + MARGIN) - x,
    height: Math.ceil(edge((d) => d.y + d.radius, Math.max) + MARGIN) - y,
  };
}

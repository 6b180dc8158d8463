/**
 * Plots of an audit as inline SVG: bars with intervals, curves with bands, histograms. Lines differ by dash as well as
 * by colour, and every plot says in words what it shows.
 */
import type { AuditHistogram, AuditRate } from '../../core/audit.ts';
import type { Language, Text } from '../../core/text.ts';
import { label, t } from '../html/bilingual.ts';
import { type Html, html } from '../html/escape.ts';
import { AUDIT, curveAlt, histogramAlt } from '../locale/audit.ts';
import { group } from '../locale/format.ts';
import { tenths } from './terminal.ts';

/** What is drawn; decides colour and dash (style.ts). */
export type Quantity = 'targeted' | 'anybody' | 'other' | 'plain';

const clamp = (value: number) => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0);
const at = (share: number) => `${Math.round(clamp(share) * 1000) / 10}%`;
const round = (value: number) => Math.round(value * 10) / 10;

/** One share as a bar of the width it has, with its interval across; the figures stand beside it as text. */
export function bar(rate: AuditRate, quantity: Quantity): Html {
  return html`<svg class="share q-${quantity}" width="100%" height="14" aria-hidden="true"><rect class="bar-track" width="100%" height="14" rx="3"/><rect class="fill" width="${at(rate.rate)}" height="14" rx="3"/><line class="whisker" x1="${at(rate.lo)}" x2="${at(rate.hi)}" y1="7" y2="7"/><line class="whisker" x1="${at(rate.lo)}" x2="${at(rate.lo)}" y1="3" y2="11"/><line class="whisker" x1="${at(rate.hi)}" x2="${at(rate.hi)}" y1="3" y2="11"/></svg>`;
}

export interface Line {
  readonly quantity: Quantity;
  readonly name: Text;
  /** By rising x; both 0..1. */
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly lo?: number;
    readonly hi?: number;
  }[];
}

export interface CurveOptions {
  readonly title: Text;
  readonly x: Text;
  readonly y: Text;
  /** Where the x axis ends; 1 unless told. */
  readonly xEnd?: number;
  /** A vertical line, for instance where one operates. */
  readonly mark?: number;
  readonly language: Language;
}

const [WIDTH, HEIGHT] = [440, 270];
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 12, 12, 42];
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Lines over a common axis, both in per cent. */
export function curves(lines: readonly Line[], options: CurveOptions): Html {
  const { title, x: xName, y: yName, xEnd = 1, mark, language } = options;
  const px = (x: number) => round(LEFT + clamp(x / xEnd) * (WIDTH - LEFT - RIGHT));
  const py = (y: number) => round(HEIGHT - BOTTOM - clamp(y) * (HEIGHT - TOP - BOTTOM));
  const path = (points: readonly { x: number; y: number }[]) =>
    points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${py(y)}`).join('');
  const band = ({ points }: Line) => {
    const both = points.filter((p) => p.lo !== undefined && p.hi !== undefined);
    if (both.length < 2) return null;
    const upper = path(both.map(({ x, hi }) => ({ x, y: hi as number })));
    const lower = path([...both].reverse().map(({ x, lo }) => ({ x, y: lo as number })));
    return html`<path class="band" d="${upper}L${lower.slice(1)}Z"/>`;
  };
  const ends = lines.map(({ points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return `${tenths(first?.y ?? 0)} → ${tenths(last?.y ?? 0)} %`;
  });
  return html`<figure class="plot"><figcaption>${t(title)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ${label(curveAlt(title, xName, ends.join('; ')), language)}>
${TICKS.map((tick) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${py(tick)}" y2="${py(tick)}"/><text class="tick" x="${LEFT - 6}" y="${py(tick) + 4}" text-anchor="end">${Math.round(tick * 100)}</text>`)}
${TICKS.map((tick) => html`<text class="tick" x="${px(tick * xEnd)}" y="${HEIGHT - BOTTOM + 17}" text-anchor="middle">${round(tick * xEnd * 100)}</text>`)}
<text class="axis" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${both(xName)}</text>
${mark !== undefined && html`<line class="mark" x1="${px(mark)}" x2="${px(mark)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>`}
${lines.map((line) => html`<g class="q-${line.quantity}">${band(line)}<path class="curve" d="${path(line.points)}"/></g>`)}</svg>
<ul class="keys">${lines.map(({ quantity, name }) => html`<li class="q-${quantity}"><svg width="26" height="8" aria-hidden="true"><line class="curve" x1="0" x2="26" y1="4" y2="4"/></svg>${t(name)}</li>`)}</ul>
<p class="quiet">${t(yName)}, %</p></figure>`;
}

/** Words inside a drawing, where the style sheet's language switch works on text elements. */
function both(text: Text): Html {
  return html`<tspan class="t" lang="en">${text.en}</tspan><tspan class="t" lang="zh-Hans">${text.zh}</tspan>`;
}

const [H_WIDTH, H_HEIGHT] = [440, 150];

/** How values from 0 to 1 are spread. */
export function histogramPlot(
  title: Text,
  { n, counts }: AuditHistogram,
  quantity: Quantity,
  language: Language,
): Html {
  const most = Math.max(1, ...counts);
  const step = (H_WIDTH - LEFT - RIGHT) / Math.max(1, counts.length);
  const room = H_HEIGHT - TOP - 24;
  const bars = counts.map((count, i) => {
    const height = round((clamp(count / most) || 0) * room);
    return html`<rect class="fill" x="${round(LEFT + i * step + 1)}" y="${round(TOP + room - height)}" width="${round(step - 2)}" height="${height}"/>`;
  });
  return html`<figure class="plot"><figcaption>${t(title)} <span class="quiet">n = ${group(n)}</span></figcaption>
<svg class="q-${quantity}" viewBox="0 0 ${H_WIDTH} ${H_HEIGHT}" role="img" ${label(histogramAlt(title, group(n)), language)}>
<line class="grid" x1="${LEFT}" x2="${H_WIDTH - RIGHT}" y1="${TOP + room}" y2="${TOP + room}"/><text class="tick" x="${LEFT - 6}" y="${TOP + 9}" text-anchor="end">${group(most)}</text>${bars}
${TICKS.map((tick) => html`<text class="tick" x="${round(LEFT + tick * (H_WIDTH - LEFT - RIGHT))}" y="${H_HEIGHT - 5}" text-anchor="middle">${tick * 100}</text>`)}</svg></figure>`;
}

/** What each colour of a bar stands for. */
export function barKeys(): Html {
  const keys = [
    ['targeted', AUDIT.targeted, AUDIT.targetedMeaning],
    ['anybody', AUDIT.nonTargeted, AUDIT.nonTargetedMeaning],
    ['other', AUDIT.misidentified, AUDIT.misidentifiedMeaning],
  ] as const;
  return html`<ul class="keys">${keys.map(([quantity, name, meaning]) => html`<li class="q-${quantity}"><svg width="14" height="14" aria-hidden="true"><rect class="fill" width="14" height="14" rx="3"/></svg><span><b>${t(name)}</b>: ${t(meaning)}</span></li>`)}</ul>`;
}

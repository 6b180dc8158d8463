/**
 * The persons of a video: one time line each, a lane for every kind of evidence that tells them apart, and their faces at
 * the most telling moments. Seconds that were not looked at stay empty, which is most of them in a long video. A portrait
 * leads to its moment where the recording stands in the page; a page with a player of its own (web/src/parts/player.tsx)
 * does the same with what is marked `data-moment`.
 */
import type { AnalysedFile } from '../../core/analysis.ts';
import type { PersonLane } from '../../core/evidence.ts';
import type { Language } from '../../core/text.ts';
import { base64 } from '../base64.ts';
import { detectorName } from '../locale/labels.ts';
import { laneAlt, PEOPLE, personName, portraitAlt } from '../locale/people.ts';
import { goTo } from '../locale/recording.ts';
import { clock } from '../spans.ts';
import { isWeighed } from '../weigh.ts';
import { label, t, type View } from './bilingual.ts';
import { type Html, html } from './escape.ts';

const WIDTH = 1000;
const HEIGHT = 34;
const MOST_PEOPLE = 12;
/** Bars in one lane: in longer videos several seconds share one, which shows the strongest. */
const MOST_BARS = 250;

/** The section, or null where nobody was followed. */
export function peopleSection(analysis: AnalysedFile, { language, recording }: View): Html | null {
  if (analysis.kind !== 'video') return null;
  const lanes = analysis.evidence.flatMap((one) =>
    isWeighed(one) ? (one.people ?? []).map((lane) => ({ detector: one.detector, lane })) : [],
  );
  const persons = [...new Set(lanes.map(({ lane }) => lane.person))].sort((a, b) => a - b);
  if (persons.length === 0) return null;
  const { durationSeconds } = analysis.container;
  return html`<section class="people"><h3>${t(PEOPLE.heading)}</h3><p class="quiet">${t(PEOPLE.note)}</p>
${persons.slice(0, MOST_PEOPLE).map((person) => {
  const own = lanes.filter(({ lane }) => lane.person === person);
  const faces = (analysis.people ?? []).find((seen) => seen.person === person)?.portraits ?? [];
  return html`<div class="person"><h4>${t(personName(person))} <span class="quiet figure">${clock(own[0].lane.start)}–${clock(own[0].lane.end)}</span></h4>
<div class="portraits">${faces.map(
    ({ time, jpeg }) =>
      html`<figure ${label(portraitAlt(person, clock(time)), language)}><img alt="" width="96" height="96" src="data:image/jpeg;base64,${base64(jpeg)}"><figcaption class="figure quiet">${
        recording
          ? html`<button type="button" class="needs-script" data-seek="${time}" ${label(goTo(clock(time)), language)}>▶ ${clock(time)}</button>`
          : html`<span data-moment="${time}">${clock(time)}</span>`
      }</figcaption></figure>`,
  )}</div>
${own.map(({ detector, lane }) => html`<p class="lane-name">${t(detectorName(detector))}</p>${laneDrawing(lane, durationSeconds, language)}`)}</div>`;
})}</section>`;
}

/** A bar for each second (or several), as high as the claim is strong; the line in the middle is one half. */
function laneDrawing({ perSecond, person }: PersonLane, duration: number, language: Language): Html {
  const seconds = Math.max(1, perSecond.length);
  const together = Math.ceil(seconds / MOST_BARS);
  const bars: { x: number; width: number; strength: number }[] = [];
  for (let from = 0; from < seconds; from += together) {
    let strength = Number.NaN;
    for (let s = from; s < Math.min(seconds, from + together); s++) {
      const v = perSecond[s];
      if (!Number.isNaN(v)) strength = Number.isNaN(strength) ? v : Math.max(strength, v);
    }
    if (Number.isNaN(strength)) continue;
    const x = (WIDTH * from) / seconds;
    bars.push({ x, width: (WIDTH * Math.min(together, seconds - from)) / seconds, strength });
  }
  const fixed = (v: number) => Math.round(v * 10) / 10;
  const total = Number.isFinite(duration) ? duration : seconds;
  return html`<svg class="lane" data-seconds="${seconds}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" ${label(laneAlt(person), language)}><rect class="bar-track" x="0" y="0" width="${WIDTH}" height="${HEIGHT}"/>${bars.map(
    ({ x, width, strength }) => {
      const height = Math.max(1, fixed(HEIGHT * Math.min(1, Math.max(0, strength))));
      return html`<rect class="${strength > 0.5 ? 'for-claim' : 'for-real'}" x="${fixed(x)}" y="${fixed(HEIGHT - height)}" width="${Math.max(1, fixed(width - 0.5))}" height="${height}"/>`;
    },
  )}<line class="middle" x1="0" x2="${WIDTH}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}"/></svg><p class="lane-ends quiet figure"><span>0:00</span><span>${clock(total)}</span></p>`;
}

/** A conversation on the page: a lane a voice, and the turns in words. */
import type { AnalysedFile } from '../../core/analysis.ts';
import type { SpokenTurn } from '../../core/evidence.ts';
import type { Language } from '../../core/text.ts';
import { detectorName } from '../locale/labels.ts';
import { TURNS, turnsAlt, voiceName } from '../locale/turns.ts';
import { clockRange } from '../spans.ts';
import { turnPercent, turnsToTell } from '../turns.ts';
import { label, t, type View } from './bilingual.ts';
import { type Html, html } from './escape.ts';

const WIDTH = 1000;
const ROW = 16;
const MOST_VOICES = 8;
const MOST_DRAWN = 400;
const MOST_TOLD = 24;

/** The section, or null where nobody took turns with anybody. */
export function turnsSection(analysis: AnalysedFile, { language }: View): Html | null {
  const found = analysis.evidence.flatMap((one) => {
    const turns = turnsToTell(one);
    return turns.length > 0 ? [{ detector: one.detector, turns }] : [];
  });
  if (found.length === 0) return null;
  return html`<section class="turns"><h3>${t(TURNS.heading)}</h3><p class="quiet">${t(TURNS.note)}</p>
${found.map(({ detector, turns }) => html`<p class="lane-name">${t(detectorName(detector))}</p>${drawing(turns, language)}${list(turns)}`)}</section>`;
}

function list(turns: readonly SpokenTurn[]): Html {
  return html`<ul>${turns.slice(0, MOST_TOLD).map((turn) => {
    const percent = turnPercent(turn);
    const range = clockRange({ ...turn, score: 0 });
    return html`<li>${t(voiceName(turn.speaker))} <span class="quiet figure">${range}</span> ${
      percent === null ? t(TURNS.unjudged) : html`<span class="figure">${percent} %</span>`
    }</li>`;
  })}</ul>`;
}

function drawing(turns: readonly SpokenTurn[], language: Language): Html {
  const voices = [...new Set(turns.map(({ speaker }) => speaker))].slice(0, MOST_VOICES);
  const finite = turns.filter(({ start, end }) => Number.isFinite(start) && Number.isFinite(end));
  const total = Math.max(1, ...finite.map(({ end }) => end));
  const place = (seconds: number) => Math.round((WIDTH * 10 * Math.max(0, seconds)) / total) / 10;
  const height = ROW * voices.length;
  return html`<svg class="lane" viewBox="0 0 ${WIDTH} ${height}" height="${height}" preserveAspectRatio="none" role="img" ${label(turnsAlt(voices.length), language)}><rect class="bar-track" x="0" y="0" width="${WIDTH}" height="${height}"/>${finite
    .filter(({ speaker }) => voices.includes(speaker))
    .slice(0, MOST_DRAWN)
    .map(({ start, end, speaker, llr }) => {
      const kind = llr === null || Number.isNaN(llr) ? 'unjudged' : llr > 0 ? 'for-claim' : 'for-real';
      const width = Math.max(1, Math.round((place(end) - place(start)) * 10) / 10);
      return html`<rect class="${kind}" x="${place(start)}" y="${voices.indexOf(speaker) * ROW + 2}" width="${width}" height="${ROW - 4}"/>`;
    })}</svg>`;
}

/**
 * The recording itself inside the page, so that whoever reads of a second can see and hear it: one player, which faces
 * and time lines move. Nothing is fetched: the file stands in the page, or the page says that it was left out.
 */
import type { AnalysedFile } from '../../core/analysis.ts';
import type { Text } from '../../core/text.ts';
import { base64 } from '../base64.ts';
import { RECORDING, recordingAlt } from '../locale/recording.ts';
import { label, t, type View } from './bilingual.ts';
import { type Html, html } from './escape.ts';

/** The section of a sound or a video, null for a picture. */
export function recordingSection(analysis: AnalysedFile, { language, recording }: View): Html | null {
  if (analysis.kind === 'image') return null;
  const heading = html`<h3>${t(RECORDING.heading)}</h3>`;
  if (!recording)
    return html`<section class="recording">${heading}<p class="quiet">${t(RECORDING.absent)}</p></section>`;
  const source = `data:${analysis.container.mime};base64,${base64(recording)}`;
  const named = label(recordingAlt(analysis.file), language);
  return html`<section class="recording">${heading}
${
  analysis.kind === 'video'
    ? html`<video controls playsinline preload="metadata" src="${source}" ${named}></video>`
    : html`<audio controls preload="metadata" src="${source}" ${named}></audio>`
}
<p class="quiet">${t(noteOf(analysis))}</p></section>`;
}

function noteOf({ kind }: AnalysedFile): Text {
  return kind === 'video' ? RECORDING.video : RECORDING.sound;
}

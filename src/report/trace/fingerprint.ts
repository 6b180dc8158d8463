/** The fingerprint of one picture to be looked at: the pattern that repeats in it, and its spectrum. */
import type { RgbImage } from '../../core/image.ts';
import type { Language } from '../../core/text.ts';
import type { FingerprintView } from '../../core/trace.ts';
import { base64 } from '../base64.ts';
import { label, t } from '../html/bilingual.ts';
import { type Html, html } from '../html/escape.ts';
import { indexedPng, type Palette } from '../html/png.ts';
import { spectrumUrl } from '../html/spectrum.ts';
import { patternAlt, spectrumOf, TRACE_PAGE } from '../locale/trace-page.ts';
import { plainLine } from '../plain.ts';

const GREYS: Palette = {
  rgb: Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)),
  alpha: new Uint8Array(256).fill(255),
};
/** CSS pixels of one pixel of the pattern. */
const ENLARGED = 2;
/** CSS pixels of the spectrum. */
const SPECTRUM_SIDE = 256;

/** A grey picture (all three channels alike) as `data:image/png;base64,…`; null when it has no pixel. */
export function greyUrl({ width, height, data }: RgbImage): string | null {
  if (!(width >= 1 && height >= 1) || data.length < width * height * 3) return null;
  const greys = Uint8Array.from({ length: width * height }, (_, i) => data[i * 3]);
  return `data:image/png;base64,${base64(indexedPng(width, height, greys, GREYS))}`;
}

export function fingerprintSection(
  view: FingerprintView | undefined,
  file: string,
  language: Language,
): Html {
  const pattern = view ? greyUrl(view.pattern) : null;
  const spectrum = view ? spectrumUrl(view.spectrum) : null;
  const name = plainLine(file);
  const picture = (url: string, width: number, height: number, alt: { en: string; zh: string }) =>
    html`<img src="${url}" width="${width}" height="${height}" alt="${alt[language]}" ${label(alt, language)}>`;
  return html`<section class="traces"><h3>${t(TRACE_PAGE.fingerprint)}</h3>${
    !pattern && !spectrum
      ? html`<p class="quiet">${t(TRACE_PAGE.noFingerprint)}</p>`
      : html`<p class="quiet">${t(TRACE_PAGE.fingerprintNote)}</p><div class="pair">
${
  view &&
  pattern &&
  html`<figure><div class="plate">${picture(pattern, view.pattern.width * ENLARGED, view.pattern.height * ENLARGED, patternAlt(name))}</div>
<figcaption class="quiet"><h4>${t(TRACE_PAGE.pattern)}</h4><p>${t(TRACE_PAGE.patternNote)}</p></figcaption></figure>`
}
${
  spectrum &&
  html`<figure><div class="plate">${picture(spectrum, SPECTRUM_SIDE, SPECTRUM_SIDE, spectrumOf(name))}
<p class="axis"><span>${t(TRACE_PAGE.finest)}</span><span>${t(TRACE_PAGE.slow)}</span><span>${t(TRACE_PAGE.finest)}</span></p>
<p class="key"><span>${t(TRACE_PAGE.weak)}</span><svg class="ramp" height="8" aria-hidden="true"><rect width="100%" height="8" fill="url(#ramp)"/></svg><span>${t(TRACE_PAGE.strong)}</span></p></div>
<figcaption class="quiet"><h4>${t(TRACE_PAGE.spectrum)}</h4><p>${t(TRACE_PAGE.spectrumNote)}</p></figcaption></figure>`
}</div>`
  }</section>`;
}

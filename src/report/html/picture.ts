/**
 * The picture with what evidence says about places in it: one stored copy of the pixels, drawn several times by
 * reference (large, in print, as thumbnail, as face crops), with heat maps and boxes as layers above it.
 */
import type { AnalysedFile } from '../../core/analysis.ts';
import type { Box } from '../../core/image.ts';
import type { Json } from '../../core/json.ts';
import type { Text } from '../../core/text.ts';
import { base64 } from '../base64.ts';
import { percent } from '../locale/format.ts';
import { KIND_WORDS } from '../locale/kinds.ts';
import { detectorName } from '../locale/labels.ts';
import { faceAlt, mapAlt, PAGE } from '../locale/page.ts';
import { clockRange } from '../spans.ts';
import { inOrderOfWeight, isWeighed, type WeighedEvidence } from '../weigh.ts';
import { both, label, t, type View } from './bilingual.ts';
import { type Html, html } from './escape.ts';
import { type HeatLayer, heatLayer } from './heat.ts';

/** Width of the coordinate system of all drawings; its height follows the picture. */
const VIEW_WIDTH = 1000;
/** Shape of the spectrogram that stands for a sound. */
const SPECTROGRAM_WIDTH = 1000;
const SPECTROGRAM_HEIGHT = 256;
const MOST_BOXES = 40;
const MOST_FACES = 24;

interface Layer {
  readonly evidence: WeighedEvidence;
  readonly heat: HeatLayer | null;
  readonly boxes: readonly (Box & { readonly score: number; readonly name: Html | null })[];
}

/** Everything about the picture of one file, computed once. */
export interface Picture {
  readonly height: number;
  readonly layers: readonly Layer[];
  readonly faces: readonly Box[];
}

export function pictureOf(analysis: AnalysedFile): Picture {
  const { width, height } = sizeOf(analysis);
  const viewHeight = width > 0 && height > 0 ? Math.max(1, Math.round((VIEW_WIDTH * height) / width)) : 750;
  const scale = VIEW_WIDTH / Math.max(1, width);
  const layers = inOrderOfWeight(analysis.evidence, analysis.verdict)
    .filter(isWeighed)
    .map((evidence) => ({
      evidence,
      heat: evidence.map ? heatLayer(evidence.map, VIEW_WIDTH, viewHeight) : null,
      boxes:
        analysis.kind === 'audio'
          ? spanBoxes(evidence, analysis.container.durationSeconds, viewHeight)
          : evidence.regions
              .filter((r) => isBox(r))
              .slice(0, MOST_BOXES)
              .map((r) => ({ ...scaled(r, scale), score: r.score, name: r.label ? t(r.label) : null })),
    }))
    .filter((layer) => layer.heat !== null || layer.boxes.length > 0);
  const faces = [
    ...(analysis.faces ?? []),
    ...analysis.evidence.flatMap((e) => facesIn(e.details.faces)),
  ].slice(0, MOST_FACES);
  return { height: viewHeight, layers, faces: unique(faces).map((box) => scaled(box, scale)) };
}

/** Width and height of what is shown: pixels of a picture or frame, the shape of the spectrogram of a sound. */
function sizeOf(analysis: AnalysedFile): { width: number; height: number } {
  if (analysis.kind === 'audio') return { width: SPECTROGRAM_WIDTH, height: SPECTROGRAM_HEIGHT };
  return analysis.container;
}

/** Times as upright bands over the spectrogram. */
function spanBoxes(evidence: WeighedEvidence, duration: number, height: number): Layer['boxes'] {
  if (!(duration > 0)) return [];
  const x = (seconds: number) => fixed((VIEW_WIDTH * Math.min(duration, Math.max(0, seconds))) / duration);
  return (evidence.spans ?? []).slice(0, MOST_BOXES).map((span) => ({
    x: x(span.start),
    y: 0,
    width: Math.max(2, fixed(x(span.end) - x(span.start))),
    height,
    score: span.score,
    name: html`<span class="figure">${clockRange(span)}</span>${span.label && html` ${t(span.label)}`}`,
  }));
}

/** The stored pixels and layers; nothing of it shows where it stands. */
export function pictureStore(analysis: AnalysedFile, picture: Picture, view: View): Html | null {
  if (!view.picture || !analysis.preview) return null;
  return html`<svg class="store" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<image id="${view.id}-photo" width="${VIEW_WIDTH}" height="${picture.height}" preserveAspectRatio="none" href="data:image/jpeg;base64,${base64(analysis.preview)}"/>
${picture.layers.map((layer, i) => layerStore(layer, i, picture, view))}
</defs></svg>`;
}

function layerStore(layer: Layer, index: number, picture: Picture, view: View): Html {
  const { heat } = layer;
  return html`<g id="${view.id}-heat${index}">${
    heat &&
    html`<image width="${VIEW_WIDTH}" height="${picture.height}" preserveAspectRatio="none" href="${heat.url}"/>${
      heat.abstained && html`<path class="abstained" d="${heat.abstained}" fill="url(#hatch)"/>`
    }`
  }</g><g id="${view.id}-boxes${index}">${layer.boxes.map((box, i) => boxMark(box, i, picture.height))}</g>`;
}

function boxMark(box: Box, index: number, viewHeight: number): Html {
  const x = Math.min(VIEW_WIDTH - 40, Math.max(0, box.x));
  const y = Math.min(viewHeight - 40, Math.max(0, box.y));
  return html`<rect class="box-under" x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}"/><rect class="box" x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}"/><rect class="box-tag" x="${x}" y="${y}" width="36" height="36"/><text class="box-number" x="${x + 18}" y="${y + 26}">${index + 1}</text>`;
}

/** The figure with its controls, or a sentence in its place. */
export function pictureFigure(analysis: AnalysedFile, picture: Picture, view: View): Html {
  if (!view.picture || !analysis.preview) {
    return html`<figure class="picture"><p class="absent">${t(KIND_WORDS[analysis.kind].noPicture)}</p></figure>`;
  }
  const { layers } = picture;
  const box = `0 0 ${VIEW_WIDTH} ${picture.height}`;
  const first = firstLayer(picture);
  const alt = KIND_WORDS[analysis.kind].alt(analysis.file);
  return html`<figure class="picture" data-picture="${view.id}">
<svg class="canvas${layers[first]?.heat ? ' has-heat' : ''}" viewBox="${box}" role="img" ${label(alt, view.language)}>
<use class="photo" href="#${view.id}-photo"/>
${layers.map(
  (_, i) =>
    html`<g data-layer="${i}"${i === first ? null : html` hidden`}><use class="heat" href="#${view.id}-heat${i}"/><use class="boxes" href="#${view.id}-boxes${i}"/></g>`,
)}</svg>
${layers.length > 0 ? controls(picture, view, first, KIND_WORDS[analysis.kind].bareLayer) : html`<figcaption class="quiet">${t(KIND_WORDS[analysis.kind].noMap)}</figcaption>`}
${layers.map((layer, i) => caption(layer, i, i === first))}
${layers.length > 0 && printCopies(analysis, picture, view)}
</figure>`;
}

/** The layer shown at first: the heaviest that found something; -1, the bare picture, when none did. */
function firstLayer(picture: Picture): number {
  return picture.layers.findIndex((layer) => layer.evidence.status === 'detected');
}

function controls(picture: Picture, view: View, first: number, bare: Text): Html {
  const { layers } = picture;
  const group = `${view.id}-layer`;
  const heat = layers.some((l) => l.heat);
  const boxes = layers.some((l) => l.boxes.length > 0);
  return html`<div class="controls needs-script">
<fieldset class="segments"><legend class="unseen">${t(PAGE.layer)}</legend>
<label><input type="radio" name="${group}" value=""${first < 0 ? html` checked` : null}><span>${t(bare)}</span></label>
${layers.map(
  (layer, i) =>
    html`<label><input type="radio" name="${group}" value="${i}"${i === first ? html` checked` : null}><span>${t(detectorName(layer.evidence.detector))}</span></label>`,
)}</fieldset>
${heat && html`<label class="slider"><span>${t(PAGE.opacity)}</span><input type="range" class="opacity" min="0" max="100" value="70"></label>`}
${boxes && html`<label class="check"><input type="checkbox" class="show-boxes" checked><span>${t(PAGE.boxes)}</span></label>`}
</div>`;
}

function caption(layer: Layer, index: number, shown: boolean): Html {
  return html`<figcaption data-layer="${index}"${shown ? null : html` hidden`}>${notes(layer)}</figcaption>`;
}

/** What a layer shows: the meaning of its colours, and its numbered areas. */
function notes(layer: Layer): Html {
  const { heat, boxes, evidence } = layer;
  return html`${
    heat &&
    evidence.map &&
    html`<p class="legend"><span class="what">${t(evidence.map.meaning)}</span><span class="scale"><span>${t(PAGE.weak)}</span><svg class="ramp" width="120" height="10" aria-hidden="true"><rect width="120" height="10" fill="url(#ramp)"/></svg><span>${t(PAGE.strong)}</span></span>${
      heat.abstained &&
      html`<span class="scale"><svg class="swatch" width="22" height="12" aria-hidden="true"><rect width="22" height="12" fill="url(#hatch-small)"/></svg><span>${t(PAGE.abstained)} (${percent(heat.abstainedShare)}&nbsp;%)</span></span>`
    }</p>`
  }${
    boxes.length > 0 &&
    html`<ol class="areas">${boxes.map((b) => html`<li>${b.name ?? t(PAGE.boxes)} <span class="figure">${percent(b.score)} %</span></li>`)}</ol>`
  }`;
}

/** On paper nothing slides: the bare picture and every layer stand side by side. */
function printCopies(analysis: AnalysedFile, picture: Picture, view: View): Html {
  const box = `0 0 ${VIEW_WIDTH} ${picture.height}`;
  return html`<div class="print-only copies">
<svg viewBox="${box}" role="img" ${label(KIND_WORDS[analysis.kind].alt(analysis.file), view.language)}><use href="#${view.id}-photo"/></svg>
${picture.layers.map(
  (layer, i) =>
    html`<div><svg viewBox="${box}" role="img" ${label(mapAlt(detectorName(layer.evidence.detector), analysis.file), view.language)}><use class="photo dim" href="#${view.id}-photo"/><use class="heat" href="#${view.id}-heat${i}"/><use href="#${view.id}-boxes${i}"/></svg><p>${t(detectorName(layer.evidence.detector))}</p>${notes(layer)}</div>`,
)}</div>`;
}

/** A small square of the picture for the list. */
export function thumbnail(analysis: AnalysedFile, picture: Picture, view: View): Html {
  if (!view.picture || !analysis.preview) return html`<span class="thumb empty"></span>`;
  const side = Math.min(VIEW_WIDTH, picture.height);
  const x = (VIEW_WIDTH - side) / 2;
  const y = (picture.height - side) / 2;
  return html`<svg class="thumb" viewBox="${x} ${y} ${side} ${side}" aria-hidden="true"><use href="#${view.id}-photo"/></svg>`;
}

/** Crops of the faces that any evidence looked at; null when there are none. */
export function faceCrops(analysis: AnalysedFile, picture: Picture, view: View): Html | null {
  if (!view.picture || !analysis.preview || picture.faces.length === 0) return null;
  return html`<section class="faces"><h3>${t(PAGE.faces)}</h3><ul>${picture.faces.map((face, i) => {
    const side = Math.max(face.width, face.height) * 1.5;
    const x = face.x + face.width / 2 - side / 2;
    const y = face.y + face.height / 2 - side / 2;
    const alt = faceAlt(i + 1);
    return html`<li><svg viewBox="${fixed(x)} ${fixed(y)} ${fixed(side)} ${fixed(side)}" role="img" ${label(alt, view.language)}><use href="#${view.id}-photo"/></svg><span>${both((l) => alt[l])}</span></li>`;
  })}</ul></section>`;
}

function facesIn(value: Json | undefined): Box[] {
  if (!Array.isArray(value)) return [];
  const items = value as readonly Json[];
  return items.flatMap((item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return [];
    const record = item as { readonly [key: string]: Json };
    const box = Object.hasOwn(record, 'box') ? record.box : record;
    return isBox(box) ? [{ x: box.x, y: box.y, width: box.width, height: box.height }] : [];
  });
}

function isBox(value: unknown): value is Box {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Partial<Box>;
  const limit = (n: unknown) => typeof n === 'number' && Math.abs(n) < 1e6;
  return (
    limit(x) && limit(y) && limit(width) && limit(height) && (width as number) > 0 && (height as number) > 0
  );
}

function unique(boxes: readonly Box[]): Box[] {
  const seen = new Map(boxes.map((b) => [`${b.x},${b.y},${b.width},${b.height}`, b]));
  return [...seen.values()];
}

function scaled(box: Box, scale: number): Box {
  return {
    x: fixed(box.x * scale),
    y: fixed(box.y * scale),
    width: fixed(box.width * scale),
    height: fixed(box.height * scale),
  };
}

function fixed(value: number): number {
  return Math.round(value * 10) / 10;
}

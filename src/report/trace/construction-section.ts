/**
 * How the generator is likely built, on the page: quantities with their intervals, choices and losses with their
 * probabilities, and the known generators most alike. Of a photograph it is folded away, because it then means nothing.
 */
import type { ConstructionEstimate, ContinuousName } from '../../core/construction.ts';
import type { Text } from '../../core/text.ts';
import type { TracedPicture } from '../../core/trace.ts';
import { t } from '../html/bilingual.ts';
import { type Html, html } from '../html/escape.ts';
import { percent } from '../locale/format.ts';
import {
  amount,
  amountRange,
  CHOICE_NAME,
  CONSTRUCTION,
  classWords,
  constructionInShort,
  LOSS_NAME,
  QUANTITY_NAME,
} from '../locale/trace-construction.ts';
import { plainLine } from '../plain.ts';
import { answerKind } from './answer.ts';
import { choicesOf, isLikely, type Likely, lossesOf, type Quantity, quantitiesOf } from './construction.ts';
import { look } from './look.ts';

const MOST_NEAREST = 5;
/** Counts of layers and blocks share a scale, so that their bars compare; these have one each. */
const OWN_SCALE: readonly ContinuousName[] = ['filters', 'parameters'];
/** A scale ends at the first of these, times a power of ten, that has room for all of it. */
const ENDS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];
const SHORTEST_SCALE = 5;

/** Nothing where construction was not estimated. */
export function constructionSection(trace: TracedPicture): Html | null {
  const { construction } = trace;
  if (!construction) return null;
  const kind = answerKind(trace);
  const head = html`<h3>${t(CONSTRUCTION.title)}</h3>`;
  if (kind === 'photograph') {
    return html`<section class="traces built ${look('unclear')}">${head}<p class="caution">${t(CONSTRUCTION.photograph)}</p>
<details class="more"><summary>${t(CONSTRUCTION.showAnyway)}</summary><p class="quiet">${t(CONSTRUCTION.note)}</p>${content(construction)}</details></section>`;
  }
  return html`<section class="traces built ${look(kind)}">${head}<p class="quiet">${t(CONSTRUCTION.note)}</p>${content(construction)}</section>`;
}

function content(estimate: ConstructionEstimate): Html {
  const { built, trained } = constructionInShort(estimate);
  const said = [built, trained].filter((one) => one !== null);
  const quantities = quantitiesOf(estimate);
  const choices = choicesOf(estimate);
  const losses = lossesOf(estimate);
  return html`${(said.length > 0 ? said : [CONSTRUCTION.nothing]).map((text) => html`<p class="in-short">${t(text)}</p>`)}
<div class="built-pair">${
    quantities.length > 0 && part(CONSTRUCTION.size, CONSTRUCTION.sizeNote, html`${scales(quantities)}`)
  }${
    losses.length > 0 &&
    part(
      CONSTRUCTION.losses,
      CONSTRUCTION.lossesNote,
      shares(losses.map((one) => ({ ...one, words: LOSS_NAME[one.name] }))),
    )
  }</div>${
    choices.length > 0 &&
    part(
      CONSTRUCTION.choices,
      CONSTRUCTION.choicesNote,
      html`<div class="questions">${choices.map(
        ({ name, classes }) =>
          html`<section><h5>${t(CHOICE_NAME[name].name)}</h5><p class="quiet">${t(CHOICE_NAME[name].meaning)}</p>${shares(
            classes.map((one) => ({ ...one, words: classWords(name, one.name).name })),
          )}</section>`,
      )}</div>`,
    )
  }${nearest(estimate)}`;
}

function part(title: Text, note: Text, body: Html): Html {
  return html`<section class="built-part"><h4>${t(title)}</h4><p class="quiet">${t(note)}</p>${body}</section>`;
}

function scales(quantities: readonly Quantity[]): Html[] {
  const counts = quantities.filter(({ name }) => !OWN_SCALE.includes(name));
  const own = quantities.filter(({ name }) => OWN_SCALE.includes(name));
  return [counts, ...own.map((one) => [one])].filter((group) => group.length > 0).map(scale);
}

/** Quantities whose bars all reach from 0 to the same end. */
function scale(group: readonly Quantity[]): Html {
  const end = endOf(Math.max(...group.map(({ value, hi }) => Math.max(value, hi))));
  const at = (value: number) => Math.min(1, Math.max(0, value / end));
  const rows = group.map((one) => {
    const [lo, hi, value] = [at(one.lo), at(one.hi), at(one.value)].map((x) => Math.round(x * 1000) / 10);
    return html`<div><dt>${t(QUANTITY_NAME[one.name])}</dt><dd><span class="best">${t(amount(one.value))}</span> <span class="range">(${t(amountRange(one))})</span></dd>
<dd class="line" aria-hidden="true"><svg width="100%" height="12"><rect class="bar-track" y="3" width="100%" height="6" rx="3"/><rect class="bar-interval" x="${lo}%" y="3" width="${Math.max(0.5, Math.round((hi - lo) * 10) / 10)}%" height="6" rx="3"/><rect class="bar-fill" x="${Math.min(99.2, value)}%" width="3" height="12" rx="1.5"/></svg></dd></div>`;
  });
  return html`<dl class="sizes">${rows}</dl><p class="ends" aria-hidden="true"><span>0</span><span>${t(amount(end))}</span></p>`;
}

/** A round number that is not less than `most`. */
function endOf(most: number): number {
  const wanted = Math.max(SHORTEST_SCALE, most);
  const ten = 10 ** Math.floor(Math.log10(wanted));
  return (ENDS.find((one) => one * ten >= wanted) ?? 10) * ten;
}

function shares(all: readonly (Likely<string> & { readonly words: Text })[]): Html {
  return html`<table class="chances"><tbody>${all.map((one) => {
    const width = Math.round(Math.min(1, Math.max(0, one.probability)) * 1000) / 10;
    return html`<tr class="${isLikely(one) ? 'likely' : ''}"><th scope="row">${t(one.words)}</th><td class="line" aria-hidden="true"><svg width="100%" height="7"><rect class="bar-track" width="100%" height="7" rx="3.5"/><rect class="bar-fill" width="${width}%" height="7" rx="3.5"/></svg></td><td class="figure">${percent(one.probability)} %</td></tr>`;
  })}</tbody></table>`;
}

function nearest({ nearest: all }: ConstructionEstimate): Html | null {
  const shown = all.filter(({ similarity }) => Number.isFinite(similarity)).slice(0, MOST_NEAREST);
  if (shown.length === 0) return null;
  return part(
    CONSTRUCTION.nearest,
    CONSTRUCTION.nearestNote,
    html`<ol class="alike">${shown.map(
      ({ name, similarity }) =>
        html`<li><bdi>${plainLine(name)}</bdi> <span class="figure">${similarity.toFixed(2)}</span></li>`,
    )}</ol>`,
  );
}

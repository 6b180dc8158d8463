/**
 * The colour, symbol and words of an answer on the page. Colours are those of the common style sheet; a symbol and a
 * word always go with them.
 */

import { t } from '../html/bilingual.ts';
import { type Html, html, trusted } from '../html/escape.ts';
import type { Kind } from '../html/list.ts';
import { ANSWER_WORD } from '../locale/trace-page.ts';
import type { AnswerKind } from './answer.ts';

/** Class of the common style sheet that gives an answer its colour. */
const LOOK: Readonly<Record<AnswerKind, string>> = {
  generator: 'synthetic',
  unknown: 'suspect unknown',
  unclear: 'inconclusive',
  photograph: 'authentic',
  recording: 'authentic',
  untraceable: 'unreadable',
  unreadable: 'unreadable',
};

const SPARK = '<path d="M12 4c.7 4.7 3.3 7.3 8 8-4.7.7-7.3 3.3-8 8-.7-4.7-3.3-7.3-8-8 4.7-.7 7.3-3.3 8-8z"/>';
/** 24 x 24, stroked. */
const ICON: Readonly<Record<AnswerKind, string>> = {
  generator: SPARK,
  unknown: SPARK,
  unclear: '<path d="M8.6 9a3.4 3.4 0 1 1 5 3c-1.1.7-1.6 1.3-1.6 2.6M12 18.2v.1"/>',
  photograph: '<path d="M4.5 8.5h3.2l1.6-2.6h5.4l1.6 2.6h3.2v10h-15z"/><circle cx="12" cy="13.2" r="2.9"/>',
  recording:
    '<rect x="9.2" y="4" width="5.6" height="10" rx="2.8"/><path d="M6 11.5a6 6 0 0 0 12 0M12 17.5v2.7"/>',
  untraceable: '<path d="M6 12h12"/>',
  unreadable: '<path d="M7 7l10 10M17 7L7 17"/>',
};

export function look(kind: AnswerKind): string {
  return LOOK[kind];
}

export function answerIcon(kind: AnswerKind): Html {
  return trusted(
    `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${ICON[kind]}</svg>`,
  );
}

export function kindOf(kind: AnswerKind): Kind {
  const chip = html`<span class="chip ${LOOK[kind]}">${answerIcon(kind)}<span>${t(ANSWER_WORD[kind])}</span></span>`;
  return { value: kind, look: LOOK[kind], chip };
}

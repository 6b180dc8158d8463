/** Both languages side by side in the page; the style sheet shows the one of the root element's `lang`. */
import type { Language, Text } from '../../core/text.ts';
import { type Fragment, type Html, html } from './escape.ts';

/** What every part of the page needs to know. */
export interface View {
  readonly language: Language;
  /** Prefix of the ids of this file's elements: `f0`, `f1`, … */
  readonly id: string;
  /** Whether the picture goes in. */
  readonly picture: boolean;
  /** The bytes of a sound or video that can be played in the page. */
  readonly recording?: Uint8Array | null;
}

/** The `lang` attribute of a language. */
export const LANG: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' };

/** A text in both languages; once when they are the same. */
export function t(text: Text): Html {
  if (text.en === text.zh) return html`${text.en}`;
  return html`<span class="t" lang="en">${text.en}</span><span class="t" lang="zh-Hans">${text.zh}</span>`;
}

/** Markup that differs by language. */
export function both(make: (language: Language) => Fragment): Html {
  return html`<span class="t" lang="en">${make('en')}</span><span class="t" lang="zh-Hans">${make('zh')}</span>`;
}

/** `aria-label` in the first language, with both kept for the switch. Stands inside a tag. */
export function label(text: Text, language: Language): Html {
  return html`aria-label="${text[language]}" data-label-en="${text.en}" data-label-zh="${text.zh}"`;
}

/** What every page begins and ends with: head, brand, language switch, footer and the one script. */
import type { Language, Text } from '../../core/text.ts';
import { moment } from '../locale/format.ts';
import { PAGE } from '../locale/page.ts';
import { PRODUCER } from '../producer.ts';
import { LANG, label, t } from './bilingual.ts';
import { type Html, html, trusted } from './escape.ts';
import { POLICY } from './policy.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { FOOT, MAIN, TOP } from './within.ts';

export interface Frame {
  readonly title: Text;
  /** Beside the name of the product. */
  readonly subtitle: Text;
  /** The language shown first. */
  readonly language: Language;
  /** Drawings that others refer to. */
  readonly store: Html;
  /** A style sheet beside the common one, and the policy that admits it. */
  readonly extra?: { readonly style: string; readonly policy: string };
}

/** Everything up to the opening tag of `main`. */
export function opening({ title, subtitle, language, store, extra }: Frame): Html {
  return html`<!doctype html>
<html lang="${LANG[language]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(extra?.policy ?? POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="${PRODUCER.name} ${PRODUCER.version}">
<title data-title-en="${title.en}" data-title-zh="${title.zh}">${title[language]}</title>
<style>${trusted(STYLE)}</style>${extra && html`<style>${trusted(extra.style)}</style>`}
</head>
<body>
<a class="skip" href="#results">${t(PAGE.skip)}</a>
${store}
${trusted(TOP)}<p class="brand">${t(PAGE.product)}<small>${t(subtitle)}</small></p>
<div class="tools needs-script"><div class="switch" role="group" ${label(PAGE.language, language)}>${languageButton('zh', '中文', language)}${languageButton('en', 'English', language)}</div><button type="button" data-print>${t(PAGE.print)}</button></div></header>
${trusted(MAIN)}`;
}

function languageButton(of: Language, name: string, current: Language): Html {
  return html`<button type="button" data-language="${of}" lang="${LANG[of]}" aria-pressed="${of === current ? 'true' : 'false'}">${name}</button>`;
}

/** Everything from the closing tag of `main`. */
export function ending(generatedAt: Date): Html {
  return html`${trusted(FOOT)}<span>${t(PAGE.product)} ${PRODUCER.version}</span><span>${t(PAGE.written)} ${moment(generatedAt)}</span><span>${t(PAGE.offline)}</span></footer>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
}

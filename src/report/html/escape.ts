/**
 * HTML that cannot be injected into: a template tag that escapes every value put into it, unless that value was
 * itself made by the tag. There is no other way in this folder to make markup from a string, except `trusted`,
 * which only sees constants of this folder and base64.
 */
import { plainBlock } from '../plain.ts';

/** Markup known to be safe. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type Fragment = Html | string | number | null | undefined | false | readonly Fragment[];

const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text for element content or a quoted attribute; control characters and direction overrides become visible. */
export function escapeHtml(text: string): string {
  return plainBlock(text).replace(/[&<>"'`]/g, (char) => ENTITY[char]);
}

/** Tag of templates: `html\`<p title="${a}">${b}</p>\``. Attribute values must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...values: Fragment[]): Html {
  let out = strings[0];
  for (let i = 0; i < values.length; i++) out += render(values[i]) + strings[i + 1];
  return new Html(out);
}

/** Constants of this folder as markup. Never call it with anything that came from a file or a detector. */
export function trusted(constant: string): Html {
  return new Html(constant);
}

function render(value: Fragment): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '0';
  return value.map(render).join('');
}

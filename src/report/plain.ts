/**
 * Text from outside (file names, prompts, EXIF, messages) made harmless for a line of output: control characters,
 * escape sequences, direction overrides and lone surrogates become visible instead of taking effect.
 */

// C0, DEL, C1, Arabic letter mark, direction marks, overrides and isolates, line and paragraph separators, tags,
// byte-order mark, lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

function visible(char: string): string {
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  const code = char.codePointAt(0) as number;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u${code > 0xffff ? `{${code.toString(16)}}` : code.toString(16).padStart(4, '0')}`;
}

/** One line: every unsafe character, line breaks included, written out as an escape. */
export function plainLine(text: string): string {
  return text.replace(UNSAFE, visible);
}

/** Several lines: line breaks and tabs stay, everything else unsafe is written out. */
export function plainBlock(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(UNSAFE, (char) => (char === '\n' || char === '\t' ? char : visible(char)));
}

/** The first `limit` UTF-16 units, never half a surrogate pair; … at the end when `ellipsis` and something was cut. */
export function cutText(text: string, limit: number, ellipsis = false): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, ellipsis ? limit - 1 : limit).replace(/[\ud800-\udbff]$/, '');
  return ellipsis ? `${cut}…` : cut;
}

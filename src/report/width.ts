/**
 * How many columns a text takes in a terminal, and cutting and wrapping by that measure: Chinese, Japanese and
 * Korean characters and most emoji are two columns wide (Unicode UAX #11, classes W and F), combining marks none.
 * Characters of "ambiguous" width count as one, as terminals do unless told otherwise.
 */

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** First and last code point of the blocks that are two columns wide; emoji are recognised by their own property. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];
const ASCII = /^[\x20-\x7e]*$/;
const ZERO = /^[\p{M}\p{Cf}\p{Cc}]/u;
const EMOJI = /^\p{Emoji_Presentation}|\ufe0f/u;
/** Punctuation that must not begin a line, and that must not end one. */
const NOT_FIRST = /^[，。、；：！？）】》」』”’…·,.;:!?)\]}%]/;
const NOT_LAST = /[（【《「『“‘(]$/;

function graphemeWidth(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  const code = grapheme.codePointAt(0) as number;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Columns that `text` (without escape sequences) takes on one line. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** `text` followed by blanks up to `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Blanks up to `columns`, then `text`. */
export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(text))) + text;
}

/** The beginning of `text`, at most `columns` wide; ends in … when something was cut. */
export function cutEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  return `${take(graphemes(text), columns - 1).trimEnd()}…`;
}

/** Beginning and end of `text` with … between, at most `columns` wide: the end of a path says more than its middle. */
export function cutMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const parts = graphemes(text);
  const tail = prefix([...parts].reverse(), Math.ceil(((columns - 1) * 2) / 3))
    .reverse()
    .join('');
  return `${take(parts, columns - 1 - displayWidth(tail))}…${tail}`;
}

/** A path cut to `columns`: its folders go first, then the middle of its name. */
export function cutPath(path: string, columns: number): string {
  if (displayWidth(path) <= columns) return path;
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const short = name !== path && name !== '' ? `…/${name}` : path;
  return displayWidth(short) <= columns ? short : cutMiddle(name === '' ? path : name, columns);
}

/**
 * Lines of at most `columns`. Breaks at blanks and around wide characters, keeps Chinese punctuation off the
 * beginning of a line, cuts a word only when it is longer than a line.
 */
export function wrap(text: string, columns: number): string[] {
  const limit = Math.max(2, columns);
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const piece of pieces(text)) {
    const pieceWidth = displayWidth(piece.trimEnd());
    if (width > 0 && width + pieceWidth > limit) {
      lines.push(line.trimEnd());
      line = '';
      width = 0;
    }
    let rest = width === 0 ? piece.trimStart() : piece;
    while (displayWidth(rest.trimEnd()) > limit) {
      const part = take(graphemes(rest), limit) || graphemes(rest)[0];
      lines.push(part);
      rest = rest.slice(part.length);
    }
    line += rest;
    width += displayWidth(rest);
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), (s) => s.segment);
}

function prefix(parts: readonly string[], columns: number): string[] {
  const out: string[] = [];
  let width = 0;
  for (const part of parts) {
    width += graphemeWidth(part);
    if (width > columns) break;
    out.push(part);
  }
  return out;
}

function take(parts: readonly string[], columns: number): string {
  return prefix(parts, columns).join('');
}

/** The unbreakable pieces of a text, each with the blanks that follow it. */
function pieces(text: string): string[] {
  const out: string[] = [];
  let current = '';
  for (const grapheme of graphemes(text)) {
    const last = current.at(-1);
    const breaks =
      last !== undefined &&
      !NOT_FIRST.test(grapheme) &&
      !NOT_LAST.test(current) &&
      ((last === ' ' && grapheme !== ' ') ||
        (grapheme !== ' ' && (graphemeWidth(grapheme) === 2 || graphemeWidth(last) === 2)));
    if (breaks) {
      out.push(current);
      current = '';
    }
    current += grapheme;
  }
  if (current !== '') out.push(current);
  return out;
}

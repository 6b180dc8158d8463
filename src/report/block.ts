/** Paragraphs for a terminal, wrapped to its width; what every detailed text output here is built with. */
import pc from 'picocolors';
import type { Language } from '../core/text.ts';
import { plainLine } from './plain.ts';
import { displayWidth, padEnd, wrap } from './width.ts';

export interface TerminalOptions {
  readonly language: Language;
  /** Width of the terminal in columns; absent when output goes to a file or pipe, then nothing is cut or wrapped. */
  readonly columns?: number;
  /** Whether to colour; the caller has looked at NO_COLOR, --no-color and whether this is a terminal. */
  readonly colour: boolean;
  /** Symbols from ASCII only. */
  readonly ascii?: boolean;
}

export type Paint = (text: string) => string;

/** Lines of prose are not longer than this, however wide the terminal. */
export const LONGEST_LINE = 96;

/** Lines under construction: paragraphs wrapped to the terminal, with hanging indentation. */
export class Block {
  readonly #lines: string[] = [];
  readonly language: Language;
  readonly colour: ReturnType<typeof pc.createColors>;
  readonly ascii: boolean;
  readonly #columns: number;

  constructor(options: TerminalOptions) {
    this.language = options.language;
    this.colour = pc.createColors(options.colour);
    this.ascii = options.ascii ?? false;
    this.#columns =
      options.columns === undefined ? Number.POSITIVE_INFINITY : Math.min(options.columns, LONGEST_LINE);
  }

  /** A paragraph, every line indented. */
  prose(indent: number, text: string, paint: Paint = (t) => t): void {
    for (const line of this.#wrap(plainLine(text), indent))
      this.#lines.push(' '.repeat(indent) + paint(line));
  }

  /** A term and its value, which hangs at `hang`. */
  entry(indent: number, hang: number, term: string, value: string, paint: Paint = (t) => t): void {
    const lines = this.#wrap(plainLine(value), hang);
    const head = ' '.repeat(indent) + this.colour.dim(padEnd(term, hang - indent));
    lines.forEach((line, i) => {
      this.#lines.push((i === 0 ? head : ' '.repeat(hang)) + paint(line));
    });
  }

  /** A term and a row of short items, broken only between them. */
  items(indent: number, hang: number, term: string, items: readonly string[]): void {
    const room = this.#columns - hang;
    const rows: string[] = [];
    for (const item of items) {
      const row = rows.at(-1);
      const longer = row === undefined ? '' : `${row} · ${item}`;
      if (row !== undefined && displayWidth(longer) <= room) rows[rows.length - 1] = longer;
      else rows.push(item);
    }
    rows.forEach((row, i) => {
      this.entry(indent, hang, i === 0 ? term : '', row);
    });
  }

  raw(line: string): void {
    this.#lines.push(line);
  }

  blank(): void {
    this.#lines.push('');
  }

  #wrap(text: string, indent: number): string[] {
    return Number.isFinite(this.#columns) ? wrap(text, this.#columns - indent) : [text];
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}

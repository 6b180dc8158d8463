/**
 * Comma, semicolon or tab separated text (RFC 4180) as records with the line each began on. Text comes in pieces of
 * any length; a record is bounded, so that a file without a closing quote ends as an error, not in all the memory.
 */

export interface DelimitedRecord {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Why the text is not what it should be, and where. */
export class DelimitedError extends Error {
  constructor(
    readonly line: number,
    readonly reason: 'open-quote' | 'stray-quote' | 'too-long',
  ) {
    super(`line ${line}: ${reason}`);
  }
}

/** Most characters of one record. */
const LONGEST = 1 << 20;

/** Reads records; the separator is the commonest of `,`, `;` and tab in the first line. */
export class DelimitedReader {
  #separator = '';
  #text = '';
  #line = 1;
  #first = true;

  /** The records that `piece` completes. Throws DelimitedError. */
  *push(piece: string, end = false): Generator<DelimitedRecord> {
    this.#text += piece;
    if (this.#first && this.#text !== '') {
      if (this.#text.startsWith('\ufeff')) this.#text = this.#text.slice(1);
      this.#first = false;
    }
    if (this.#separator === '') {
      const newline = this.#text.search(/[\r\n]/);
      if (newline < 0 && !end) {
        if (this.#text.length > LONGEST) throw new DelimitedError(1, 'too-long');
        return;
      }
      this.#separator = commonest(newline < 0 ? this.#text : this.#text.slice(0, newline));
    }
    let from = 0;
    for (;;) {
      const record = this.#record(from, end);
      if (record === null) break;
      from = record.next;
      if (record.cells.length > 1 || record.cells[0] !== '') yield { line: record.line, cells: record.cells };
    }
    this.#text = this.#text.slice(from);
    if (this.#text.length > LONGEST) throw new DelimitedError(this.#line, 'too-long');
  }

  /** One record from `start`, or null when the text does not hold all of it yet. */
  #record(start: number, end: boolean): { cells: string[]; next: number; line: number } | null {
    const text = this.#text;
    if (start >= text.length) return null;
    const cells: string[] = [];
    let at = start;
    let line = this.#line;
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        for (at++; ; at++) {
          const quote = text.indexOf('"', at);
          if (quote < 0) {
            if (end) throw new DelimitedError(this.#line, 'open-quote');
            return null;
          }
          cell += text.slice(at, quote);
          at = quote + 1;
          if (at >= text.length && !end) return null;
          if (text[at] !== '"') break;
          cell += '"';
        }
        line += (cell.match(/\r\n|\r|\n/g) ?? []).length;
        if (at < text.length && text[at] !== this.#separator && text[at] !== '\r' && text[at] !== '\n')
          throw new DelimitedError(line, 'stray-quote');
      } else {
        const from = at;
        while (at < text.length && text[at] !== this.#separator && text[at] !== '\r' && text[at] !== '\n')
          at++;
        cell = text.slice(from, at);
      }
      cells.push(cell);
      if (text[at] === this.#separator) {
        at++;
        continue;
      }
      if (at >= text.length) {
        if (!end) return null;
      } else if (text[at] === '\r') {
        if (at + 1 >= text.length && !end) return null;
        at += text[at + 1] === '\n' ? 2 : 1;
      } else at++;
      const began = this.#line;
      this.#line = line + 1;
      return { cells, next: at, line: began };
    }
  }
}

function commonest(line: string): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const times = (separator: string) => bare.split(separator).length;
  return [',', ';', '\t'].reduce((best, one) => (times(one) > times(best) ? one : best));
}

/** Comma-separated values as RFC 4180 has them: quotes around fields that need them, quotes doubled inside. */

export interface CsvRecord {
  readonly fields: readonly string[];
  /** Line of the text the record begins on, from 1. */
  readonly line: number;
  /** False for a last record without a line feed, which an interrupted writer leaves. */
  readonly ended: boolean;
}

/** All records of `text`. Blank lines are left out; a quote that is never closed ends with the text. */
export function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let begun = 1;
  let any = false;
  const end = (ended: boolean) => {
    if (any || fields.length > 0 || field !== '') {
      fields.push(field);
      records.push({ fields, line: begun, ended });
    }
    fields = [];
    field = '';
    any = false;
    begun = line;
  };
  const from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === '\n') line++;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (char === '"' && field === '') {
      quoted = true;
      any = true;
    } else if (char === ',') {
      fields.push(field);
      field = '';
    } else if (char === '\n' || (char === '\r' && text[i + 1] === '\n')) {
      if (char === '\r') {
        i++;
        line++;
      }
      end(true);
    } else field += char;
  }
  end(false);
  return records;
}

/** One record with its line feed. */
export function csvLine(fields: readonly string[]): string {
  const quote = (field: string) =>
    /[",\r\n]/.test(field) || field.startsWith('\ufeff') ? `"${field.replaceAll('"', '""')}"` : field;
  // A record of one empty field would read as a blank line.
  const line = fields.map(quote).join(',');
  return `${line === '' ? '""' : line}\n`;
}

/** Rows as lines of a score file; what `parse.ts` reads back to the same rows. */
import { csvLine } from './csv.ts';
import type { ScoreRow } from './row.ts';

const COLUMNS = [
  ...(['dataset', 'key', 'condition', 'label', 'score', 'status', 'verdict', 'source', 'generator'] as const),
  ...(['identity', 'split', 'sha256', 'elapsedMs', 'reason'] as const),
] satisfies readonly (keyof ScoreRow)[];

export const CSV_HEAD = csvLine(COLUMNS);

export function csvRow(row: ScoreRow): string {
  return csvLine(COLUMNS.map((column) => String(row[column] ?? '')));
}

export function ndjsonRow(row: ScoreRow): string {
  const fields = COLUMNS.flatMap((column) => {
    const value = row[column];
    return value === undefined || value === null ? [] : [[column, value] as const];
  });
  return `${JSON.stringify(Object.fromEntries(fields))}\n`;
}

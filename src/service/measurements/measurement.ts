/**
 * An audit, a benchmark, a trace or a sorting somebody asked for, as it is stored and as it is told. Its files are tables of
 * answers or scores, or pictures; they are held until they have been measured, and what was measured is kept as it was found out, so that it can
 * be told in either language and drawn as a report at any time.
 */
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Language } from '../../core/text.ts';
import type { WireError } from '../../evidence/wire.ts';
import type { Sql } from '../../trace/index/database.ts';
import { isId } from '../identifiers.ts';
import { isOver, iso, type Job, POLL_AFTER_S } from '../jobs/job.ts';
import { SCHEMA } from '../store/migrations.ts';

export interface MeasuredFile {
  /** What its sender called it. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What changes the result, beside the files. */
export interface MeasurementSettings {
  /** Of an audit: who gave the answers, where the files do not say. */
  readonly service?: string;
  /** Of an audit: how names are compared. */
  readonly names?: 'written' | 'identity';
  /** Of a sorting: the fewest pictures of one source, and the language it is drawn in. */
  readonly smallest?: number;
  readonly language?: Language;
}

export interface MeasurementRow extends Job {
  readonly kind: string;
  readonly owner: string;
  readonly settings: MeasurementSettings;
  readonly files: readonly MeasuredFile[];
  readonly attempts: number;
  readonly summary: Readonly<Record<string, number>> | null;
  readonly error: WireError | null;
  readonly created: Date;
  readonly started: Date | null;
  readonly expires: Date | null;
}

const COLUMNS =
  'id, kind, owner, settings, files, status, attempts, summary, error, webhook, created, started, finished, expires';

/** Reads rows; `where` and the like follow. */
export const SELECT_MEASUREMENT = `select ${COLUMNS} from ${SCHEMA}.measurement`;

/** The request of `id`; null when there is none of that kind. */
export async function readMeasurement(
  sql: Sql,
  { kind, prefix }: { readonly kind: string; readonly prefix: string },
  id: string,
): Promise<MeasurementRow | null> {
  if (!isId(id, prefix)) return null;
  const [row] = await sql.query<MeasurementRow>(`${SELECT_MEASUREMENT} where id = $1 and kind = $2`, [
    id,
    kind,
  ]);
  return row ?? null;
}

/** What was found out; null until it is there. */
export async function readMeasured(sql: Sql, id: string): Promise<unknown> {
  const [row] = await sql.query<{ result: Uint8Array | null }>(
    `select result from ${SCHEMA}.measurement where id = $1`,
    [id],
  );
  return row?.result ? deserialize(gunzipSync(row.result)) : null;
}

/** The form in which {@link readMeasured} finds it. */
export const packed = (measured: unknown): Buffer => gzipSync(serialize(measured));

/** The request without its result; `path` is where its kind is asked for. */
export function toldMeasurement(row: MeasurementRow, path: string, language: Language) {
  const { id, status, files, attempts, summary, error, settings } = row;
  return {
    id,
    status,
    files: files.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })),
    service: settings.service ?? null,
    created: iso(row.created) as string,
    started: iso(row.started),
    finished: iso(row.finished),
    expires: iso(row.expires),
    attempts,
    summary,
    error: error && { code: error.code, message: error.text[language], hint: error.hint[language] },
    ...(!isOver(status) && { pollAfterSeconds: POLL_AFTER_S }),
    links: { self: `${path}/${id}`, events: `${path}/${id}/events`, report: `${path}/${id}/report` },
  };
}

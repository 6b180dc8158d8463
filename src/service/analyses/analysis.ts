/** A request for an analysis as it is stored and as it is told. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Analysis } from '../../core/analysis.ts';
import type { Language } from '../../core/text.ts';
import { type AnalysisRecord, toRecord } from '../../report/index.ts';
import type { Sql } from '../../trace/index/database.ts';
import { isOver, iso, type Job, POLL_AFTER_S } from '../jobs/job.ts';
import { SCHEMA } from '../store/migrations.ts';

/** What changes the result of an analysis, beside the file. */
export interface Settings {
  /** Judge again after re-encoding. */
  readonly stability: boolean;
  /** P(synthetic or manipulated) before looking. */
  readonly prior: number;
}

/** What the list shows of a result without opening it. */
export interface Summary {
  readonly label?: string;
  readonly probability?: number;
  readonly kind?: string;
  readonly error?: string;
}

export interface Row extends Job {
  readonly work: string;
  readonly batch: string | null;
  readonly owner: string | null;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: string | number;
  readonly source: string | null;
  readonly created: Date;
  readonly cancelled: Date | null;
  readonly expires: Date | null;
  readonly summary: Summary | string | null;
  readonly started: Date | null;
  readonly attempts: number;
}

/** Columns of {@link Row}, and `more`; a cancelled request stays so whatever its work becomes. */
const columns = (more: string) => `
  select a.id, a.work, a.batch, a.owner, a.name, a.sha256, a.bytes, a.source, a.webhook, a.created, a.cancelled,
    a.expires, case when a.cancelled is null then w.status else 'cancelled' end as status, w.summary, w.started,
    w.finished, w.attempts${more}
  from ${SCHEMA}.analysis a join ${SCHEMA}.work w on w.id = a.work`;

/** Reads rows; `where` and the like follow. */
export const SELECT = columns('');
/** Reads rows with what a case says of them, as `verdict`; the case is `x.folder`. */
export const SELECT_IN_CASE = `${columns(', x.verdict')} join ${SCHEMA}.folder_file x on x.analysis = a.id`;

export async function readRow(sql: Sql, id: string): Promise<Row | null> {
  const [row] = await sql.query<Row>(`${SELECT} where a.id = $1`, [id]);
  return row ?? null;
}

/** The request without its result. */
export function told(row: Row) {
  const { id, status, name, sha256, batch, source, attempts } = row;
  const summary = (typeof row.summary === 'string' ? JSON.parse(row.summary) : row.summary) as Summary | null;
  return {
    id,
    status,
    name,
    sha256,
    bytes: Number(row.bytes),
    batch,
    source,
    created: iso(row.created) as string,
    started: iso(row.started),
    finished: isOver(status) ? iso(row.cancelled ?? row.finished) : null,
    expires: iso(row.expires),
    attempts,
    summary: status === 'cancelled' ? null : summary,
    ...(!isOver(status) && { pollAfterSeconds: POLL_AFTER_S }),
    links: {
      self: `/v1/analyses/${id}`,
      events: `/v1/analyses/${id}/events`,
      report: `/v1/analyses/${id}/report`,
      preview: `/v1/analyses/${id}/preview`,
    },
  };
}

/** The record that `huoyan analyze --ndjson` writes, under the name its sender gave; null while there is none. */
export async function readResult(sql: Sql, row: Row, language: Language): Promise<AnalysisRecord | null> {
  if (row.status !== 'succeeded' && row.status !== 'failed') return null;
  const [stored] = await sql.query<{ record: Uint8Array | null }>(
    `select record_${language} as record from ${SCHEMA}.work where id = $1`,
    [row.work],
  );
  if (!stored?.record) return null;
  const record = JSON.parse(gunzipSync(stored.record).toString('utf8')) as AnalysisRecord;
  return { ...record, file: row.name };
}

/** Everything about a finished analysis that is kept in the database. */
export function recordsOf(analysis: Analysis): {
  readonly status: 'succeeded' | 'failed';
  readonly summary: Summary;
  readonly en: Buffer;
  readonly zh: Buffer;
} {
  const en = toRecord(analysis, { language: 'en' });
  const zh = toRecord(analysis, { language: 'zh' });
  const pack = (record: AnalysisRecord) => gzipSync(JSON.stringify(record));
  const summary: Summary =
    'verdict' in en
      ? { label: en.verdict.label, probability: en.verdict.probability, kind: en.kind }
      : { error: en.error.code };
  return { status: 'verdict' in en ? 'succeeded' : 'failed', summary, en: pack(en), zh: pack(zh) };
}

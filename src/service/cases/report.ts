/** Everything the report of a case or an analysis tells, put together from the tables, the log and the store of blobs. */
import { deserialize } from 'node:v8';
import { gunzipSync } from 'node:zlib';
import type { Language } from '../../core/text.ts';
import type { WireAnalysis } from '../../evidence/wire.ts';
import { openModels } from '../../nn/models.node.ts';
import type { AnalysisReport, CaseFile, CaseReport, CustodyLine, Printed } from '../../report/index.ts';
import { type Row, readResult, SELECT_IN_CASE } from '../analyses/analysis.ts';
import type { Context } from '../context.ts';
import { listKeys } from '../keys/keys.ts';
import { entries, verify } from '../log/chain.ts';
import { SCHEMA } from '../store/migrations.ts';
import type { Store } from '../store/store.ts';

/** Most files, notes and lines of the log in one report; the log itself has the rest. */
export const MOST_FILES = 500;
const MOST_NOTES = 500;
const MOST_LINES = 3000;
/** Files whose small picture is shown; a report of hundreds would be as large as they are. */
const MOST_PICTURES = 100;

export interface CaseRow {
  readonly id: string;
  readonly title: string;
  readonly created: Date;
}

/** The report of a case as it stands now. */
export async function caseReportOf(
  context: Pick<Context, 'store' | 'blobs'>,
  { id, title, created }: CaseRow,
  printedBy: string,
  language: Language,
): Promise<CaseReport> {
  const { store } = context;
  const rows = await store.query<Row & { verdict: CaseFile['human'] }>(
    `${SELECT_IN_CASE} where x.folder = $1 order by x.added limit ${MOST_FILES}`,
    [id],
  );
  const files: CaseFile[] = [];
  for (const [i, row] of rows.entries())
    files.push({ ...(await fileOf(context, row, language, i < MOST_PICTURES)), human: row.verdict });
  const notes = await store.query<{ at: Date; author: string; text: string }>(
    `select at, author, text from ${SCHEMA}.note where folder = $1 order by id limit ${MOST_NOTES}`,
    [id],
  );
  // The history of the case, and that of its files from their arrival on.
  const subjects = [id, ...rows.flatMap((row) => [row.id, row.work])];
  return {
    ...(await printedOf(store, id, subjects, printedBy)),
    title,
    opened: new Date(created),
    files,
    notes: notes.map(({ at, author, text }) => ({ at: new Date(at), author, text })),
  };
}

/** The report of one analysis as it stands now. */
export async function analysisReportOf(
  context: Pick<Context, 'store' | 'blobs'>,
  row: Row,
  printedBy: string,
  language: Language,
): Promise<AnalysisReport> {
  const printed = await printedOf(context.store, row.id, [row.id, row.work], printedBy);
  return { ...printed, file: await fileOf(context, row, language, true) };
}

async function fileOf(
  context: Pick<Context, 'store' | 'blobs'>,
  row: Row,
  language: Language,
  pictured: boolean,
): Promise<AnalysisReport['file']> {
  return {
    name: row.name,
    sha256: row.sha256,
    bytes: Number(row.bytes),
    received: new Date(row.created),
    examined: row.finished && new Date(row.finished),
    source: row.source,
    record: await readResult(context.store, row, language),
    preview: pictured ? await previewOf(context, row) : null,
  };
}

/** What the log holds of `subjects`, whether it holds together, and what the document is made with. */
async function printedOf(
  store: Store,
  id: string,
  subjects: readonly string[],
  printedBy: string,
): Promise<Printed> {
  const custody = await store.query<CustodyLine & { all: number }>(
    `select seq, at, actor, action, detail, hash, count(*) over ()::int as all
     from ${SCHEMA}.log where subject = any($1::text[]) order by seq limit ${MOST_LINES}`,
    [subjects],
  );
  const checked = await verify(entries(store));
  const models = openModels();
  const names = (await models.names()).filter((name) => !name.includes('-without-'));
  const cards = await Promise.all(names.map((name) => models.card(name)));
  const keys = await listKeys(store);
  return {
    id,
    printed: new Date(),
    printedBy,
    custody: custody.map(({ all, ...line }) => ({ ...line, seq: Number(line.seq) })),
    custodyLeftOut: Math.max(0, Number(custody[0]?.all ?? 0) - custody.length),
    chain: { whole: checked.whole, lines: checked.entries, last: checked.whole ? checked.last : '' },
    models: cards.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    people: Object.fromEntries(keys.map(({ id: key, name }) => [key, name])),
  };
}

async function previewOf({ blobs }: Pick<Context, 'blobs'>, { work }: Row): Promise<Uint8Array | null> {
  const packed = await blobs.readDerived(work);
  if (!packed) return null;
  const analysis = deserialize(gunzipSync(packed)) as WireAnalysis;
  return analysis.outcome === 'analysed' ? (analysis.preview ?? null) : null;
}

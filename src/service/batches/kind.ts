/**
 * Batches as jobs: many files that were sent together. A batch is over when every file of it is; what came of each, its
 * analysis says.
 */
import { BATCHES } from '../analyses/accept.ts';
import { type Row, SELECT, told } from '../analyses/analysis.ts';
import type { Context } from '../context.ts';
import { isId } from '../identifiers.ts';
import { forgetRepeated } from '../jobs/idempotency.ts';
import { isOver, iso, type Job, type JobKind, POLL_AFTER_S, STATUSES, type Status } from '../jobs/job.ts';
import { append } from '../log/chain.ts';
import { SCHEMA } from '../store/migrations.ts';

type Counts = Readonly<Record<Status, number>>;

export interface BatchRow extends Job {
  readonly created: Date;
  readonly counts: Counts;
}

/** Files of one batch. */
export const MOST_IN_BATCH = 1000;

/** What a batch as a whole is, by what its files are. */
export function statusOf({ queued, running, succeeded, failed, cancelled }: Counts): Status {
  if (queued + running > 0) return running + succeeded + failed > 0 ? 'running' : 'queued';
  if (cancelled > 0) return 'cancelled';
  // Of none of its addresses a file could be fetched.
  return succeeded + failed > 0 ? 'succeeded' : 'failed';
}

const STATUS = `case when a.cancelled is null then w.status else 'cancelled' end`;
const SELECT_BATCH = `
  select b.id, b.created, max(coalesce(a.cancelled, w.finished)) as finished,
    ${STATUSES.map((status) => `count(*) filter (where ${STATUS} = '${status}')::int as ${status}`).join(', ')}
  from ${SCHEMA}.batch b
    left join ${SCHEMA}.analysis a on a.batch = b.id left join ${SCHEMA}.work w on w.id = a.work`;

type Read = Counts & { readonly id: string; readonly created: Date; readonly finished: Date | null };

function rowOf({ id, created, finished, queued, running, succeeded, failed, cancelled }: Read): BatchRow {
  const counts = { queued, running, succeeded, failed, cancelled };
  const status = statusOf(counts);
  return { id, created, counts, status, finished: isOver(status) ? finished : null, webhook: null };
}

export function batchKind({ store }: Pick<Context, 'store'>, analyses: JobKind<Row>): JobKind<BatchRow> {
  const filesOf = (id: string) =>
    store.query<Row>(`${SELECT} where a.batch = $1 order by a.id limit ${MOST_IN_BATCH}`, [id]);
  const listed: JobKind<BatchRow>['listed'] = ({ id, status, created, finished, counts }) => ({
    id,
    status,
    created: iso(created),
    finished: iso(finished),
    counts,
    ...(!isOver(status) && { pollAfterSeconds: POLL_AFTER_S }),
    links: { self: `${BATCHES}/${id}`, events: `${BATCHES}/${id}/events` },
  });
  return {
    noun: 'batch',
    prefix: 'ba',
    path: BATCHES,
    none: { en: 'there is no such batch', zh: '没有这个批次' },
    async read(id) {
      if (!isId(id, 'ba')) return null;
      const [found] = await store.query<Read>(`${SELECT_BATCH} where b.id = $1 group by b.id`, [id]);
      return found ? rowOf(found) : null;
    },
    async list(after, most) {
      const found = await store.query<Read>(
        `${SELECT_BATCH} where $1::text is null or b.id < $1 group by b.id order by b.id desc limit $2`,
        [after, most],
      );
      return found.map(rowOf);
    },
    // Files go when their time is over; a batch goes when none is left.
    async expired() {
      const found = await store.query<Read>(
        `${SELECT_BATCH} where b.created < now() - interval '1 day' group by b.id having count(a.id) = 0 limit 100`,
      );
      return found.map(rowOf);
    },
    followed: async ({ id }) => [...new Set((await filesOf(id)).map(({ work }) => work))],
    state: ({ counts }) => STATUSES.map((status) => counts[status]).join(' '),
    listed,
    underWay: async (row, language) => listed(row, language),
    whole: async (row, language) => ({ ...listed(row, language), items: (await filesOf(row.id)).map(told) }),
    async cancel({ id }, actor) {
      for (const file of await filesOf(id)) await analyses.cancel(file, actor);
      await store.transaction((sql) => append(sql, { actor, action: 'batch.cancel', subject: id }));
    },
    async erase({ id }, actor) {
      for (const file of await filesOf(id)) await analyses.erase(file, actor);
      await store.transaction(async (sql) => {
        await sql.query(`delete from ${SCHEMA}.batch where id = $1`, [id]);
        await forgetRepeated(sql, id);
        await append(sql, { actor, action: 'batch.erase', subject: id });
      });
    },
  };
}

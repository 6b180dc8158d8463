/** Analyses as jobs. */
import type { Context } from '../context.ts';
import { isId } from '../identifiers.ts';
import type { JobKind } from '../jobs/job.ts';
import { ANALYSES } from './accept.ts';
import { type Row, readResult, readRow, SELECT, told } from './analysis.ts';
import { cancel, erase } from './erase.ts';

type Needs = Pick<Context, 'store' | 'queue' | 'blobs' | 'events'>;

export function analysisKind(context: Needs, forgetVector: (sha256: string) => Promise<void>): JobKind<Row> {
  const { store } = context;
  const whole: JobKind<Row>['whole'] = async (row, language) => ({
    ...told(row),
    result: await readResult(store, row, language),
  });
  return {
    noun: 'analysis',
    prefix: 'an',
    path: ANALYSES,
    none: { en: 'there is no such analysis', zh: '没有这项分析' },
    read: async (id) => (isId(id, 'an') ? readRow(store, id) : null),
    list: (after, most, { batch, status }) =>
      store.query<Row>(
        `${SELECT}
         where ($1::text is null or a.id < $1) and ($2::text is null or a.batch = $2)
           and ($3::text is null or case when a.cancelled is null then w.status else 'cancelled' end = $3)
         order by a.id desc limit $4`,
        [after, batch ?? null, status ?? null, most],
      ),
    expired: () => store.query<Row>(`${SELECT} where a.expires < now() limit 100`),
    followed: async ({ work }) => [work],
    state: ({ status, attempts }) => `${status} ${attempts}`,
    listed: told,
    underWay: whole,
    whole,
    cancel: (row, actor) => cancel(context, row, actor),
    erase: (row, actor) => erase(context, row, actor, forgetVector),
  };
}

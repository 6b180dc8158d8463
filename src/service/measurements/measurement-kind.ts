/** Measurements as jobs, whichever is measured. */
import type { Context } from '../context.ts';
import { isOver, type JobKind } from '../jobs/job.ts';
import { cancelMeasurement, eraseMeasurement } from './erase.ts';
import type { Kind } from './kinds.ts';
import {
  type MeasurementRow,
  readMeasured,
  readMeasurement,
  SELECT_MEASUREMENT,
  toldMeasurement,
} from './measurement.ts';

type Needs = Pick<Context, 'store' | 'queue' | 'blobs' | 'events'>;

export function measurementKind(context: Needs, kind: Kind): JobKind<MeasurementRow> {
  const { store } = context;
  const { path } = kind;
  const whole: JobKind<MeasurementRow>['whole'] = async (row, language) => {
    const measured = isOver(row.status) ? await readMeasured(store, row.id) : null;
    const result = measured === null ? null : kind.record(measured, language);
    return { ...toldMeasurement(row, path, language), result };
  };
  return {
    noun: kind.kind,
    prefix: kind.prefix,
    path,
    none: kind.none,
    read: (id) => readMeasurement(store, kind, id),
    list: (after, most) =>
      store.query<MeasurementRow>(
        `${SELECT_MEASUREMENT} where kind = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
        [kind.kind, after, most],
      ),
    expired: () =>
      store.query<MeasurementRow>(`${SELECT_MEASUREMENT} where kind = $1 and expires < now() limit 100`, [
        kind.kind,
      ]),
    followed: async ({ id }) => [id],
    state: ({ status, attempts }) => `${status} ${attempts}`,
    listed: (row, language) => toldMeasurement(row, path, language),
    underWay: whole,
    whole,
    cancel: (row, actor) => cancelMeasurement(context, row, actor),
    erase: (row, actor) => eraseMeasurement(context, row, actor),
  };
}

/** Small things that are the same for all processes of one service: made once, then kept. */
import type { Sql } from '../../trace/index/database.ts';
import { SCHEMA } from './migrations.ts';

/** Counts changes of the enrolled generators: results before and after one are not the same work. */
export const ENROLMENTS = 'enrolments';
/** Signs webhooks: `whsec_` and base64. */
export const WEBHOOK_SECRET = 'webhook-secret';

/** The value of `name`, made by `fresh` where there is none yet. */
export async function readSetting(sql: Sql, name: string, fresh: () => string): Promise<string> {
  const read = () =>
    sql.query<{ value: string }>(`select value from ${SCHEMA}.setting where name = $1`, [name]);
  const [there] = await read();
  if (there) return there.value;
  await sql.query(`insert into ${SCHEMA}.setting values ($1, $2) on conflict do nothing`, [name, fresh()]);
  return (await read())[0].value;
}

/** Adds one to a count. */
export async function countUp(sql: Sql, name: string): Promise<void> {
  await sql.query(
    `insert into ${SCHEMA}.setting values ($1, '1')
     on conflict (name) do update set value = (${SCHEMA}.setting.value::bigint + 1)::text`,
    [name],
  );
}

/** Erases what is past its time, a few of each kind at a time. */
import type { Context } from '../context.ts';
import { releaseMeasured } from '../measurements/erase.ts';
import { SCHEMA } from '../store/migrations.ts';
import { forgetOld } from './idempotency.ts';
import type { JobKind } from './job.ts';

export async function eraseExpired(
  context: Pick<Context, 'store' | 'blobs'>,
  kinds: readonly JobKind[],
): Promise<void> {
  for (const kind of kinds) for (const row of await kind.expired()) await kind.erase(row, 'huoyan');
  await releaseMeasured(context);
  await forgetOld(context.store);
  await context.store.query(`delete from ${SCHEMA}.session where expires < now()`);
}

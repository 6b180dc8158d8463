/** Doing a measurement as a job: its files to a child process, and what the child measured into the database. */
import { HuoyanError } from '../../core/errors.ts';
import { errorToWire } from '../../evidence/wire.ts';
import type { Context } from '../context.ts';
import { isOver, type Status } from '../jobs/job.ts';
import { append } from '../log/chain.ts';
import { ANALYSE, type Claim, NOTIFY, POISONED, type QueueName } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { type Crew, errorOfLoss, Lost } from '../work/crew.ts';
import type { Given } from '../work/tasks.ts';
import { CRASHES, contentGone, givenUp, type Trade } from '../work/trade.ts';
import { releaseMeasured } from './erase.ts';
import { type Ask, KINDS } from './kinds.ts';
import { type MeasurementRow, packed } from './measurement.ts';

/** How a measurement ended: with what was measured, with a reason why nothing was, or with both. */
interface Ended {
  readonly measured: unknown;
  readonly summary: Readonly<Record<string, number>> | null;
  readonly error: HuoyanError | null;
}

export function measurementTrade(context: Omit<Context, 'desk' | 'studio'>, crew: Crew): Trade {
  const { store, queue, blobs, events, options, log } = context;

  async function measured(row: MeasurementRow, signal: AbortSignal): Promise<Ended> {
    const files: Given[] = [];
    for (const { name, sha256 } of row.files) {
      const path = await blobs.path(sha256);
      if (!path) throw contentGone();
      files.push({ name, path });
    }
    const kind = KINDS.find(({ kind }) => kind === row.kind);
    if (!kind) throw unknownKind(row.kind);
    const ask: Ask = (task, takes) => crew.ask(task, takes, { timeoutMs: options.timeoutMs, signal });
    const { measured, summary, error = null } = await kind.make(ask, files, row.settings);
    return { measured, summary, error };
  }

  /** Writes the end of a claimed job, and only while it is in the hands of this process. */
  async function end(claim: Claim<unknown>, id: string, ended: Ended, from: QueueName): Promise<void> {
    const status = ended.error ? 'failed' : 'succeeded';
    await store.transaction(async (sql) => {
      const [row] = await sql.query<{ kind: string; status: Status; webhook: string | null }>(
        `select kind, status, webhook from ${SCHEMA}.measurement where id = $1 for update`,
        [id],
      );
      if (!(await queue.finish(from, claim, sql)) || !row || isOver(row.status)) return;
      await sql.query(
        `update ${SCHEMA}.measurement set status = $2, summary = $3::jsonb, error = $4::jsonb, result = $5,
           finished = now() where id = $1`,
        [
          id,
          status,
          ended.summary && JSON.stringify(ended.summary),
          ended.error && JSON.stringify(told(ended.error)),
          ended.measured && packed(ended.measured),
        ],
      );
      if (row.webhook) await queue.send(NOTIFY, { job: id }, 'live', sql);
      await append(sql, { actor: 'huoyan', action: `${row.kind}.finish`, subject: id, detail: { status } });
    });
    events.changed(id);
    await releaseMeasured(context).catch((error) => log.error({ err: String(error) }, 'releasing files'));
  }

  return {
    name: 'measure',
    async attempt(claim, id, signal) {
      const [row] = await store.query<MeasurementRow>(
        `update ${SCHEMA}.measurement set status = 'running', started = now(), attempts = attempts + 1
         where id = $1 and status in ('queued', 'running') returning id, kind, files, settings`,
        [id],
      );
      if (!row) {
        await queue.finish(ANALYSE, claim, store);
        return null;
      }
      events.changed(id);
      const ended = await measured(row, signal).catch((error): Ended => {
        if (error instanceof HuoyanError) return { measured: null, summary: null, error };
        if (!(error instanceof Lost)) throw error;
        const { why } = error.loss;
        const final = why === 'timeout' || why === 'memory' || claim.retryCount + 1 >= CRASHES;
        if (why === 'cancelled' || !final) throw error;
        return { measured: null, summary: null, error: errorOfLoss(error.loss, options.timeoutMs) };
      });
      return {
        outcome: ended.error ? ended.error.code : 'measured',
        write: () => end(claim, id, ended, ANALYSE),
      };
    },
    bury: (claim, id) => end(claim, id, { measured: null, summary: null, error: givenUp() }, POISONED),
    async wanted(ids) {
      const rows = await store.query<{ id: string }>(
        `select id from ${SCHEMA}.measurement where id = any($1::text[]) and status <> 'cancelled'`,
        [ids],
      );
      return new Set(rows.map(({ id }) => id));
    },
  };
}

/** Without what caused it: that may name places on this machine. */
const told = (error: HuoyanError) => {
  const { cause, ...rest } = errorToWire(error);
  return rest;
};

/** An older program's worker may meet what a newer one accepted. */
function unknownKind(kind: string): HuoyanError {
  return new HuoyanError(
    'internal',
    { en: `this version does not know how to do a job of kind "${kind}"`, zh: `此版本不认识“${kind}”类任务` },
    { en: 'run the same version everywhere', zh: '请在各处运行同一版本' },
  );
}

/** Doing an analysis as a job: its file to a child process, and what the child found into the tables. */
import type { Analysis } from '../../core/analysis.ts';
import { HuoyanError } from '../../core/errors.ts';
import { fromWire, unreadable } from '../../evidence/wire.ts';
import type { Context } from '../context.ts';
import type { Status } from '../jobs/job.ts';
import { ANALYSE, type Claim, POISONED } from '../queue/queue.ts';
import { SCHEMA } from '../store/migrations.ts';
import { type Crew, errorOfLoss, Lost } from '../work/crew.ts';
import { finish, type WorkJob } from '../work/finish.ts';
import { CRASHES, contentGone, givenUp, type Trade } from '../work/trade.ts';
import type { Settings } from './analysis.ts';

export function analysisTrade(context: Omit<Context, 'desk' | 'studio'>, crew: Crew): Trade {
  const { store, queue, blobs, events, options } = context;
  const ours = (claim: Claim<unknown>) => claim as Claim<WorkJob>;

  async function analysisOf(
    work: string,
    claim: Claim<unknown>,
    signal: AbortSignal,
  ): Promise<Analysis | null> {
    const [row] = await store.query<{ sha256: string; settings: Settings | string }>(
      `update ${SCHEMA}.work set status = 'running', started = now(), attempts = attempts + 1
       where id = $1 and status in ('queued', 'running') returning sha256, settings`,
      [work],
    );
    if (!row) return null;
    events.changed(work);
    const settings: Settings = typeof row.settings === 'string' ? JSON.parse(row.settings) : row.settings;
    const path = await blobs.path(row.sha256);
    if (!path) return unreadable(row.sha256, contentGone());
    const { timeoutMs } = options;
    try {
      const file = { name: row.sha256, path };
      const asked = { file, stability: settings.stability, prior: settings.prior, preview: true };
      const { analysis } = await crew.ask('analyse', asked, { timeoutMs, signal });
      return fromWire(analysis);
    } catch (error) {
      if (error instanceof HuoyanError) return unreadable(row.sha256, error);
      if (!(error instanceof Lost)) throw error;
      const { why } = error.loss;
      const final = why === 'timeout' || why === 'memory' || claim.retryCount + 1 >= CRASHES;
      if (why === 'cancelled' || !final) throw error;
      return unreadable(row.sha256, errorOfLoss(error.loss, timeoutMs));
    }
  }

  return {
    name: 'analyse',
    async attempt(claim, work, signal) {
      const analysis = await analysisOf(work, claim, signal);
      if (!analysis) {
        await queue.finish(ANALYSE, claim, store);
        return null;
      }
      return {
        outcome: analysis.outcome,
        async write() {
          await finish(context, ours(claim), analysis);
        },
      };
    },
    async bury(claim) {
      await finish(context, ours(claim), unreadable('', givenUp()), { from: POISONED, poisoned: true });
    },
    async wanted(works) {
      const rows = await store.query<{ id: string; status: Status }>(
        `select id, status from ${SCHEMA}.work where id = any($1::text[])`,
        [works],
      );
      return new Set(rows.filter(({ status }) => status !== 'cancelled').map(({ id }) => id));
    },
  };
}

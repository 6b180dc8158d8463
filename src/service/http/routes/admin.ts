/** `/v1/admin`: how the service does, and work that was given up. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { openModels } from '../../../nn/models.node.ts';
import type { Context } from '../../context.ts';
import type { Status } from '../../jobs/job.ts';
import { append } from '../../log/chain.ts';
import { notFound } from '../../problem.ts';
import { ANALYSE } from '../../queue/queue.ts';
import { SCHEMA } from '../../store/migrations.ts';
import { json, problems } from '../documented.ts';
import type { Env } from '../env.ts';
import { need } from '../guard.ts';

const overviewSchema = z
  .object({
    counts: z.object({
      queued: z.int(),
      running: z.int(),
      succeeded: z.int(),
      failed: z.int(),
      cancelled: z.int(),
    }),
    poisoned: z
      .array(z.object({ work: z.string(), sha256: z.string() }))
      .openapi({ description: 'Work whose every attempt took its process along; the first 100.' }),
    models: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        task: z.string(),
        licence: z.string(),
        parameters: z.int(),
        recipe: z.string().openapi({ description: 'The command that rebuilds it.' }),
      }),
    ),
  })
  .openapi('Overview');

export function adminRoutes(app: OpenAPIHono<Env>, { store, queue }: Context, wake: () => void): void {
  const models = openModels();
  const shipped = async () => (await models.names()).filter((name) => !name.includes('-without-'));

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/admin/overview',
      summary: 'Queue, work that was given up, models',
      responses: { 200: json('The overview.', overviewSchema), ...problems },
    }),
    async (http) => {
      need(http, 'admin');
      const rows = await store.query<{ status: Status; count: number }>(
        `select status, count(*)::int as count
         from (select status from ${SCHEMA}.work union all select status from ${SCHEMA}.measurement) as jobs
         group by status`,
      );
      const counts: Record<Status, number> = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };
      for (const { status, count } of rows) counts[status] = Number(count);
      const poisoned = await store.query<{ work: string; sha256: string }>(
        `select id as work, sha256 from ${SCHEMA}.work where poisoned order by finished desc limit 100`,
      );
      const cards = await Promise.all((await shipped()).map((name) => models.card(name)));
      const told = cards.map(({ name, version, task, licence, parameters, recipe }) => ({
        ...{ name, version, task, licence, parameters, recipe },
      }));
      return http.json({ counts, poisoned, models: told }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/admin/models/{name}',
      summary: 'The card of a network: data, licences, measurements',
      request: { params: z.object({ name: z.string() }) },
      responses: { 200: json('The card.', z.record(z.string(), z.unknown())), ...problems },
    }),
    async (http) => {
      need(http, 'admin');
      const { name } = http.req.valid('param');
      if (!(await shipped()).includes(name))
        throw notFound({ en: 'there is no such model', zh: '没有这个模型' });
      return http.json({ ...(await models.card(name)) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/admin/poisoned/{work}/retry',
      summary: 'Try given-up work again',
      request: { params: z.object({ work: z.string().regex(/^[0-9a-f]{64}$/) }) },
      responses: { 204: { description: 'It waits again.' }, ...problems },
    }),
    async (http) => {
      const caller = need(http, 'admin');
      const { work } = http.req.valid('param');
      const again = await store.transaction(async (sql) => {
        const [row] = await sql.query(`select 1 from ${SCHEMA}.work where id = $1 and poisoned for update`, [
          work,
        ]);
        if (!row) return false;
        const job = await queue.send(ANALYSE, { work }, 'low', sql);
        await sql.query(
          `update ${SCHEMA}.work set status = 'queued', job = $2, poisoned = false, summary = null,
             record_en = null, record_zh = null, started = null, finished = null where id = $1`,
          [work, job],
        );
        await append(sql, { actor: caller.id, action: 'work.retry', subject: work });
        return true;
      });
      if (!again) throw notFound({ en: 'there is no such work', zh: '没有这项任务' });
      wake();
      return http.body(null, 204);
    },
  );
}

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: how much of it. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { asHuoyanError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { isLoopback } from '../../options.ts';
import { Problem } from '../../problem.ts';
import { SCHEMA } from '../../store/migrations.ts';
import { json, problems } from '../documented.ts';
import type { Env } from '../env.ts';
import { authentication, need } from '../guard.ts';

export function healthRoutes(app: OpenAPIHono<Env>, context: Context, ready: () => boolean): void {
  const { store, metrics, options } = context;

  app.openapi(
    createRoute({
      method: 'get',
      path: '/healthz',
      summary: 'Whether the process answers',
      security: [],
      responses: { 200: json('It does.', z.object({ status: z.literal('ok') })), ...problems },
    }),
    (http) => http.json({ status: 'ok' as const }, 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/readyz',
      summary: 'Whether the service can do its work',
      security: [],
      responses: { 200: json('It can.', z.object({ status: z.literal('ready') })), ...problems },
    }),
    async (http) => {
      if (!ready()) throw notReady({ en: 'the service is stopping', zh: '服务正在停止' });
      await store.query('select 1').catch((error) => {
        throw notReady(asHuoyanError(error).text);
      });
      return http.json({ status: 'ready' as const }, 200);
    },
  );

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/metrics',
    summary: 'Numbers for Prometheus',
    responses: {
      200: { description: 'Metrics.', content: { 'text/plain': { schema: z.string() } } },
      ...problems,
    },
  });
  app.get('/metrics', authentication(context), async (http) => {
    if (!isLoopback(options.host) || options.requireKey) need(http, 'viewer');
    const rows = await store.query<{ status: string; count: number }>(
      `select status, count(*)::int as count from ${SCHEMA}.work where status in ('queued', 'running') group by status`,
    );
    const counts = new Map(rows.map(({ status, count }) => [status, Number(count)]));
    metrics.waiting.set(counts.get('queued') ?? 0);
    metrics.running.set(counts.get('running') ?? 0);
    return http.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType });
  });
}

function notReady(text: { en: string; zh: string }): Problem {
  return new Problem(
    503,
    'not-ready',
    text,
    { en: 'try again in a moment', zh: '请稍后重试' },
    {
      headers: { 'retry-after': '5' },
    },
  );
}

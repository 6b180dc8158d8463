/** The whole of HTTP: the door, then the routes, then the page. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { PRODUCER } from '../../report/index.ts';
import type { Context } from '../context.ts';
import type { JobKinds } from '../jobs/manifest.ts';
import { asProblem, badRequest, notFound, problemResponse } from '../problem.ts';
import type { Index } from '../trace/index.ts';
import { inSpan } from '../tracing.ts';
import { deviceRoutes } from './device.ts';
import { type Env, languageOf } from './env.ts';
import { authentication, hostCheck, originCheck } from './guard.ts';
import { deskDoor, rateLimit } from './limits.ts';
import { openApiDocument } from './openapi.ts';
import { type Page, pageResponse } from './page.ts';
import { accessRoutes } from './routes/access.ts';
import { adminRoutes } from './routes/admin.ts';
import { analysesRoutes } from './routes/analyses.ts';
import { batchesRoutes } from './routes/batches.ts';
import { casesRoutes } from './routes/cases.ts';
import { gateRoutes } from './routes/gate.ts';
import { healthRoutes } from './routes/health.ts';
import { measurementsRoutes } from './routes/measurements.ts';
import { protectRoutes } from './routes/protect.ts';
import { recordingRoutes } from './routes/recording.ts';
import { traceRoutes } from './routes/trace.ts';

export interface AppParts {
  readonly context: Context;
  readonly kinds: JobKinds;
  readonly index: Index;
  readonly page: Page | null;
  /** Called when there is something to do for workers. */
  readonly wake: () => void;
  /** Whether the service takes requests; false while it drains. */
  readonly ready: () => boolean;
}

export function createApp({ context, kinds, index, page, wake, ready }: AppParts): OpenAPIHono<Env> {
  const { log, metrics } = context;
  const app = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (result.success) return;
      const { path, message } = result.error.issues[0];
      throw badRequest(
        { en: `${path.join('.')}: ${message}`, zh: `${path.join('.')}：取值无效（${message}）` },
        { en: 'see /v1/openapi.json', zh: '参见 /v1/openapi.json' },
      );
    },
  });

  app.onError((thrown, http) => {
    const problem = asProblem(thrown);
    if (problem.status >= 500)
      log.error({ err: problem.more.cause ?? problem, path: http.req.path }, 'request failed');
    // What is left of an upload nobody reads any more must not keep the connection busy.
    if (!http.env.incoming.complete) http.header('connection', 'close');
    return problemResponse(problem, languageOf(http));
  });
  app.notFound((http) => {
    const response =
      page && http.req.method === 'GET' && !http.req.path.startsWith('/v1/') && pageResponse(page, http);
    if (response) return response;
    const problem = notFound({
      en: `there is nothing at ${http.req.path}`,
      zh: `${http.req.path} 处没有内容`,
    });
    return problemResponse(problem, languageOf(http));
  });

  app.use(async (http, next) => {
    const started = performance.now();
    const { method } = http.req;
    const route = await inSpan(
      method,
      { kind: 'server', attributes: { 'http.request.method': method }, headers: http.env.incoming.headers },
      async (tell) => {
        await next();
        const { status } = http.res;
        const known = status === 404 ? 'unknown' : http.req.routePath;
        tell({ 'http.route': known, 'http.response.status_code': status });
        return known;
      },
    );
    metrics.requests.inc({ method, route, status: String(http.res.status) });
    metrics.requestSeconds.observe({ route }, (performance.now() - started) / 1000);
    http.res.headers.set('x-content-type-options', 'nosniff');
    http.res.headers.set('referrer-policy', 'no-referrer');
    http.res.headers.set('cross-origin-resource-policy', 'same-origin');
    http.res.headers.set('cross-origin-opener-policy', 'same-origin');
    http.res.headers.set('cross-origin-embedder-policy', 'require-corp');
    if (http.req.path.startsWith('/v1/') && !http.res.headers.has('cache-control'))
      http.res.headers.set('cache-control', 'no-store');
  });
  app.use(hostCheck(context));
  app.use(originCheck());
  app.use('/v1/*', authentication(context));
  app.use('/v1/*', rateLimit(context));

  healthRoutes(app, context, ready);
  deviceRoutes(app);
  const door = deskDoor(context);
  analysesRoutes(app, context, kinds.analyses, wake);
  recordingRoutes(app, context, kinds.analyses);
  batchesRoutes(app, context, kinds.batches, wake);
  gateRoutes(app, context, door, wake);
  traceRoutes(app, context, { index, door, kinds, wake });
  measurementsRoutes(app, context, kinds, wake);
  protectRoutes(app, context, door);
  casesRoutes(app, context, kinds.analyses);
  accessRoutes(app, context);
  adminRoutes(app, context, wake);
  app.get('/v1/openapi.json', (http) => http.json(openApiDocument(app, PRODUCER.version)));
  return app;
}

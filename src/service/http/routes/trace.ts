/** Who made pictures: `/v1/traces`, `/v1/sources` (enrolled generators), `/v1/index`, `/v1/clusters`. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import type { Trace } from '../../../core/trace.ts';
import { traceFragment, traceHtmlParts } from '../../../report/index.ts';
import { checkName, enrolledNames, forgetEnrolment } from '../../../trace/enrolled.node.ts';
import type { Lent } from '../../blobs/blobs.ts';
import type { Context } from '../../context.ts';
import type { JobKinds } from '../../jobs/manifest.ts';
import type { Caller } from '../../keys/keys.ts';
import { append } from '../../log/chain.ts';
import { CLUSTERING, TRACE, tracesOf, tracesRecord } from '../../measurements/kinds.ts';
import { badRequest, notFound } from '../../problem.ts';
import { countUp, ENROLMENTS } from '../../store/settings.ts';
import type { Index } from '../../trace/index.ts';
import type { TaskName, Tasks } from '../../work/tasks.ts';
import { parsed } from '../asked.ts';
import { fileBody, idParam, json, languageQuery, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { acceptedResponses, existing } from '../jobs.ts';
import { withLent } from '../lent.ts';
import type { DeskDoor } from '../limits.ts';
import type { Received } from '../receive.ts';
import { REPORT_HEADERS } from '../report-page.ts';
import {
  clusteringListSchema,
  clusteringSchema,
  clusterRecordSchema,
  clusterUploadQuery,
  matchesSchema,
  measurementUploadQuery,
  storedClusteringSchema,
  storedTraceSchema,
  traceListSchema,
  traceSchema,
  tracesSchema,
} from '../schemas.ts';
import { wantsLater } from '../wait.ts';
import { accepted, type Measured, measuredRoutes, tooFew } from './measurements.ts';

const MOST_TRACED = 100;
const MOST_ENROLLED = 200;
const LEAST_CLUSTERED = 2;
const MOST_CLUSTERED = 1000;
/** Pictures a request may bring are many; none of them takes long. */
const TIMEOUT_MS = 300_000;

export interface TraceParts {
  readonly index: Index;
  readonly door: DeskDoor;
  readonly kinds: JobKinds;
  readonly wake: () => void;
}

export function traceRoutes(
  app: OpenAPIHono<Env>,
  context: Context,
  { index, door, kinds, wake }: TraceParts,
): void {
  const { desk, blobs, options, store } = context;
  const home = `${options.data}/home`;

  const withFiles = <T>(
    http: Http<Env>,
    caller: Caller,
    most: number,
    work: (received: Received<Lent>) => Promise<T>,
  ) => withLent(http, { context, door, caller, most }, work);

  const traces: Measured = {
    kind: TRACE,
    jobs: kinds.traces,
    most: MOST_TRACED,
    query: measurementUploadQuery,
  };
  const clusters: Measured = {
    kind: CLUSTERING,
    jobs: kinds.clusters,
    least: LEAST_CLUSTERED,
    most: MOST_CLUSTERED,
    query: clusterUploadQuery,
  };

  const ask = <Name extends TaskName>(task: Name, takes: Tasks[Name]['takes']) =>
    desk.askFor(task, takes, TIMEOUT_MS);

  const given = (files: Received<Lent>['files']) => files.map(({ name, path }) => ({ name, path }));

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/traces',
    summary: 'Which generator made each picture, and which share a source',
    description: `Up to 100 pictures. With \`Accept: text/html\` the answer is the report. ${AT_ONCE_OR_LATER}`,
    request: { query: measurementUploadQuery, headers: laterHeaders, body: fileBody('Pictures', true) },
    responses: laterResponses(json('One record a picture.', tracesSchema), traceSchema),
  });
  app.post('/v1/traces', (http) => {
    const caller = need(http, 'analyst');
    if (wantsLater(http)) return accepted(http, context, traces, wake);
    return withFiles(http, caller, MOST_TRACED, async ({ files }) => {
      const view = wantsPage(http);
      const { traces } = await ask('trace', { files: given(files), construction: true, view });
      return tracesResponse(http, tracesOf(traces));
    });
  });
  measuredRoutes(app, context, traces, {
    listed: storedTraceSchema,
    list: traceListSchema,
    whole: traceSchema,
  });

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/analyses/{id}/trace',
    summary: 'Which generator made the picture of an analysis',
    description: 'With `Accept: text/html` the answer is the report.',
    request: { params: idParam, query: languageQuery },
    responses: { 200: json('One record.', tracesSchema), ...problems },
  });
  app.get('/v1/analyses/:id/trace', async (http) => {
    need(http, 'viewer');
    const row = await existing(kinds.analyses, http.req.param('id'));
    const path = await blobs.path(row.sha256);
    if (!path) throw notFound({ en: 'the file is no longer kept', zh: '文件已不再保存' });
    const files = [{ name: row.name, path }];
    const { traces } = await ask('trace', { files, construction: true, view: wantsPage(http) });
    return tracesResponse(http, tracesOf(traces));
  });

  const sourcesSchema = z.object({ items: z.array(z.object({ name: z.string() })) }).openapi('Sources');
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/sources',
      summary: 'The enrolled generators',
      responses: { 200: json('Their names.', sourcesSchema), ...problems },
    }),
    async (http) => {
      need(http, 'viewer');
      const names = [...(await enrolledNames(home)), ...(await enrolledNames(home, 'audio'))];
      return http.json({ items: names.map((name) => ({ name })) }, 200);
    },
  );

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/sources',
    summary: 'Enrol a generator from 5 to 20 of its pictures',
    description: 'A form with the field `name` and the pictures. Only numbers are kept, never the pictures.',
    request: { query: z.object({ name: z.string().optional() }), body: fileBody('Its pictures', true) },
    responses: {
      201: json(
        'Enrolled.',
        z.object({ name: z.string(), pictures: z.int(), skipped: z.array(z.string()) }).openapi('Enrolled'),
      ),
      ...problems,
    },
  });
  app.post('/v1/sources', (http) => {
    const caller = need(http, 'analyst');
    return withFiles(http, caller, MOST_ENROLLED, async ({ files, fields }) => {
      const name = fields.get('name') ?? http.req.query('name') ?? '';
      checkName(name);
      const enrolled = await ask('enrol', { name, files: given(files) });
      await changed(caller.id, 'source.enrol', name);
      return http.json({ name, ...enrolled }, 201);
    });
  });

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/sources/{name}',
      summary: 'Forget an enrolled generator',
      request: { params: z.object({ name: z.string() }) },
      responses: { 204: { description: 'Forgotten.' }, ...problems },
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const { name } = http.req.valid('param');
      await forgetEnrolment(name, home);
      await changed(caller.id, 'source.forget', name);
      return http.body(null, 204);
    },
  );

  /** Results from before a change of what is enrolled are not those from after it. */
  async function changed(actor: string, action: string, name: string): Promise<void> {
    await store.transaction(async (sql) => {
      await countUp(sql, ENROLMENTS);
      await append(sql, { actor, action, subject: name });
    });
    context.refresh();
  }

  const remembered = z
    .object({ sha256: z.string(), name: z.string(), pictures: z.int() })
    .openapi('Remembered');
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/index',
    summary: 'Remember a picture by its fingerprint',
    description: 'Only the fingerprint is kept, under the SHA-256 of the file.',
    request: { body: fileBody('The picture') },
    responses: { 201: json('Remembered.', remembered), ...problems },
  });
  app.post('/v1/index', (http) => {
    const caller = need(http, 'analyst');
    return withFiles(http, caller, 1, async ({ files: [file] }) => {
      const { sha256, vector } = await ask('fingerprint', { file: { name: file.name, path: file.path } });
      const opened = await index.open();
      await opened.delete([sha256]);
      await opened.add([{ id: sha256, label: file.name, vector }]);
      await store.transaction((sql) =>
        append(sql, { actor: caller.id, action: 'index.add', subject: sha256 }),
      );
      return http.json({ sha256, name: file.name, pictures: await opened.count() }, 201);
    });
  });

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/index/search',
    summary: 'Remembered pictures most alike by source',
    request: {
      query: z.object({ count: z.coerce.number().int().min(1).max(999).optional() }),
      body: fileBody('The picture'),
    },
    responses: { 200: json('The most alike first.', matchesSchema), ...problems },
  });
  app.post('/v1/index/search', (http) => {
    const caller = need(http, 'viewer');
    const count = Number(http.req.query('count') ?? 10);
    if (!Number.isInteger(count) || count < 1 || count > 999) {
      throw badRequest(
        { en: 'count: 1 to 999', zh: 'count：1 至 999' },
        { en: 'for instance 10', zh: '例如 10' },
      );
    }
    return withFiles(http, caller, 1, async ({ files: [file] }) => {
      const { sha256, vector } = await ask('fingerprint', { file: { name: file.name, path: file.path } });
      const found = await (await index.open()).search(vector, count + 1);
      const matches = found
        .filter(({ id }) => id !== sha256)
        .slice(0, count)
        .map(({ id, label, similarity }) => ({ sha256: id, name: label, similarity }));
      return http.json({ matches });
    });
  });

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/index/{sha256}',
      summary: 'Forget a picture',
      request: { params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) },
      responses: { 204: { description: 'Forgotten.' }, ...problems },
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const { sha256 } = http.req.valid('param');
      await index.forget(sha256);
      await store.transaction((sql) =>
        append(sql, { actor: caller.id, action: 'index.forget', subject: sha256 }),
      );
      return http.body(null, 204);
    },
  );

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/clusters',
    summary: 'Sort pictures by source',
    description: `Up to 1000 pictures. With \`Accept: text/html\` the answer is the report. ${AT_ONCE_OR_LATER}`,
    request: { query: clusterUploadQuery, headers: laterHeaders, body: fileBody('Pictures', true) },
    responses: laterResponses(json('The groups.', clusterRecordSchema), clusteringSchema),
  });
  app.post('/v1/clusters', (http) => {
    const caller = need(http, 'analyst');
    if (wantsLater(http)) return accepted(http, context, clusters, wake);
    const { smallest } = parsed(clusterUploadQuery, http.req.query());
    return withFiles(http, caller, MOST_CLUSTERED, async ({ files }) => {
      if (files.length < LEAST_CLUSTERED) throw tooFew(LEAST_CLUSTERED);
      const language = languageOf(http);
      const { record, page } = await ask('cluster', { files: given(files), smallest, language });
      return wantsPage(http) ? http.body(page, 200, REPORT_HEADERS) : http.json(record);
    });
  });
  measuredRoutes(app, context, clusters, {
    listed: storedClusteringSchema,
    list: clusteringListSchema,
    whole: clusteringSchema,
  });
}

const AT_ONCE_OR_LATER =
  'Answered at once, with nothing stored; with `Prefer: respond-async` it is a job like an analysis: 202, `Location`, and what `webhook`, `keepSeconds`, `priority` and `Idempotency-Key` say of it.';

const laterHeaders = z.object({
  'idempotency-key': z.string().optional(),
  prefer: z.string().optional().openapi({ description: '`respond-async`: as a job.' }),
});

const laterResponses = (atOnce: ReturnType<typeof json>, job: z.ZodType) => ({
  200: atOnce,
  202: acceptedResponses(job)[202],
  ...problems,
});

const wantsPage = (http: Http<Env>) => /\btext\/html\b/.test(http.req.header('accept') ?? '');

function tracesResponse(http: Http<Env>, traces: readonly Trace[]): Response {
  const language = languageOf(http);
  if (wantsPage(http) && http.req.query('fragment') !== undefined) {
    return http.body(traceFragment(traces[0], language), 200, REPORT_HEADERS);
  }
  if (wantsPage(http)) {
    const page = [...traceHtmlParts(traces, { language, generatedAt: new Date() })].join('');
    return http.body(page, 200, REPORT_HEADERS);
  }
  return http.json(tracesRecord(traces, language));
}

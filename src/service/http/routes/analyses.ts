/** `/v1/analyses`: send a file or a URL, ask how it goes, wait, follow, fetch what was found, cancel, erase. */
import { createHash } from 'node:crypto';
import { deserialize } from 'node:v8';
import { gunzipSync } from 'node:zlib';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import { streamSSE } from 'hono/streaming';
import { DEFAULT_PRIOR } from '../../../evidence/verdict.ts';
import { fromWire, type WireAnalysis } from '../../../evidence/wire.ts';
import { analysisFragment, htmlParts, toRecord } from '../../../report/index.ts';
import { accept, type Idempotency, remember, repeated } from '../../analyses/accept.ts';
import {
  isOver,
  POLL_AFTER_S,
  type Row,
  readResult,
  readRow,
  SELECT,
  type Settings,
  told,
} from '../../analyses/analysis.ts';
import { cancel, erase } from '../../analyses/erase.ts';
import type { Stored } from '../../blobs/blobs.ts';
import type { Context } from '../../context.ts';
import { fetchUrl } from '../../fetch/fetch.ts';
import { isId } from '../../identifiers.ts';
import type { Caller } from '../../keys/keys.ts';
import { contentNeeded } from '../../measurements/erase.ts';
import { badRequest, deletedMeanwhile, notFound, Problem } from '../../problem.ts';
import type { Priority } from '../../queue/queue.ts';
import type { Index } from '../../trace/index.ts';
import { fileBody, idParam, json, languageQuery, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { admit } from '../limits.ts';
import { receive } from '../receive.ts';
import { REPORT_HEADERS } from '../report-page.ts';
import {
  analysisListSchema,
  analysisSchema,
  analysisWithResultSchema,
  uploadQuery,
  urlBody,
} from '../schemas.ts';
import { MOST_WAIT_S, untilOver, waitOf } from '../wait.ts';

const FETCH_TIMEOUT_MS = 30_000;
const REDIRECTS = 5;
const PAGE = 50;
const MOST_PAGE = 200;

/** Settings of a request, from a query, a form or a JSON body. */
export interface Asked {
  readonly stability?: boolean;
  readonly prior?: number;
  readonly priority?: Priority;
  readonly webhook?: string;
  readonly keepSeconds?: number;
}

/** What every way of sending a file makes of its settings. */
export function wantedOf(context: Context, asked: Asked, caller: Caller, priority: Priority) {
  const settings: Settings = { stability: asked.stability ?? true, prior: asked.prior ?? DEFAULT_PRIOR };
  return {
    settings,
    priority: asked.priority ?? priority,
    owner: caller.id,
    webhook: asked.webhook,
    keepSeconds: asked.keepSeconds ?? context.options.keepSeconds,
  } as const;
}

/** Fetches a URL into the store. Rejects with HuoyanError or Problem. */
export async function fetchIntoStore(
  context: Context,
  url: string,
): Promise<Stored & { name: string; source: string }> {
  const { options, blobs, metrics } = context;
  const answer = await fetchUrl(url, {
    allowPrivate: options.allowPrivateUrls,
    timeoutMs: FETCH_TIMEOUT_MS,
    redirects: REDIRECTS,
  });
  if (answer.status !== 200) {
    answer.body.destroy();
    throw new Problem(
      422,
      'not-fetched',
      { en: `the URL answered ${answer.status}`, zh: `该网址返回 ${answer.status}` },
      { en: 'download the file yourself and upload it', zh: '请自行下载文件后上传' },
    );
  }
  const stored = await blobs.keep(answer.body, options.maxUploadBytes);
  metrics.uploadedBytes.inc(stored.bytes);
  return { ...stored, name: answer.name, source: answer.url };
}

/** Accepts a file that is in the store; makes sure that it still is. */
export async function acceptStored(context: Context, wanted: Parameters<typeof accept>[1]): Promise<string> {
  const id = await accept(context, wanted);
  if (await context.blobs.path(wanted.sha256)) return id;
  const row = await readRow(context.store, id);
  if (row) await erase(context, row, 'huoyan', async () => {});
  throw deletedMeanwhile();
}

/** Lets go of content that no accepted request needs. */
export async function discardStored({ store, blobs }: Context, { sha256 }: Stored): Promise<void> {
  if (!(await contentNeeded(store, sha256))) await blobs.forget(sha256);
}

/** The request of `id`, if there is one. Throws Problem 404. */
export async function rowOf(context: Context, id: string): Promise<Row> {
  const row = isId(id, 'an') ? await readRow(context.store, id) : null;
  if (!row) throw notFound({ en: 'there is no such analysis', zh: '没有这项分析' });
  return row;
}

/** The whole analysis as it was found out, pictures included; null when only its record is left, or not even that. */
export async function storedAnalysis(context: Context, row: Row) {
  const packed = await context.blobs.readDerived(row.work);
  if (!packed) return null;
  return { ...fromWire(deserialize(gunzipSync(packed)) as WireAnalysis), file: row.name };
}

export function analysesRoutes(
  app: OpenAPIHono<Env>,
  context: Context,
  index: Index,
  wake: () => void,
): void {
  const { store, events } = context;

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/analyses',
    summary: 'Analyse a file',
    description:
      'A form with one file, the bytes of a file, or JSON with a URL. The same content is analysed once. With an `Idempotency-Key` header a repetition is answered like the first.',
    request: {
      query: uploadQuery,
      headers: z.object({ 'idempotency-key': z.string().optional(), prefer: z.string().optional() }),
      body: {
        ...fileBody('A file, or a URL'),
        content: { ...fileBody('').content, 'application/json': { schema: urlBody } },
      },
    },
    responses: {
      200: json('The result, when it was waited for.', analysisWithResultSchema),
      202: {
        ...json('Accepted; ask at `Location`.', analysisWithResultSchema),
        headers: z.object({ location: z.string(), 'retry-after': z.string() }),
      },
      ...problems,
    },
  });
  app.post('/v1/analyses', async (http) => {
    const caller = need(http, 'analyst');
    await admit(context, caller, 1);
    const query = parsed(uploadQuery, http.req.query());
    const fromUrl = /^application\/json\b/i.test(http.req.header('content-type') ?? '');
    const { stored, name, source, asked } = fromUrl ? await sentUrl(http) : await sentFile(http, query);
    const wanted = { ...wantedOf(context, asked, caller, 'live'), ...stored, name, source };
    const idempotency = idempotencyOf(http, [stored.sha256, wanted.settings]);
    const earlier = idempotency && (await repeated(store, caller.id, idempotency));
    let location = earlier;
    if (!location) {
      location = `/v1/analyses/${await acceptStored(context, wanted)}`;
      if (idempotency) location = await remember(store, caller.id, idempotency, location);
    }
    wake();
    const id = location.slice('/v1/analyses/'.length);
    const row = await waitFor(await rowOf(context, id), waitOf(http, query.wait));
    const over = isOver(row.status);
    const body = { ...told(row), result: await readResult(store, row, languageOf(http)) };
    return http.json(body, over ? 200 : 202, {
      location,
      ...(!over && { 'retry-after': String(POLL_AFTER_S) }),
    });
  });

  async function sentUrl(http: Http<Env>) {
    const { url, name, ...asked } = parsed(urlBody, await jsonBody(http));
    const { source, name: last, ...stored } = await fetchIntoStore(context, url);
    return { stored, name: name ?? last, source, asked };
  }

  async function sentFile(http: Http<Env>, query: z.infer<typeof uploadQuery>) {
    const { files, fields } = await receive(http.env.incoming, {
      most: 1,
      keep: (part) => context.blobs.keep(part, context.options.maxUploadBytes),
      discard: (stored) => discardStored(context, stored),
    });
    const [{ name, ...stored }] = files;
    context.metrics.uploadedBytes.inc(stored.bytes);
    const asked = { ...query, ...parsed(uploadQuery.partial(), Object.fromEntries(fields)) };
    return { stored, name, source: undefined, asked };
  }

  const waitFor = (row: Row, seconds: number) =>
    untilOver(events, row.work, row, seconds, () => readRow(store, row.id));

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/analyses',
      summary: 'List analyses, newest first',
      request: {
        query: z.object({
          cursor: z.string().optional(),
          limit: z.coerce.number().int().min(1).max(MOST_PAGE).optional().openapi({ type: 'integer' }),
          status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']).optional(),
          batch: z.string().optional(),
        }),
      },
      responses: { 200: json('A page of analyses.', analysisListSchema), ...problems },
    }),
    async (http) => {
      need(http, 'viewer');
      const { cursor, limit = PAGE, status, batch } = http.req.valid('query');
      if (cursor !== undefined && !isId(cursor, 'an')) throw badCursor();
      const rows = await store.query<Row>(
        `${SELECT}
         where ($1::text is null or a.id < $1) and ($2::text is null or a.batch = $2)
           and ($3::text is null or case when a.cancelled is null then w.status else 'cancelled' end = $3)
         order by a.id desc limit $4`,
        [cursor ?? null, batch ?? null, status ?? null, limit + 1],
      );
      const items = rows.slice(0, limit).map(told);
      return http.json({ items, next: rows.length > limit ? items[limit - 1].id : null }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/analyses/{id}',
      summary: 'How an analysis goes, and its result',
      request: {
        params: idParam,
        query: languageQuery.extend({
          maps: z.stringbool().optional().openapi({ type: 'boolean', description: 'Put the heat maps in.' }),
          wait: z.coerce.number().min(0).max(MOST_WAIT_S).optional().openapi({ type: 'number' }),
        }),
      },
      responses: { 200: json('The analysis.', analysisWithResultSchema), ...problems },
    }),
    async (http) => {
      need(http, 'viewer');
      const { maps, wait } = http.req.valid('query');
      const row = await waitFor(await rowOf(context, http.req.valid('param').id), waitOf(http, wait));
      const language = languageOf(http);
      let result = await readResult(store, row, language);
      if (maps && result) {
        const whole = await storedAnalysis(context, row);
        if (whole) result = toRecord(whole, { language, maps: true });
      }
      if (!isOver(row.status)) http.header('retry-after', String(POLL_AFTER_S));
      return http.json({ ...told(row), result }, 200);
    },
  );

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/analyses/{id}/events',
    summary: 'Follow an analysis (server-sent events)',
    description:
      'One event `status` for every change, with the analysis as its data; the last has the result.',
    request: { params: idParam, query: languageQuery },
    responses: {
      200: { description: 'Events.', content: { 'text/event-stream': { schema: z.string() } } },
      ...problems,
    },
  });
  app.get('/v1/analyses/:id/events', async (http) => {
    need(http, 'viewer');
    const first = await rowOf(context, http.req.param('id'));
    const language = languageOf(http);
    return streamSSE(http, async (stream) => {
      let row: Row | null = first;
      let said = '';
      let gone = false;
      stream.onAbort(() => {
        gone = true;
      });
      while (row && !gone) {
        const state = `${row.status} ${row.attempts}`;
        if (state !== said) {
          said = state;
          const over = isOver(row.status);
          const data = { ...told(row), result: over ? await readResult(store, row, language) : null };
          await stream.writeSSE({ event: 'status', id: state, data: JSON.stringify(data) });
        } else await stream.write(': still there\n\n');
        if (isOver(row.status)) return;
        await changeOf(row, EVENTS_QUIET_MS);
        row = await readRow(store, first.id);
      }
      if (!gone) await stream.writeSSE({ event: 'deleted', data: '{}' });
    });
  });

  function changeOf(row: Row, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        release();
        resolve();
      };
      const timer = setTimeout(end, withinMs);
      const release = events.follow(row.work, end);
    });
  }

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/analyses/{id}/report',
    summary: 'The report as one HTML file',
    request: {
      params: idParam,
      query: languageQuery.extend({
        download: z.string().optional(),
        fragment: z
          .string()
          .optional()
          .openapi({ description: 'Only what is within the frame of the page.' }),
      }),
    },
    responses: {
      200: {
        description: 'A page that needs nothing else.',
        content: { 'text/html': { schema: z.string() } },
      },
      ...problems,
    },
  });
  app.get('/v1/analyses/:id/report', async (http) => {
    need(http, 'viewer');
    const row = await rowOf(context, http.req.param('id'));
    const whole = await storedAnalysis(context, row);
    if (!whole) throw notFound({ en: 'there is no report yet', zh: '尚无报告' });
    if (http.req.query('fragment') !== undefined) {
      return http.body(analysisFragment(whole, languageOf(http)), 200, REPORT_HEADERS);
    }
    const parts = [
      ...htmlParts([whole], { language: languageOf(http), generatedAt: row.finished ?? new Date() }),
    ];
    return http.body(parts.join(''), 200, {
      ...REPORT_HEADERS,
      ...(http.req.query('download') !== undefined && {
        'content-disposition': `attachment; filename="huoyan-${row.id}.html"`,
      }),
    });
  });

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/analyses/{id}/preview',
    summary: 'A small JPEG of the picture',
    request: { params: idParam },
    responses: {
      200: { description: 'The picture.', content: { 'image/jpeg': { schema: z.string() } } },
      ...problems,
    },
  });
  app.get('/v1/analyses/:id/preview', async (http) => {
    need(http, 'viewer');
    const whole = await storedAnalysis(context, await rowOf(context, http.req.param('id')));
    if (whole?.outcome !== 'analysed' || !whole.preview) {
      throw notFound({ en: 'there is no preview', zh: '没有预览图' });
    }
    return http.body(Uint8Array.from(whole.preview), 200, {
      'content-type': 'image/jpeg',
      'cache-control': 'private, max-age=3600',
    });
  });

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/analyses/{id}/cancel',
      summary: 'Stop waiting for an analysis',
      request: { params: idParam },
      responses: { 200: json('The analysis.', analysisSchema), ...problems },
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const row = await rowOf(context, http.req.valid('param').id);
      await cancel(context, row, caller.id);
      return http.json(told(await rowOf(context, row.id)), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/analyses/{id}',
      summary: 'Erase an analysis',
      description:
        'Also erases the file, its maps and its vector in the index, unless another request needs them.',
      request: { params: idParam },
      responses: { 204: { description: 'Erased.' }, ...problems },
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const row = await rowOf(context, http.req.valid('param').id);
      await erase(context, row, caller.id, index.forget);
      return http.body(null, 204);
    },
  );
}

/** The longest silence on a stream of events; proxies cut silent ones. */
const EVENTS_QUIET_MS = 15_000;

/** The Idempotency-Key of a request with what it asked; null without one. */
export function idempotencyOf(http: Http<Env>, asked: unknown): Idempotency | null {
  const key = http.req.header('idempotency-key');
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw badRequest(
      {
        en: 'the Idempotency-Key must be 1 to 255 visible ASCII characters',
        zh: 'Idempotency-Key 应为 1 至 255 个可见 ASCII 字符',
      },
      { en: 'a UUID does well', zh: '可使用 UUID' },
    );
  }
  return { key, request: createHash('sha256').update(JSON.stringify(asked)).digest('hex') };
}

/** `value` as `schema` has it. Throws Problem 400 that names the first thing that does not fit. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  const where = path.join('.') || 'body';
  throw badRequest(
    { en: `${where}: ${message}`, zh: `${where}：取值无效（${message}）` },
    { en: 'see /v1/openapi.json', zh: '参见 /v1/openapi.json' },
  );
}

const MOST_JSON = 1_000_000;

/** A JSON body of bounded size. */
export async function jsonBody(http: Http<Env>): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of http.env.incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_JSON) {
      throw new Problem(
        413,
        'too-large',
        { en: 'the JSON body is larger than 1 MB', zh: 'JSON 请求体超过 1 MB' },
        { en: 'split the request', zh: '请拆分请求' },
      );
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw badRequest(
      { en: 'the body is not JSON', zh: '请求体不是 JSON' },
      { en: 'check its syntax', zh: '请检查语法' },
      cause,
    );
  }
}

export function badCursor(): Problem {
  return badRequest(
    { en: 'this cursor is none of ours', zh: '游标无效' },
    { en: 'take it from `next` of the page before', zh: '请使用上一页返回的 next' },
  );
}

/** `/v1/analyses`: send a file or a URL; what was found, as a report and as a picture. */
import { deserialize } from 'node:v8';
import { gunzipSync } from 'node:zlib';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import { DEFAULT_PRIOR } from '../../../evidence/verdict.ts';
import { fromWire, type WireAnalysis } from '../../../evidence/wire.ts';
import { analysisDocument, analysisFragment, htmlParts, toRecord } from '../../../report/index.ts';
import { ANALYSES, accept, type Wanted } from '../../analyses/accept.ts';
import { type Row, readRow, type Settings, told } from '../../analyses/analysis.ts';
import { erase } from '../../analyses/erase.ts';
import type { Stored } from '../../blobs/blobs.ts';
import { analysisReportOf } from '../../cases/report.ts';
import type { Context } from '../../context.ts';
import { fetchUrl } from '../../fetch/fetch.ts';
import type { Accepted, Idempotency } from '../../jobs/idempotency.ts';
import { isOver, type JobKind, STATUSES } from '../../jobs/job.ts';
import type { Caller } from '../../keys/keys.ts';
import { contentNeeded } from '../../measurements/erase.ts';
import { deletedMeanwhile, notFound, Problem } from '../../problem.ts';
import type { Priority } from '../../queue/queue.ts';
import { idempotencyOf, jsonBody, parsed } from '../asked.ts';
import { documentResponse, documentResponses } from '../document.ts';
import { fileBody, idParam, languageQuery, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { acceptedResponses, answerAccepted, existing, jobHeaders, jobRoutes } from '../jobs.ts';
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

const FETCH_TIMEOUT_MS = 30_000;
const REDIRECTS = 5;

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

/** Accepts a file that is in the store; makes sure that it still is. What is refused is not kept. */
export async function acceptStored(
  context: Context,
  wanted: Wanted,
  idempotency: Idempotency | null = null,
): Promise<Accepted> {
  const accepted = await accept(context, wanted, idempotency).catch(async (error: unknown) => {
    await discardStored(context, wanted);
    throw error;
  });
  if (accepted.repeated) await discardStored(context, wanted);
  if (accepted.repeated || (await context.blobs.path(wanted.sha256))) return accepted;
  const row = await readRow(context.store, accepted.location.slice(ANALYSES.length + 1));
  if (row) await erase(context, row, 'huoyan', async () => {});
  throw deletedMeanwhile();
}

/** Lets go of content that no accepted request needs. */
export async function discardStored(
  { store, blobs }: Pick<Context, 'store' | 'blobs'>,
  { sha256 }: Pick<Stored, 'sha256'>,
): Promise<void> {
  if (!(await contentNeeded(store, sha256))) await blobs.forget(sha256);
}

/** The whole analysis as it was found out, pictures included; null when only its record is left, or not even that. */
export async function storedAnalysis(context: Context, row: Row) {
  const packed = await context.blobs.readDerived(row.work);
  if (!packed) return null;
  return { ...fromWire(deserialize(gunzipSync(packed)) as WireAnalysis), file: row.name };
}

const noReportYet = () => notFound({ en: 'there is no report yet', zh: '尚无报告' });

const mapsQuery = z.object({
  maps: z.stringbool().optional().openapi({ type: 'boolean', description: 'Put the heat maps in.' }),
});

export function analysesRoutes(
  app: OpenAPIHono<Env>,
  context: Context,
  kind: JobKind<Row>,
  wake: () => void,
): void {
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/analyses',
    summary: 'Analyse a file',
    description:
      'A form with one file, the bytes of a file, or JSON with a URL. The same content is analysed once. With an `Idempotency-Key` header a repetition is answered like the first.',
    request: {
      query: uploadQuery,
      headers: jobHeaders,
      body: {
        ...fileBody('A file, or a URL'),
        content: { ...fileBody('').content, 'application/json': { schema: urlBody } },
      },
    },
    responses: acceptedResponses(analysisWithResultSchema),
  });
  app.post('/v1/analyses', async (http) => {
    const caller = need(http, 'analyst');
    await admit(context, caller, 1);
    const query = parsed(uploadQuery, http.req.query());
    const fromUrl = /^application\/json\b/i.test(http.req.header('content-type') ?? '');
    const { stored, name, source, asked } = fromUrl ? await sentUrl(http) : await sentFile(http, query);
    const wanted = { ...wantedOf(context, asked, caller, 'live'), ...stored, name, source };
    const idempotency = idempotencyOf(http, [stored.sha256, wanted.settings]);
    const { location } = await acceptStored(context, wanted, idempotency);
    wake();
    return answerAccepted(http, context, kind, location);
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
    try {
      const asked = { ...query, ...parsed(uploadQuery.partial(), Object.fromEntries(fields)) };
      return { stored, name, source: undefined, asked };
    } catch (error) {
      await discardStored(context, stored);
      throw error;
    }
  }

  jobRoutes(app, context, {
    kind,
    listed: analysisSchema,
    list: analysisListSchema,
    whole: analysisWithResultSchema,
    listQuery: { status: z.enum(STATUSES).optional(), batch: z.string().optional() },
    oneQuery: mapsQuery.shape,
    words: {
      list: 'List analyses, newest first',
      one: 'How an analysis goes, and its result',
      cancel: 'Stop waiting for an analysis',
      erase: 'Erase an analysis',
    },
    eraseMore:
      'Also erases the file, its maps and its vector in the index, unless another request needs them.',
    async otherwise(http, row) {
      const { maps } = parsed(mapsQuery, http.req.query());
      const found = maps && isOver(row.status) && row.status !== 'cancelled';
      const all = found ? await storedAnalysis(context, row) : null;
      if (!all) return null;
      return http.json({ ...told(row), result: toRecord(all, { language: languageOf(http), maps: true }) });
    },
  });

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
    const row = await existing(kind, http.req.param('id'));
    const whole = await storedAnalysis(context, row);
    if (!whole) throw noReportYet();
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
    path: '/v1/analyses/{id}/report.pdf',
    summary: 'The analysis as a document',
    description:
      'The file with its hash, verdict, reasons and evidence, the chain of custody, method, limits and versions, as PDF/A. Its SHA-256 becomes a line of the log.',
    request: { params: idParam, query: languageQuery },
    responses: documentResponses,
  });
  app.get('/v1/analyses/:id/report.pdf', async (http) => {
    const caller = need(http, 'viewer');
    const row = await existing(kind, http.req.param('id'));
    const language = languageOf(http);
    const report = await analysisReportOf(context, row, caller.id, language);
    if (!report.file.record) throw noReportYet();
    return documentResponse(http, context, {
      content: analysisDocument(report, language),
      created: report.printed,
      language,
      line: { actor: caller.id, action: 'analysis.report', subject: row.id },
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
    const whole = await storedAnalysis(context, await existing(kind, http.req.param('id')));
    if (whole?.outcome !== 'analysed' || !whole.preview) {
      throw notFound({ en: 'there is no preview', zh: '没有预览图' });
    }
    return http.body(Uint8Array.from(whole.preview), 200, {
      'content-type': 'image/jpeg',
      'cache-control': 'private, max-age=3600',
    });
  });
}

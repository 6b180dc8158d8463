/**
 * `/v1/audits` and `/v1/benchmarks`, and what traces and sortings have in common with them when they are asked for as jobs:
 * files in, measured as a job of the queue, kept until they are erased. Recorded answers of a face recogniser give the
 * document of `huoyan audit recognition --json`, score files of detectors those of `huoyan bench score --json` and `huoyan
 * bench leaderboard --json`; each is also a report.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import type { Context } from '../../context.ts';
import { isOver, type JobKind } from '../../jobs/job.ts';
import type { JobKinds } from '../../jobs/manifest.ts';
import { acceptMeasurement } from '../../measurements/accept.ts';
import { AUDIT, BENCHMARK, type Kind } from '../../measurements/kinds.ts';
import {
  type MeasurementRow,
  type MeasurementSettings,
  readMeasured,
} from '../../measurements/measurement.ts';
import { badRequest, Problem } from '../../problem.ts';
import type { Priority } from '../../queue/queue.ts';
import { idempotencyOf, parsed } from '../asked.ts';
import { fileBody, idParam, languageQuery, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { acceptedResponses, answerAccepted, existing, jobHeaders, jobRoutes } from '../jobs.ts';
import { admit } from '../limits.ts';
import { receive } from '../receive.ts';
import { REPORT_HEADERS } from '../report-page.ts';
import {
  auditListSchema,
  auditSchema,
  auditUploadQuery,
  benchmarkListSchema,
  benchmarkSchema,
  measurementUploadQuery,
  storedAuditSchema,
  storedBenchmarkSchema,
} from '../schemas.ts';
import { discardStored } from './analyses.ts';

const MOST_FILES = 40;

/** What can be said about any of them, and what of that is settings. */
interface Asked extends Omit<MeasurementSettings, 'language'> {
  readonly priority?: Priority;
  readonly webhook?: string;
  readonly keepSeconds?: number;
}

export interface Measured {
  // biome-ignore lint/suspicious/noExplicitAny: each kind shows what only it measures
  readonly kind: Kind<any>;
  readonly jobs: JobKind<MeasurementRow>;
  /** How many files there must and may be. */
  readonly least?: number;
  readonly most: number;
  readonly query: z.ZodType<Asked>;
}

/** Takes the files of a request in as a job, and answers as every kind of job does. */
export async function accepted(
  http: Http<Env>,
  context: Context,
  { kind, jobs, least = 1, most, query }: Measured,
  wake: () => void,
): Promise<Response> {
  const { blobs, options, metrics } = context;
  const caller = need(http, 'analyst');
  await admit(context, caller, 1);
  const { files, fields } = await receive(http.env.incoming, {
    most,
    keep: (part) => blobs.keep(part, options.maxUploadBytes),
    discard: (stored) => discardStored(context, stored),
  });
  try {
    if (files.length < least) throw tooFew(least);
    await admit(context, caller, files.length - 1);
    const asked = parsed(query, { ...http.req.query(), ...Object.fromEntries(fields) });
    const { priority = 'live', webhook, keepSeconds = options.keepSeconds, ...rest } = asked;
    const { service, names, smallest } = rest;
    const settings = { service, names, smallest, language: languageOf(http) };
    const idempotency = idempotencyOf(http, [
      kind.kind,
      { service, names, smallest },
      ...files.map(({ sha256 }) => sha256),
    ]);
    const wanted = { files, settings, owner: caller.id, priority, webhook, keepSeconds };
    const { location } = await acceptMeasurement(context, kind, wanted, idempotency);
    for (const file of files) metrics.uploadedBytes.inc(file.bytes);
    wake();
    return await answerAccepted(http, context, jobs, location);
  } finally {
    // What was accepted needs them; what was refused, or repeated, does not.
    for (const file of files) await discardStored(context, file);
  }
}

/** Too few files to do anything with. */
export function tooFew(least: number): Problem {
  return badRequest(
    { en: `fewer than ${least} files`, zh: `文件少于 ${least} 个` },
    { en: `send at least ${least}`, zh: `请至少发送 ${least} 个` },
  );
}

/** The report of one that is over. */
async function report(
  http: Http<Env>,
  { store }: Pick<Context, 'store'>,
  kind: Kind,
  row: MeasurementRow,
): Promise<Response> {
  const measured = isOver(row.status) ? await readMeasured(store, row.id) : null;
  if (measured === null) {
    const hint = { en: 'ask again when its status is "succeeded"', zh: '请在状态为 succeeded 后再取' };
    throw new Problem(404, 'not-found', { en: 'there is no report', zh: '没有报告' }, hint);
  }
  const language = languageOf(http);
  if (http.req.query('fragment') !== undefined)
    return http.body(kind.fragment(measured, language), 200, REPORT_HEADERS);
  return http.body(kind.page(measured, language, row.finished ?? new Date()), 200, {
    ...REPORT_HEADERS,
    ...(http.req.query('download') !== undefined && {
      'content-disposition': `attachment; filename="huoyan-${row.id}.html"`,
    }),
  });
}

export interface MeasuredSchemas {
  readonly listed: z.ZodType;
  readonly list: z.ZodType;
  readonly whole: z.ZodType;
}

/** What one that was asked for as a job can be asked. */
export function measuredRoutes(
  app: OpenAPIHono<Env>,
  context: Context,
  { kind, jobs }: Pick<Measured, 'kind' | 'jobs'>,
  schemas: MeasuredSchemas,
): void {
  const { path } = kind;
  jobRoutes(app, context, {
    kind: jobs,
    ...schemas,
    words: {
      list: `List jobs of the kind "${kind.kind}", newest first`,
      one: `How a job of the kind "${kind.kind}" goes, and its result`,
      cancel: `Stop a job of the kind "${kind.kind}"`,
      erase: `Erase a job of the kind "${kind.kind}"`,
    },
    oneMore: 'With `Accept: text/html` the answer is the report.',
    eraseMore: 'Also takes it out of the queue, and erases files that were not measured yet.',
    async otherwise(http, row) {
      http.header('vary', 'accept');
      const page = /\btext\/html\b/.test(http.req.header('accept') ?? '');
      return page ? report(http, context, kind, row) : null;
    },
  });

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: `${path}/{id}/report`,
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
  app.get(`${path}/:id/report`, async (http) => {
    need(http, 'viewer');
    return report(http, context, kind, await existing(jobs, http.req.param('id')));
  });
}

interface Described extends Measured {
  readonly summary: string;
  readonly description: string;
  readonly body: string;
  readonly schemas: MeasuredSchemas;
}

export function measurementsRoutes(
  app: OpenAPIHono<Env>,
  context: Context,
  kinds: JobKinds,
  wake: () => void,
): void {
  const all: readonly Described[] = [
    {
      kind: AUDIT,
      jobs: kinds.audits,
      most: MOST_FILES,
      summary: 'How often fakes passed as the person they show, from recorded answers',
      description:
        'Up to 40 tables, comma separated or NDJSON, as `huoyan audit recognition --recorded` reads them. The tables are erased as soon as they are measured; what was measured stays until it is erased.',
      body: 'Recorded answers',
      query: auditUploadQuery,
      schemas: { listed: storedAuditSchema, list: auditListSchema, whole: auditSchema },
    },
    {
      kind: BENCHMARK,
      jobs: kinds.benchmarks,
      most: MOST_FILES,
      summary: 'What detectors are worth, from their scores',
      description:
        'Up to 40 score files, each with NAME.scores.meta.json beside it where there is one, as `huoyan bench score` reads them. The tables are erased as soon as they are measured; what was measured stays until it is erased.',
      body: 'Score files and their descriptions',
      query: measurementUploadQuery,
      schemas: { listed: storedBenchmarkSchema, list: benchmarkListSchema, whole: benchmarkSchema },
    },
  ];
  for (const { summary, description, body, schemas, ...measured } of all) {
    const { path } = measured.kind;
    app.openAPIRegistry.registerPath({
      method: 'post',
      path,
      summary,
      description: `${description} With an \`Idempotency-Key\` header a repetition is answered like the first.`,
      request: {
        query: measured.query as unknown as z.ZodObject,
        headers: jobHeaders,
        body: fileBody(body, true),
      },
      responses: acceptedResponses(schemas.whole),
    });
    app.post(path, (http) => accepted(http, context, measured, wake));
    measuredRoutes(app, context, measured, schemas);
  }
}

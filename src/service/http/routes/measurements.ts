/**
 * `/v1/audits` and `/v1/benchmarks`: tables in, measured as a job of the queue, kept until they are erased. Recorded answers of
 * a face recogniser give the document of `huoyan audit recognition --json`, score files of detectors those of `huoyan bench
 * score --json` and `huoyan bench leaderboard --json`; either is also a report.
 */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import { remember, repeated } from '../../analyses/accept.ts';
import { isOver, POLL_AFTER_S } from '../../analyses/analysis.ts';
import type { Context } from '../../context.ts';
import { isId } from '../../identifiers.ts';
import { acceptMeasurement } from '../../measurements/accept.ts';
import { eraseMeasurement } from '../../measurements/erase.ts';
import { AUDIT, BENCHMARK, type Kind } from '../../measurements/kinds.ts';
import {
  type MeasurementRow,
  type MeasurementSettings,
  readMeasured,
  readMeasurement,
  SELECT_MEASUREMENT,
  toldMeasurement,
} from '../../measurements/measurement.ts';
import { notFound, Problem } from '../../problem.ts';
import { fileBody, idParam, json, languageQuery, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
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
} from '../schemas.ts';
import { untilOver, waitOf } from '../wait.ts';
import { badCursor, discardStored, idempotencyOf, parsed } from './analyses.ts';

const MOST_FILES = 40;
const PAGE = 50;
const MOST_PAGE = 200;

interface Described {
  // biome-ignore lint/suspicious/noExplicitAny: each kind shows what only it measures
  readonly kind: Kind<any>;
  readonly summary: string;
  readonly description: string;
  readonly body: string;
  readonly query: z.ZodType<MeasurementSettings & { readonly wait?: number; readonly keepSeconds?: number }>;
  readonly schema: z.ZodType;
  readonly list: z.ZodType;
}

const KINDS: readonly Described[] = [
  {
    kind: AUDIT,
    summary: 'How often fakes passed as the person they show, from recorded answers',
    description:
      'Up to 40 tables, comma separated or NDJSON, as `huoyan audit recognition --recorded` reads them. The tables are erased as soon as they are measured; what was measured stays until it is erased.',
    body: 'Recorded answers',
    query: auditUploadQuery,
    schema: auditSchema,
    list: auditListSchema,
  },
  {
    kind: BENCHMARK,
    summary: 'What detectors are worth, from their scores',
    description:
      'Up to 40 score files, each with NAME.scores.meta.json beside it where there is one, as `huoyan bench score` reads them. The tables are erased as soon as they are measured; what was measured stays until it is erased.',
    body: 'Score files and their descriptions',
    query: measurementUploadQuery,
    schema: benchmarkSchema,
    list: benchmarkListSchema,
  },
];

export function measurementsRoutes(app: OpenAPIHono<Env>, context: Context, wake: () => void): void {
  for (const described of KINDS) routesOf(described, app, context, wake);
}

function routesOf(
  { kind, summary, description, body, query: uploadQuery, schema, list }: Described,
  app: OpenAPIHono<Env>,
  context: Context,
  wake: () => void,
): void {
  const { store, blobs, events, options, metrics } = context;
  const { path } = kind;

  async function rowOf(id: string): Promise<MeasurementRow> {
    const row = await readMeasurement(store, kind, id);
    if (!row) throw notFound(kind.none);
    return row;
  }

  const waitFor = (row: MeasurementRow, seconds: number) =>
    untilOver(events, row.id, row, seconds, () => readMeasurement(store, kind, row.id));

  async function told(http: Http<Env>, row: MeasurementRow) {
    const language = languageOf(http);
    const measured = isOver(row.status) ? await readMeasured(store, row.id) : null;
    const result = measured === null ? null : kind.record(measured, language);
    return { ...toldMeasurement(row, path, language), result };
  }

  async function report(http: Http<Env>, row: MeasurementRow) {
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

  app.openAPIRegistry.registerPath({
    method: 'post',
    path,
    summary,
    description: `${description} With an \`Idempotency-Key\` header a repetition is answered like the first.`,
    request: {
      query: uploadQuery as unknown as z.ZodObject,
      headers: z.object({ 'idempotency-key': z.string().optional(), prefer: z.string().optional() }),
      body: fileBody(body, true),
    },
    responses: {
      200: json('The result, when it was waited for.', schema),
      202: {
        ...json('Accepted; ask at `Location`.', schema),
        headers: z.object({ location: z.string(), 'retry-after': z.string() }),
      },
      ...problems,
    },
  });
  app.post(path, async (http) => {
    const caller = need(http, 'analyst');
    await admit(context, caller, 1);
    const query = http.req.query();
    const { files, fields } = await receive(http.env.incoming, {
      most: MOST_FILES,
      keep: (part) => blobs.keep(part, options.maxUploadBytes),
      discard: (stored) => discardStored(context, stored),
    });
    let location: string | null = null;
    try {
      await admit(context, caller, files.length - 1);
      const asked = parsed(uploadQuery, { ...query, ...Object.fromEntries(fields) });
      const { service, names, keepSeconds = options.keepSeconds } = asked;
      const settings = { service, names };
      const wanted = { files, settings, owner: caller.id, keepSeconds };
      const idempotency = idempotencyOf(http, [kind.kind, settings, ...files.map(({ sha256 }) => sha256)]);
      location = idempotency && (await repeated(store, caller.id, idempotency));
      if (!location) {
        location = `${path}/${await acceptMeasurement(context, kind, wanted)}`;
        if (idempotency) location = await remember(store, caller.id, idempotency, location);
      }
    } finally {
      // What was accepted needs them; what was refused, or repeated, does not.
      for (const file of files) {
        if (location) metrics.uploadedBytes.inc(file.bytes);
        await discardStored(context, file);
      }
    }
    wake();
    const row = await waitFor(
      await rowOf(location.slice(path.length + 1)),
      waitOf(http, http.req.query('wait')),
    );
    const over = isOver(row.status);
    return http.json(await told(http, row), over ? 200 : 202, {
      location,
      ...(!over && { 'retry-after': String(POLL_AFTER_S) }),
    });
  });

  app.openapi(
    createRoute({
      method: 'get',
      path,
      summary: `List ${kind.kind}s, newest first`,
      request: {
        query: languageQuery.extend({
          cursor: z.string().optional(),
          limit: z.coerce.number().int().min(1).max(MOST_PAGE).optional().openapi({ type: 'integer' }),
        }),
      },
      responses: { 200: json('A page of them, without results.', list), ...problems },
    }),
    async (http) => {
      need(http, 'viewer');
      const { cursor, limit = PAGE } = http.req.valid('query');
      if (cursor !== undefined && !isId(cursor, kind.prefix)) throw badCursor();
      const rows = await store.query<MeasurementRow>(
        `${SELECT_MEASUREMENT} where kind = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
        [kind.kind, cursor ?? null, limit + 1],
      );
      const items = rows.slice(0, limit).map((row) => toldMeasurement(row, path, languageOf(http)));
      return http.json({ items, next: rows.length > limit ? items[limit - 1].id : null }, 200);
    },
  );

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: `${path}/{id}`,
    summary: `How one of the ${kind.kind}s goes, and its result`,
    description: 'With `Accept: text/html` the answer is the report.',
    request: {
      params: idParam,
      query: languageQuery.extend({
        wait: z.coerce.number().min(0).max(60).optional().openapi({ type: 'number' }),
      }),
    },
    responses: { 200: json('It, with its result once it is over.', schema), ...problems },
  });
  app.get(`${path}/:id`, async (http) => {
    need(http, 'viewer');
    const row = await waitFor(await rowOf(http.req.param('id')), waitOf(http, http.req.query('wait')));
    http.header('vary', 'accept');
    if (/\btext\/html\b/.test(http.req.header('accept') ?? '')) return report(http, row);
    if (!isOver(row.status)) http.header('retry-after', String(POLL_AFTER_S));
    return http.json(await told(http, row), 200);
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
    return report(http, await rowOf(http.req.param('id')));
  });

  app.openapi(
    createRoute({
      method: 'delete',
      path: `${path}/{id}`,
      summary: `Erase one of the ${kind.kind}s`,
      description: 'Also takes it out of the queue, and erases tables that were not measured yet.',
      request: { params: idParam },
      responses: { 204: { description: 'Erased.' }, ...problems },
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      await eraseMeasurement(context, await rowOf(http.req.valid('param').id), caller.id);
      return http.body(null, 204);
    },
  );
}

/**
 * What every kind of job can be asked, in one place for all of them: the list by cursor, how one goes, to be told of every
 * change, to stop it, to erase it; and how a request that makes one is answered.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Context } from '../context.ts';
import { isId } from '../identifiers.ts';
import { isOver, type Job, type JobKind, POLL_AFTER_S } from '../jobs/job.ts';
import { notFound } from '../problem.ts';
import { badCursor, parsed } from './asked.ts';
import { idParam, json, languageQuery, problems } from './documented.ts';
import { type Env, languageOf } from './env.ts';
import { need } from './guard.ts';
import { MOST_WAIT_S, untilOver, waitOf } from './wait.ts';

const PAGE = 50;
const MOST_PAGE = 200;
/** The longest silence on a stream of events; proxies cut silent ones. */
const EVENTS_QUIET_MS = 15_000;

const pageQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PAGE).optional().openapi({ type: 'integer' }),
});
const waitQuery = languageQuery.extend({
  wait: z.coerce.number().min(0).max(MOST_WAIT_S).optional().openapi({ type: 'number' }),
});

export interface JobRoutes<Row extends Job> {
  readonly kind: JobKind<Row>;
  /** As it stands in a list, the list, and with all that came of it. */
  readonly listed: z.ZodType;
  readonly list: z.ZodType;
  readonly whole: z.ZodType;
  /** What the list can be narrowed by, and what can be said about how one is told, beside what holds for all. */
  readonly listQuery?: z.ZodRawShape;
  readonly oneQuery?: z.ZodRawShape;
  /** Summaries, as the description has them. */
  readonly words: {
    readonly list: string;
    readonly one: string;
    readonly cancel: string;
    readonly erase: string;
  };
  readonly oneMore?: string;
  readonly eraseMore?: string;
  /** Answers with something else than the document, where the request wants that; null where it does not. */
  readonly otherwise?: (http: Http<Env>, row: Row) => Promise<Response | null>;
}

/** The job of `id`. Throws Problem 404. */
export async function existing<Row extends Job>(kind: JobKind<Row>, id: string): Promise<Row> {
  const row = await kind.read(id);
  if (!row) throw notFound(kind.none);
  return row;
}

/** How the answer to a request that makes a job is described. */
export const acceptedResponses = (whole: z.ZodType) => ({
  200: json('The result, when it was waited for.', whole),
  202: {
    ...json('Accepted; ask at `Location`.', whole),
    headers: z.object({ location: z.string(), 'retry-after': z.string() }),
  },
  ...problems,
});

/** Headers that every request which makes a job may have. */
export const jobHeaders = z.object({
  'idempotency-key': z.string().optional(),
  prefer: z.string().optional().openapi({ description: '`wait=10`: seconds to wait for the result.' }),
});

/** The answer to a request that made the job at `location`, or made it before; `more` stands beside what the job says. */
export async function answerAccepted<Row extends Job>(
  http: Http<Env>,
  { events }: Pick<Context, 'events'>,
  kind: JobKind<Row>,
  location: string,
  more: object = {},
): Promise<Response> {
  const first = await existing(kind, location.slice(kind.path.length + 1));
  const row = await untilOver(events, kind, first, waitOf(http));
  const over = isOver(row.status);
  const body = { ...(await kind.whole(row, languageOf(http))), ...more };
  return http.json(body, over ? 200 : 202, {
    location,
    ...(!over && { 'retry-after': String(POLL_AFTER_S) }),
  });
}

export function jobRoutes<Row extends Job>(
  app: OpenAPIHono<Env>,
  { events }: Pick<Context, 'events'>,
  { kind, listed, list, whole, listQuery = {}, oneQuery = {}, words, otherwise, ...more }: JobRoutes<Row>,
): void {
  const { path } = kind;
  const one = (http: Http<Env>) => existing(kind, http.req.param('id') ?? '');

  const wantedList = pageQuery.extend(listQuery);
  app.openAPIRegistry.registerPath({
    method: 'get',
    path,
    summary: words.list,
    request: { query: wantedList.extend(languageQuery.shape) },
    responses: { 200: json('A page of them, without results.', list), ...problems },
  });
  app.get(path, async (http) => {
    need(http, 'viewer');
    const asked = parsed(wantedList, http.req.query());
    const { cursor, limit = PAGE, ...filter } = asked as z.infer<typeof pageQuery>;
    if (cursor !== undefined && !isId(cursor, kind.prefix)) throw badCursor();
    const rows = await kind.list(cursor ?? null, limit + 1, filter);
    const page = rows.slice(0, limit);
    const items = page.map((row) => kind.listed(row, languageOf(http)));
    return http.json({ items, next: rows.length > limit ? page[limit - 1].id : null });
  });

  const wantedOne = waitQuery.extend(oneQuery);
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: `${path}/{id}`,
    summary: words.one,
    ...(more.oneMore && { description: more.oneMore }),
    request: { params: idParam, query: wantedOne },
    responses: { 200: json('It, with its result once it is over.', whole), ...problems },
  });
  app.get(`${path}/:id`, async (http) => {
    need(http, 'viewer');
    parsed(wantedOne, http.req.query());
    const row = await untilOver(events, kind, await one(http), waitOf(http));
    const other = await otherwise?.(http, row);
    if (other) return other;
    if (!isOver(row.status)) http.header('retry-after', String(POLL_AFTER_S));
    return http.json(await kind.whole(row, languageOf(http)));
  });

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: `${path}/{id}/events`,
    summary: 'Follow it (server-sent events)',
    description: 'One event `status` for every change, with the job as its data; the last has the result.',
    request: { params: idParam, query: languageQuery },
    responses: {
      200: { description: 'Events.', content: { 'text/event-stream': { schema: z.string() } } },
      ...problems,
    },
  });
  app.get(`${path}/:id/events`, async (http) => {
    need(http, 'viewer');
    const first = await one(http);
    const language = languageOf(http);
    const watch = events.watch(await kind.followed(first));
    return streamSSE(http, async (stream) => {
      let gone = false;
      stream.onAbort(() => {
        gone = true;
      });
      try {
        let row: Row | null = await kind.read(first.id);
        let said = '';
        while (row && !gone) {
          const state = kind.state(row);
          const over = isOver(row.status);
          if (state !== said) {
            said = state;
            const data = await (over ? kind.whole(row, language) : kind.underWay(row, language));
            await stream.writeSSE({ event: 'status', id: state, data: JSON.stringify(data) });
          } else await stream.write(': still there\n\n');
          if (over) return;
          await watch.changed(EVENTS_QUIET_MS);
          row = await kind.read(first.id);
        }
        if (!gone) await stream.writeSSE({ event: 'deleted', data: '{}' });
      } finally {
        watch.release();
      }
    });
  });

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: `${path}/{id}/cancel`,
    summary: words.cancel,
    request: { params: idParam },
    responses: { 200: json('As it is now.', listed), ...problems },
  });
  app.post(`${path}/:id/cancel`, async (http) => {
    const caller = need(http, 'analyst');
    const row = await one(http);
    await kind.cancel(row, caller.id);
    return http.json(kind.listed(await existing(kind, row.id), languageOf(http)));
  });

  app.openAPIRegistry.registerPath({
    method: 'delete',
    path: `${path}/{id}`,
    summary: words.erase,
    ...(more.eraseMore && { description: more.eraseMore }),
    request: { params: idParam },
    responses: { 204: { description: 'Erased.' }, ...problems },
  });
  app.delete(`${path}/:id`, async (http) => {
    const caller = need(http, 'analyst');
    await kind.erase(await one(http), caller.id);
    return http.body(null, 204);
  });
}

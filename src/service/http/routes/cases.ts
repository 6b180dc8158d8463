/**
 * `/v1/cases`: files that belong together, notes, a human verdict beside the machine's. Whatever is done to a case is a line
 * of the log under its id, with the hash of what was written, so that its history holds even against whoever writes it.
 */
import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Json } from '../../../core/json.ts';
import { caseDocument } from '../../../report/index.ts';
import { type Row, SELECT_IN_CASE, told } from '../../analyses/analysis.ts';
import { caseReportOf } from '../../cases/report.ts';
import type { Context } from '../../context.ts';
import { isId, newId } from '../../identifiers.ts';
import type { JobKind } from '../../jobs/job.ts';
import { append } from '../../log/chain.ts';
import { notFound } from '../../problem.ts';
import { SCHEMA } from '../../store/migrations.ts';
import { documentResponse, documentResponses } from '../document.ts';
import { idParam, json, languageQuery, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { existing as jobOf } from '../jobs.ts';
import { analysisSchema } from '../schemas.ts';

const MOST = 500;
const at = z.string().openapi({ format: 'date-time' });
const verdict = z.enum(['authentic', 'inconclusive', 'suspect', 'synthetic', 'manipulated']).nullable();

const caseSchema = z
  .object({ id: z.string(), title: z.string(), created: at, files: z.int() })
  .openapi('Case');

const openCaseSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    created: at,
    files: z.array(z.object({ analysis: analysisSchema, verdict })),
    notes: z.array(z.object({ id: z.string(), at, author: z.string(), text: z.string() })),
    history: z
      .array(
        z.object({
          seq: z.int(),
          at,
          actor: z.string(),
          action: z.string(),
          detail: z.string(),
          hash: z.string(),
        }),
      )
      .openapi({ description: 'Lines of the log; `huoyan verify-log` checks the chain they belong to.' }),
  })
  .openapi('OpenCase');

const fileParam = z.object({ id: z.string(), analysis: z.string() });
const body = (schema: z.ZodType) => ({ required: true, content: { 'application/json': { schema } } });
const done = { 204: { description: 'Done.' }, ...problems } as const;

export function casesRoutes(app: OpenAPIHono<Env>, context: Context, analyses: JobKind<Row>): void {
  const { store } = context;

  async function existing(id: string) {
    const [row] = isId(id, 'ca')
      ? await store.query<{ id: string; title: string; created: Date }>(
          `select id, title, created from ${SCHEMA}.folder where id = $1`,
          [id],
        )
      : [];
    if (!row) throw notFound({ en: 'there is no such case', zh: '没有这个案卷' });
    return row;
  }

  /** Does something to a case and writes it into the log, both or neither. */
  async function act(
    actor: string,
    id: string,
    action: string,
    detail: Readonly<Record<string, Json>>,
    statement: string,
    values: readonly unknown[],
  ): Promise<void> {
    await store.transaction(async (sql) => {
      await sql.query(statement, values);
      await append(sql, { actor, action, subject: id, detail });
    });
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/cases',
      summary: 'The cases, newest first',
      responses: { 200: json('Cases.', z.object({ items: z.array(caseSchema) })), ...problems },
    }),
    async (http) => {
      need(http, 'viewer');
      const rows = await store.query<{ id: string; title: string; created: Date; files: number }>(
        `select f.id, f.title, f.created, count(x.analysis)::int as files
         from ${SCHEMA}.folder f left join ${SCHEMA}.folder_file x on x.folder = f.id
         group by f.id order by f.id desc limit ${MOST}`,
      );
      const items = rows.map((row) => ({
        ...row,
        created: new Date(row.created).toISOString(),
        files: Number(row.files),
      }));
      return http.json({ items }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/cases',
      summary: 'Open a case',
      request: { body: body(z.object({ title: z.string().trim().min(1).max(200) })) },
      responses: { 201: json('The case.', caseSchema), ...problems },
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const { title } = http.req.valid('json') as { title: string };
      const id = newId('ca');
      const insert = `insert into ${SCHEMA}.folder (id, title, owner) values ($1, $2, $3)`;
      await act(caller.id, id, 'case.open', { title }, insert, [id, title, caller.id]);
      return http.json({ id, title, created: new Date().toISOString(), files: 0 }, 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/cases/{id}',
      summary: 'A case with its files, notes and history',
      request: { params: idParam },
      responses: { 200: json('The case.', openCaseSchema), ...problems },
    }),
    async (http) => {
      need(http, 'viewer');
      const { id, title, created } = await existing(http.req.valid('param').id);
      const rows = await store.query<Row & { verdict: z.infer<typeof verdict> }>(
        `${SELECT_IN_CASE} where x.folder = $1 order by x.added limit ${MOST}`,
        [id],
      );
      const notes = await store.query<{ id: string; at: Date; author: string; text: string }>(
        `select id, at, author, text from ${SCHEMA}.note where folder = $1 order by id limit ${MOST}`,
        [id],
      );
      const history = await store.query<{
        seq: number;
        at: string;
        actor: string;
        action: string;
        detail: string;
        hash: string;
      }>(
        `select seq, at, actor, action, detail, hash from ${SCHEMA}.log where subject = $1 order by seq limit ${MOST}`,
        [id],
      );
      return http.json(
        {
          id,
          title,
          created: new Date(created).toISOString(),
          files: rows.map((row) => ({ analysis: told(row), verdict: row.verdict })),
          notes: notes.map((note) => ({ ...note, at: new Date(note.at).toISOString() })),
          history: history.map((line) => ({ ...line, seq: Number(line.seq) })),
        },
        200,
      );
    },
  );

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/cases/{id}/report.pdf',
    summary: 'The case as a document',
    description:
      'Files with their hashes, both verdicts and the evidence, notes, the chain of custody, method, limits and versions, as PDF/A. Its SHA-256 becomes a line of the log.',
    request: { params: idParam, query: languageQuery },
    responses: documentResponses,
  });
  app.get('/v1/cases/:id/report.pdf', async (http) => {
    const caller = need(http, 'viewer');
    const row = await existing(http.req.param('id'));
    const language = languageOf(http);
    const report = await caseReportOf(context, row, caller.id, language);
    return documentResponse(http, context, {
      content: caseDocument(report, language),
      created: report.printed,
      language,
      line: { actor: caller.id, action: 'case.report', subject: row.id },
    });
  });

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/cases/{id}',
      summary: 'Close and forget a case; its analyses stay',
      request: { params: idParam },
      responses: done,
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const { id } = await existing(http.req.valid('param').id);
      await act(caller.id, id, 'case.erase', {}, `delete from ${SCHEMA}.folder where id = $1`, [id]);
      return http.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/cases/{id}/files',
      summary: 'Put an analysis into a case',
      request: { params: idParam, body: body(z.object({ analysis: z.string() })) },
      responses: done,
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const { id } = await existing(http.req.valid('param').id);
      const { analysis } = http.req.valid('json') as { analysis: string };
      const row = await jobOf(analyses, analysis);
      const insert = `insert into ${SCHEMA}.folder_file (folder, analysis) values ($1, $2) on conflict do nothing`;
      const detail = { analysis, sha256: row.sha256, name: row.name };
      await act(caller.id, id, 'case.add', detail, insert, [id, analysis]);
      return http.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/v1/cases/{id}/files/{analysis}',
      summary: 'Say what a person holds the file to be',
      request: { params: fileParam, body: body(z.object({ verdict })) },
      responses: done,
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const { id } = await existing(http.req.valid('param').id);
      const { analysis } = http.req.valid('param');
      const said = (http.req.valid('json') as { verdict: z.infer<typeof verdict> }).verdict;
      const update = `update ${SCHEMA}.folder_file set verdict = $3 where folder = $1 and analysis = $2`;
      await act(caller.id, id, 'case.verdict', { analysis, verdict: said }, update, [id, analysis, said]);
      return http.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/cases/{id}/files/{analysis}',
      summary: 'Take an analysis out of a case',
      request: { params: fileParam },
      responses: done,
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const { id } = await existing(http.req.valid('param').id);
      const { analysis } = http.req.valid('param');
      const remove = `delete from ${SCHEMA}.folder_file where folder = $1 and analysis = $2`;
      await act(caller.id, id, 'case.remove', { analysis }, remove, [id, analysis]);
      return http.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/cases/{id}/notes',
      summary: 'Write a note; notes are not changed afterwards',
      request: { params: idParam, body: body(z.object({ text: z.string().trim().min(1).max(10_000) })) },
      responses: done,
    }),
    async (http) => {
      const caller = need(http, 'analyst');
      const { id } = await existing(http.req.valid('param').id);
      const { text } = http.req.valid('json') as { text: string };
      const note = newId('no');
      const insert = `insert into ${SCHEMA}.note (id, folder, author, text) values ($1, $2, $3, $4)`;
      const detail = { note, sha256: createHash('sha256').update(text).digest('hex') };
      await act(caller.id, id, 'case.note', detail, insert, [note, id, caller.id, text]);
      return http.body(null, 204);
    },
  );
}

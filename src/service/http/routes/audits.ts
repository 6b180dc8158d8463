/** `POST /v1/audits`: recorded answers of a face recogniser in, the published kind of table out. */
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { measure } from '../../../audit/measure/sets.ts';
import { readRecorded } from '../../../audit/recorded/read.node.ts';
import { auditFragment, auditHtmlParts, toAuditRecord } from '../../../report/index.ts';
import type { Lent } from '../../blobs/blobs.ts';
import type { Context } from '../../context.ts';
import { fileBody, json, languageQuery, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { receive } from '../receive.ts';
import { REPORT_HEADERS } from '../report-page.ts';
import { auditRecordSchema } from '../schemas.ts';

const MOST_FILES = 20;

export function auditsRoutes(app: OpenAPIHono<Env>, { blobs, options }: Context): void {
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/audits',
    summary: 'How often fakes passed as the person they show, from recorded answers',
    description:
      'Comma separated text or NDJSON, as `huoyan audit recognition --recorded` reads it. With `Accept: text/html` the answer is the report. Nothing is stored.',
    request: {
      query: languageQuery.extend({
        service: z.string().max(100).optional(),
        fragment: z
          .string()
          .optional()
          .openapi({ description: 'Only what is within the frame of the page.' }),
      }),
      body: fileBody('Recorded answers', true),
    },
    responses: { 200: json('The audit.', auditRecordSchema), ...problems },
  });
  app.post('/v1/audits', async (http) => {
    need(http, 'analyst');
    const service = http.req.query('service')?.slice(0, 100);
    const { files } = await receive<Lent>(http.env.incoming, {
      most: MOST_FILES,
      keep: (part: Readable) => blobs.lend(part, options.maxUploadBytes),
      discard: (lent) => lent.release(),
    });
    try {
      const answers = [];
      const problemsFound = [];
      for (const { path, name } of files) {
        const read = await readRecorded(path, { service });
        // A set that the file does not name is called after the file, and not after where it lay here.
        const here = basename(path);
        const set = name.replace(/\.(csv|tsv|txt|ndjson|jsonl)$/i, '');
        for (const answer of read.answers) answers.push(answer.set === here ? { ...answer, set } : answer);
        problemsFound.push(...read.problems.map((problem) => ({ ...problem, file: name })));
      }
      const audit = { ...measure(answers, {}), accuracy: [], gates: [], problems: problemsFound };
      const language = languageOf(http);
      if (/\btext\/html\b/.test(http.req.header('accept') ?? '')) {
        if (http.req.query('fragment') !== undefined)
          return http.body(auditFragment(audit, language), 200, REPORT_HEADERS);
        const page = [...auditHtmlParts(audit, { language, generatedAt: new Date() })].join('');
        return http.body(page, 200, REPORT_HEADERS);
      }
      return http.json(toAuditRecord(audit, language));
    } finally {
      for (const file of files) await file.release();
    }
  });
}

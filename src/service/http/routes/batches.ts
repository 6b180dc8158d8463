/** `/v1/batches`: many files at once, behind what somebody waits for. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type Row, SELECT, type Status, told } from '../../analyses/analysis.ts';
import type { Context } from '../../context.ts';
import { isId, newId } from '../../identifiers.ts';
import { asProblem, notFound } from '../../problem.ts';
import { SCHEMA } from '../../store/migrations.ts';
import { fileBody, idParam, json, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { admit } from '../limits.ts';
import { receive } from '../receive.ts';
import { batchBody, batchSchema, uploadQuery } from '../schemas.ts';
import { acceptStored, discardStored, fetchIntoStore, jsonBody, parsed, wantedOf } from './analyses.ts';

const MOST_FILES = 1000;

export function batchesRoutes(app: OpenAPIHono<Env>, context: Context, wake: () => void): void {
  const { store, blobs, options, metrics } = context;

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/batches',
    summary: 'Analyse many files',
    description: 'A form with up to 1000 files, or JSON with URLs.',
    request: {
      query: uploadQuery.omit({ wait: true, name: true }),
      body: {
        ...fileBody('Files, or URLs', true),
        content: {
          'multipart/form-data': fileBody('', true).content['multipart/form-data'],
          'application/json': { schema: batchBody },
        },
      },
    },
    responses: { 202: json('Accepted; ask at `Location`.', batchSchema), ...problems },
  });
  app.post('/v1/batches', async (http) => {
    const caller = need(http, 'analyst');
    await admit(context, caller, 1);
    const id = newId('ba');
    await store.query(`insert into ${SCHEMA}.batch (id, owner) values ($1, $2)`, [id, caller.id]);
    const refused: { url: string; code: string; message: string }[] = [];
    if (/^application\/json\b/i.test(http.req.header('content-type') ?? '')) {
      const { urls, ...asked } = parsed(batchBody, await jsonBody(http));
      await admit(context, caller, urls.length - 1);
      const wanted = wantedOf(context, asked, caller, 'batch');
      for (const url of urls) {
        try {
          const fetched = await fetchIntoStore(context, url);
          await acceptStored(context, { ...wanted, ...fetched, batch: id });
        } catch (thrown) {
          const { code, text } = asProblem(thrown);
          refused.push({ url, code, message: text[languageOf(http)] });
        }
      }
    } else {
      const query = parsed(uploadQuery, http.req.query());
      const { files, fields } = await receive(http.env.incoming, {
        most: MOST_FILES,
        keep: (part) => blobs.keep(part, options.maxUploadBytes),
        discard: (stored) => discardStored(context, stored),
      });
      await admit(context, caller, files.length - 1);
      const asked = { ...query, ...parsed(uploadQuery.partial(), Object.fromEntries(fields)) };
      const wanted = wantedOf(context, asked, caller, 'batch');
      for (const { name, sha256, bytes } of files) {
        metrics.uploadedBytes.inc(bytes);
        await acceptStored(context, { ...wanted, name, sha256, bytes, batch: id });
      }
    }
    wake();
    const location = `/v1/batches/${id}`;
    const body = { ...(await batchOf(id)), ...(refused.length > 0 && { refused }) };
    return http.json(body, 202, { location, 'retry-after': '2' });
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/batches/{id}',
      summary: 'How a batch goes',
      request: { params: idParam },
      responses: { 200: json('The batch.', batchSchema), ...problems },
    }),
    async (http) => {
      need(http, 'viewer');
      return http.json(await batchOf(http.req.valid('param').id), 200);
    },
  );

  async function batchOf(id: string) {
    const [batch] = isId(id, 'ba')
      ? await store.query<{ created: Date }>(`select created from ${SCHEMA}.batch where id = $1`, [id])
      : [];
    if (!batch) throw notFound({ en: 'there is no such batch', zh: '没有这个批次' });
    const rows = await store.query<Row>(`${SELECT} where a.batch = $1 order by a.id limit ${MOST_FILES}`, [
      id,
    ]);
    const counts: Record<Status, number> = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };
    for (const { status } of rows) counts[status]++;
    return { id, created: new Date(batch.created).toISOString(), counts, items: rows.map(told) };
  }
}

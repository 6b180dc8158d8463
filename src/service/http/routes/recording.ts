/**
 * `/v1/analyses/{id}/recording`: the sound or video of an analysis itself, in ranges as players ask for them, so that who
 * reads of a second can see and hear it. Pictures have their preview; nothing else of a stranger's is handed out again.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Row } from '../../analyses/analysis.ts';
import type { Context } from '../../context.ts';
import type { JobKind } from '../../jobs/job.ts';
import { notFound, Problem } from '../../problem.ts';
import { idParam, problems } from '../documented.ts';
import type { Env } from '../env.ts';
import { need } from '../guard.ts';
import { existing } from '../jobs.ts';
import { storedAnalysis } from './analyses.ts';

export function recordingRoutes(app: OpenAPIHono<Env>, context: Context, kind: JobKind<Row>): void {
  const bytes = z.string().openapi({ format: 'binary' });
  const content = { 'application/octet-stream': { schema: bytes } };
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/analyses/{id}/recording',
    summary: 'The sound or video that was analysed, for a player',
    description: 'Of its own media type. One byte range of a request is honoured (RFC 9110).',
    request: { params: idParam, headers: z.object({ range: z.string().optional() }) },
    responses: {
      200: { description: 'The whole file.', content },
      206: { description: 'The range that was asked for.', content },
      ...problems,
    },
  });
  app.get('/v1/analyses/:id/recording', async (http) => {
    need(http, 'viewer');
    const row = await existing(kind, http.req.param('id'));
    const whole = await storedAnalysis(context, row);
    const path = await context.blobs.path(row.sha256);
    const mime = whole?.outcome === 'analysed' && whole.kind !== 'image' ? whole.container.mime : '';
    if (!path || !/^(audio|video)\/[\w.+-]+$/.test(mime)) {
      throw notFound({ en: 'there is no recording', zh: '没有录制内容' });
    }
    const { size } = await stat(path);
    const range = rangeOf(http.req.header('range'), size);
    const { start, end } = range ?? { start: 0, end: size - 1 };
    const body = Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream;
    return new Response(body, {
      status: range ? 206 : 200,
      headers: {
        'content-type': mime,
        'content-length': String(end - start + 1),
        'accept-ranges': 'bytes',
        'content-disposition': 'attachment',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, no-store',
        ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
      },
    });
  });
}

/** The first and last byte asked for; null for all, as also for several ranges and other units. Throws Problem 416. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (start <= end) return { start, end };
  throw new Problem(
    416,
    'range-not-satisfiable',
    { en: `the file has ${size} bytes`, zh: `文件共 ${size} 字节` },
    { en: 'ask for a range within it', zh: '请请求文件范围内的字节' },
    { headers: { 'content-range': `bytes */${size}` } },
  );
}

/** What a request asks, read and checked. */
import { createHash } from 'node:crypto';
import type { z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import type { Idempotency } from '../jobs/idempotency.ts';
import { badRequest, Problem } from '../problem.ts';
import type { Env } from './env.ts';

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

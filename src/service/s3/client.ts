/**
 * An S3-compatible store over HTTP: requests signed with Signature Version 4, path-style, repeated with growing pauses while
 * the store is busy or out of reach. The one door to aws4fetch, an optional dependency of 7 kB.
 */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as pause } from 'node:timers/promises';
import { type ErrorCode, HuoyanError } from '../../core/errors.ts';
import type { Text } from '../../core/text.ts';
import { type ListedObject, parseListing, textIn } from './listing.ts';
import type { S3Access } from './place.ts';

export interface S3Client {
  /** The answer to a request for an object or, with an empty key, for the bucket: well, or 404. Rejects with HuoyanError. */
  ask(bucket: string, key: string, init: RequestInit): Promise<Response>;
  /** Every object whose key begins with `prefix`, in the store's order, a page at a time. Rejects with HuoyanError. */
  list(bucket: string, prefix: string): AsyncGenerator<ListedObject>;
  /**
   * Copies an object to the new file `to` and returns what the store said of it; null when there is none. Whole or not at
   * all. Rejects with HuoyanError, `too-large` beyond `limit` bytes.
   */
  download(bucket: string, key: string, to: string, limit?: number): Promise<Headers | null>;
}

export interface S3ClientOptions {
  /** The first pause before a repetition, in milliseconds; each further one is twice as long, and a random part of it. */
  readonly pauseMs?: number;
}

const ATTEMPTS = 6;
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A page of 1000 keys of 1024 bytes each, percent-encoded, with what stands around them. */
const LARGEST_PAGE_BYTES = 16 * 2 ** 20;
const LARGEST_ERROR_BYTES = 65_536;

/** Opens the client; asks nothing yet. Rejects with HuoyanError `component-missing`. */
export async function s3Client(access: S3Access, options: S3ClientOptions = {}): Promise<S3Client> {
  const { AwsClient } = await import('aws4fetch').catch((cause) => {
    throw new HuoyanError(
      'component-missing',
      { en: 'the package aws4fetch is not installed', zh: '未安装软件包 aws4fetch' },
      { en: 'run: npm install aws4fetch', zh: '请运行：npm install aws4fetch' },
      { cause },
    );
  });
  const { accessKeyId, secretAccessKey, sessionToken, region, endpoint } = access;
  const client = new AwsClient({
    ...{ accessKeyId, secretAccessKey, sessionToken, region },
    ...{ service: 's3', retries: 0 },
  });

  /** Pauses before attempt `next`; at least as long as the store asked for. */
  async function rest(next: number, response?: Response): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, (options.pauseMs ?? PAUSE_MS) * 2 ** (next - 1));
    const asked = Number(response?.headers.get('retry-after') ?? 0) * 1000;
    await pause(Math.max(longest * (0.5 + Math.random() / 2), Math.min(asked || 0, LONGEST_PAUSE_MS)));
  }

  async function request(url: string, init: RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      let response: Response | undefined;
      try {
        response = await client.fetch(url, { ...init, redirect: 'manual' });
      } catch (cause) {
        if (attempt === ATTEMPTS) throw unreachable(endpoint, cause);
      }
      if (response && response.status < 500 && response.status !== 429) return response;
      if (response && attempt === ATTEMPTS) return response;
      await response?.body?.cancel();
      await rest(attempt, response);
    }
  }

  async function ask(bucket: string, key: string, init: RequestInit, query = ''): Promise<Response> {
    const response = await request(urlOf(endpoint, bucket, key) + query, init);
    if (response.ok || response.status === 404) return response;
    throw await refusal(response, init.method ?? 'GET', region);
  }

  return {
    ask: (bucket, key, init) => ask(bucket, key, init),

    async *list(bucket, prefix) {
      for (let token: string | null = null; ; ) {
        const query = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url', prefix });
        if (token !== null) query.set('continuation-token', token);
        // As it is signed: a space is %20, never a plus.
        const text = query.toString().replaceAll('+', '%20');
        const response = await ask(bucket, '', { method: 'GET' }, `?${text}`);
        if (response.status === 404) {
          await response.body?.cancel();
          throw noBucket(bucket);
        }
        const page = parseListing(await bounded(response, LARGEST_PAGE_BYTES));
        if (!page || (page.next !== null && page.next === token)) throw strange(endpoint);
        yield* page.objects;
        if (page.next === null) return;
        token = page.next;
      }
    },

    async download(bucket, key, to, limit = Number.POSITIVE_INFINITY) {
      for (let attempt = 1; ; attempt++) {
        const response = await ask(bucket, key, { method: 'GET' });
        if (!response.ok || !response.body) {
          await response.body?.cancel();
          return null;
        }
        const bytes = Number(response.headers.get('content-length') ?? Number.NaN);
        try {
          if (bytes > limit) throw tooLarge(limit);
          const target = createWriteStream(to, { flags: 'wx', mode: 0o600 });
          const counted = counting(limit);
          await pipeline(Readable.fromWeb(response.body as ReadableStream), counted.stream, target);
          if (Number.isFinite(bytes) && counted.bytes() !== bytes) throw new Error('the answer was cut off');
          return response.headers;
        } catch (cause) {
          await rm(to, { force: true });
          if (cause instanceof HuoyanError) {
            await response.body.cancel().catch(() => {});
            throw cause;
          }
          if (attempt === ATTEMPTS) throw unreachable(endpoint, cause);
          await rest(attempt);
        }
      }
    },
  };
}

/** The URL of an object. Throws HuoyanError for a key that no URL can hold. */
function urlOf(endpoint: string, bucket: string, key: string): string {
  const parts = key.split('/');
  // A URL without them is another URL, and every client on the way takes them out.
  if (parts.some((part) => part === '.' || part === '..')) {
    throw new HuoyanError(
      'bad-argument',
      { en: 'the key has a part "." or ".."', zh: '对象键中含有“.”或“..”一段' },
      { en: 'copy the object to another key', zh: '请将该对象复制为其他键名' },
    );
  }
  return `${endpoint}/${[bucket, ...parts].map(encoded).join('/')}`;
}

/** Percent-encoding as RFC 3986 has it: the form that is signed. */
const encoded = (part: string) =>
  encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function counting(limit: number): { readonly stream: Transform; bytes(): number } {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes };
}

/** The text of an answer, no more than `limit` bytes of it. */
async function bounded(response: Response, limit: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > limit) break;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What to tell of an answer that is neither well nor 404. */
async function refusal(response: Response, method: string, region: string): Promise<HuoyanError> {
  const { status, headers } = response;
  const body = await bounded(response, LARGEST_ERROR_BYTES).catch(() => '');
  const reason = textIn(body, 'Code')?.slice(0, 80);
  const said = reason === undefined ? String(status) : `${status} ${reason}`;
  const text = {
    en: `the S3 store answered ${said} to ${method}`,
    zh: `S3 存储对 ${method} 请求返回 ${said}`,
  };
  const elsewhere = headers.get('x-amz-bucket-region');
  if (status >= 300 && status < 400) {
    return failed('bad-argument', text, {
      en: `the bucket is in another region${elsewhere ? ` (${elsewhere})` : ''} than ${region}: set AWS_REGION`,
      zh: `该桶不在区域 ${region}${elsewhere ? `，而在 ${elsewhere}` : ''}：请设置 AWS_REGION`,
    });
  }
  if (status === 401 || status === 403) {
    return failed('permission-denied', text, {
      en: 'check the credentials, what they may read, and the clock of this machine',
      zh: '请检查访问凭据及其权限，以及本机时钟',
    });
  }
  return failed('internal', text, {
    en: 'check the address of the store, and whether it is well',
    zh: '请检查存储地址及其运行状况',
  });
}

const failed = (code: ErrorCode, text: Text, hint: Text, cause?: unknown) =>
  new HuoyanError(code, text, hint, { cause });

const unreachable = (endpoint: string, cause: unknown) =>
  failed(
    'internal',
    { en: `the S3 store at ${endpoint} cannot be reached`, zh: `无法访问 ${endpoint} 处的 S3 存储` },
    {
      en: `tried ${ATTEMPTS} times; check the address and the network, then run again`,
      zh: `已尝试 ${ATTEMPTS} 次；请检查地址与网络后重新运行`,
    },
    cause,
  );

const strange = (endpoint: string) =>
  failed(
    'internal',
    { en: `what answers at ${endpoint} is no S3 store`, zh: `${endpoint} 处的应答不是 S3 存储的列表` },
    { en: 'check the address of the store', zh: '请检查存储地址' },
  );

export const noBucket = (bucket: string) =>
  failed(
    'not-found',
    { en: `there is no such bucket: ${bucket}`, zh: `没有这个桶：${bucket}` },
    { en: 'check its name, and the address of the store', zh: '请检查桶名与存储地址' },
  );

const tooLarge = (limit: number) =>
  failed(
    'too-large',
    {
      en: `the object is larger than ${Math.floor(limit / 2 ** 20)} MB`,
      zh: `对象超过 ${Math.floor(limit / 2 ** 20)} MB`,
    },
    { en: 'examine an excerpt or a smaller copy', zh: '请检验其片段或缩小后的副本' },
  );

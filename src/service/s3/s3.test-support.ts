/**
 * An S3-compatible store on the loopback address, in memory. It checks every signature by itself (AWS Signature Version 4,
 * written from its description and not from the client), and refuses what is not signed well.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Store {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Requests with 503 before the next is served, to see them repeated. */
  failNext: number;
  /** Objects whose next copies break off in the middle. */
  cutNext: number;
  /** Keys on a page of a listing. */
  pageSize: number;
  /** Whether keys are percent-encoded when a client asks for it. */
  encodes: boolean;
  /** What was asked, as `GET key`. */
  readonly asked: string[];
  stop(): Promise<void>;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const etag = (data: Buffer) => `"${createHash('md5').update(data).digest('hex')}"`;
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

export async function s3Store(credentials: { id: string; secret: string; bucket: string }): Promise<S3Store> {
  const objects = new Map<string, Buffer>();

  function signedWell(request: IncomingMessage, body: Buffer): boolean {
    const { headers, method = 'GET', url = '/' } = request;
    const said =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
        headers.authorization ?? '',
      );
    const hash = headers['x-amz-content-sha256'];
    if (!said || said[1] !== credentials.id) return false;
    if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body)) return false;
    const [, , scope, names, signature] = said;
    const { pathname, searchParams } = new URL(url, 'http://store');
    const canonical = [
      method,
      pathname,
      [...searchParams]
        .map((pair) => pair.map(encoded).join('='))
        .sort()
        .join('&'),
      ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
      '',
      names,
      String(hash),
    ].join('\n');
    const [day, region, service] = scope.split('/');
    const stated = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
    const key = hmac(hmac(hmac(hmac(`AWS4${credentials.secret}`, day), region), service), 'aws4_request');
    return hmac(key, stated).toString('hex') === signature;
  }

  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const end = (status: number, data?: Buffer) => response.writeHead(status).end(data);
    if (store.failNext > 0) {
      store.failNext--;
      return end(503);
    }
    if (!signedWell(request, body)) return end(403);
    const url = new URL(request.url ?? '/', 'http://store');
    const [, bucket, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const name = rest.join('/');
    store.asked.push(`${request.method} ${name}`);
    if (bucket !== credentials.bucket) return end(404);
    if (name === '' && request.method === 'GET') return end(200, Buffer.from(listing(url.searchParams)));
    if (request.method === 'PUT') objects.set(name, body);
    else if (request.method === 'DELETE') objects.delete(name);
    else return sent(name, request, response);
    return end(200);
  });

  /** ListObjectsV2, keys in the order of their bytes. */
  function listing(query: URLSearchParams): string {
    const after = query.get('continuation-token');
    const byUrl = store.encodes && query.get('encoding-type') === 'url';
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(query.get('prefix') ?? ''))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const start = after === null ? 0 : Number(Buffer.from(after, 'base64'));
    const page = keys.slice(start, start + store.pageSize);
    const next = start + page.length < keys.length ? String(start + page.length) : null;
    const contents = page.map((key) => {
      const data = objects.get(key) as Buffer;
      const said = byUrl ? encoded(key).replaceAll('%20', '+').replaceAll('%2F', '/') : escaped(key);
      return `<Contents><Key>${said}</Key><ETag>${escaped(etag(data))}</ETag><Size>${data.length}</Size></Contents>`;
    });
    return `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${next !== null}</IsTruncated>${byUrl ? '<EncodingType>url</EncodingType>' : ''}${contents.join('')}${next === null ? '' : `<NextContinuationToken>${Buffer.from(next).toString('base64')}</NextContinuationToken>`}</ListBucketResult>`;
  }

  function sent(name: string, request: IncomingMessage, response: ServerResponse): void {
    const data = objects.get(name);
    if (!data) return void response.writeHead(404).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const part = range ? data.subarray(Number(range[1]), Number(range[2]) + 1) : data;
    response.writeHead(range ? 206 : 200, { etag: etag(data), 'content-length': part.length });
    if (request.method === 'HEAD') return void response.end();
    if (store.cutNext === 0) return void response.end(part);
    store.cutNext--;
    response.write(part.subarray(0, part.length >> 1), () => response.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const store: S3Store = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    failNext: 0,
    cutNext: 0,
    pageSize: 1000,
    encodes: true,
    asked: [],
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  return store;
}

/**
 * An S3-compatible store on the loopback address, in memory. It checks every signature by itself (AWS Signature Version 4,
 * written from its description and not from the client), and refuses what is not signed well.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Store {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Requests with 503 before the next is served, to see them repeated. */
  failNext: number;
  stop(): Promise<void>;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
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
        .map((pair) => pair.map(encodeURIComponent).join('='))
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
    const [, bucket, ...rest] = new URL(request.url ?? '/', 'http://store').pathname.split('/');
    const name = rest.join('/');
    if (bucket !== credentials.bucket) return end(404);
    if (request.method === 'PUT') objects.set(name, body);
    else if (request.method === 'DELETE') objects.delete(name);
    else return objects.has(name) ? end(200, objects.get(name)) : end(404);
    return end(200);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const store: S3Store = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    failNext: 0,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  return store;
}

/**
 * A shelf on an S3-compatible store: four requests (PUT, GET, HEAD, DELETE) signed with Signature Version 4, path-style. The
 * one door to aws4fetch, an optional dependency of 7 kB.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { HuoyanError } from '../../core/errors.ts';
import type { Shelf } from './shelf.ts';

export interface S3Place {
  /** `https://s3.example.org`, where the bucket is the first part of the path. */
  readonly endpoint: string;
  readonly bucket: string;
  /** In front of every name; empty or ending with a slash. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * The place that `s3://BUCKET/PREFIX?endpoint=https://…&region=…` names, with the credentials of the environment
 * (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`). Throws HuoyanError `bad-argument`.
 */
export function s3PlaceOf(address: string, env: NodeJS.ProcessEnv): S3Place {
  const url = new URL(URL.canParse(address) ? address : 'none:');
  const region = url.searchParams.get('region') ?? env.AWS_REGION ?? 'us-east-1';
  const endpoint = url.searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const named = url.protocol === 's3:' && url.hostname !== '' && /^https?:\/\/[^/]+\/?$/.test(endpoint);
  if (!named || !accessKeyId || !secretAccessKey) {
    throw new HuoyanError(
      'bad-argument',
      named
        ? { en: 'there are no credentials for the store of blobs', zh: '缺少对象存储的访问凭据' }
        : { en: `"${address}" names no store of blobs`, zh: `“${address}”不是有效的对象存储地址` },
      {
        en: 's3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY set',
        zh: 's3://桶/前缀?endpoint=https://主机&region=区域，并设置 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY',
      },
    );
  }
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  return {
    endpoint: endpoint.replace(/\/$/, ''),
    bucket: url.hostname,
    prefix: path && `${path}/`,
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken: env.AWS_SESSION_TOKEN,
  };
}

const RETRIES = 4;

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Opens the shelf; asks nothing yet. Rejects with HuoyanError `component-missing`. */
export async function s3Shelf(place: S3Place): Promise<Shelf> {
  const { AwsClient } = await import('aws4fetch').catch((cause) => {
    throw new HuoyanError(
      'component-missing',
      { en: 'the package aws4fetch is not installed', zh: '未安装软件包 aws4fetch' },
      { en: 'run: npm install aws4fetch', zh: '请运行：npm install aws4fetch' },
      { cause },
    );
  });
  const { accessKeyId, secretAccessKey, sessionToken, region, endpoint, bucket, prefix } = place;
  const client = new AwsClient({
    ...{ accessKeyId, secretAccessKey, sessionToken, region },
    ...{ service: 's3', retries: RETRIES },
  });
  const urlOf = (name: string) =>
    `${endpoint}/${encodeURIComponent(bucket)}/${prefix}${encodeURIComponent(name)}`;

  /** An answer that is well, or 404. */
  async function ask(name: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await client.fetch(urlOf(name), init);
    } catch (cause) {
      throw trouble('no answer', cause);
    }
    if (response.ok || response.status === 404) return response;
    await response.body?.cancel();
    throw trouble(`${init.method} answered ${response.status}`);
  }

  return {
    async put(name, path) {
      const headers = { 'x-amz-content-sha256': await sha256Of(path) };
      const response = await ask(name, { method: 'PUT', headers, body: await openAsBlob(path) });
      await response.body?.cancel();
      if (!response.ok) throw trouble('there is no such bucket');
      await rm(path, { force: true });
    },
    async take(name, to) {
      const response = await ask(name, { method: 'GET' });
      if (!response.ok || !response.body) {
        await response.body?.cancel();
        return false;
      }
      try {
        const target = createWriteStream(to, { flags: 'wx', mode: 0o600 });
        await pipeline(Readable.fromWeb(response.body as ReadableStream), target);
      } catch (cause) {
        await rm(to, { force: true });
        throw trouble('the answer broke off', cause);
      }
      return true;
    },
    async has(name) {
      return (await ask(name, { method: 'HEAD' })).ok;
    },
    async remove(name) {
      const response = await ask(name, { method: 'DELETE' });
      await response.body?.cancel();
    },
  };
}

function trouble(what: string, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'internal',
    { en: `the store of blobs: ${what}`, zh: `对象存储出错：${what}` },
    {
      en: 'check --blobs, the credentials and whether the store can be reached',
      zh: '请检查 --blobs、访问凭据以及存储是否可达',
    },
    { cause },
  );
}

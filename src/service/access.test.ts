import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../core/errors.ts';
import { isPublicAddress } from './fetch/address.ts';
import { fetchUrl } from './fetch/fetch.ts';
import { type TestService, testService } from './test-service.test-support.ts';

/** A service that strangers could reach: on every address, with a key, and few requests a second. */
let one: TestService;
let refused: unknown;
const ROOT_KEY = 'root-key-for-this-test';
beforeAll(async () => {
  const data = await mkdtemp(join(tmpdir(), 'huoyan-service-'));
  refused = await testService({ host: '0.0.0.0', data }).catch((error) => error);
  one = await testService({
    data,
    host: '0.0.0.0',
    apiKey: ROOT_KEY,
    requestsPerSecond: 20,
    maxWaiting: 2,
    workers: 0,
  });
}, 120_000);
afterAll(() => one.stop());

const at = (path: string) => new URL(path, one.url.replace('0.0.0.0', '127.0.0.1'));
const as = (key: string, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { authorization: `Bearer ${key}`, ...init.headers },
});
const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function makeKey(role: string, daily: number | null = null) {
  const response = await fetch(at('/v1/keys'), as(ROOT_KEY, post({ name: role, role, daily })));
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; key: string };
}

describe('a service that others can reach', () => {
  it('does not start without a key', () => {
    expect(refused).toBeInstanceOf(HuoyanError);
    expect((refused as HuoyanError).code).toBe('bad-argument');
  });

  it('asks for a key, and lets everybody do what the role allows', async () => {
    expect((await fetch(at('/v1/analyses'))).status).toBe(401);
    expect((await fetch(at('/v1/analyses'), as('wrong'))).status).toBe(401);
    expect((await fetch(at('/metrics'))).status).toBe(401);
    expect((await fetch(at('/healthz'))).status).toBe(200);
    const viewer = await makeKey('viewer');
    expect((await fetch(at('/v1/analyses'), as(viewer.key))).status).toBe(200);
    const upload = { method: 'POST', body: Uint8Array.from([1]) };
    expect((await fetch(at('/v1/analyses'), as(viewer.key, upload))).status).toBe(403);
    expect((await fetch(at('/v1/keys'), as(viewer.key))).status).toBe(403);
    const listed = await (await fetch(at('/v1/keys'), { headers: { 'x-api-key': ROOT_KEY } })).json();
    expect(JSON.stringify(listed)).not.toContain(viewer.key);
    const { store } = one.service.context;
    const stored = await store.query<{ hash: string }>('select hash from huoyan_service.api_key');
    expect(stored.map(({ hash }) => hash)).not.toContain(viewer.key);
    expect((await fetch(at(`/v1/keys/${viewer.id}`), as(ROOT_KEY, { method: 'DELETE' }))).status).toBe(204);
    expect((await fetch(at('/v1/analyses'), as(viewer.key))).status).toBe(401);
  });

  it('opens with a key for one area only that area, in a session as well', async () => {
    const wanted = { name: 'door', role: 'analyst', scopes: ['gate'] };
    const made = await (await fetch(at('/v1/keys'), as(ROOT_KEY, post(wanted)))).json();
    const status = async (path: string, init: RequestInit = {}) =>
      (await fetch(at(path), as(made.key, init))).status;
    for (const path of ['analyses', 'batches', 'sources', 'audits', 'cases', 'keys', 'nothing'])
      expect([path, await status(`/v1/${path}`)]).toEqual([path, 403]);
    expect(await status('/v1/session')).toBe(200);
    expect(await status('/v1/gate', { method: 'POST', body: Uint8Array.from([1]) })).toBe(200);
    const opened = await fetch(at('/v1/session'), post({ key: made.key }));
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0];
    expect((await fetch(at('/v1/analyses'), { headers: { cookie } })).status).toBe(403);
    const { items } = await (await fetch(at('/v1/keys'), as(ROOT_KEY))).json();
    expect(items.find(({ id }: { id: string }) => id === made.id).scopes).toEqual(['gate']);
    const strange = { name: 'x', role: 'viewer', scopes: ['everything'] };
    expect((await fetch(at('/v1/keys'), as(ROOT_KEY, post(strange)))).status).toBe(400);
  });

  it('gives the page a session whose changes need a token', async () => {
    const opened = await fetch(at('/v1/session'), post({ key: ROOT_KEY }));
    const cookie = opened.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const { csrf } = await opened.json();
    const headers = { cookie: cookie.split(';')[0] };
    expect((await fetch(at('/v1/keys'), { headers })).status).toBe(200);
    const body = post({ name: 'x', role: 'viewer' });
    const plain = await fetch(at('/v1/keys'), { ...body, headers: { ...body.headers, ...headers } });
    expect(plain.status).toBe(403);
    const withToken = { ...body.headers, ...headers, 'x-huoyan-csrf': csrf };
    expect((await fetch(at('/v1/keys'), { ...body, headers: withToken })).status).toBe(201);
    expect((await fetch(at('/v1/session'), { method: 'DELETE', headers: withToken })).status).toBe(204);
    expect((await fetch(at('/v1/keys'), { headers })).status).toBe(401);
    expect((await fetch(at('/v1/session'), post({ key: 'wrong' }))).status).toBe(401);
  });

  it('turns away what is more than a key, or than the queue, may hold', async () => {
    const small = await makeKey('analyst', 1);
    const upload = (key: string, byte: number) =>
      fetch(at('/v1/analyses'), as(key, { method: 'POST', body: Uint8Array.from([byte]) }));
    expect((await upload(small.key, 1)).status).toBe(202);
    const spent = await upload(small.key, 2);
    expect(spent.status).toBe(429);
    expect(await spent.json()).toMatchObject({ code: 'quota-used', limit: 1 });
    expect((await upload(ROOT_KEY, 3)).status).toBe(202);
    const full = await upload(ROOT_KEY, 4);
    expect(full.status).toBe(429);
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await full.json()).toMatchObject({ code: 'queue-full', waiting: 2, limit: 2 });
  });

  it('limits how fast one caller asks', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 70 }, () => fetch(at('/v1/session'), as(ROOT_KEY)).then(({ status }) => status)),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(20);
  });
});

describe('addresses a URL may lead to', () => {
  it('are those of the public internet', () => {
    for (const address of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001::5'])
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    for (const address of [
      ...[
        '127.0.0.1',
        '10.1.2.3',
        '172.16.0.1',
        '172.31.255.255',
        '192.168.1.1',
        '169.254.169.254',
        '0.0.0.0',
      ],
      ...['100.64.0.1', '192.0.2.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', 'localhost', ''],
      ...[
        '::1',
        '::',
        'fe80::1',
        'fc00::1',
        'fd12:3456::1',
        '::ffff:127.0.0.1',
        '::ffff:8.8.8.8',
        '64:ff9b::7f00:1',
      ],
      ...['2002:7f00:1::', '2001::1', '2001:db8::1', 'ff02::1'],
    ])
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });

  it('never are what a private network holds, however it is written', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.constantFrom(10, 127, 0), octet, octet, octet, (a, b, c, d) => {
        expect(isPublicAddress([a, b, c, d].join('.'))).toBe(false);
        expect(isPublicAddress(`::ffff:${[a, b, c, d].join('.')}`)).toBe(false);
      }),
    );
  });

  it('are looked at in every form a URL has for them, and behind every name', async () => {
    const options = { allowPrivate: false, timeoutMs: 2000, redirects: 3 };
    for (const url of [
      ...['http://127.0.0.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://[::1]/'],
      ...[
        'http://[::ffff:127.0.0.1]/',
        'http://169.254.169.254/latest/meta-data/',
        'http://localhost/',
        'ftp://8.8.8.8/',
      ],
      ...['file:///etc/passwd', 'http://8.8.8.8:22/', 'http://user@127.0.0.1/', 'nonsense'],
    ]) {
      const error = await fetchUrl(url, options).catch((thrown) => thrown);
      expect([url, (error as HuoyanError).code]).toEqual([url, 'bad-argument']);
    }
  });
});

import { createHash, createHmac } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HuoyanClient, HuoyanProblem } from '../client/index.ts';
import { Random } from '../core/random.ts';
import { analysisRecordSchema, clusterRecordSchema, traceRecordSchema } from '../report/index.ts';
import { entries, verify } from './log/chain.ts';
import { type TestService, testService } from './test-service.test-support.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
let one: TestService;
let signed: Buffer;
let serial = 0;

/** A small PNG that no other has the bytes of. */
function picture(): Promise<Buffer> {
  const background = { r: serial++ % 256, g: 90, b: 120 };
  return sharp({ create: { width: 48, height: 40, channels: 3, background } })
    .withExif({ IFD0: { ImageDescription: `picture ${serial}` } })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  signed = await readFile(join(ROOT, 'examples/rendered-with-aigc-label.jpg'));
  one = await testService({ allowPrivateUrls: true });
}, 120_000);
afterAll(() => one.stop());

const at = (path: string) => new URL(path, one.url);

function form(...files: [string, Uint8Array][]): FormData {
  const data = new FormData();
  for (const [name, bytes] of files) data.append('file', new Blob([Uint8Array.from(bytes)]), name);
  return data;
}

async function send(bytes: Uint8Array, query = 'stability=false&wait=60', init: RequestInit = {}) {
  const response = await fetch(at(`/v1/analyses?${query}`), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(bytes),
    ...init,
  });
  return { response, body: await response.json() };
}

/** With a header that fetch does not let one set. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(at(path), { method, headers }, (response) => {
      response.resume();
      resolve(response);
    })
      .on('error', reject)
      .end();
  });
}

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = await response.json();
  expect(body).toMatchObject({ status: response.status, code: expect.any(String), hint: expect.any(String) });
  return body as { code: string; title: string };
}

async function blobCount(): Promise<number> {
  const files = await readdir(join(one.data, 'blobs'), { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).length;
}

describe('an analysis', () => {
  it('is accepted, runs and gives the record of huoyan analyze, in both languages', async () => {
    const accepted = await fetch(at('/v1/analyses?stability=false'), {
      method: 'POST',
      body: form(['../../etc/pass wd.jpg', signed]),
    });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('retry-after')).toBe('1');
    const location = accepted.headers.get('location') as string;
    const first = await accepted.json();
    expect(first).toMatchObject({
      status: expect.stringMatching(/queued|running/),
      result: null,
      name: 'pass wd.jpg',
    });
    const done = await (await fetch(at(`${location}?wait=60`))).json();
    expect(done).toMatchObject({ id: first.id, status: 'succeeded', summary: { label: 'synthetic' } });
    const record = analysisRecordSchema.parse(done.result);
    expect(record).toMatchObject({ file: 'pass wd.jpg', language: 'en', sha256: done.sha256 });
    const chinese = await (
      await fetch(at(location), { headers: { 'accept-language': 'zh-CN,en;q=0.5' } })
    ).json();
    expect(chinese.result.language).toBe('zh');
    const report = await fetch(at(done.links.report));
    expect(report.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await report.text()).toContain('pass wd.jpg');
    const preview = Buffer.from(await (await fetch(at(done.links.preview))).arrayBuffer());
    expect((await sharp(preview).metadata()).format).toBe('jpeg');
    const maps = await (await fetch(at(`${location}?maps=true`))).json();
    expect(analysisRecordSchema.parse(maps.result).sha256).toBe(done.sha256);
  });

  it('of content that is known is not made again, and its parts are erased with the last request', async () => {
    const bytes = await picture();
    const before = await blobCount();
    const a = (await send(bytes)).body;
    const { response, body: b } = await send(bytes, 'stability=false&name=again.png');
    expect(response.status).toBe(200);
    expect(b.result).toMatchObject({ file: 'again.png', sha256: a.sha256 });
    expect(b.id).not.toBe(a.id);
    expect(b.finished).toBe(a.finished);
    expect((await fetch(at(a.links.self), { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(at(b.links.self))).status).toBe(200);
    expect(await blobCount()).toBe(before + 2);
    expect((await fetch(at(b.links.self), { method: 'DELETE' })).status).toBe(204);
    expect(await problemOf(await fetch(at(b.links.self)))).toMatchObject({ code: 'not-found' });
    expect(await blobCount()).toBe(before);
    const { store } = one.service.context;
    expect(await store.query('select 1 from huoyan_service.work where sha256 = $1', [a.sha256])).toEqual([]);
  });

  it('of a file that is none fails with the reason, and no upload is too strange', async () => {
    const zip = Buffer.from('504b0304140000000000', 'hex');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    for (const bytes of [Buffer.from('no picture'), signed.subarray(0, 3000), zip, svg]) {
      const { body } = await send(bytes);
      expect(body.status).toBe('failed');
      expect(body.result.error).toMatchObject({ code: expect.any(String), hint: expect.any(String) });
      expect(body.result.error.message).not.toContain(one.data);
    }
  });

  it('can be followed, and listed by cursor', async () => {
    const { body } = await send(await picture(), 'stability=false');
    const stream = await fetch(at(body.links.events));
    const events = [...(await stream.text()).matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data));
    expect(events.at(-1)).toMatchObject({ id: body.id, status: 'succeeded', result: { file: 'file' } });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await (await fetch(at(`/v1/analyses?limit=2${cursor && `&cursor=${cursor}`}`))).json();
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.next ?? '';
    } while (cursor);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen[0]).toBe(body.id);
  });

  it('is carried out once for one Idempotency-Key, which is good for one request', async () => {
    const bytes = await picture();
    const headers = { 'idempotency-key': 'k-1', 'content-type': 'application/octet-stream' };
    const [a, b] = [await send(bytes, 'wait=60', { headers }), await send(bytes, 'wait=60', { headers })];
    expect(b.body.id).toBe(a.body.id);
    const other = await fetch(at('/v1/analyses'), {
      method: 'POST',
      headers,
      body: Uint8Array.from(await picture()),
    });
    expect(other.status).toBe(422);
    expect(await problemOf(other)).toMatchObject({ code: 'idempotency-key-reused' });
  });

  it('can be cancelled', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, async () => send(await picture(), '')));
    const last = all[3].body;
    const cancelled = await (await fetch(at(`${last.links.self}/cancel`), { method: 'POST' })).json();
    expect(['cancelled', 'succeeded']).toContain(cancelled.status);
    for (const { body } of all.slice(0, 3)) {
      const done = await (await fetch(at(`${body.links.self}?wait=60`))).json();
      expect(done.status).toBe('succeeded');
    }
    const after = await (await fetch(at(last.links.self))).json();
    expect(after.status).toBe(cancelled.status);
  });
});

describe('the client', () => {
  it('calls every operation by its name, and waits for a result', async () => {
    const huoyan = new HuoyanClient({ url: one.url, language: 'zh' });
    const { id, status, result } = await huoyan.analyse(await picture(), { name: 'c.png', stability: false });
    expect(status).toBe('succeeded');
    expect(result).toMatchObject({ file: 'c.png', language: 'zh' });
    const report = await huoyan.request('GET /v1/analyses/{id}/report', { path: { id } });
    expect(await report.text()).toContain('<html');
    await huoyan.request('DELETE /v1/analyses/{id}', { path: { id } });
    const gone = await huoyan.request('GET /v1/analyses/{id}', { path: { id } }).catch((error) => error);
    expect(gone).toBeInstanceOf(HuoyanProblem);
    expect(gone).toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('a batch', () => {
  it('holds many files', async () => {
    const files = await Promise.all(['a.png', 'b.png'].map(async (name) => [name, await picture()] as const));
    const response = await fetch(at('/v1/batches?stability=false'), {
      method: 'POST',
      body: form(...files.map(([name, bytes]): [string, Uint8Array] => [name, bytes]), [
        'c.txt',
        Buffer.from('x'),
      ]),
    });
    expect(response.status).toBe(202);
    const { id, items } = await response.json();
    expect(items).toHaveLength(3);
    for (const { links } of items) await fetch(at(`${links.self}?wait=60`));
    const batch = await (await fetch(at(`/v1/batches/${id}`))).json();
    expect(batch.counts).toMatchObject({ succeeded: 2, failed: 1, queued: 0, running: 0 });
  });
});

describe('a URL', () => {
  it('is fetched, and whoever asked is told by a signed webhook', async () => {
    const bytes = await picture();
    let heard: (told: { headers: IncomingMessage['headers']; body: string }) => void = () => {};
    const told = new Promise<{ headers: IncomingMessage['headers']; body: string }>((resolve) => {
      heard = resolve;
    });
    let refusals = 0;
    const other = createServer(async (asked, answer) => {
      if (asked.method === 'GET' && asked.url === '/away') {
        answer.writeHead(302, { location: '/real%20one.png' }).end();
      } else if (asked.method === 'GET') answer.end(bytes);
      else {
        const parts: Buffer[] = [];
        for await (const part of asked) parts.push(part as Buffer);
        // The first attempt is refused; a webhook does not give up at once.
        if (refusals++ === 0) answer.writeHead(503).end();
        else {
          answer.end();
          heard({ headers: asked.headers, body: Buffer.concat(parts).toString() });
        }
      }
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { body } = await send(Buffer.alloc(0), 'wait=60', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${base}/away`, stability: false, webhook: `${base}/hook` }),
    });
    expect(body).toMatchObject({
      status: 'succeeded',
      name: 'real one.png',
      source: `${base}/real%20one.png`,
    });
    expect(body.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const { headers, body: message } = await told;
    const { secret } = await (await fetch(at('/v1/webhook-secret'))).json();
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${message}`;
    const signature = createHmac('sha256', key).update(text).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(JSON.parse(message)).toMatchObject({ type: 'analysis.succeeded', data: { id: body.id } });
    other.close();
  });
});

describe('the door', () => {
  it('lets in only who calls it by its name, from its own pages', async () => {
    expect((await raw('/healthz', { host: 'evil.example' })).statusCode).toBe(421);
    expect((await raw('/v1/analyses', { host: 'evil.example:8080' })).statusCode).toBe(421);
    expect((await raw('/healthz', { host: new URL(one.url).host })).statusCode).toBe(200);
    const foreign = { origin: 'https://evil.example' };
    expect((await raw('/v1/analyses', foreign)).statusCode).toBe(403);
    expect((await raw('/v1/analyses', { origin: 'null' })).statusCode).toBe(403);
    expect((await raw('/v1/keys', { 'sec-fetch-site': 'cross-site' }, 'POST')).statusCode).toBe(403);
    expect((await raw('/v1/analyses', { origin: one.url.replace(/\/$/, '') })).statusCode).toBe(200);
  });

  it('answers wrong requests with a problem', async () => {
    const bad: [string, RequestInit, number, string][] = [
      ['/v1/nothing', {}, 404, 'not-found'],
      ['/v1/analyses/an_..%2f..%2fetc', {}, 404, 'not-found'],
      ['/v1/analyses?cursor=x', {}, 400, 'bad-argument'],
      ['/v1/analyses?limit=0', {}, 400, 'bad-argument'],
      ['/v1/analyses?prior=2', { method: 'POST', body: new Uint8Array([1]) }, 400, 'bad-argument'],
      [
        '/v1/analyses',
        { method: 'POST', body: 'hello', headers: { 'content-type': 'text/plain' } },
        415,
        'unsupported-media-type',
      ],
      [
        '/v1/analyses',
        { method: 'POST', headers: { 'content-type': 'application/octet-stream' } },
        422,
        'empty',
      ],
      [
        '/v1/analyses',
        { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
        400,
        'bad-argument',
      ],
      ['/v1/analyses', { method: 'POST', body: new FormData() }, 400, 'bad-argument'],
      [
        '/v1/analyses',
        { method: 'POST', body: '--x\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
        400,
        'bad-argument',
      ],
    ];
    const before = await blobCount();
    for (const [path, init, status, code] of bad) {
      const response = await fetch(at(path), init);
      expect([path, response.status]).toEqual([path, status]);
      expect((await problemOf(response)).code).toBe(code);
    }
    expect(await blobCount()).toBe(before);
    const chinese = await fetch(at('/v1/nothing?language=zh'));
    expect((await problemOf(chinese)).title).toContain('没有内容');
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const before = await blobCount();
    await new Promise<void>((resolve) => {
      const cut = request(at('/v1/analyses'), {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '100000' },
      });
      cut.on('error', () => resolve());
      cut.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n');
      cut.write(signed.subarray(0, 20_000));
      setTimeout(() => cut.destroy(), 100);
      cut.on('close', () => resolve());
    });
    await expect.poll(blobCount).toBe(before);
  });

  it('describes itself as schemas/openapi.json says', async () => {
    const document = await (await fetch(at('/v1/openapi.json'))).json();
    expect(document.openapi).toBe('3.1.0');
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../../schemas/openapi.json');
  });

  it('is ready, and counts', async () => {
    expect((await fetch(at('/readyz'))).status).toBe(200);
    const metrics = await (await fetch(at('/metrics'))).text();
    expect(metrics).toMatch(/huoyan_work_finished_total\{status="succeeded"\} [1-9]/);
    expect(metrics).toContain('route="/v1/analyses/:id"');
  });
});

describe('the gate', () => {
  const gate = async (bytes: Uint8Array, query = '') => {
    const body = Uint8Array.from(bytes);
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await fetch(at(`/v1/gate${query}`), { method: 'POST', headers, body });
    expect(response.status).toBe(200);
    return response.json();
  };

  it('rejects what says that it was made, holds what cannot be examined, and stores nothing', async () => {
    const before = await blobCount();
    const made = await gate(signed);
    expect(made.decision).toBe('reject');
    expect(made.reasons[0].code).toBe('provenance');
    expect(made.thresholds.reject.falseRejectRate).toBeLessThanOrEqual(0.01);
    expect(made.thresholds.hold.falseRejectRate).toBeLessThanOrEqual(0.05);
    expect(made.thresholds.hold.llr).toBeLessThanOrEqual(made.thresholds.reject.llr);
    expect(await gate(await picture())).toMatchObject({
      decision: 'hold',
      reasons: [{ code: 'not-examined' }],
    });
    expect(await gate(Buffer.from('no picture'))).toMatchObject({ decision: 'reject', llr: null });
    expect(await gate(await readFile(join(ROOT, 'examples/real-wall.jpg')))).toMatchObject({
      decision: 'pass',
    });
    expect(await blobCount()).toBe(before);
  });

  it('keeps a picture for a person when it is asked to', async () => {
    const { analysis } = await gate(await picture(), '?keep=true');
    const kept = await (await fetch(at(`/v1/analyses/${analysis}?wait=60`))).json();
    expect(kept.status).toBe('succeeded');
    expect((await fetch(at(`/v1/analyses/${analysis}`), { method: 'DELETE' })).status).toBe(204);
  });
});

describe('tracing', () => {
  const noise = (seed: number) => {
    const random = new Random(seed);
    const data = Uint8Array.from({ length: 128 * 128 * 3 }, () => random.below(256));
    return sharp(data, { raw: { width: 128, height: 128, channels: 3 } })
      .png()
      .toBuffer();
  };
  const pictures = async (count: number, from: number) =>
    Promise.all(
      Array.from(
        { length: count },
        async (_, i): Promise<[string, Uint8Array]> => [`n${from + i}.png`, await noise(from + i)],
      ),
    );
  const posted = (path: string, body: FormData, headers: Record<string, string> = {}) =>
    fetch(at(path), { method: 'POST', body, headers });

  it('tells who made pictures, as records and as a page', async () => {
    const files = await pictures(2, 1);
    const body = await (await posted('/v1/traces', form(...files))).json();
    expect(body.schema).toBe('huoyan.traces/1');
    for (const record of body.records) traceRecordSchema.parse(record);
    const page = await (
      await posted('/v1/traces?language=zh', form(...files), { accept: 'text/html' })
    ).text();
    expect(page).toContain('n1.png');
  });

  it('learns a generator from some pictures, and forgets it', async () => {
    const data = form(...(await pictures(5, 10)));
    data.append('name', '我的生成器 1');
    const enrolled = await posted('/v1/sources', data);
    expect(await enrolled.json()).toMatchObject({ name: '我的生成器 1', pictures: 5, skipped: [] });
    const { items } = await (await fetch(at('/v1/sources'))).json();
    expect(items).toEqual([{ name: '我的生成器 1' }]);
    const { records } = await (await posted('/v1/traces', form(['n.png', await noise(50)]))).json();
    expect(records[0].attribution.map((one: { generator: string }) => one.generator)).toContain(
      '我的生成器 1',
    );
    const path = `/v1/sources/${encodeURIComponent('我的生成器 1')}`;
    expect((await fetch(at(path), { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(at(path), { method: 'DELETE' })).status).toBe(404);
    const few = form(...(await pictures(2, 20)));
    few.append('name', 'few');
    expect((await posted('/v1/sources', few)).status).toBe(400);
  });

  it('remembers pictures, finds them again, and erases them with their analysis', async () => {
    const [first, second] = await pictures(2, 30);
    const kept = await (await posted('/v1/index', form(first))).json();
    expect(kept).toMatchObject({ name: 'n30.png', pictures: 1 });
    const search = async () => (await (await posted('/v1/index/search', form(second))).json()).matches;
    expect(await search()).toMatchObject([{ sha256: kept.sha256, name: 'n30.png' }]);
    const { body } = await send(first[1]);
    expect(body.sha256).toBe(kept.sha256);
    await fetch(at(body.links.self), { method: 'DELETE' });
    expect(await search()).toEqual([]);
    expect((await fetch(at('/v1/index/..'), { method: 'DELETE' })).status).toBe(404);
  });

  it('sorts pictures by source', async () => {
    const files = await pictures(4, 40);
    const record = clusterRecordSchema.parse(await (await posted('/v1/clusters', form(...files))).json());
    expect([...record.clusters.flatMap((one) => one.files), ...record.unclustered].sort()).toEqual(
      files.map(([name]) => name),
    );
    expect((await posted('/v1/clusters', form(files[0]))).status).toBe(400);
  });
});

describe('the log', () => {
  it('is a chain that gives every change away', async () => {
    const { store } = one.service.context;
    const whole = await verify(entries(store));
    expect(whole).toMatchObject({ whole: true });
    const lines = [];
    for await (const line of entries(store)) lines.push(line);
    expect(lines.length).toBeGreaterThan(10);
    const changed = lines.map((line, i) => (i === 4 ? { ...line, actor: 'somebody' } : line));
    expect(await verify(changed)).toMatchObject({ whole: false, brokenAt: 5 });
    const missing = lines.filter((_, i) => i !== 6);
    expect(await verify(missing)).toMatchObject({ whole: false, brokenAt: 8 });
  });
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HuoyanClient, HuoyanProblem } from '../../client/index.ts';
import { auditRecordSchema, benchReportSchema, leaderboardSchema } from '../../report/index.ts';
import { type TestService, testService } from '../test-service.test-support.ts';

const KEY = 'root-key-for-this-test';
let one: TestService;
let idle: TestService;
beforeAll(async () => {
  one = await testService({ apiKey: KEY, requireKey: true });
  idle = await testService({ workers: 0, maxWaiting: 2 });
}, 120_000);
afterAll(async () => {
  await one.stop();
  await idle.stop();
});

const ANSWERS = 'Src,Tar,Tar Pred.,Tar Conf.\nAda,X,Ada,0.9\nBob,X,Ada,0.8\nCyd,X,Cyd,oops\n';
const scores = (shift: number) =>
  `key,label,score,source\n${Array.from({ length: 24 }, (_, i) => `f${i},${i % 2 ? 'fake' : 'real'},${((i * 7 + shift) % 24) / 24},s${i % 8}`).join('\n')}\n`;

function form(
  files: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, string>> = {},
): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  for (const [name, text] of Object.entries(files)) data.append('file', new Blob([text]), name);
  return data;
}
const as = (role: string, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { authorization: `Bearer ${role}`, ...init.headers },
});
const at = (path: string, service = one) => new URL(path, service.url);
const kept = async (service: TestService) =>
  (await readdir(join(service.data, 'blobs'), { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  ).length;

async function keyOf(role: 'viewer' | 'analyst'): Promise<string> {
  const made = await fetch(
    at('/v1/keys'),
    as(KEY, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: role, role }),
    }),
  );
  return (await made.json()).key;
}

describe('an audit', () => {
  it('is accepted, measured as a job, and kept without the answers it was made of', async () => {
    const body = form({ '../../etc/celebrities.csv': ANSWERS }, { service: '某服务' });
    const accepted = await fetch(at('/v1/audits'), as(KEY, { method: 'POST', body }));
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('retry-after')).toBe('1');
    const location = accepted.headers.get('location') as string;
    expect(location).toMatch(/^\/v1\/audits\/au_[0-9a-z]{26}$/);
    const done = await (await fetch(at(`${location}?wait=60`), as(KEY))).json();
    expect(done).toMatchObject({
      status: 'succeeded',
      service: '某服务',
      files: [{ name: 'celebrities.csv' }],
      summary: { fakes: 2, targeted: 0.5, problems: 1 },
      error: null,
    });
    const record = auditRecordSchema.parse(done.result);
    expect(record.sets.map(({ name, service }) => [name, service])).toEqual([['celebrities', '某服务']]);
    expect(record.problems).toMatchObject([{ file: 'celebrities.csv', line: 4 }]);
    expect(JSON.stringify(done)).not.toContain(one.data);
    expect(await kept(one)).toBe(0);

    const chinese = await (await fetch(at(`${location}?language=zh`), as(KEY))).json();
    expect(chinese.result.language).toBe('zh');
    for (const path of [`${location}/report`, location]) {
      const page = await fetch(at(path), as(KEY, { headers: { accept: 'text/html' } }));
      expect(page.headers.get('content-security-policy')).toContain('sandbox');
      expect(await page.text()).toMatch(/<!doctype html>[\s\S]*class="plot"[\s\S]*celebrities/);
    }
    const fragment = await fetch(at(`${location}/report?fragment`), as(KEY));
    expect(await fragment.text()).toMatch(/^<div class="audit">/);

    const listed = await (await fetch(at('/v1/audits'), as(KEY))).json();
    expect(listed).toMatchObject({ items: [{ id: done.id, status: 'succeeded' }], next: null });
    expect(listed.items[0].result).toBeUndefined();
    expect((await fetch(at(location), as(KEY, { method: 'DELETE' }))).status).toBe(204);
    expect((await fetch(at(location), as(KEY))).status).toBe(404);
  });

  it('says why nothing could be measured, and is still there to be read', async () => {
    for (const text of ['no table at all', 'a,b\n1,2\n', 'Src,Tar Pred.\n"open', '\u0000\u0001\u0002']) {
      const body = form({ 'hostile.csv': text });
      const answer = await fetch(at('/v1/audits?wait=60'), as(KEY, { method: 'POST', body }));
      expect(answer.status).toBe(200);
      const told = await answer.json();
      expect(told).toMatchObject({ status: 'failed', error: { code: 'corrupt', hint: expect.any(String) } });
      expect(auditRecordSchema.parse(told.result).problems.length).toBeGreaterThan(0);
    }
    const empty = await fetch(at('/v1/audits'), as(KEY, { method: 'POST', body: form({ 'a.csv': '' }) }));
    expect([empty.status, (await empty.json()).code]).toEqual([422, 'empty']);
    const wrong = await fetch(
      at('/v1/audits?names=loud'),
      as(KEY, { method: 'POST', body: form({ a: 'x' }) }),
    );
    expect([wrong.status, (await wrong.json()).code]).toEqual([400, 'bad-argument']);
    expect(await kept(one)).toBe(0);
  });

  it('is for analysts to ask for and erase, and for viewers to read', async () => {
    const [viewer, analyst] = [await keyOf('viewer'), await keyOf('analyst')];
    const send = (key: string, headers = {}) =>
      fetch(at('/v1/audits?wait=60'), as(key, { method: 'POST', headers, body: form({ 'a.csv': ANSWERS }) }));
    expect((await send('wrong')).status).toBe(401);
    expect((await send(viewer)).status).toBe(403);
    const made = await send(analyst, { 'idempotency-key': 'once' });
    const again = await send(analyst, { 'idempotency-key': 'once' });
    const { id } = await made.json();
    expect((await again.json()).id).toBe(id);
    expect((await fetch(at(`/v1/audits/${id}`), as(viewer))).status).toBe(200);
    expect((await fetch(at(`/v1/audits/${id}/report`), as(viewer))).status).toBe(200);
    expect((await fetch(at(`/v1/audits/${id}`), as(viewer, { method: 'DELETE' }))).status).toBe(403);
    expect((await fetch(at(`/v1/audits/${id}`), as(analyst, { method: 'DELETE' }))).status).toBe(204);
    for (const strange of ['au_', '..', id.replace('au_', 'be_'), 'an_01k0c9w2v5d3m8q4r7t1x6y0z2'])
      expect((await fetch(at(`/v1/audits/${strange}`), as(KEY))).status).toBe(404);
  });

  it('that waits counts among what waits, and leaves nothing when it is erased', async () => {
    const send = () => fetch(at('/v1/audits', idle), { method: 'POST', body: form({ 'a.csv': ANSWERS }) });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([202, 202]);
    const full = await send();
    expect([full.status, (await full.json()).code]).toEqual([429, 'queue-full']);
    expect(await kept(idle)).toBe(1);
    const report = await fetch(at((await first.clone().json()).links.report, idle));
    expect(report.status).toBe(404);
    await fetch(at(first.headers.get('location') as string, idle), { method: 'DELETE' });
    expect(await kept(idle)).toBe(1);
    await fetch(at(second.headers.get('location') as string, idle), { method: 'DELETE' });
    expect(await kept(idle)).toBe(0);
    const { store } = idle.service.context;
    const waiting = await store.query(
      `select 1 from huoyan_queue.job where name = 'analyse' and state in ('created', 'retry')`,
    );
    expect(waiting).toEqual([]);
  });
});

describe('a benchmark', () => {
  it('ranks detectors by the scores that were sent, each as its description has it', async () => {
    const huoyan = new HuoyanClient({ url: one.url, key: KEY });
    const meta = JSON.stringify({
      schema: 'huoyan.scores/1',
      detector: { name: 'turned round' },
      polarity: 'higher-is-real',
      scale: 'probability',
    });
    const body = form({
      'a.scores.csv': scores(0),
      'b.scores.csv': scores(5),
      'b.scores.meta.json': meta,
    });
    const { id, status, result } = await huoyan.benchmark(body);
    expect(status).toBe('succeeded');
    const { scores: report, leaderboard } = result as { scores: unknown; leaderboard: unknown };
    const { files, comparisons } = benchReportSchema.parse(JSON.parse(JSON.stringify(report)));
    expect(files.map(({ detector }) => detector.name)).toEqual(['a', 'turned round']);
    expect(comparisons).toHaveLength(1);
    const { tables } = leaderboardSchema.parse(JSON.parse(JSON.stringify(leaderboard)));
    expect(tables.map(({ rows }) => rows.length)).toEqual([2]);
    const page = await huoyan.request('GET /v1/benchmarks/{id}/report', { path: { id } });
    expect(await (page as Response).text()).toContain('turned round');
    await huoyan.request('DELETE /v1/benchmarks/{id}', { path: { id } });
    await expect(huoyan.request('GET /v1/benchmarks/{id}', { path: { id } })).rejects.toBeInstanceOf(
      HuoyanProblem,
    );
  });

  it('says which table is none', async () => {
    const send = async (files: Record<string, string>) => {
      const init = as(KEY, { method: 'POST', body: form(files) });
      return (await fetch(at('/v1/benchmarks?wait=60'), init)).json();
    };
    expect(await send({ 'x.scores.csv': 'key,label\na,fake\n' })).toMatchObject({
      status: 'failed',
      error: { code: 'corrupt', message: expect.stringContaining('x.scores.csv') },
      result: null,
    });
    expect(await send({ 'x.scores.meta.json': '{}' })).toMatchObject({ error: { code: 'empty' } });
    expect(
      await send({ 'x.scores.csv': 'key,label,score\na,fake,1\n', 'x.scores.meta.json': '[' }),
    ).toMatchObject({
      error: { code: 'corrupt', message: expect.stringContaining('x.scores.meta.json') },
    });
  });
});

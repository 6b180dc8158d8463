import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestService, testService } from '../test-service.test-support.ts';
import { caseReportOf } from './report.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
let one: TestService;
beforeAll(async () => {
  one = await testService();
}, 120_000);
afterAll(() => one.stop());

const at = (path: string) => new URL(path, one.url);
const sent = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('the report of a case', () => {
  it('is a document whose hash stands in the log', { timeout: 120_000 }, async () => {
    const bytes = await readFile(join(ROOT, 'examples/rendered-with-aigc-label.jpg'));
    const upload = { method: 'POST', body: Uint8Array.from(bytes) };
    const examined = await fetch(at('/v1/analyses?wait=60&stability=false&name=港口.jpg'), upload);
    const { id: analysis, sha256 } = await examined.json();
    const { id } = await (await fetch(at('/v1/cases'), sent('POST', { title: '港口' }))).json();
    await fetch(at(`/v1/cases/${id}/files`), sent('POST', { analysis }));
    await fetch(at(`/v1/cases/${id}/files/${analysis}`), sent('PATCH', { verdict: 'synthetic' }));
    await fetch(at(`/v1/cases/${id}/notes`), sent('POST', { text: 'seen by two people' }));

    const report = await caseReportOf(
      one.service.context,
      { id, title: '港口', created: new Date() },
      'local',
      'zh',
    );
    expect(report.files).toMatchObject([
      {
        name: '港口.jpg',
        sha256,
        human: 'synthetic',
        record: { language: 'zh' },
        preview: expect.anything(),
      },
    ]);
    expect(report.custody.map(({ action }) => action)).toEqual([
      ...['analysis.accept', 'work.finish', 'case.open', 'case.add', 'case.verdict', 'case.note'],
    ]);
    expect(report.chain.whole).toBe(true);
    expect(report.models.length).toBeGreaterThan(3);

    for (const language of ['en', 'zh']) {
      const answer = await fetch(at(`/v1/cases/${id}/report.pdf?language=${language}`));
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      const pdf = Buffer.from(await answer.arrayBuffer());
      expect(pdf.toString('latin1', 0, 5)).toBe('%PDF-');
      const { history } = await (await fetch(at(`/v1/cases/${id}`))).json();
      const { action, detail } = history.at(-1);
      const hash = createHash('sha256').update(pdf).digest('hex');
      expect([action, JSON.parse(detail)]).toEqual([
        'case.report',
        { sha256: hash, bytes: pdf.length, language },
      ]);
    }
    expect((await fetch(at(`/v1/cases/${id.slice(0, -1)}0/report.pdf`))).status).toBe(404);

    // The file by itself, in the same way.
    const answer = await fetch(at(`/v1/analyses/${analysis}/report.pdf?language=zh`));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(answer.headers.get('content-disposition')).toContain(`huoyan-${analysis}-zh.pdf`);
    const pdf = Buffer.from(await answer.arrayBuffer());
    const { items } = await (await fetch(at('/v1/log'))).json();
    const line = items.find(({ action }: { action: string }) => action === 'analysis.report');
    expect(line.subject).toBe(analysis);
    expect(JSON.parse(line.detail).sha256).toBe(createHash('sha256').update(pdf).digest('hex'));
    expect((await fetch(at(`/v1/analyses/${analysis.slice(0, -1)}0/report.pdf`))).status).toBe(404);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestService, testService } from './test-service.test-support.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
let one: TestService;
beforeAll(async () => {
  one = await testService({ workers: 0 });
}, 120_000);
afterAll(() => one.stop());

function post(path: string, file: Uint8Array, fields: Record<string, string>): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([Uint8Array.from(file)]), '../it\u2019s.jpg');
  return fetch(new URL(`/v1/protect/${path}`, one.url), { method: 'POST', body: form });
}
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const example = (name: string) => readFile(join(ROOT, 'examples', name));

describe('protecting over HTTP', () => {
  it('marks a picture, and reads the mark back with the key alone', { timeout: 120_000 }, async () => {
    const photograph = await sharp(await example('real-sample4.jpg'))
      .resize(640)
      .png()
      .toBuffer();
    const marked = await post('watermark', photograph, { key: 'ours', message: 'C0FFEE', format: 'jpeg' });
    expect(marked.status).toBe(200);
    expect(marked.headers.get('x-huoyan-message')).toBe('0000000000c0ffee');
    expect(Number(marked.headers.get('x-huoyan-psnr'))).toBeGreaterThan(30);
    expect(marked.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''it%E2%80%99s-marked.jpg",
    );
    const bytes = await bytesOf(marked);
    const reading = await (await post('watermark/read', bytes, { key: 'ours', fast: 'true' })).json();
    expect(reading).toMatchObject({ found: true, message: '0000000000c0ffee', payload: null });
    const other = await (await post('watermark/read', bytes, { key: 'theirs', fast: 'true' })).json();
    expect(other).toMatchObject({ found: false, message: null, road: null });
  });

  it('writes a label once, and checks it', { timeout: 60_000 }, async () => {
    const drawing = await example('drawing-of-a-window.png');
    const before = await (await post('label/check', drawing, {})).json();
    expect(before).toMatchObject({ verdict: 'absent', carrier: 'PNG' });
    const labelled = await post('label', drawing, { producer: '00191110000', id: '7' });
    expect(labelled.headers.get('x-huoyan-carrier')).toBe('PNG');
    const bytes = await bytesOf(labelled);
    const after = await (await post('label/check', bytes, {})).json();
    expect(after).toEqual({ ...before, verdict: 'compliant', label: '1', producer: '00191110000' });
    const again = await post('label', bytes, { producer: '00191110000', id: '8' });
    expect([again.status, (await again.json()).code]).toEqual([400, 'bad-argument']);
  });

  it('says what is wrong with what it cannot do', { timeout: 60_000 }, async () => {
    const tiny = await example('drawing-tiny-icon.png');
    const problem = async (path: string, file: Uint8Array, fields: Record<string, string>) => {
      const response = await post(path, file, fields);
      return [response.status, (await response.json()).code];
    };
    expect(await problem('watermark', tiny, { key: 'k', message: '1' })).toEqual([400, 'bad-argument']);
    expect(await problem('watermark', tiny, { key: 'k', message: 'no' })).toEqual([400, 'bad-argument']);
    expect(await problem('watermark/read', tiny, {})).toEqual([400, 'bad-argument']);
    expect(await problem('label/check', Buffer.from('words'), {})).toEqual([415, 'unsupported-format']);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { psnr } from '../core/fidelity.ts';
import { decodePixels } from '../media/index.node.ts';
import { portraitForTests } from './portrait.test-support.ts';
import { type TestService, testService } from './test-service.test-support.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
let one: TestService;
beforeAll(async () => {
  one = await testService({ workers: 0 });
}, 120_000);
afterAll(() => one.stop());

type Fields = Readonly<Record<string, string | readonly string[]>>;

function post(path: string, file: Uint8Array, fields: Fields, init: RequestInit = {}): Promise<Response> {
  const form = new FormData();
  for (const [name, values] of Object.entries(fields))
    for (const value of [values].flat()) form.append(name, value);
  form.append('file', new Blob([Uint8Array.from(file)]), '../it\u2019s.jpg');
  return fetch(new URL(`/v1/protect/${path}`, one.url), { ...init, method: 'POST', body: form });
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
    const problem = async (path: string, file: Uint8Array, fields: Fields) => {
      const response = await post(path, file, fields);
      return [response.status, (await response.json()).code];
    };
    expect(await problem('watermark', tiny, { key: 'k', message: '1' })).toEqual([400, 'bad-argument']);
    expect(await problem('watermark', tiny, { key: 'k', message: 'no' })).toEqual([400, 'bad-argument']);
    expect(await problem('watermark/read', tiny, {})).toEqual([400, 'bad-argument']);
    expect(await problem('label/check', Buffer.from('words'), {})).toEqual([415, 'unsupported-format']);
  });
});

const PORTRAIT = await portraitForTests();

describe.skipIf(!PORTRAIT)('cloaking over HTTP', () => {
  const portrait = (width = 700) =>
    sharp(PORTRAIT ?? '')
      .resize(width)
      .png()
      .toBuffer();

  it('gives a picture back, with the small numbers beside it', { timeout: 240_000 }, async () => {
    const before = await portrait();
    const cloaked = await post('cloak', before, { quick: 'true' });
    expect([cloaked.status, cloaked.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(cloaked.headers.get('content-disposition')).toContain('it%E2%80%99s-cloaked.png');
    expect(cloaked.headers.get('x-huoyan-against')).toMatch(/^identity;of=1;stored=[01];jpeg75=[01]$/);
    const said = Number(cloaked.headers.get('x-huoyan-psnr'));
    const is = psnr(await decodePixels(before), await decodePixels(await bytesOf(cloaked)));
    expect(said).toBeCloseTo(is, 1);
    expect(is).toBeGreaterThanOrEqual(38);
    expect(Number(cloaked.headers.get('x-huoyan-face-psnr'))).toBeGreaterThanOrEqual(32);
  });

  it('gives the record of the command with the picture in it to whoever takes JSON', {
    timeout: 240_000,
  }, async () => {
    const fields = { threat: ['inpaint', 'identity'], strength: 'light', quick: 'true', format: 'jpeg' };
    const response = await post('cloak', await portrait(), fields, {
      headers: { accept: 'application/json' },
    });
    const { file, ...record } = await response.json();
    expect(record).toMatchObject({
      ...{ strength: 'light', quick: true, facesCloaked: 1, guarantee: false },
      note: { en: expect.stringContaining('no guarantee'), zh: expect.stringContaining('不构成保证') },
    });
    expect(record.psnrDb).toBeGreaterThanOrEqual(42);
    const against = record.measuredAgainst.map(({ threat }: { threat: string }) => threat);
    expect(against).toEqual(['inpaint', 'identity']);
    for (const { stored, jpeg75 } of record.measuredAgainst) {
      expect(stored.length).toBeGreaterThan(0);
      expect(jpeg75.map(({ name }: { name: string }) => name)).toEqual(
        stored.map(({ name }: { name: string }) => name),
      );
    }
    expect(file).toMatchObject({ name: 'it\u2019s-cloaked.jpg', type: 'image/jpeg' });
    expect(await decodePixels(Buffer.from(file.base64, 'base64'))).toMatchObject({ width: 700 });
    const comma = await post('cloak', await portrait(), { threat: 'identity, swapping' });
    expect([comma.status, (await comma.json()).code]).toEqual([400, 'bad-argument']);
  });

  it('says what is wrong with a picture it cannot cloak', { timeout: 240_000 }, async () => {
    const refusal = async (file: Uint8Array) => {
      const response = await post('cloak', file, { quick: 'true' });
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      return [response.status, await response.json()];
    };
    const nobody = [400, { code: 'bad-argument', title: 'there is no face in the picture' }];
    expect(await refusal(await example('drawing-of-a-window.png'))).toMatchObject(nobody);
    const small = [400, { code: 'bad-argument', title: expect.stringContaining('too small') }];
    expect(await refusal(await portrait(360))).toMatchObject(small);
    expect(await refusal(Buffer.from('words'))).toMatchObject([415, { code: 'unsupported-format' }]);
  });

  it('stops when nobody waits any more, and serves the next', { timeout: 240_000 }, async () => {
    const { studio } = one.service.context;
    const stop = new AbortController();
    const asked = post('cloak', await portrait(), {}, { signal: stop.signal });
    await expect.poll(() => studio.free, { timeout: 20_000, interval: 5 }).toBe(0);
    stop.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => studio.free, { timeout: 2000 }).toBe(1);
    expect((await post('cloak', await portrait(), { quick: 'true' })).status).toBe(200);
  });
});

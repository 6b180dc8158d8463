import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavOf } from '../media/sound/wav.test-support.ts';
import { rangeOf } from './http/routes/recording.ts';
import { type TestService, testService } from './test-service.test-support.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const hum = wavOf([Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * Math.sin(i / 9))], 16_000);

describe('a recording that was analysed', () => {
  let one: TestService;
  beforeAll(async () => {
    one = await testService();
  }, 120_000);
  afterAll(() => one.stop());

  async function analysed(name: string, bytes: Uint8Array): Promise<string> {
    const sent = await fetch(`${one.url}/v1/analyses?wait=60&stability=false&name=${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Uint8Array.from(bytes),
    });
    return (await sent.json()).id;
  }
  const ask = (id: string, range?: string) =>
    fetch(`${one.url}/v1/analyses/${id}/recording`, range ? { headers: { range } } : {});

  it('is handed out as it came, whole or by a range, and never as a page', { timeout: 120_000 }, async () => {
    const id = await analysed('hum.wav', hum);
    const whole = await ask(id);
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    expect(whole.headers.get('content-security-policy')).toContain('sandbox');
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(hum);
    const part = await ask(id, 'bytes=8-15');
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 8-15/${hum.length}`]);
    expect(await part.text()).toBe('WAVEfmt ');
    const beyond = await ask(id, `bytes=${hum.length}-`);
    expect([beyond.status, (await beyond.json()).code]).toEqual([416, 'range-not-satisfiable']);
  });

  it('is nothing that a picture has', { timeout: 120_000 }, async () => {
    const drawing = await readFile(join(ROOT, 'examples', 'drawing-tiny-icon.png'));
    expect((await ask(await analysed('icon.png', drawing))).status).toBe(404);
  });
});

describe('a range of bytes', () => {
  it('is the first, the last or some in between', () => {
    expect(rangeOf('bytes=0-', 10)).toEqual({ start: 0, end: 9 });
    expect(rangeOf('bytes=-3', 10)).toEqual({ start: 7, end: 9 });
    expect(rangeOf('bytes=2-100', 10)).toEqual({ start: 2, end: 9 });
    for (const all of [undefined, 'bytes=-', 'bytes=0-1,4-5', 'items=0-1'])
      expect(rangeOf(all, 10)).toBeNull();
    for (const none of ['bytes=10-', 'bytes=5-4', 'bytes=-0']) expect(() => rangeOf(none, 10)).toThrow();
  });
});

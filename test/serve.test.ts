/** `huoyan serve`, `keys` and `verify-log` as commands: what they print, how they stop, what they refuse. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, huoyan, ROOT, start } from './command.ts';

let data: string;
beforeAll(async () => {
  build();
  data = await mkdtemp(join(tmpdir(), 'huoyan-serve-'));
}, 300_000);
afterAll(() => rm(data, { recursive: true, force: true }));

it('serves, finishes what it took when it is told to stop, and leaves a whole log', {
  timeout: 240_000,
}, async () => {
  const child = start(['serve', '--port', '0', '--workers', '1', '--data', data]);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    child.once('close', (code) => reject(new Error(`ended with ${code}`)));
  });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const body = await readFile(join(ROOT, 'examples/rendered-with-aigc-label.jpg'));
  const accepted = await fetch(`${url}/v1/analyses?name=a.jpg`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(body),
  });
  expect(accepted.status).toBe(202);
  const busy = await huoyan(['verify-log', '--data', data]);
  expect(busy.code).toBe(1);
  expect(busy.stderr).toContain('is in use by process');
  const stopped = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  expect(await stopped).toBe(0);
  const log = await huoyan(['verify-log', '--json', '--data', data]);
  expect(log.code).toBe(0);
  expect(JSON.parse(log.stdout)).toMatchObject({ whole: true, entries: expect.any(Number) });
});

it('hands out keys, and is reachable by others only with one', { timeout: 240_000 }, async () => {
  const refused = await huoyan(['serve', '--host', '0.0.0.0', '--port', '0', '--data', data]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('huoyan keys create');
  const made = await huoyan(['keys', 'create', 'desk', '--role', 'admin', '--data', data]);
  expect(made.stdout).toMatch(/^hy_[\w-]{43}\n$/);
  const { keys } = JSON.parse((await huoyan(['keys', 'list', '--json', '--data', data])).stdout);
  expect(keys).toMatchObject([{ name: 'desk', role: 'admin', revoked: null }]);
});

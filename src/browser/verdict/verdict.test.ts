/** The element in a real browser, under a policy that admits no inline style. Skips where there is no Chromium. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toRecord } from '../../report/record.ts';
import { manipulatedSample, unreadableSample } from '../../report/samples.test-support.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (!CHROMIUM) console.warn('skipped: no Chromium');
const HOSTILE = '<img src=x onerror="document.title=1">\u202egpj.exe';

describe.skipIf(!CHROMIUM)('<huoyan-verdict>', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let size = 0;
  const complaints: string[] = [];

  beforeAll(async () => {
    const built = (await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        write: false,
        target: 'es2022',
        modulePreload: { polyfill: false },
        rolldownOptions: {
          input: fileURLToPath(new URL('./index.ts', import.meta.url)),
          preserveEntrySignatures: 'strict',
        },
      },
    })) as Rollup.RollupOutput;
    const [{ code }] = built.output.filter((one) => one.type === 'chunk');
    size = Buffer.byteLength(code);
    const files: Record<string, [string, string]> = {
      '/': [
        'text/html',
        '<!doctype html><html lang="en"><title>t</title><script type="module" src="/v.js"></script><main><h1>x</h1><huoyan-verdict src="/a.json"></huoyan-verdict><huoyan-verdict lang="zh-CN" src="/a.json"></huoyan-verdict><huoyan-verdict src="/answer.json"></huoyan-verdict><huoyan-verdict src="/other.json"></huoyan-verdict><huoyan-verdict src="/absent"></huoyan-verdict></main>',
      ],
      '/v.js': ['text/javascript', code],
      '/a.json': ['application/json', JSON.stringify(toRecord({ ...manipulatedSample(), file: HOSTILE }))],
      '/answer.json': [
        'application/json',
        JSON.stringify({ status: 'failed', result: toRecord(unreadableSample()) }),
      ],
      '/other.json': [
        'application/json',
        JSON.stringify({ schema: 'huoyan.analysis/1', verdict: { label: 'x' } }),
      ],
    };
    server = createServer((request, response) => {
      const found = files[request.url ?? ''];
      const policy = "default-src 'none'; script-src 'self'; connect-src 'self'";
      if (!found) response.writeHead(404).end();
      else
        response
          .writeHead(200, { 'content-type': found[0], 'content-security-policy': policy })
          .end(found[1]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('says the verdict in the language of the page, and lets nothing of a record through as markup', {
    timeout: 60_000,
  }, async () => {
    const shown = page.locator('huoyan-verdict');
    await shown.nth(0).locator('.headline').waitFor();
    await shown.nth(1).locator('.headline').waitFor();
    expect(await shown.nth(0).locator('.headline').innerText()).toBe('Very likely altered');
    expect(await shown.nth(1).locator('.headline').innerText()).toBe('很可能经过篡改');
    await shown.nth(0).locator('summary').click();
    expect(await shown.nth(0).locator('bdi').innerText()).toBe(
      '<img src=x onerror="document.title=1">\\u202egpj.exe',
    );
    expect(await page.title()).toBe('t');
    expect(await shown.nth(2).locator('.headline').innerText()).toBe('This file could not be read');
    for (const i of [3, 4]) await shown.nth(i).getByText('The examination could not be loaded.').waitFor();
    const border = await shown
      .nth(0)
      .locator('.box')
      .evaluate((box) => getComputedStyle(box).borderLeftColor);
    expect(border).toBe('rgb(152, 57, 31)');
  });

  it('takes a record as a property, and changes with it', async () => {
    const headline = await page.evaluate((record) => {
      const made = document.createElement('huoyan-verdict') as HTMLElement & { record: unknown };
      document.body.append(made);
      made.record = record;
      const first = made.shadowRoot?.querySelector('.headline')?.textContent;
      made.lang = 'zh';
      return [first, made.shadowRoot?.querySelector('.headline')?.textContent];
    }, toRecord(manipulatedSample()) as unknown);
    expect(headline).toEqual(['Very likely altered', '很可能经过篡改']);
  });

  it('is small, reachable by screen readers, and complains about nothing', { timeout: 60_000 }, async () => {
    expect(size).toBeLessThan(16_000);
    expect(complaints).toEqual([]);
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(axe);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(options: unknown): Promise<{ violations: { id: string }[] }> };
        };
        const { violations } = await axe.run({ include: [['huoyan-verdict']] });
        return violations.map(({ id }) => id);
      });
      expect(found).toEqual([]);
    }
    const shots = process.env.HUOYAN_SHOTS;
    if (shots) await page.screenshot({ path: `${shots}/verdict.png`, fullPage: true });
  });
});

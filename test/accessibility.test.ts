/**
 * Every page under axe (WCAG 2.2 AA), in both languages, light and dark, at the width of a phone and of a desk. With
 * HUOYAN_SHOTS=FOLDER it also leaves a picture of each, for a person to look at.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portraitForTests } from '../src/service/portrait.test-support.ts';
import { type TestService, testService } from '../src/service/test-service.test-support.ts';
import { ROOT } from './command.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const BUILT = existsSync(join(ROOT, 'dist', 'web', 'index.html'));
if (!CHROMIUM || !BUILT) {
  console.warn(`skipped: ${CHROMIUM ? 'the page is not built (npm run build)' : 'no Chromium'}`);
}
const SHOTS = process.env.HUOYAN_SHOTS;
const AXE: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };
const PORTRAIT = await portraitForTests();

describe.skipIf(!CHROMIUM || !BUILT)('every page', () => {
  let one: TestService;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    one = await testService();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await (await browser.newContext({ viewport: PHONE, locale: 'en-US' })).newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(one.url);
    const bytes = await readFile(join(ROOT, 'examples', 'signed-then-altered.jpg'));
    await fetch(`${one.url}/v1/analyses?wait=60&stability=false&name=a.jpg`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Uint8Array.from(bytes),
    });
    const made = await fetch(`${one.url}/v1/cases`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Balloons 气球' }),
    });
    const { id } = await made.json();
    const { items } = await (await fetch(`${one.url}/v1/analyses`)).json();
    await fetch(`${one.url}/v1/cases/${id}/files`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ analysis: items[0].id }),
    });
    PAGES['/cases/one'].path = `/cases/${id}`;
    const answers =
      'Src,Tar,Src Pred.,Tar Pred.,Tar Conf.\nAnn,X,Ann,Ann,0.9\nAnn,X,Ann,Bo,0.4\nBo,X,Bo,,0\n';
    PAGES['/audits/one'].path =
      `/audits/${await measured('audits?service=A+service', 'answers.csv', answers)}`;
    const rows = Array.from(
      { length: 40 },
      (_, i) => `f${i},${i % 2 ? 'fake' : 'real'},${(i % 7) / 7},s${i % 9}`,
    );
    const scores = `key,label,score,source\n${rows.join('\n')}\n`;
    PAGES['/benchmarks/one'].path =
      `/benchmarks/${await measured('benchmarks', 'detector.scores.csv', scores)}`;
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await one?.stop();
  });

  /** Measures a table; returns the id of the measurement. */
  async function measured(where: string, name: string, table: string): Promise<string> {
    const body = new FormData();
    body.append('file', new Blob([table]), name);
    const headers = { prefer: 'wait=60' };
    const made = await (await fetch(`${one.url}/v1/${where}`, { method: 'POST', headers, body })).json();
    expect(made.status).toBe('succeeded');
    return made.id;
  }

  /** What each page shows once it is there. */
  const PAGES: Record<string, { path: string; there: string; before?: () => Promise<void> }> = {
    '/': {
      path: '/',
      there: '.fragment .banner',
      before: () => page.locator('.entry').first().click(),
    },
    '/device': { path: '/device', there: '.without li' },
    '/cases': { path: '/cases', there: '.rows li' },
    '/cases/one': { path: '/cases', there: '.case-files li' },
    '/sources': { path: '/sources', there: '.panels .card' },
    '/sources/sorted': {
      path: '/sources',
      there: '.network svg',
      async before() {
        const sort = page.locator('section.card').last();
        const files = [1, 2, 3, 4].map((n) => join(ROOT, 'examples', `real-sample${n}.jpg`));
        await sort.locator('input[type=file]').setInputFiles(files);
        await sort.locator('button[type=submit]').click();
      },
    },
    '/protect': { path: '/protect', there: '.panels .card' },
    ...(PORTRAIT && {
      '/protect/cloaked': {
        path: '/protect',
        there: '.cloak-preview canvas',
        async before() {
          const panel = page.locator('.cloak');
          await panel.locator('input[type=file]').setInputFiles(PORTRAIT);
          await panel.locator('input[name=quick][value=true]').press('Space');
          await panel.locator('button[type=submit]').click();
          await panel.locator('summary').click();
        },
      },
    }),
    '/audits': { path: '/audits', there: '.rows li' },
    '/audits/one': { path: '/audits', there: '.audit svg' },
    '/benchmarks': { path: '/benchmarks', there: '.written table' },
    '/benchmarks/one': { path: '/benchmarks', there: '.board svg' },
    '/admin': { path: '/admin', there: '.numbers' },
  };

  async function complaints(): Promise<string[]> {
    const { violations } = await page.evaluate(
      (options) => (window as unknown as { axe: { run(o: unknown): Promise<AxeResults> } }).axe.run(options),
      AXE as unknown as Record<string, string>,
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary?.split('\n')[1] ?? ''}`),
    );
  }

  it.each(Object.keys(PAGES))('%s', { timeout: 120_000 }, async (name) => {
    const { path, there, before } = PAGES[name];
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.setViewportSize(PHONE);
    await page.goto(one.url + path);
    await before?.();
    await page.locator(there).first().waitFor();
    await page.evaluate(axe);
    const found: string[] = [];
    for (const language of ['English', '中文'] as const) {
      await page.getByRole('button', { name: language }).click();
      await page.locator(there).first().waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await complaints()).map((text) => `${language} ${colorScheme} ${text}`));
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wider > 0) found.push(`${language}: ${wider} px wider than a phone`);
        if (SHOTS) {
          const shot = join(SHOTS, `${name.replaceAll('/', '_')}-${language}-${colorScheme}.png`);
          await page.screenshot({ path: shot, fullPage: true });
        }
      }
    }
    await page.setViewportSize(DESK);
    found.push(...(await complaints()).map((text) => `desk ${text}`));
    if (SHOTS) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.screenshot({ path: join(SHOTS, `${name.replaceAll('/', '_')}-desk.png`), fullPage: true });
    }
    expect(found).toEqual([]);
  });
});

/**
 * The page in a real browser, from the service that ships it: in both languages, on a phone, in the dark, by keyboard, and
 * without a single console error. Skips where there is no Chromium, or where the page has not been built.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavOf } from '../src/media/sound/wav.test-support.ts';
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
const PORTRAIT = await portraitForTests();

describe.skipIf(!CHROMIUM || !BUILT)('the page', () => {
  let one: TestService;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    one = await testService({ allowPrivateUrls: true });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await one.stop();
  });

  async function open(path: string, options: BrowserContextOptions): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(90_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(one.url) && !/^(data|blob):/.test(request.url()))
        complaints.push(`asked elsewhere: ${request.url()}`);
    });
    await page.goto(new URL(path, one.url).href);
    return page;
  }
  const example = (name: string) => join(ROOT, 'examples', name);
  const widerThanScreen = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

  /** Colours of a canvas: its upper left corner and its middle. */
  const pixels = (canvas: Locator) =>
    canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const context = (element as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D;
      return [
        [0, 0],
        [width / 2, height / 2],
      ].map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
    });

  it('takes files, and shows the verdict with its reasons and maps', { timeout: 200_000 }, async () => {
    const page = await open('/', { viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    const files = [example('signed-then-altered.jpg'), join(ROOT, 'README.md')];
    await page.locator('input[type=file]').first().setInputFiles(files);
    await page.locator('.fragment .banner').waitFor();
    expect(await page.locator('.banner h2').innerText()).toBe('Very likely altered');
    const heat = page.locator('[data-layer]:not([hidden]) .heat').first();
    await page.locator('.opacity').fill('20');
    expect(await heat.evaluate((element: SVGElement) => element.style.opacity)).toBe('0.2');
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.locator('.banner h2').innerText()).toBe('很可能经过篡改');
    await page.locator('.entry', { hasText: 'README.md' }).getByText('无法读取').waitFor();
    await page.getByRole('button', { name: '开始追溯' }).click();
    await page.locator('.trace-panel .traced').waitFor();
    const link = await page.getByRole('link', { name: '链接', exact: true }).getAttribute('href');
    const colleague = await open(link ?? '', { locale: 'en-US' });
    await colleague.locator('.banner h2').waitFor();
    expect(await colleague.locator('.banner h2').innerText()).toBe('Very likely altered');
    await colleague.context().close();
    await page.context().close();
  });

  it('is given files by camera, paste and address, shows how that goes, and hands out reports', {
    timeout: 200_000,
  }, async () => {
    const page = await open('/', { viewport: { width: 390, height: 844 }, locale: 'en-US' });
    const picture = example('signed-then-altered.jpg');
    const bytes = await readFile(picture);
    const headline = page.locator('.fragment .banner h2');

    // By camera, over a slow line, so that its progress can be seen.
    const line = await page.context().newCDPSession(page);
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes.length / 2 };
    await line.send('Network.emulateNetworkConditions', slow);
    const camera = page.getByLabel('Take a picture');
    expect(await camera.getAttribute('capture')).toBe('environment');
    expect(await camera.getAttribute('accept')).toBe('image/*');
    await camera.setInputFiles(picture);
    await page.locator('.entry .state', { hasText: /sending [1-9]\d? %/ }).waitFor();
    expect(await page.locator('.waiting progress').getAttribute('value')).toMatch(/^0\.\d+$/);
    await line.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
    await headline.waitFor();
    expect(await headline.innerText()).toBe('Very likely altered');

    // What is handed out.
    for (const [name, type, beginning] of [
      ['Report (HTML)', 'html', '<!doctype html>'],
      ['Report (PDF)', 'pdf', '%PDF-1.7'],
      ['Data (JSON)', 'json', '{"id":"an_'],
    ]) {
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name }).click();
      const saved = await download;
      expect(saved.suggestedFilename()).toMatch(new RegExp(`an_\\w+(-en)?\\.${type}$`));
      const begins = (await readFile(await saved.path())).toString('latin1', 0, beginning.length);
      expect(begins).toBe(beginning);
    }

    // From the clipboard, as a screenshot comes.
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(160, 120);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      for (let i = 0; i < 160; i++) {
        context.fillStyle = `hsl(${i * 2} 60% ${40 + (i % 20)}%)`;
        context.fillRect(i, 0, 1, 120);
      }
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': await canvas.convertToBlob() })]);
    });
    await page.locator('body').press('ControlOrMeta+v');
    await page.locator('.waiting', { hasText: 'image.png' }).locator('progress').waitFor();
    await page.locator('.entry[aria-current] .chip').waitFor();
    await page.locator('.fragment .banner', { hasText: 'image.png' }).waitFor();

    // By its address.
    const site = createServer((_, answer) => answer.end(bytes)).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const { port } = site.address() as AddressInfo;
    await page.getByLabel('or the address of a picture').fill(`http://127.0.0.1:${port}/from-elsewhere.jpg`);
    await page.getByRole('button', { name: 'Fetch' }).click();
    await page.locator('.fragment .banner', { hasText: 'from-elsewhere.jpg' }).waitFor();
    expect(await headline.innerText()).toBe('Very likely altered');
    site.close();
    await page.context().close();
  });

  it('plays the sound that a report is about, from where its reader goes', { timeout: 200_000 }, async () => {
    const page = await open('/', { viewport: { width: 390, height: 844 }, locale: 'en-US' });
    const hum = Float32Array.from({ length: 48_000 }, (_, i) => 0.1 * Math.sin(i / 9));
    const buffer = Buffer.from(wavOf([hum], 16_000));
    // With a portrait of a video's report (src/report/html/people.ts), which moves the player, too.
    const face = '<span data-moment="1.5">0:01</span>';
    await page.route('**/report?fragment*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: `${await answer.text()}${face}` });
    });
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'hum.wav', mimeType: 'audio/wav', buffer });
    const player = page.locator('.recording audio');
    await player.waitFor();
    const state = (key: 'duration' | 'currentTime') =>
      player.evaluate((element, name) => (element as HTMLAudioElement)[name], key);
    await expect.poll(() => state('duration')).toBeCloseTo(3, 1);
    await player.evaluate((element) => {
      (element as HTMLAudioElement).currentTime = 2;
    });
    await expect.poll(() => state('currentTime')).toBeCloseTo(2, 1);
    await page.getByRole('button', { name: 'Go to 0:01' }).click();
    await expect.poll(() => state('currentTime')).toBeLessThan(1.95);
    expect(await state('currentTime')).toBeGreaterThanOrEqual(1.5);
    expect(await page.locator('.recording').innerText()).toContain('The recording');
    expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('keeps cases with notes and a human verdict', { timeout: 120_000 }, async () => {
    const page = await open('/', {
      viewport: { width: 390, height: 844 },
      locale: 'zh-CN',
      colorScheme: 'dark',
    });
    expect(await page.title()).toContain('火眼');
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(21, 24, 27)',
    );
    await page.locator('.entry', { hasText: 'signed' }).first().click();
    await page.locator('.fragment .banner').waitFor();
    expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: '加入案卷' }).click();
    await page.getByLabel('新建案卷').fill('气球');
    await page.locator('.inline-form button.primary').click();
    await page.locator('.case-files select').selectOption('manipulated');
    await page.locator('textarea').fill('<img src=x onerror=alert(1)>');
    await page.getByRole('button', { name: '添加笔记' }).click();
    await page.locator('.notes p').waitFor();
    expect(await page.locator('.notes p').innerText()).toBe('<img src=x onerror=alert(1)>');
    await page.getByText('case.note').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: '存档报告（PDF）' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/^huoyan-ca_\w+-zh\.pdf$/);
    expect((await readFile(await saved.path())).toString('latin1', 0, 8)).toBe('%PDF-1.7');
    expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('enrols, sorts and finds pictures by their source', { timeout: 300_000 }, async () => {
    const page = await open('/sources', { viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    const made = ['drawing-of-a-window.png', 'rendered-with-sd-parameters.png'].map(example);
    const photographs = [1, 2, 3, 4, 5].map((n) => example(`real-sample${n}.jpg`));
    const [enrol, search, sort] = ['Enrolled generators', 'Find pictures', 'Sort pictures'].map((title) =>
      page.locator('.card', { has: page.getByRole('heading', { name: title }) }),
    );
    const step = (title: string) => enrol.locator('.steps > li', { hasText: title });
    await enrol.locator('input[type=file]').setInputFiles([...photographs, made[0]]);
    await enrol.getByRole('button', { name: 'Check them' }).click();
    expect(await step('Name it').getByRole('status').innerText()).toBe('5 of 6 look like one source.');
    expect(await step('Name it').getAttribute('aria-current')).toBe('step');
    expect(await enrol.getByRole('checkbox', { name: 'drawing-of-a-window.png' }).isChecked()).toBe(true);
    await enrol.getByLabel('Name', { exact: true }).fill('A camera');
    await enrol.getByRole('button', { name: 'Enrol', exact: true }).click();
    await step('Try it').getByText('A camera is enrolled, from 5 pictures.').waitFor();
    await step('Try it').locator('input[type=file]').setInputFiles(made[1]);
    await step('Try it').getByRole('button', { name: 'Ask' }).click();
    await step('Try it')
      .getByText(/^Most likely (A camera|a photograph|an unknown generator|[a-z][\w-]+): \d+ %\.$/)
      .waitFor();
    await enrol.getByRole('button', { name: 'Enrol another one' }).click();
    await enrol.locator('.rows li', { hasText: 'A camera' }).getByRole('button').click();
    await enrol.getByText('None is enrolled yet.').waitFor();
    const forms = search.locator('form');
    await forms.nth(1).locator('input[type=file]').setInputFiles(photographs.slice(0, 2));
    await forms.nth(1).getByRole('button', { name: 'Remember' }).click();
    await search.getByText('2 pictures are remembered').waitFor();
    await forms.nth(0).locator('input[type=file]').setInputFiles(photographs[0]);
    await forms.nth(0).getByRole('button', { name: 'Find' }).click();
    await search.locator('.rows li', { hasText: 'real-sample2.jpg' }).getByText('similarity').waitFor();
    await sort.locator('input[type=file]').setInputFiles([...photographs, ...made]);
    await sort.getByRole('button', { name: 'Sort' }).click();
    const network = page.locator('.network svg[role=group]');
    await network.waitFor();
    expect(await network.getAttribute('aria-label')).toBe('Network of 7 pictures, 1 source');
    expect(await network.locator('.node').count()).toBe(7);
    // Past its links by keyboard, or along them to the list that says the same.
    await page.getByRole('link', { name: 'Skip the network' }).focus();
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#past-network');
    await network.getByRole('link', { name: 'Source 1' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator(`${new URL(page.url()).hash} .sheet li`).count()).toBe(5);
    await page.getByRole('button', { name: '中文' }).click();
    expect(await network.getAttribute('aria-label')).toBe('7 张图片、1 个来源的关系图');
    expect(await page.locator('.sources h1').innerText()).toBe('7 张图片，1 个来源');
    await page.getByRole('button', { name: 'English' }).click();
    // What was shown is what is kept: nothing is sorted again.
    const report = page.waitForEvent('download');
    await sort.getByRole('link', { name: 'Report (HTML)' }).click();
    const saved = await report;
    expect(saved.suggestedFilename()).toBe('sources.html');
    expect(await readFile(await saved.path(), 'utf8')).toContain('real-sample1.jpg');
    await page.context().close();
  });

  it('measures tables, keeps the report, and erases it', { timeout: 120_000 }, async () => {
    const page = await open('/audits', { viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
    const rows = 'Src,Tar,Tar Pred.,Tar Conf.\nAnn,X,Ann,0.9\nBo,X,Ann,0.4\n';
    await page.getByLabel('服务名称').fill('某服务');
    await page
      .locator('input[type=file][name=file]')
      .setInputFiles({ name: '应答.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
    await page.locator('.inline-form button.primary').click();
    await page.locator('.audit svg[role=img]').first().waitFor();
    expect(await page.locator('.audit h1').innerText()).toContain('50.0');
    expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);
    await page.reload();
    await page.locator('.audit svg[role=img]').first().waitFor();
    await page.getByText('全部审计').click();
    await page.locator('.rows li', { hasText: '某服务 · 应答.csv' }).getByText('50 % 冒充成功').waitFor();
    await page.locator('.rows a').click();
    page.on('dialog', (dialog) => dialog.accept());
    await page.getByRole('button', { name: '删除' }).click();
    await page.getByText('尚无审计').waitFor();
    await page.context().close();
  });

  it.skipIf(!PORTRAIT)('cloaks a portrait, and shows what that did', { timeout: 400_000 }, async () => {
    for (const [locale, say] of [
      [
        'en-US',
        {
          file: 'Portrait: choose one, or drop it here',
          ...{
            quick: 'Quick',
            go: 'Cloak',
            save: 'Save the cloaked picture',
            before: 'Before',
            after: 'After',
          },
          ...{ side: 'Side by side', difference: 'Difference', divide: 'Before, after' },
          held: /Of 1 program that recognises people, (1|none) failed on the file as stored/,
          note: 'no guarantee',
        },
      ],
      [
        'zh-CN',
        {
          file: '人像：选择文件，或拖放到此处',
          ...{ quick: '快速', go: '生成', save: '保存图片', before: '之前', after: '之后' },
          ...{ side: '并排', difference: '差异', divide: '前后分界' },
          held: /1 个识别人脸的程序中：对所存文件 [01] 个失效/,
          note: '不构成保证',
        },
      ],
    ] as const) {
      const page = await open('/protect', { viewport: { width: 390, height: 844 }, locale });
      page.setDefaultTimeout(150_000);
      const panel = page.locator('.cloak');
      await panel.getByLabel(say.file).setInputFiles(PORTRAIT as string);
      await panel.getByRole('radio', { name: say.quick }).focus();
      await page.keyboard.press('Space');
      await panel.getByRole('button', { name: say.go }).focus();
      await page.keyboard.press('Enter');
      await panel.getByText(say.held).waitFor();
      await panel.getByText(say.note, { exact: false }).last().waitFor();
      expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);
      const slider = panel.getByRole('slider', { name: say.divide });
      await slider.fill('20');
      const over = panel.locator('.over');
      expect(await over.evaluate((element: HTMLElement) => element.style.clipPath)).toContain('20%');
      await slider.press('ArrowRight');
      expect(await over.evaluate((element: HTMLElement) => element.style.clipPath)).toContain('21%');
      const shown = (name: string) => panel.getByRole('img', { name, exact: true });
      await panel.getByText(say.side, { exact: true }).click();
      expect(await pixels(shown(say.before))).not.toEqual(await pixels(shown(say.after)));
      await panel.getByText(say.difference, { exact: true }).click();
      // Grey where nothing changed, and not grey where the face is.
      const [corner, middle] = await pixels(shown(say.difference));
      expect(corner).toEqual([128, 128, 128, 255]);
      expect(middle).not.toEqual(corner);
      const saved = page.waitForEvent('download');
      await panel.getByRole('link', { name: say.save }).click();
      expect((await saved).suggestedFilename()).toBe('sample2-cloaked.png');
      await page.context().close();
    }
  });

  it('lets go of a cloak that nobody wants any more', { timeout: 200_000 }, async ({ skip }) => {
    if (!PORTRAIT) skip();
    const page = await open('/protect', { viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    const panel = page.locator('.cloak');
    await panel.locator('input[type=file]').setInputFiles(PORTRAIT as string);
    await panel.getByRole('button', { name: 'Cloak' }).click();
    await expect.poll(() => one.service.context.studio.free, { interval: 20, timeout: 30_000 }).toBe(0);
    await panel.getByRole('button', { name: 'Stop' }).click();
    await panel.getByRole('button', { name: 'Cloak' }).waitFor();
    await expect.poll(() => one.service.context.studio.free, { timeout: 5000 }).toBe(1);
    expect(await panel.locator('.complaint').count()).toBe(0);
    await page.context().close();
  });

  it('hands out keys with quotas, takes them back, and shows queue and model cards', {
    timeout: 120_000,
  }, async () => {
    const page = await open('/admin', { viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
    const card = (title: string) =>
      page.locator('.card', { has: page.getByRole('heading', { name: title, exact: true }) });
    await card('密钥').getByLabel('归属').fill('编辑部');
    await card('密钥').getByLabel('角色').selectOption('viewer');
    await card('密钥').getByRole('checkbox', { name: '分析', exact: true }).check();
    await card('密钥').getByRole('checkbox', { name: '门禁' }).check();
    await card('密钥').getByLabel('每日文件数').fill('3');
    await card('密钥').getByRole('button', { name: '创建密钥' }).click();
    expect(await card('密钥').locator('.secret').innerText()).toMatch(/^hy_[\w-]{43}$/);
    const key = card('密钥').locator('.rows li', { hasText: '编辑部' });
    expect(await key.innerText()).toContain('viewer (分析, 门禁) · 每日 3 个文件');
    await key.getByRole('button', { name: '吊销' }).click();
    await key.getByText('已吊销').waitFor();
    expect(await card('队列').locator('.numbers dd').count()).toBe(5);
    const network = card('队列').locator('details').first();
    await network.locator('summary').click();
    const download = page.waitForEvent('download');
    await network.getByRole('link', { name: '完整模型卡（JSON）' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.card\.json$/);
    await card('日志').getByText('哈希链完好').waitFor();
    expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('shows every page in both languages, and is used by keyboard', { timeout: 120_000 }, async () => {
    for (const [locale, names] of [
      ['en-US', ['Cases', 'Sources', 'Audits', 'Benchmarks', 'Administration']],
      ['zh-CN', ['案卷', '来源', '审计', '评测', '管理']],
    ] as const) {
      const page = await open('/cases', { viewport: { width: 390, height: 844 }, locale });
      for (const [i, path] of ['/cases', '/sources', '/audits', '/benchmarks', '/admin'].entries()) {
        await page.goto(new URL(path, one.url).href);
        await page.getByRole('heading', { level: 1, name: names[i] }).waitFor();
        expect([path, await widerThanScreen(page)]).toEqual([path, 0]);
      }
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
      await page.context().close();
    }
  });

  it('is smaller than 250 kB, compressed, until another page is opened', async () => {
    const page = await open('/', { viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    await page.locator('.drop').waitFor();
    const loaded = await page.evaluate(() =>
      (performance.getEntries() as PerformanceResourceTiming[])
        .filter(({ name }) => !name.includes('/v1/'))
        .reduce((sum, { encodedBodySize = 0 }) => sum + encodedBodySize, 0),
    );
    expect(loaded).toBeGreaterThan(20_000);
    expect(loaded).toBeLessThan(250_000);
    await page.context().close();
  });

  it('complains about nothing, and asks nobody else', () => {
    expect(complaints).toEqual([]);
  });
});

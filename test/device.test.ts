/**
 * Pictures analysed within a real browser, from the service that ships the page: nothing uploaded, the same scores as Node,
 * and again without a network. Skips where there is no Chromium, or where the page has not been built.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, openEngine } from '../src/evidence/analyse.node.ts';
import { type AnalysedRecord, type AnalysisRecord, toRecord } from '../src/report/index.ts';
import { type TestService, testService } from '../src/service/test-service.test-support.ts';
import { ROOT } from './command.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const BUILT = existsSync(join(ROOT, 'dist', 'web', 'sw.js'));
if (!CHROMIUM || !BUILT) {
  console.warn(`skipped: ${CHROMIUM ? 'the page is not built (npm run build)' : 'no Chromium'}`);
}
const example = (name: string) => join(ROOT, 'examples', name);

interface Given {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** The evidence that is examined in both places, by detector, as the figures that must agree. */
function scores(record: AnalysisRecord): Record<string, readonly number[] | string> {
  const { evidence, verdict } = record as AnalysedRecord;
  return Object.fromEntries([
    ['probability', [verdict.probability]],
    ...evidence
      .filter(({ detector }) => detector !== 'enrolled')
      .map((one) => {
        const weighed = one.status === 'detected' || one.status === 'notDetected';
        const score = Number(one.details.score ?? 0);
        return [
          one.detector,
          weighed ? [one.llr ?? 0, score] : `${one.status} ${JSON.stringify(one)}`,
        ] as const;
      }),
  ]);
}

/** How far the figures of each detector lie from each other. */
function distances(a: ReturnType<typeof scores>, b: ReturnType<typeof scores>): Record<string, number> {
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  return Object.fromEntries(
    Object.entries(a).map(([name, here]) => {
      const there = b[name];
      if (typeof here !== 'string' && typeof there !== 'string')
        return [name, Math.max(...here.map((value, i) => Math.abs(value - there[i])))];
      expect(here).toBe(there);
      return [name, 0];
    }),
  );
}

describe.skipIf(!CHROMIUM || !BUILT)('on this device', () => {
  let one: TestService;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let node: Engine;
  const complaints: string[] = [];
  const sent: string[] = [];

  beforeAll(async () => {
    one = await testService();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    page = await context.newPage();
    page.setDefaultTimeout(100_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    context.on('request', (request) => {
      if (request.method() !== 'GET') sent.push(`${request.method()} ${request.url()}`);
      if (!request.url().startsWith(one.url) && !/^(data|blob):/.test(request.url()))
        complaints.push(`asked elsewhere: ${request.url()}`);
    });
    node = await openEngine();
  }, 180_000);
  afterAll(async () => {
    await node?.close();
    await browser?.close();
    await one?.stop();
  });

  /** Gives the page a file and takes the record it offers, and its milliseconds to the verdict. */
  async function analyse(file: Given): Promise<{ record: AnalysedRecord; milliseconds: number }> {
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('.entry[aria-current] .entry-name', { hasText: file.name }).waitFor();
    await page.locator(`a[download="${file.name}.json"]`).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`a[download="${file.name}.json"]`).click(),
    ]);
    const record = JSON.parse(await readFile(await download.path(), 'utf8'));
    return { record, milliseconds: record.timing.total - record.timing.stability };
  }

  async function given(name: string): Promise<Given> {
    return { name, mimeType: '', buffer: await readFile(example(name)) };
  }

  it('is ready once its networks are there, and will stay so', { timeout: 120_000 }, async () => {
    await page.goto(`${one.url}/device`);
    await page.getByText('computes on the processor').waitFor();
    expect(await page.locator('.device-state').innerText()).toContain('stays available without a network');
    await page.waitForFunction(async () => Boolean(await caches.match('/device/c2pa.wasm')));
  });

  it('gives the scores of Node', { timeout: 280_000 }, async () => {
    const photograph = sharp(await sharp(example('real-sample4.jpg')).resize(640).png().toBuffer());
    const made: Given[] = [
      // Smaller than it lies there: the search for faces has a limit of time, which a busy machine reaches.
      {
        name: 'photograph.jpg',
        mimeType: 'image/jpeg',
        buffer: await sharp(example('real-sample4.jpg')).resize(1000).jpeg({ quality: 92 }).toBuffer(),
      },
      ...(await Promise.all(['signed-then-altered.jpg', 'rendered-with-may-be-label.webp'].map(given))),
      await given('rendered-with-sd-parameters.png'),
      // Stored on its side, as telephones do.
      {
        name: 'turned.jpg',
        mimeType: 'image/jpeg',
        buffer: await photograph
          .clone()
          .withMetadata({ orientation: 6 })
          .jpeg({ progressive: true, chromaSubsampling: '4:4:4' })
          .toBuffer(),
      },
      // Half transparent here and there: laid on white in both places.
      {
        name: 'transparent.png',
        mimeType: 'image/png',
        buffer: await photograph.clone().ensureAlpha(0.6).png().toBuffer(),
      },
    ];
    for (const file of made) {
      const { record } = await analyse(file);
      const there = await node.analyseBytes(new Uint8Array(file.buffer), file.name, { stability: false });
      const far = distances(scores(record), scores(toRecord(there)));
      console.info(`${file.name}: from Node ${JSON.stringify(far)}`);
      expect.soft(Math.max(...Object.values(far)), file.name).toBeLessThan(1e-3);
      expect(record.sha256).toBe(there.sha256);
    }
  });

  // A goal of 1.5 s, printed and not asserted: what else the machine does is not known here.
  it('tells how long a photograph takes, once loaded', { timeout: 100_000 }, async () => {
    const times: number[] = [];
    for (let i = 0; i < 2; i++) times.push((await analyse(await given('real-sample1.jpg'))).milliseconds);
    const { width, height } = await sharp(example('real-sample1.jpg')).metadata();
    console.info(`${width}x${height}: ${times.map((ms) => Math.round(ms)).join(', ')} ms to the verdict`);
    expect(times).toHaveLength(2);
  });

  it('says of what it cannot read why', { timeout: 60_000 }, async () => {
    const readme: Given = {
      name: 'README.md',
      mimeType: '',
      buffer: await readFile(join(ROOT, 'README.md')),
    };
    await page.locator('input[type=file]').first().setInputFiles(readme);
    await page.locator('.fragment').getByText('unsupported').first().waitFor();
  });

  it('works again without a network', { timeout: 120_000 }, async () => {
    await context.setOffline(true);
    await page.reload();
    await page.getByText('computes on the processor').waitFor();
    const { record } = await analyse(await given('rendered-and-signed-c2pa.jpg'));
    expect(record.evidence.find(({ detector }) => detector === 'provenance')?.status).toBe('detected');
    await context.setOffline(false);
  });

  it('sends nothing, and asks nobody else', () => {
    expect(sent).toEqual([]);
    expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });
});

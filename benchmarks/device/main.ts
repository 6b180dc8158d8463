/**
 * How long a photograph takes within the browser, from the file to the verdict, stage by stage: prints a table.
 *
 *   npm run build && npm run bench:device            # five times the same photograph, once loaded
 *   npm run bench:device -- --times 9 --file F.jpg
 *
 * The page as the service ships it, in the Chromium that is installed. The load of the machine is printed beside: on one that
 * is busy the figures are those of a busy machine.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import type { AnalysedRecord } from '../../src/report/index.ts';
import { testService } from '../../src/service/test-service.test-support.ts';
import { ROOT } from '../../test/command.ts';

const GOAL_MS = 1500;
const option = (name: string, fallback: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? fallback : process.argv[at + 1];
};
const times = Number(option('times', '5'));
const path = option('file', join(ROOT, 'examples', 'real-sample1.jpg'));
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (!executablePath) throw new Error('there is no Chromium');

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const service = await testService({ workers: 0 });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ locale: 'en-US' });
  page.setDefaultTimeout(180_000);
  page.on('pageerror', (error) => console.error(error));
  page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
  await page.goto(`${service.url}/device`);
  await page.getByText('computes on the processor').waitFor();
  const isolated = await page.evaluate(() => crossOriginIsolated);
  const buffer = await readFile(path);
  const runs: Record<string, number>[] = [];
  for (let i = 0; i < times; i++) {
    const name = `${i}-${basename(path)}`;
    await page.locator('input[type=file]').first().setInputFiles({ name, mimeType: 'image/jpeg', buffer });
    const link = page.locator(`a[download="${name}.json"]`);
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const { timing } = JSON.parse(await readFile(await download.path(), 'utf8')) as AnalysedRecord;
    const { total, stability = 0, ...stages } = timing;
    runs.push({ ...stages, 'to the verdict': total - stability });
  }
  const { width, height } = await sharp(path).metadata();
  console.log('# On this device\n\nPrinted by `npm run build && npm run bench:device`.\n');
  console.log(`${basename(path)}, ${width}x${height}, ${times} times once loaded, WebAssembly.\n`);
  console.log('| stage | median, ms | least | most |\n| --- | --- | --- | --- |');
  for (const stage of Object.keys(runs[0])) {
    const values = runs.map((run) => run[stage]);
    const cells = [median(values), Math.min(...values), Math.max(...values)].map((ms) => ms.toFixed(0));
    console.log(
      `| ${stage}${stage === 'to the verdict' ? ` (goal ${GOAL_MS})` : ''} | ${cells.join(' | ')} |`,
    );
  }
  const [{ model }] = cpus();
  console.log(
    `\n${model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the end; Chromium ${browser.version()}, ${isolated ? '' : 'not '}cross-origin isolated.`,
  );
} finally {
  await browser.close();
  await service.stop();
}

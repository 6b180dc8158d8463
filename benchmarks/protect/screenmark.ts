/**
 * The mark over a web page, photographed: pages in Chromium under `huoyan/screenmark` as it is published, their
 * screenshots on the simulator's screen, and whether the photograph is read. The demonstration page is one of them.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { wilson } from '../../src/bench/metrics.ts';
import { psnr } from '../../src/core/fidelity.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { decodePixels, encodeJpeg } from '../../src/media/index.node.ts';
import { hexOfBits } from '../../src/protect/watermark/payload.ts';
import { read } from '../../src/protect/watermark/read.ts';
import { USUAL } from './grid.ts';
import { learned } from './learned.ts';
import { photograph } from './simulator/screen.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Nothing leaves the machine: whatever is asked of this host is answered from the project's folder. */
const HOST = 'http://huoyan.invalid';
const KEY = 'demonstration';
const MESSAGE = '0123456789abcdef';
const SCREEN = { width: 1600, height: 900 };

const lines = (count: number, words: string) =>
  Array.from({ length: count }, (_, i) => `<p>${i + 1}. ${words}</p>`).join('');
const marked = (style: string, body: string) =>
  `<!doctype html><body style="margin:0;${style}">${body}<script type="module">
    import { markPage } from '/dist/screenmark/index.js';
    markPage({ key: '${KEY}', message: '${MESSAGE}' });
  </script>`;
const CARDS = Array.from(
  { length: 12 },
  (_, i) => `<div style="background:#1d2733;border-radius:8px;padding:18px">
    <b style="font-size:30px">${(i * 7919) % 997}</b><br>cases, quarter ${1 + (i % 4)}
    <div style="height:60px;margin-top:10px;background:linear-gradient(90deg,#2b6 ${i * 8}%,#345 0)"></div></div>`,
).join('');

/** Paths and what is shown there; the demonstration page shows its own message, which is the minute. */
const PAGES: Readonly<Record<string, string | null>> = {
  '/examples/screenmark.html': null,
  '/document': marked(
    'font:16px/1.5 serif;padding:30px 60px',
    lines(40, 'figures of the last quarter '.repeat(5)),
  ),
  '/dashboard': marked(
    'background:#10161d;color:#dde;font:15px sans-serif;display:grid;grid-template-columns:repeat(4,1fr);gap:16px;padding:24px',
    CARDS,
  ),
  '/picture': marked(
    'background:#eee;text-align:center',
    '<img src="/examples/real-sample1.jpg" style="height:900px">',
  ),
};

const SHARES = [1, 0.65, 0.4];
const TILTS = [0, 20, 40];

async function screenshot(browser: Browser, path: string): Promise<{ page: RgbImage; decibels: number }> {
  const page = await browser.newPage({ viewport: SCREEN });
  await page.route(`${HOST}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const body = PAGES[pathname] ?? (await readFile(ROOT + pathname.slice(1)).catch(() => null));
    if (body === null) return route.fulfill({ status: 404 });
    const contentType = pathname.endsWith('.js')
      ? 'text/javascript'
      : pathname.endsWith('.jpg')
        ? 'image/jpeg'
        : 'text/html';
    return route.fulfill({ body, contentType });
  });
  await page.goto(HOST + path, { waitUntil: 'networkidle' });
  const shown = await decodePixels(await page.screenshot());
  // The glass is the only element of its kind.
  await page.addStyleTag({ content: 'div[aria-hidden="true"]{visibility:hidden!important}' });
  const plain = await decodePixels(await page.screenshot());
  await page.close();
  return { page: shown, decibels: psnr(plain, shown) };
}

/** `count` photographs of each page. */
export async function screenmarks(count: number): Promise<void> {
  if (!CHROMIUM || !existsSync(`${ROOT}dist/screenmark/index.js`))
    return console.log('Chromium is absent, or `npm run build` was not run');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  console.log(
    `${SCREEN.width} by ${SCREEN.height} pixels of each page, ${count} photographs: every share of the frame (${SHARES.join(', ')}) with every tilt (${TILTS.join('°, ')}°) in turn, frame 2000 by 1500, JPEG 85; trivial baseline: a random message is right with 2^-64.\n`,
  );
  console.log(
    '| page | PSNR of the mark | screenshot read | photographs read | rate (95 %) |\n| --- | --- | --- | --- | --- |',
  );
  let all = 0;
  const cells = new Random(8).shuffle(SHARES.flatMap((share) => TILTS.map((tilt) => ({ share, tilt }))));
  try {
    for (const path of Object.keys(PAGES)) {
      const { page, decibels } = await screenshot(browser, path);
      const direct = (await read(page, { key: KEY, learned, roads: ['as-written'] })).message;
      const wanted = PAGES[path] === null ? direct && hexOfBits(direct) : MESSAGE;
      let found = 0;
      for (let i = 0; i < count; i++) {
        const random = new Random(500 + i);
        const { share, tilt } = cells[i % cells.length];
        const photo = photograph(page, {
          ...{ width: 2000, height: 1500, share, tiltDegrees: tilt, seed: i, ...USUAL },
          ...{ towardsDegrees: random.uniform(0, 360), rollDegrees: random.uniform(-10, 10) },
          ...{
            offX: random.uniform(-0.03, 0.03),
            offY: random.uniform(-0.03, 0.03),
            barrel: random.uniform(-0.02, 0.02),
          },
        });
        const { message, road } = await read(await decodePixels(await encodeJpeg(photo, { quality: 85 })), {
          ...{ key: KEY, learned },
        });
        const right = message !== null && hexOfBits(message) === wanted;
        if (right) found++;
        console.error(
          `${path} ${i + 1} of ${count}: share ${share}, tilt ${tilt}°, ${right ? `read (${road})` : 'not read'}`,
        );
      }
      all += found;
      console.log(
        `| ${path} | ${decibels.toFixed(1)} dB | ${direct ? 'yes' : 'no'} | ${rate(found, count)} |`,
      );
    }
  } finally {
    await browser.close();
  }
  console.log(`| all | | | ${rate(all, count * Object.keys(PAGES).length)} |`);
}

function rate(found: number, n: number): string {
  const [lo, hi] = wilson(found, n).map((value) => (100 * value).toFixed(1));
  return `${found}/${n} | ${((100 * found) / n).toFixed(1)} % (${lo} %–${hi} %)`;
}

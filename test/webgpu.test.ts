/**
 * The library on WebGPU, in a real Chromium over SwiftShader (a program that plays a graphics processor, so that this runs on
 * any machine): the scores of WebAssembly; and WebAssembly where there is no adapter. Skips where there is no Chromium.
 *
 * SwiftShader takes half a minute of a whole core to prepare the network of face swaps, so without HUOYAN_WEBGPU=faces the
 * picture has no face.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedFaceFinder } from '../src/face/finder.node.ts';
import { readImageFile } from '../src/media/index.node.ts';
import { type TestService, testService } from '../src/service/test-service.test-support.ts';
import { ROOT } from './command.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (!CHROMIUM) console.warn('skipped: no Chromium');
const FACES = process.env.HUOYAN_WEBGPU === 'faces';
const SWIFTSHADER = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--ignore-gpu-blocklist',
];

const PROBE =
  '<!doctype html><script type="module">import * as huoyan from "./index.js"; globalThis.huoyan = huoyan;</script>';

/** The library as a bundler makes it. */
async function bundled(): Promise<Rollup.RollupOutput['output']> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { index: join(ROOT, 'src', 'browser', 'index.ts') },
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
      },
    },
  })) as Rollup.RollupOutput;
  return output;
}

/** One face with some room around it. */
async function aroundFace(): Promise<Sharp> {
  const path = join(ROOT, 'examples', 'real-sample4.jpg');
  const { pixels } = await readImageFile(path);
  const [{ box }] = await installedFaceFinder().find(pixels, { maxFaces: 1, minFacePx: 100 });
  const side = Math.round(box.width * 2);
  const left = Math.max(0, Math.round(box.x - box.width / 2));
  const top = Math.max(0, Math.round(box.y - box.height / 2));
  return sharp(path).extract({ left, top, width: side, height: side });
}

interface Figures {
  readonly computesOn: string;
  /** By detector: the log-likelihood ratio, and the score before it was calibrated. */
  readonly figures: Readonly<Record<string, readonly number[]>>;
}

describe.skipIf(!CHROMIUM)('WebGPU', () => {
  let one: TestService;
  let files: Rollup.RollupOutput['output'];
  let picture: string;
  const browsers: Browser[] = [];

  beforeAll(async () => {
    one = await testService({ workers: 0 });
    files = await bundled();
    const cut = FACES ? await aroundFace() : sharp(join(ROOT, 'examples', 'real-wall.jpg')).resize(320);
    picture = (await cut.jpeg({ quality: 92 }).toBuffer()).toString('base64');
  }, 240_000);
  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    await one?.stop();
  });

  /** A page in a browser started with `args`, where the library lies below `/probe/`. */
  async function opened(args: readonly string[]): Promise<Page> {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...args] });
    browsers.push(browser);
    const page = await browser.newPage();
    await page.route(`${one.url}/probe/**`, (route) => {
      const name = new URL(route.request().url()).pathname.slice('/probe/'.length);
      if (name === '') return route.fulfill({ contentType: 'text/html', body: PROBE });
      const file = files.find(({ fileName }) => fileName === name);
      if (!file) return route.fulfill({ status: 404 });
      const contentType = name.endsWith('.js') ? 'text/javascript' : 'application/wasm';
      return route.fulfill({
        contentType,
        body: file.type === 'chunk' ? file.code : Buffer.from(file.source),
      });
    });
    await page.goto(`${one.url}/probe/`);
    await page.waitForFunction(() => 'huoyan' in globalThis);
    return page;
  }

  /** What the library finds in the picture, computed there. */
  const analysed = (page: Page, compute: string): Promise<Figures> =>
    page.evaluate(
      async ({ compute, picture }) => {
        const { huoyan } = globalThis as unknown as { huoyan: typeof import('../src/browser/index.ts') };
        const engine = await huoyan.openBrowserEngine({
          models: '/device/models/',
          faces: '/device/faces/',
          wasm: { wasm: '/device/runtime/wasm.wasm', webgpu: '/device/runtime/webgpu.wasm' },
          compute: compute as 'wasm' | 'webgpu' | 'auto',
        });
        const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
        const analysis = await engine.analyse(bytes, { name: 'face.jpg', stability: false });
        if (analysis.outcome !== 'analysed') throw analysis.error;
        const figures = Object.fromEntries(
          analysis.evidence.flatMap((one) =>
            one.status === 'detected' || one.status === 'notDetected'
              ? [[one.detector, [one.llr ?? 0, Number(one.details.score ?? 0)]]]
              : [],
          ),
        );
        const { computesOn } = engine;
        await engine.close();
        return { computesOn, figures };
      },
      { compute, picture },
    );

  const farthest = (a: Figures, b: Figures): number => {
    expect(Object.keys(a.figures)).toEqual(Object.keys(b.figures));
    return Math.max(
      ...Object.entries(a.figures).flatMap(([name, own]) =>
        own.map((value, i) => Math.abs(value - b.figures[name][i])),
      ),
    );
  };

  it('gives the scores of WebAssembly within 1e-3', { timeout: FACES ? 900_000 : 400_000 }, async () => {
    const page = await opened(SWIFTSHADER);
    const adapter = await page.evaluate(async () => {
      const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<object | null> } };
      return Boolean(await gpu?.requestAdapter());
    });
    if (!adapter) {
      console.warn('skipped: this Chromium gives no SwiftShader adapter');
      return;
    }
    const wasm = await analysed(page, 'wasm');
    expect(wasm.computesOn).toBe('wasm');
    expect(Object.keys(wasm.figures)).toEqual(
      expect.arrayContaining(FACES ? ['synthesis', 'faceswap'] : ['synthesis']),
    );
    const webgpu = await analysed(page, 'webgpu');
    expect(webgpu.computesOn).toBe('webgpu');
    const far = farthest(webgpu, wasm);
    console.info(`WebGPU from WebAssembly: ${JSON.stringify([webgpu.figures, wasm.figures])}`);
    expect(far).toBeLessThan(1e-3);
    // A program that plays a graphics processor is slower than WebAssembly: nobody gets it without asking.
    expect((await analysed(page, 'auto')).computesOn).toBe('wasm');
  });

  it('is WebAssembly where there is no adapter', { timeout: 200_000 }, async () => {
    const page = await opened(['--disable-gpu', '--disable-features=WebGPU,Vulkan']);
    const [asked, plain] = [await analysed(page, 'webgpu'), await analysed(page, 'wasm')];
    expect([asked.computesOn, plain.computesOn]).toEqual(['wasm', 'wasm']);
    expect(farthest(asked, plain)).toBe(0);
  });
});

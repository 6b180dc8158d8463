/** The web page: the files Vite built, and nothing else from the disk. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context as Http } from 'hono';

const TYPE: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.mjs': 'text/javascript; charset=utf-8',
};

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
  /** Its name changes with its content, so it may be kept for ever. */
  readonly lasting: boolean;
}

/** Everything in the folder by its URL path. Looked up, never opened by name: a request cannot name a file. */
export type Page = ReadonlyMap<string, Asset>;

/** Where the built page lies, beside the built code or, in a checkout, in `dist/`. */
const PLACES = ['./web/', '../web/', '../../dist/web/', '../../../dist/web/'];

/** Null when the page has not been built. */
export async function readPage(): Promise<Page | null> {
  for (const place of PLACES) {
    const root = fileURLToPath(new URL(place, import.meta.url));
    const files = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => null);
    if (!files?.some(({ name }) => name === 'index.html')) continue;
    const page = new Map<string, Asset>();
    for (const file of files) {
      const type = TYPE[extname(file.name)];
      if (!file.isFile() || !type) continue;
      const path = join(file.parentPath, file.name);
      const url = `/${path.slice(root.length).replaceAll('\\', '/')}`;
      page.set(url, assetOf(await readFile(path), type, url.startsWith('/assets/')));
    }
    return page;
  }
  return null;
}

function assetOf(plain: Buffer, type: string, lasting: boolean): Asset {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  return { type, plain, gzip: gzipSync(plain), brotli: brotliCompressSync(plain, quality), lasting };
}

/** No request to anywhere else, no script but ours. `blob:` and `data:` show what the user just dropped, and heat maps. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** The file at the path of a request; the page itself for any other path that asks for a page. Null for neither. */
export function pageResponse(page: Page, http: Http): Response | null {
  const { path } = http.req;
  const wantsPage = (http.req.header('accept') ?? '').includes('text/html');
  const asset =
    page.get(path === '/' ? '/index.html' : path) ?? (wantsPage ? page.get('/index.html') : undefined);
  if (!asset) return null;
  const accepted = http.req.header('accept-encoding') ?? '';
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
  const body = encoding === 'br' ? asset.brotli : encoding === 'gzip' ? asset.gzip : asset.plain;
  return new Response(new Uint8Array(body), {
    headers: {
      'content-type': asset.type,
      'cache-control': asset.lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': PAGE_POLICY,
      vary: 'accept-encoding',
      ...(encoding && { 'content-encoding': encoding }),
    },
  });
}

/**
 * What the page needs to analyse pictures without sending them: networks, face networks of the installed package, and
 * WebAssembly modules. A fixed table: a request cannot name a file. Asked for without a key, like the page itself.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { c2paModulePath } from '../../credentials/c2pa/engine.node.ts';
import { installedNetworkAsOnnx } from '../../face/finder.node.ts';
import { packageModelsFolder } from '../../nn/models.node.ts';
import { notFound } from '../problem.ts';
import type { Env } from './env.ts';

interface Thing {
  readonly type: string;
  /** Null where it is not installed. */
  readonly read: () => Promise<Uint8Array | null>;
}

const model = (file: string): Thing => ({
  type: file.endsWith('.json') ? 'application/json' : 'application/octet-stream',
  read: () => readFile(join(packageModelsFolder(), file)),
});
const face = (name: 'blazeface' | 'facemesh'): Thing => ({
  type: 'application/octet-stream',
  read: () => installedNetworkAsOnnx(name),
});
const runtime = (file: string): Thing => ({
  type: 'application/wasm',
  read: () => readFile(createRequire(import.meta.url).resolve(`onnxruntime-web/${file}`)),
});

const THINGS: Readonly<Record<string, Thing>> = {
  ...Object.fromEntries(
    ['synthesis', 'faceswap', 'faceswap-texture'].flatMap((name) =>
      [`${name}.onnx`, `${name}.card.json`].map((file) => [`/device/models/${file}`, model(file)]),
    ),
  ),
  '/device/faces/blazeface.onnx': face('blazeface'),
  '/device/faces/facemesh.onnx': face('facemesh'),
  '/device/runtime/wasm.wasm': runtime('ort-wasm-simd-threaded.wasm'),
  '/device/runtime/webgpu.wasm': runtime('ort-wasm-simd-threaded.asyncify.wasm'),
  '/device/c2pa.wasm': { type: 'application/wasm', read: () => readFile(c2paModulePath()) },
};

interface Kept {
  readonly plain: Uint8Array;
  readonly packed: Uint8Array;
  readonly tag: string;
}

const compress = promisify(gzip);

export function deviceRoutes(app: OpenAPIHono<Env>): void {
  const kept = new Map<string, Promise<Kept | null>>();
  const keep = async ({ read }: Thing): Promise<Kept | null> => {
    const plain = await read();
    if (!plain) return null;
    const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
    return { plain, packed: await compress(plain), tag };
  };
  app.get('/device/*', async (http, next) => {
    const { path } = http.req;
    // The pattern is also that of the page at /device.
    if (!Object.hasOwn(THINGS, path)) return next();
    if (!kept.has(path)) {
      const reading = keep(THINGS[path]);
      kept.set(path, reading);
      reading.catch(() => kept.delete(path));
    }
    const found = await kept.get(path);
    if (!found) throw notFound({ en: `there is nothing at ${path}`, zh: `${path} 处没有内容` });
    const headers = {
      'content-type': THINGS[path].type,
      'cache-control': 'no-cache',
      etag: found.tag,
      vary: 'accept-encoding',
    };
    if (http.req.header('if-none-match') === found.tag) return http.body(null, 304, headers);
    const packed = /\bgzip\b/.test(http.req.header('accept-encoding') ?? '');
    return http.body(new Uint8Array(packed ? found.packed : found.plain), 200, {
      ...headers,
      ...(packed && { 'content-encoding': 'gzip' }),
    });
  });
}

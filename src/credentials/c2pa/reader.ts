/**
 * The one door to @contentauth/c2pa-wasm (c2pa-rs compiled to WebAssembly), in Node and in a browser. Loaded on first use
 * only: nine megabytes that most files never need. No network: remote manifests and OCSP are switched off.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { C2paEngine, C2paReading } from './report.ts';

export type C2paLibrary = typeof import('@contentauth/c2pa-wasm');

/** The library over `wasm`, its WebAssembly module or where that lies. Throws HuoyanError `component-missing`. */
export async function loadLibrary(wasm: () => Promise<BufferSource | URL>): Promise<C2paLibrary> {
  try {
    const [module, bytes] = await Promise.all([import('@contentauth/c2pa-wasm'), wasm()]);
    await module.default({ module_or_path: bytes });
    return module;
  } catch (cause) {
    throw new HuoyanError(
      'component-missing',
      { en: 'the C2PA library could not be loaded', zh: '无法加载 C2PA 组件' },
      {
        en: 'reinstall the dependencies with npm ci (package @contentauth/c2pa-wasm)',
        zh: '请用 npm ci 重新安装依赖（软件包 @contentauth/c2pa-wasm）',
      },
      { cause },
    );
  }
}

export interface C2paEngineOptions {
  /** Root certificates the user trusts, as PEM, one after the other. Huoyan ships none. */
  readonly trustAnchorsPem?: string;
  /** Single signing certificates the user trusts without a chain, as PEM. */
  readonly trustedSignersPem?: string;
}

export function settings(options: C2paEngineOptions): string {
  return JSON.stringify({
    trust: {
      ...(options.trustAnchorsPem && { user_anchors: options.trustAnchorsPem }),
      ...(options.trustedSignersPem && { allowed_list: options.trustedSignersPem }),
    },
    verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false, verify_after_sign: false },
    builder: { thumbnail: { enabled: false } },
  });
}

export function message(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 500);
}

/** An engine that reads and validates manifest stores; the library is loaded by the first read. */
export function c2paReader(open: () => Promise<C2paLibrary>, options: C2paEngineOptions = {}): C2paEngine {
  const context = settings(options);
  return {
    hasTrustList: Boolean(options.trustAnchorsPem || options.trustedSignersPem),
    async read(bytes, mime): Promise<C2paReading> {
      const { WasmReader } = await open();
      try {
        const reader = await WasmReader.fromBytes(mime, bytes, context);
        try {
          return { store: JSON.parse(reader.json()) };
        } finally {
          reader.free();
        }
      } catch (thrown) {
        return { problem: message(thrown) };
      }
    },
  };
}

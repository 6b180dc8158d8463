/**
 * The one door to @contentauth/c2pa-wasm (c2pa-rs compiled to WebAssembly): reading with validation, and signing. Loaded
 * on first use only: nine megabytes that most files never need. No network: remote manifests and OCSP are switched off.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { HuoyanError } from '../../core/errors.ts';
import { type SigningIdentity, signClaim } from './identity.node.ts';
import type { C2paEngine, C2paReading } from './report.ts';

type Library = typeof import('@contentauth/c2pa-wasm');

let library: Promise<Library> | undefined;

async function load(): Promise<Library> {
  try {
    const wasm = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
    const [module, bytes] = await Promise.all([import('@contentauth/c2pa-wasm'), readFile(wasm)]);
    await module.default({ module_or_path: bytes });
    return module;
  } catch (cause) {
    library = undefined;
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

function open(): Promise<Library> {
  library ??= load();
  return library;
}

export interface C2paEngineOptions {
  /** Root certificates the user trusts, as PEM, one after the other. Huoyan ships none. */
  readonly trustAnchorsPem?: string;
  /** Single signing certificates the user trusts without a chain, as PEM. */
  readonly trustedSignersPem?: string;
}

function settings(options: C2paEngineOptions): string {
  return JSON.stringify({
    trust: {
      ...(options.trustAnchorsPem && { user_anchors: options.trustAnchorsPem }),
      ...(options.trustedSignersPem && { allowed_list: options.trustedSignersPem }),
    },
    verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false, verify_after_sign: false },
    builder: { thumbnail: { enabled: false } },
  });
}

function message(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 500);
}

/** An engine that reads and validates manifest stores; the library is loaded by the first read. */
export function createC2paEngine(options: C2paEngineOptions = {}): C2paEngine {
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

/** A Blob whose bytes can be had at once, which is what the library asks its source for. */
class MemoryBlob extends Blob {
  constructor(readonly content: Uint8Array) {
    super([]);
  }
  override get size(): number {
    return this.content.length;
  }
  override slice(start = 0, end = this.content.length): MemoryBlob {
    return new MemoryBlob(this.content.subarray(start, end));
  }
}

/** Workers of browsers have FileReaderSync, Node has not; the library's writer cannot do without. */
class MemoryReader {
  readAsArrayBuffer(blob: MemoryBlob): ArrayBuffer {
    return blob.content.slice().buffer as ArrayBuffer;
  }
}

let signing: Promise<unknown> = Promise.resolve();

/** Runs `work` while the reader is in place; one at a time, so that it is never taken away under somebody's feet. */
function withReader<T>(work: () => Promise<T>): Promise<T> {
  const run = signing.then(async () => {
    const scope = globalThis as { FileReaderSync?: unknown };
    const before = scope.FileReaderSync;
    scope.FileReaderSync = MemoryReader;
    try {
      return await work();
    } finally {
      if (before === undefined) delete scope.FileReaderSync;
      else scope.FileReaderSync = before;
    }
  });
  signing = run.catch(() => undefined);
  return run;
}

/** What a manifest to be written says (c2pa-rs ManifestDefinition, the parts Huoyan uses). */
export interface ManifestDefinition {
  readonly title?: string;
  readonly claim_generator_info: readonly { readonly name: string; readonly version?: string }[];
  readonly assertions: readonly { readonly label: string; readonly data: unknown }[];
}

/** Bytes kept free for the signature: certificate chain, signature and padding. */
const RESERVED_BYTES = 8192;

/**
 * The file with a signed manifest in it. `parent` makes the file's former state an ingredient (its own manifests are
 * kept). Throws HuoyanError `bad-argument` when the library refuses the file or the manifest.
 */
export async function signC2pa(
  bytes: Uint8Array,
  mime: string,
  manifest: ManifestDefinition,
  identity: SigningIdentity,
  parent?: { readonly title: string; readonly bytes: Uint8Array; readonly mime: string },
): Promise<Uint8Array> {
  const { WasmBuilder } = await open();
  return withReader(async () => {
    const builder = WasmBuilder.fromJson(JSON.stringify(manifest), settings({}));
    try {
      if (parent) {
        await builder.addIngredientFromBlob(
          JSON.stringify({ title: parent.title, relationship: 'parentOf' }),
          parent.mime,
          new MemoryBlob(parent.bytes),
        );
      }
      const signer = {
        alg: identity.algorithm,
        reserveSize: RESERVED_BYTES,
        sign: async (claim: Uint8Array) => new Uint8Array(signClaim(identity, claim, RESERVED_BYTES)),
      };
      return await builder.sign(signer, [], mime, new MemoryBlob(bytes));
    } catch (thrown) {
      if (thrown instanceof HuoyanError) throw thrown;
      throw new HuoyanError(
        'bad-argument',
        { en: `the file cannot be signed: ${message(thrown)}`, zh: `无法为该文件签名：${message(thrown)}` },
        {
          en: 'check that the format can carry a manifest and that the manifest is complete',
          zh: '请确认该格式可以携带凭证，且凭证内容完整',
        },
        { cause: thrown },
      );
    } finally {
      builder.free();
    }
  });
}

/** The C2PA library in Node: reading with validation, and signing. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { HuoyanError } from '../../core/errors.ts';
import { type SigningIdentity, signClaim } from './identity.node.ts';
import {
  type C2paEngineOptions,
  type C2paLibrary,
  c2paReader,
  loadLibrary,
  message,
  settings,
} from './reader.ts';
import type { C2paEngine } from './report.ts';

export type { C2paEngineOptions } from './reader.ts';

let library: Promise<C2paLibrary> | undefined;

/** Where the library's WebAssembly module lies. */
export function c2paModulePath(): string {
  return createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
}

function open(): Promise<C2paLibrary> {
  library ??= loadLibrary(async () => new Uint8Array(await readFile(c2paModulePath())));
  library.catch(() => {
    library = undefined;
  });
  return library;
}

/** An engine that reads and validates manifest stores; the library is loaded by the first read. */
export function createC2paEngine(options: C2paEngineOptions = {}): C2paEngine {
  return c2paReader(open, options);
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

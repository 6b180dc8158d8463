/** ONNX Runtime as WebAssembly: in a browser, there also on its graphics processor, and in Node where the native one is missing. */
import type { Tensor } from '../core/tensor.ts';
import { inputTypes, toTensor, typeOfData, unreadableModel } from './ort-tensor.ts';
import type { Runtime } from './runtime.ts';

export interface WebRuntimeOptions {
  /** What computes; `wasm` unless told. `webgpu` needs the library of that name. */
  readonly on?: Processor;
  /** The library for `webgpu` also has `wasm`, and is twice as large; only fetched when asked for. */
  readonly library?: Processor;
  /** Where the `.wasm` file of that library lies, when not where a bundler put it. */
  readonly wasm?: string;
}

/** What of a machine computes. */
export type Processor = 'wasm' | 'webgpu';

type Library = typeof import('onnxruntime-web');

/** The two libraries, each with an environment of its own. */
const LIBRARY: Readonly<Record<Processor, () => Promise<Library>>> = {
  wasm: () => import('onnxruntime-web/wasm'),
  webgpu: () => import('onnxruntime-web/webgpu'),
};

/** What a runtime that computes there is called. */
export const RUNTIME_NAME: Readonly<Record<Processor, string>> = {
  wasm: 'onnxruntime-web',
  webgpu: 'onnxruntime-web on WebGPU',
};

/** Threads are decided once for the whole page, by the first session. */
export async function webRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const on = options.on ?? 'wasm';
  const ort = await LIBRARY[options.library ?? on]();
  if (options.wasm) ort.env.wasm.wasmPaths = { wasm: options.wasm };
  ort.env.logLevel = 'error';
  let threads: number | undefined;
  return {
    name: RUNTIME_NAME[on],
    async load(model, sessionOptions = {}) {
      threads ??= sessionOptions.threads ?? 1;
      if (threads > 0) ort.env.wasm.numThreads = threads;
      const session = await ort.InferenceSession.create(model, {
        // Were `wasm` named beside it, a graphics processor that does not answer would be passed over in silence.
        executionProviders: [on],
        graphOptimizationLevel: 'all',
      }).catch(unreadableModel);
      const wrap = (tensor: Tensor) => new ort.Tensor(typeOfData(tensor), tensor.data, tensor.dims);
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        inputTypes: inputTypes(session.inputMetadata),
        async run(inputs) {
          const feeds = Object.fromEntries(
            Object.entries(inputs).map(([name, tensor]) => [name, wrap(tensor)]),
          );
          const results = await session.run(feeds);
          return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, toTensor(value)]));
        },
        async release() {
          await session.release();
        },
      };
    },
  };
}

interface Adapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

/** What WebGPU would compute on here: a graphics processor, a program that plays one (slower than WebAssembly), or nothing. */
export async function webGpuAdapter(): Promise<'graphics' | 'program' | null> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (!adapter) return null;
  return adapter.isFallbackAdapter || adapter.info?.isFallbackAdapter ? 'program' : 'graphics';
}

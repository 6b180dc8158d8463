/** ONNX Runtime as WebAssembly: in a browser, and in Node where the native one is missing. */
import type { Tensor } from '../core/tensor.ts';
import { inputTypes, toTensor, typeOfData, unreadableModel } from './ort-tensor.ts';
import type { Runtime } from './runtime.ts';

export interface WebRuntimeOptions {
  /** Where the `.wasm` files lie, when not beside the script. */
  readonly wasmPaths?: string;
}

/** Threads are decided once for the whole page, by the first session. */
export async function webRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const ort = await import('onnxruntime-web');
  if (options.wasmPaths) ort.env.wasm.wasmPaths = options.wasmPaths;
  ort.env.logLevel = 'error';
  let threads: number | undefined;
  return {
    name: 'onnxruntime-web',
    async load(model, sessionOptions = {}) {
      threads ??= sessionOptions.threads ?? 1;
      if (threads > 0) ort.env.wasm.numThreads = threads;
      const session = await ort.InferenceSession.create(model, {
        executionProviders: ['wasm'],
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

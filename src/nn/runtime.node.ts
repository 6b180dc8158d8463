/**
 * ONNX Runtime in Node: the native one where it is installed, otherwise the WebAssembly one (`onnxruntime-node` is an
 * optional dependency, because its installer wants a network that not everybody has).
 */
import type { Tensor } from '../core/tensor.ts';
import { inputTypes, toTensor, typeOfData, unreadableModel } from './ort-tensor.ts';
import type { Runtime, Session, SessionOptions } from './runtime.ts';

type Native = typeof import('onnxruntime-node');

/** A session that can also write into memory it is given, which keeps training state where it is between steps. */
export interface NodeSession extends Session {
  /**
   * Like `run`, but outputs named in `outputs` are written into those tensors' own memory; returns the others.
   * Inputs and outputs must not share memory.
   */
  runInto(
    inputs: Readonly<Record<string, Tensor>>,
    outputs: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
}

export interface NodeSessionOptions extends SessionOptions {
  /** Writes ONNX Runtime's profile as JSON to files beginning with this path; `endProfiling` on release. */
  readonly profilePrefix?: string;
}

export interface NodeRuntime extends Runtime {
  load(model: Uint8Array, options?: NodeSessionOptions): Promise<NodeSession>;
}

let loaded: Promise<NodeRuntime> | undefined;

/** The best runtime this machine has; the same object on every call. */
export function nodeRuntime(): Promise<NodeRuntime> {
  loaded ??= findRuntime();
  return loaded;
}

async function findRuntime(): Promise<NodeRuntime> {
  try {
    return nativeRuntime(await import('onnxruntime-node'));
  } catch {
    const { webRuntime } = await import('./runtime.web.ts');
    const web = await webRuntime();
    return {
      name: web.name,
      async load(model, options) {
        const session = await web.load(model, options);
        return Object.assign(session, {
          async runInto(inputs: Readonly<Record<string, Tensor>>, outputs: Readonly<Record<string, Tensor>>) {
            const results = await session.run(inputs);
            for (const [name, target] of Object.entries(outputs)) {
              (target.data as Float32Array).set(results[name].data as Float32Array);
            }
            return results;
          },
        });
      },
    };
  }
}

function nativeRuntime(ort: Native): NodeRuntime {
  return {
    name: 'onnxruntime-node',
    async load(model, options = {}) {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: ['cpu'],
        graphOptimizationLevel: 'all',
        intraOpNumThreads: options.threads ?? 1,
        interOpNumThreads: 1,
        logSeverityLevel: 3,
        ...(options.profilePrefix ? { enableProfiling: true, profileFilePrefix: options.profilePrefix } : {}),
      }).catch(unreadableModel);
      const wrap = (tensor: Tensor) => new ort.Tensor(typeOfData(tensor), tensor.data, tensor.dims);
      const feeds = (inputs: Readonly<Record<string, Tensor>>) =>
        Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, wrap(tensor)]));
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        inputTypes: inputTypes(session.inputMetadata),
        async run(inputs) {
          const results = await session.run(feeds(inputs));
          return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, toTensor(value)]));
        },
        async runInto(inputs, outputs) {
          const fetches = Object.fromEntries(
            session.outputNames.map((name) => [name, outputs[name] ? wrap(outputs[name]) : null]),
          );
          const results = await session.run(feeds(inputs), fetches);
          return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, toTensor(value)]));
        },
        async release() {
          if (options.profilePrefix) session.endProfiling();
          await session.release();
        },
      };
    },
  };
}

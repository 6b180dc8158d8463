/** What every place that runs a network needs, whatever ONNX Runtime stands behind it (native in Node, WASM in a browser). */
import type { Tensor } from '../core/tensor.ts';

export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Element type by input name (`float32`, `uint8`, `int64` …), where the runtime tells. */
  readonly inputTypes?: Readonly<Record<string, string>>;
  /** Runs once; throws when an input is missing or has another shape. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

export interface SessionOptions {
  /** Threads inside one operator; 0 leaves it to the runtime. Default 1, because batches run in several workers. */
  readonly threads?: number;
}

export interface Runtime {
  readonly name: string;
  load(model: Uint8Array, options?: SessionOptions): Promise<Session>;
}

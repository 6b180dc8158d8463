/** The plain shape of an ONNX model while it is being made: no classes, no library, nothing but data. */

export type ElementType = 'float32' | 'float16' | 'int64' | 'int32' | 'uint8' | 'uint64' | 'bool';

/** A number is an int, a list of numbers is ints; real numbers say so. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: StoredTensor };

export interface GraphNode {
  readonly op: string;
  readonly domain?: string;
  /** Names; an empty string is an optional input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface StoredTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Row-major. With type `float16` the numbers are given as float32 and are rounded when written. */
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array | BigUint64Array;
}

export interface TensorInfo {
  readonly name: string;
  readonly type: ElementType;
  /** A string is a symbolic dimension, for instance `batch`. */
  readonly dims: readonly (number | string)[];
}

export interface Model {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly StoredTensor[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly metadata?: Readonly<Record<string, string>>;
}

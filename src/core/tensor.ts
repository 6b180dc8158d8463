/** An n-dimensional array as networks take and give it: row-major float32 (or int64/int32/uint8 for indices and pixels). */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

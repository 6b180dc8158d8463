/** ONNX Runtime's tensors and ours; shared by the native and the web runtime, importing neither. */
import type { Tensor } from '../core/tensor.ts';

export type OrtType = 'float32' | 'int32' | 'int64' | 'uint8';

export function typeOfData(tensor: Tensor): OrtType {
  const { data } = tensor;
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  return 'uint8';
}

/** Throws TypeError for an element type our tensors do not have. */
export function toTensor(value: { readonly dims: readonly number[]; readonly data: unknown }): Tensor {
  const { data } = value;
  if (
    data instanceof Float32Array ||
    data instanceof BigInt64Array ||
    data instanceof Int32Array ||
    data instanceof Uint8Array
  ) {
    return { dims: value.dims, data };
  }
  throw new TypeError('the network gives a tensor of an unsupported element type');
}

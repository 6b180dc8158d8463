/** ONNX Runtime's tensors and ours; shared by the native and the web runtime, importing neither. */
import { HuoyanError } from '../core/errors.ts';
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

/** Element type by name, from a session's metadata. */
export function inputTypes(
  metadata:
    | readonly { readonly name: string; readonly isTensor: boolean; readonly type?: string }[]
    | undefined,
): Record<string, string> {
  return Object.fromEntries((metadata ?? []).map((m) => [m.name, m.type ?? 'float32']));
}

/** Always throws HuoyanError `corrupt`, with what the runtime said as the cause. */
export function unreadableModel(thrown: unknown): never {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  throw new HuoyanError(
    'corrupt',
    { en: `the network cannot be loaded: ${reason}`, zh: `无法加载网络：${reason}` },
    {
      en: 'the file is damaged or needs a newer ONNX Runtime',
      zh: '文件已损坏，或需要更新版本的 ONNX Runtime',
    },
    { cause: thrown },
  );
}

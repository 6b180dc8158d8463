/**
 * Named tensors in one file, in the safetensors format: 8 bytes little-endian length, a JSON header
 * `{name: {dtype, shape, data_offsets}}`, then the raw numbers. Checkpoints, exported batches and weights that travel
 * between machines are such files, because a dozen lines of any language read them.
 */
import { HuoyanError } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { fromFloat16, toFloat16 } from './float16.ts';

const DTYPES = { F32: 4, F16: 2, I32: 4, I64: 8, U8: 1 } as const;
type Dtype = keyof typeof DTYPES;

/** What lies in the file; float16 numbers as their bits. */
type Stored = Tensor['data'] | Uint16Array;

function dtypeOf(data: Stored): Dtype {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Uint16Array) return 'F16';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof BigInt64Array) return 'I64';
  return 'U8';
}

/** The bytes of a safetensors file. `half` stores float32 tensors as float16 (largest number 65,504). */
export function encodeTensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
  { half = false }: { half?: boolean } = {},
): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length ? { __metadata__: metadata } : {};
  let offset = 0;
  // Widest element first keeps everything aligned.
  const entries = Object.entries(tensors)
    .map(([name, { dims, data }]): [string, { dims: readonly number[]; data: Stored }] => [
      name,
      { dims, data: half && data instanceof Float32Array ? toFloat16(data) : data },
    ])
    .sort(([, a], [, b]) => DTYPES[dtypeOf(b.data)] - DTYPES[dtypeOf(a.data)]);
  for (const [name, { dims, data }] of entries) {
    const end = offset + data.byteLength;
    header[name] = { dtype: dtypeOf(data), shape: [...dims], data_offsets: [offset, end] };
    offset = end;
  }
  let json = JSON.stringify(header);
  let head = new TextEncoder().encode(json);
  const padding = (8 - (head.length % 8)) % 8;
  if (padding) {
    json += ' '.repeat(padding);
    head = new TextEncoder().encode(json);
  }
  const out = new Uint8Array(8 + head.length + offset);
  new DataView(out.buffer).setBigUint64(0, BigInt(head.length), true);
  out.set(head, 8);
  let at = 8 + head.length;
  for (const [, { data }] of entries) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}

function corrupt(what: string): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `not a readable safetensors file: ${what}`, zh: `无法读取的 safetensors 文件：${what}` },
    { en: 'the file is damaged or of another format; make it again', zh: '文件已损坏或格式不符，请重新生成' },
  );
}

/**
 * Reads what `encodeTensors` (or another writer of F32, F16, I32, I64, U8) wrote; F16 comes back as float32. Of a large
 * file, `wanted` names the tensors to read. Throws HuoyanError `corrupt`.
 */
export function decodeTensors(
  bytes: Uint8Array,
  wanted: (name: string) => boolean = () => true,
): {
  tensors: Record<string, Tensor>;
  metadata: Record<string, string>;
} {
  if (bytes.length < 8) throw corrupt('too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(bytes.length - 8)) throw corrupt('header longer than the file');
  const start = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)));
  } catch {
    throw corrupt('header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw corrupt('header is not an object');
  const tensors: Record<string, Tensor> = {};
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = entry as Record<string, string>;
      continue;
    }
    if (wanted(name)) tensors[name] = readEntry(bytes, start, name, entry);
  }
  return { tensors, metadata };
}

function readEntry(bytes: Uint8Array, start: number, name: string, entry: unknown): Tensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const natural = (v: unknown): v is number => typeof v === 'number' && Number.isSafeInteger(v) && v >= 0;
  if (typeof dtype !== 'string' || !(dtype in DTYPES)) throw corrupt(`element type of ${name}`);
  if (!Array.isArray(shape) || !shape.every(natural)) throw corrupt(`shape of ${name}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(natural))
    throw corrupt(`place of ${name}`);
  const [from, to] = offsets as [number, number];
  const width = DTYPES[dtype as Dtype];
  const count = (shape as number[]).reduce((product, d) => product * d, 1);
  if (to < from || start + to > bytes.length || to - from !== count * width) throw corrupt(`size of ${name}`);
  // Node's Buffer has a slice of its own that does not copy; this one does, and so is aligned.
  const raw = Uint8Array.prototype.slice.call(bytes, start + from, start + to).buffer;
  const data =
    dtype === 'F32'
      ? new Float32Array(raw)
      : dtype === 'F16'
        ? fromFloat16(new Uint16Array(raw))
        : dtype === 'I32'
          ? new Int32Array(raw)
          : dtype === 'I64'
            ? new BigInt64Array(raw)
            : new Uint8Array(raw);
  return { dims: shape as number[], data };
}

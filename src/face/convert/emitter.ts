/**
 * The half of the converter that writes: it collects ONNX nodes and initializers, and keeps for every tensor the
 * shape TensorFlow would see together with the layout it is really stored in.
 *
 * TensorFlow.js keeps pictures as N H W C, ONNX as N C H W. Transposing around every operator would cost more than
 * the convolutions of these small networks, so a rank-4 tensor stays "channels first" from the first convolution on,
 * and goes back to its logical order only where an operator (or an output) needs that order. Both forms of a tensor
 * are written at most once.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { Attribute, GraphNode, Model, StoredTensor, TensorInfo } from '../../nn/ir.ts';
import type { Constant } from './graph-model.ts';

/** One size; `'N'` is the batch, which stays open. */
export type Dim = number | 'N';

export type Layout = 'plain' | 'channels-first';

/** Something computed when the network runs. */
export interface TensorValue {
  readonly kind: 'tensor';
  readonly name: string;
  /** The shape as TensorFlow sees it, whatever the layout. */
  readonly dims: readonly Dim[];
  readonly layout: Layout;
}

/** Something known now. */
export interface ConstantValue extends Constant {
  readonly kind: 'constant';
}

/** Sizes known now, except the batch: what `Shape`, and slices and packs of it, give. */
export interface ShapeValue {
  readonly kind: 'shape';
  readonly values: readonly Dim[];
  readonly scalar: boolean;
}

export type Value = TensorValue | ConstantValue | ShapeValue;

/** Thrown for graphs that are sound but use something this converter was never taught. */
export function unsupported(detail: string): HuoyanError {
  return new HuoyanError(
    'unsupported-format',
    { en: `cannot convert the network: ${detail}`, zh: `无法转换该网络：${detail}` },
    {
      en: 'the converter covers the operators of the face networks named in face/networks.ts',
      zh: '转换器仅覆盖 face/networks.ts 所列人脸网络用到的算子',
    },
  );
}

export const sizeOf = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);

/** Reorders the axes of a dense array: axis `i` of the result is axis `order[i]` of the source. */
export function permute<T extends Float32Array | Int32Array>(
  data: T,
  dims: readonly number[],
  order: readonly number[],
): { data: T; dims: number[] } {
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  const outDims = order.map((axis) => dims[axis]);
  const steps = order.map((axis) => strides[axis]);
  const out = data.slice() as T;
  const index = new Array<number>(order.length).fill(0);
  let source = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[source];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      source += steps[axis];
      if (++index[axis] < outDims[axis]) break;
      source -= steps[axis] * outDims[axis];
      index[axis] = 0;
    }
  }
  return { data: out, dims: outDims };
}

/** The shape two operands broadcast to, by NumPy's rules; the open batch matches itself and 1. */
export function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw unsupported(`shapes [${a}] and [${b}] do not go together`);
  });
}

const TO_FIRST = [0, 3, 1, 2];
const TO_LAST = [0, 2, 3, 1];

export class Emitter {
  readonly #nodes: GraphNode[] = [];
  readonly #constants: StoredTensor[] = [];
  readonly #inputs: TensorInfo[] = [];
  readonly #outputs: TensorInfo[] = [];
  /** The other layout of a tensor, and constants already written, by key. */
  readonly #written = new Map<string, string>();
  readonly #constantNames = new Map<Constant, string>();
  #counter = 0;

  #fresh(hint: string): string {
    return `${hint}_${this.#counter++}`;
  }

  input(name: string, dims: readonly Dim[]): TensorValue {
    this.#inputs.push({ name, type: 'float32', dims });
    return { kind: 'tensor', name, dims, layout: 'plain' };
  }

  /** Writes one node with one output and returns that output's name. */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = this.#fresh(op);
    this.#nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  initializer(data: Float32Array | BigInt64Array, dims: readonly number[]): string {
    const name = this.#fresh('w');
    this.#constants.push({ name, type: data instanceof Float32Array ? 'float32' : 'int64', dims, data });
    return name;
  }

  scalar(value: number): string {
    const key = `scalar ${value}`;
    let name = this.#written.get(key);
    if (name === undefined) {
      name = this.initializer(Float32Array.of(value), []);
      this.#written.set(key, name);
    }
    return name;
  }

  /** A vector of int64, as shapes, axes and paddings are given in ONNX. */
  integers(values: readonly number[]): string {
    const key = `integers ${values}`;
    let name = this.#written.get(key);
    if (name === undefined) {
      name = this.initializer(BigInt64Array.from(values, BigInt), [values.length]);
      this.#written.set(key, name);
    }
    return name;
  }

  tensor(name: string, dims: readonly Dim[], layout: Layout = 'plain'): TensorValue {
    return { kind: 'tensor', name, dims, layout };
  }

  /** Name of `value` in TensorFlow's order of axes. */
  plain(value: Value): string {
    if (value.kind === 'constant') return this.#constant(value);
    if (value.kind === 'shape') throw unsupported('sizes used as numbers');
    return value.layout === 'plain' ? value.name : this.#transposed(value.name, TO_LAST);
  }

  /** Name of `value` stored N C H W, padded with leading axes of one where its rank is below 4. */
  channelsFirst(value: Value): string {
    if (value.kind === 'shape') throw unsupported('sizes used as numbers');
    if (value.kind === 'constant') {
      if (value.data.length === 1) return this.scalar(value.data[0]);
      const dims = [...new Array<number>(4 - value.dims.length).fill(1), ...value.dims];
      const { data, dims: order } = permute(value.data, dims, TO_FIRST);
      return this.initializer(Float32Array.from(data), order);
    }
    if (value.layout === 'channels-first') return value.name;
    const missing = 4 - value.dims.length;
    const name =
      missing === 0
        ? value.name
        : this.node('Unsqueeze', [value.name, this.integers(Array.from({ length: missing }, (_, i) => i))]);
    return this.#transposed(name, TO_FIRST);
  }

  #constant(value: ConstantValue): string {
    let name = this.#constantNames.get(value);
    if (name === undefined) {
      name = this.initializer(Float32Array.from(value.data), value.dims);
      this.#constantNames.set(value, name);
    }
    return name;
  }

  #transposed(name: string, order: readonly number[]): string {
    const key = `transposed ${name} ${order}`;
    let other = this.#written.get(key);
    if (other === undefined) {
      other = this.node('Transpose', [name], { perm: [...order] });
      this.#written.set(key, other);
    }
    return other;
  }

  output(name: string, value: Value): void {
    const source = this.plain(value);
    this.#nodes.push({ op: 'Identity', inputs: [source], outputs: [name], attributes: {} });
    const dims = value.kind === 'shape' ? [value.values.length] : value.dims;
    this.#outputs.push({ name, type: 'float32', dims });
  }

  finish(name: string): Model {
    return {
      name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      constants: this.#constants,
    };
  }
}

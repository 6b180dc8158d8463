/**
 * Symbolic tensors and reverse-mode differentiation that emits ONNX.
 *
 * An operator (one file each under `ops/`) appends ONNX nodes to a `Graph` and says how a gradient flows back through
 * it; `backward` walks that tape in reverse and appends the gradient's nodes to the same graph. Nothing is computed
 * here: ONNX Runtime does that, which is why training from TypeScript is as fast as its kernels.
 *
 * Shapes are static. Only dimension 0 of a tensor may be unknown, written `BATCH` (= 0, which ONNX's Reshape reads as
 * "copy this dimension"); it is known while training and unknown in an exported inference graph.
 */
import type { Attribute, ElementType, GraphNode, StoredTensor, TensorInfo } from './ir.ts';

export const BATCH = 0;

export type Shape = readonly number[];

/** A tensor that will exist when the graph runs. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  /** Does a trainable parameter lie behind it? */
  readonly differentiable: boolean;
}

/** Given the gradient by the output, the gradients by the inputs (null: none flows there). */
export type GradientRule = (gradient: Value) => readonly (Value | null)[];

interface TapeEntry {
  readonly output: Value;
  readonly inputs: readonly (Value | null)[];
  readonly rule: GradientRule;
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly type?: ElementType;
  readonly domain?: string;
  /** Leaf of the output's name; default the operator's name. */
  readonly name?: string;
}

export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, StoredTensor>();
  readonly #tape: TapeEntry[] = [];
  readonly #shared = new Map<string, Value>();
  readonly #scope: string[] = [];
  readonly #made = new Map<string, TensorInfo>();
  #counter = 0;
  #recording: boolean;

  /** `training` decides what dropout and batch normalisation emit. */
  constructor(readonly training: boolean) {
    this.#recording = training;
  }

  /** An inference graph remembers how gradients flow back only through what is built in `body`, `backward` included. */
  recorded<T>(body: () => T): T {
    const before = this.#recording;
    this.#recording = true;
    try {
      return body();
    } finally {
      this.#recording = before;
    }
  }

  /** Names inside `body` start with `name/`. */
  scoped<T>(name: string, body: () => T): T {
    this.#scope.push(name);
    try {
      return body();
    } finally {
      this.#scope.pop();
    }
  }

  /** `name` with the scopes it stands in. */
  path(name: string): string {
    return [...this.#scope, name].join('/');
  }

  /** A tensor that comes from outside. */
  input(name: string, shape: Shape, type: ElementType = 'float32', differentiable = false): Value {
    return { name, shape, type, differentiable };
  }

  /** Appends one ONNX node with one output of the given shape. */
  node(op: string, inputs: readonly (Value | null)[], shape: Shape, options: NodeOptions = {}): Value {
    const type = options.type ?? inputs[0]?.type ?? 'float32';
    return this.multi(op, inputs, [{ shape, type }], options)[0];
  }

  /** Appends one ONNX node with several outputs. */
  multi(
    op: string,
    inputs: readonly (Value | null)[],
    outputs: readonly { readonly shape: Shape; readonly type?: ElementType }[],
    options: NodeOptions = {},
  ): Value[] {
    const stem = `${this.path(options.name ?? op)}:${this.#counter++}`;
    const values = outputs.map(({ shape, type }, i) => ({
      name: i === 0 ? stem : `${stem}.${i}`,
      shape,
      type: type ?? 'float32',
      differentiable: inputs.some((input) => input?.differentiable),
    }));
    const names = inputs.map((input) => input?.name ?? '');
    while (names.length > 0 && names[names.length - 1] === '') names.pop();
    for (const value of values)
      this.#made.set(value.name, { name: value.name, type: value.type, dims: value.shape });
    this.nodes.push({
      op,
      domain: options.domain,
      inputs: names,
      outputs: values.map((value) => value.name),
      attributes: options.attributes ?? {},
    });
    return values;
  }

  /** Says how the gradient of `output` (made by the nodes just appended from `inputs`) flows back. Returns `output`. */
  rule(output: Value, inputs: readonly (Value | null)[], rule: GradientRule): Value {
    const differentiable = inputs.some((input) => input?.differentiable);
    const value = { ...output, differentiable };
    if (differentiable && this.#recording) this.#tape.push({ output: value, inputs, rule });
    return value;
  }

  /** A constant tensor; equal small ones are stored once. */
  constant(data: StoredTensor['data'] | readonly number[], shape: Shape, type?: ElementType): Value {
    const array = Array.isArray(data) ? Float32Array.from(data) : (data as StoredTensor['data']);
    const kind = type ?? elementTypeOf(array);
    const key = array.length <= 64 ? `${kind}|${shape.join()}|${array.join()}` : undefined;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known) return known;
    const name = `const:${this.#counter++}`;
    this.constants.set(name, { name, type: kind, dims: [...shape], data: array });
    const value: Value = { name, shape, type: kind, differentiable: false };
    if (key !== undefined) this.#shared.set(key, value);
    return value;
  }

  scalar(value: number): Value {
    return this.constant([value], []);
  }

  /** A list of int64, as ONNX wants shapes, axes, starts and ends. */
  ints(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values.map(BigInt)), [values.length]);
  }

  /**
   * The gradients of the scalar `loss` by each of `sources`, as nodes appended to this graph; null where the loss does
   * not depend on the source. Throws TypeError when `loss` is not a scalar.
   */
  backward(loss: Value, sources: readonly Value[]): (Value | null)[] {
    if (sizeOf(loss.shape) !== 1) throw new TypeError(`loss must be a scalar, not [${loss.shape.join()}]`);
    const pending = new Map<string, Value[]>();
    const totals = new Map<string, Value>();
    const total = (name: string): Value | undefined => {
      const parts = pending.get(name);
      if (!parts) return undefined;
      const known = totals.get(name);
      if (known) return known;
      const sum = parts.length === 1 ? parts[0] : this.node('Sum', parts, parts[0].shape, { name: 'sum' });
      totals.set(name, sum);
      return sum;
    };
    pending.set(loss.name, [this.constant([1], loss.shape)]);
    for (const entry of [...this.#tape].reverse()) {
      const gradient = total(entry.output.name);
      if (!gradient) continue;
      const leaf = entry.output.name.replace(/:\d+$/, '');
      const gradients = this.scoped(`grad/${leaf}`, () => entry.rule(gradient));
      entry.inputs.forEach((input, i) => {
        const part = gradients[i];
        if (!input?.differentiable || !part) return;
        if (part.shape.join() !== input.shape.join()) {
          throw new Error(`gradient of ${input.name} [${input.shape}] came as [${part.shape}] from ${leaf}`);
        }
        const parts = pending.get(input.name);
        if (parts) parts.push(part);
        else pending.set(input.name, [part]);
      });
    }
    return sources.map((source) => total(source.name) ?? null);
  }

  /** The float32 tensors that `nodes` make, in order. */
  floatOutputs(nodes: readonly GraphNode[]): TensorInfo[] {
    return nodes
      .flatMap((node) => node.outputs.map((name) => this.#made.get(name)))
      .filter((info): info is TensorInfo => info?.type === 'float32');
  }

  /** The nodes on which `outputs` depend, in an order that runs. */
  needed(outputs: readonly string[], prologue: readonly GraphNode[] = []): GraphNode[] {
    const all = [...prologue, ...this.nodes];
    const maker = new Map<string, number>();
    all.forEach((node, i) => {
      for (const name of node.outputs) maker.set(name, i);
    });
    const keep = new Set<number>();
    const stack = [...outputs];
    while (stack.length > 0) {
      const i = maker.get(stack.pop()!);
      if (i === undefined || keep.has(i)) continue;
      keep.add(i);
      stack.push(...all[i].inputs);
    }
    return all.filter((_, i) => keep.has(i));
  }
}

/** Product of the dimensions; an unknown batch makes it 0. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, d) => product * d, 1);
}

export function elementTypeOf(array: StoredTensor['data']): ElementType {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof BigInt64Array) return 'int64';
  if (array instanceof BigUint64Array) return 'uint64';
  if (array instanceof Int32Array) return 'int32';
  return 'uint8';
}

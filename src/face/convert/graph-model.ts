/**
 * Reads a TensorFlow.js graph model (`model.json` and the bytes of its weight shards) into a plain, checked
 * structure: nodes with decoded attributes, and every constant as typed array. Quantised weights (float16, uint8,
 * uint16) come out as the float32 they stand for. The format: tensorflow/tfjs, `tfjs-core/src/io/types.ts` and
 * `tfjs-converter/src/data/compiled_api.ts`.
 */
import { z } from 'zod';
import { HuoyanError } from '../../core/errors.ts';

/** The two parts of a stored graph model; `weights` holds all shards, joined in the order the manifest names them. */
export interface GraphModelFiles {
  readonly json: Uint8Array;
  readonly weights: Uint8Array;
}

export type Attribute = number | boolean | string | readonly number[] | readonly string[];

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of data inputs, `node` or `node:port`; control inputs are dropped. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Constant {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface GraphModel {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Values of the `Const` nodes, by node name. */
  readonly constants: ReadonlyMap<string, Constant>;
  /** Public output names and the node (with port) each one reads, in the order the file states. */
  readonly outputs: readonly { readonly name: string; readonly from: string }[];
}

const MAX_ELEMENTS = 2 ** 28;

const dimension = z.union([z.string().regex(/^-?\d{1,12}$/), z.number().int()]).transform(Number);
const shape = z.object({ dim: z.array(z.object({ size: dimension.optional() })).optional() });
const bytesOfText = z.union([z.string(), z.array(z.number().int().min(0).max(255))]);
const attribute = z.object({
  s: bytesOfText.optional(),
  i: dimension.optional(),
  f: z.union([z.number(), z.string()]).transform(Number).optional(),
  b: z.boolean().optional(),
  type: z.union([z.string(), z.number()]).optional(),
  shape: shape.optional(),
  list: z
    .object({
      i: z.array(dimension).optional(),
      f: z.array(z.number()).optional(),
      s: z.array(bytesOfText).optional(),
    })
    .optional(),
});
const tensorInfo = z.object({ name: z.string().optional() });
const modelFile = z.object({
  format: z.literal('graph-model').optional(),
  modelTopology: z.object({
    node: z
      .array(
        z.object({
          name: z.string(),
          op: z.string(),
          input: z.array(z.string()).default([]),
          attr: z.record(z.string(), attribute).default({}),
        }),
      )
      .max(100_000),
  }),
  signature: z.object({ outputs: z.record(z.string(), tensorInfo).optional() }).nullish(),
  weightsManifest: z.array(
    z.object({
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number().int().nonnegative()),
          dtype: z.enum(['float32', 'int32', 'bool']),
          quantization: z
            .object({
              dtype: z.enum(['float16', 'uint8', 'uint16']),
              scale: z.number().optional(),
              min: z.number().optional(),
            })
            .optional(),
        }),
      ),
    }),
  ),
});
type WeightEntry = z.infer<typeof modelFile>['weightsManifest'][number]['weights'][number];

function corrupt(detail: string, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'corrupt',
    {
      en: `not a usable TensorFlow.js graph model: ${detail}`,
      zh: `不是可用的 TensorFlow.js 图模型：${detail}`,
    },
    {
      en: 'reinstall the npm package the model comes from',
      zh: '请重新安装提供该模型的 npm 包',
    },
    { cause },
  );
}

/** One IEEE half-precision number as a double. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Float16 bytes (little endian, 2 per number) as float32; normal numbers by moving bits, the rest by arithmetic. */
function decodeHalves(bytes: Uint8Array, count: number): Float32Array {
  const out = new Float32Array(count);
  const bits = new Uint32Array(out.buffer);
  for (let i = 0, p = 0; i < count; i++, p += 2) {
    const half = bytes[p] | (bytes[p + 1] << 8);
    const exponent = half & 0x7c00;
    if (exponent !== 0 && exponent !== 0x7c00) {
      bits[i] = (((half & 0x8000) << 16) | (((half & 0x7fff) << 13) + 0x38000000)) >>> 0;
    } else {
      out[i] = halfToNumber(half);
    }
  }
  return out;
}

const BYTES = { float32: 4, int32: 4, bool: 1, float16: 2, uint8: 1, uint16: 2 } as const;

function decodeWeight(
  entry: WeightEntry,
  weights: Uint8Array,
  offset: number,
): { constant: Constant; bytes: number } {
  const count = entry.shape.reduce((product, size) => product * size, 1);
  if (count > MAX_ELEMENTS) throw corrupt(`${entry.name} declares ${count} numbers`);
  const stored = entry.quantization?.dtype ?? entry.dtype;
  const length = count * BYTES[stored];
  if (offset + length > weights.length) throw corrupt('the weights end too early');
  // Copied, because a constant may start at any byte and typed arrays want aligned memory.
  const bytes = new Uint8Array(length);
  bytes.set(weights.subarray(offset, offset + length));
  const done = (data: Float32Array | Int32Array) => ({
    constant: { dims: entry.shape, data },
    bytes: length,
  });
  switch (stored) {
    case 'float32':
      return done(new Float32Array(bytes.buffer));
    case 'int32':
      return done(new Int32Array(bytes.buffer));
    case 'bool':
      return done(Int32Array.from(bytes));
    case 'float16':
      return done(decodeHalves(bytes, count));
    default: {
      const scale = entry.quantization?.scale ?? 1;
      const min = entry.quantization?.min ?? 0;
      const source = stored === 'uint8' ? bytes : new Uint16Array(bytes.buffer);
      const data = entry.dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
      const integer = entry.dtype === 'int32';
      for (let i = 0; i < count; i++) {
        const value = source[i] * scale + min;
        data[i] = integer ? Math.round(value) : value;
      }
      return done(data);
    }
  }
}

function textOf(value: string | readonly number[]): string {
  if (typeof value !== 'string') return String.fromCharCode(...value.slice(0, 4096));
  try {
    return atob(value);
  } catch {
    return value;
  }
}

function attributeOf(raw: z.infer<typeof attribute>): Attribute | undefined {
  if (raw.s !== undefined) return textOf(raw.s);
  if (raw.i !== undefined) return raw.i;
  if (raw.f !== undefined) return raw.f;
  if (raw.b !== undefined) return raw.b;
  if (raw.type !== undefined) return raw.type;
  if (raw.shape) return (raw.shape.dim ?? []).map((d) => d.size ?? 0);
  if (raw.list) return raw.list.s ? raw.list.s.map(textOf) : (raw.list.i ?? raw.list.f ?? []);
  return undefined;
}

/** The node and port an input or tensor name refers to; `a`, `a:0` and `a:1` are all in use. */
export function parseReference(reference: string): { readonly node: string; readonly port: number } {
  const match = /^(.*):(\d{1,4})$/.exec(reference);
  return match ? { node: match[1], port: Number(match[2]) } : { node: reference, port: 0 };
}

/**
 * Checks and decodes a graph model. Throws HuoyanError `corrupt` for anything that is not one: no JSON, another
 * layout, missing nodes, weights that end too early.
 */
export function readGraphModel(files: GraphModelFiles): GraphModel {
  let parsed: z.infer<typeof modelFile>;
  try {
    parsed = modelFile.parse(JSON.parse(new TextDecoder().decode(files.json)));
  } catch (error) {
    throw corrupt(error instanceof z.ZodError ? z.prettifyError(error).slice(0, 300) : 'no JSON', error);
  }

  const weights = new Map<string, Constant>();
  let offset = 0;
  for (const entry of parsed.weightsManifest.flatMap((group) => group.weights)) {
    const { constant, bytes } = decodeWeight(entry, files.weights, offset);
    weights.set(entry.name, constant);
    offset += bytes;
  }

  const nodes = new Map<string, GraphNode>();
  const constants = new Map<string, Constant>();
  for (const raw of parsed.modelTopology.node) {
    const attributes: Record<string, Attribute> = {};
    for (const [key, value] of Object.entries(raw.attr)) {
      const decoded = attributeOf(value);
      if (decoded !== undefined) attributes[key] = decoded;
    }
    const inputs = raw.input.filter((name) => !name.startsWith('^'));
    nodes.set(raw.name, { name: raw.name, op: raw.op, inputs, attributes });
    if (raw.op === 'Const') {
      const value = weights.get(raw.name);
      if (!value) throw corrupt(`no weights for ${raw.name}`);
      constants.set(raw.name, value);
    }
  }
  const consumed = new Set<string>();
  for (const node of nodes.values()) {
    for (const input of node.inputs) {
      const { node: source } = parseReference(input);
      if (!nodes.has(source)) throw corrupt(`${node.name} reads ${source}, which does not exist`);
      consumed.add(source);
    }
  }
  return { nodes, constants, outputs: outputsOf(parsed, nodes, consumed) };
}

/** What the signature names, or else every node nobody reads. */
function outputsOf(
  parsed: z.infer<typeof modelFile>,
  nodes: ReadonlyMap<string, GraphNode>,
  consumed: ReadonlySet<string>,
): GraphModel['outputs'] {
  const stated = Object.entries(parsed.signature?.outputs ?? {}).map(([key, info]) => ({
    name: key.replace(/:\d+$/, ''),
    from: info.name ?? key,
  }));
  const outputs = stated.length
    ? stated
    : [...nodes.values()]
        .filter((n) => !consumed.has(n.name) && n.op !== 'Const' && n.op !== 'Placeholder' && n.op !== 'NoOp')
        .map((n) => ({ name: n.name, from: n.name }));
  if (outputs.length === 0) throw corrupt('it has no output');
  for (const { from } of outputs) {
    if (!nodes.has(parseReference(from).node)) throw corrupt(`output ${from} does not exist`);
  }
  return outputs;
}

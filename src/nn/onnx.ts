/**
 * ONNX files, written and read. The only file that imports `onnx-proto` (a generated protobuf library that takes a
 * moment to load), so that running a network never pays for it. Graphs are described by the plain types of `ir.ts`.
 */
import proto from 'onnx-proto';
import { toFloat16 } from './float16.ts';
import type { Attribute, ElementType, GraphNode, Model, StoredTensor, TensorInfo } from './ir.ts';

const { onnx } = proto;

/** ONNX's numbers for element types. */
const TYPE_NUMBER: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  uint64: 13,
};

const OPSET = 18;
const IR_VERSION = 8;

/** The bytes of `model.onnx`: operator set 18, which every ONNX Runtime since 1.14 runs. */
export function encodeModel(model: Model): Uint8Array {
  const domains = new Set(model.nodes.map((node) => node.domain ?? ''));
  domains.add('');
  const message = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'huoyan',
    opsetImport: [...domains].map((domain) => ({ domain, version: domain === '' ? OPSET : 1 })),
    metadataProps: Object.entries(model.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: model.name,
      node: model.nodes.map(encodeNode),
      initializer: model.constants.map(encodeTensor),
      input: model.inputs.map(encodeInfo),
      output: model.outputs.map(encodeInfo),
    },
  });
  return onnx.ModelProto.encode(message).finish();
}

function encodeNode(node: GraphNode, index: number) {
  return {
    opType: node.op,
    domain: node.domain ?? '',
    name: `${index}:${node.outputs[0]}`,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
  };
}

function encodeAttribute(name: string, value: Attribute) {
  const type = onnx.AttributeProto.AttributeType;
  if (typeof value === 'number') return { name, type: type.INT, i: value };
  if (typeof value === 'string') return { name, type: type.STRING, s: new TextEncoder().encode(value) };
  if (isList(value)) return { name, type: type.INTS, ints: [...value] };
  if ('float' in value) return { name, type: type.FLOAT, f: value.float };
  if ('floats' in value) return { name, type: type.FLOATS, floats: [...value.floats] };
  return { name, type: type.TENSOR, t: encodeTensor(value.tensor) };
}

function isList(value: Attribute): value is readonly number[] {
  return Array.isArray(value);
}

function encodeTensor(tensor: StoredTensor) {
  const data = tensor.type === 'float16' ? toFloat16(tensor.data as Float32Array) : tensor.data;
  return {
    name: tensor.name,
    dataType: TYPE_NUMBER[tensor.type],
    dims: [...tensor.dims],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function encodeInfo(info: TensorInfo) {
  const dim = info.dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d }));
  return { name: info.name, type: { tensorType: { elemType: TYPE_NUMBER[info.type], shape: { dim } } } };
}

/** Makes the network a set of bytes with some of its inner tensors as further outputs (to look inside; for diagnosis). */
export function withOutputs(model: Uint8Array, extra: readonly TensorInfo[]): Uint8Array {
  const message = onnx.ModelProto.decode(model);
  for (const info of extra) message.graph!.output!.push(onnx.ValueInfoProto.create(encodeInfo(info)));
  return onnx.ModelProto.encode(message).finish();
}

/** What stands in an ONNX file, counted: for tests, model cards and the curious. */
export function summariseModel(bytes: Uint8Array): {
  nodes: number;
  parameters: number;
  operators: Record<string, number>;
} {
  const message = onnx.ModelProto.decode(bytes);
  const operators: Record<string, number> = {};
  for (const node of message.graph?.node ?? []) {
    operators[node.opType ?? ''] = (operators[node.opType ?? ''] ?? 0) + 1;
  }
  let parameters = 0;
  for (const tensor of message.graph?.initializer ?? []) {
    if (tensor.dataType === 1 || tensor.dataType === 10) {
      parameters += (tensor.dims ?? []).reduce<number>((product, d) => product * Number(d), 1);
    }
  }
  return { nodes: message.graph?.node?.length ?? 0, parameters, operators };
}

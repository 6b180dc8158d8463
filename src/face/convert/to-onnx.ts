/**
 * TensorFlow.js graph model in, ONNX model out. The face networks come as npm packages of TensorFlow.js models whose
 * licences are not stated, so Huoyan ships no weights: it takes them from the installed package and converts them in
 * memory, which costs some tens of milliseconds.
 *
 * The inputs keep TensorFlow's N H W C order, which is how pictures are stored anyway; the batch stays open wherever
 * the network itself leaves it open.
 */
import { encodeModel } from '../../nn/onnx.ts';
import { type Dim, Emitter, unsupported, type Value } from './emitter.ts';
import { type GraphModelFiles, type GraphNode, parseReference, readGraphModel } from './graph-model.ts';
import type { Operator } from './operator.ts';
import { PLAIN } from './operators-plain.ts';
import { SPATIAL } from './operators-spatial.ts';

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...Object.entries(SPATIAL),
  ...Object.entries(PLAIN),
]);

/** Names of the TensorFlow operators that can be converted. */
export const SUPPORTED_OPERATORS: readonly string[] = [...OPERATORS.keys(), 'Const', 'Placeholder'];

/**
 * The same network as an ONNX file. Output names are those of the model's signature, or of the nodes nobody reads.
 * Throws HuoyanError `corrupt` when the files are no graph model, `unsupported-format` when it uses an operator or an
 * option this converter does not know.
 */
export function convertGraphModel(files: GraphModelFiles): Uint8Array {
  const model = readGraphModel(files);
  const emit = new Emitter();
  const values = new Map<string, readonly Value[]>();

  const valueAt = (reference: string): Value => {
    const { node, port } = parseReference(reference);
    const value = values.get(node)?.[port];
    if (!value) throw unsupported(`output ${port} of ${node}`);
    return value;
  };
  for (const node of inOrder(
    model.nodes,
    model.outputs.map((o) => parseReference(o.from).node),
  )) {
    values.set(node.name, convertNode(node, model.constants.get(node.name), emit, valueAt));
  }
  for (const { name, from } of model.outputs) emit.output(name, valueAt(from));
  return encodeModel(emit.finish('face'));
}

function convertNode(
  node: GraphNode,
  constant: { readonly dims: readonly number[]; readonly data: Float32Array | Int32Array } | undefined,
  emit: Emitter,
  valueAt: (reference: string) => Value,
): readonly Value[] {
  if (constant) return [{ kind: 'constant', ...constant }];
  if (node.op === 'Placeholder') {
    const shape = node.attributes.shape;
    if (!Array.isArray(shape) || shape.length === 0) throw unsupported(`input ${node.name} without a shape`);
    const dims = (shape as number[]).map((size, axis): Dim => {
      if (size > 0) return size;
      if (axis === 0) return 'N';
      throw unsupported(`input ${node.name} of open size`);
    });
    return [emit.input(node.name, dims)];
  }
  const operator = OPERATORS.get(node.op);
  if (!operator) throw unsupported(`operator ${node.op}`);
  return operator({ node, inputs: node.inputs.map(valueAt), emit });
}

/** The nodes that `wanted` need, each after the ones it reads. Without recursion, because graphs may be deep. */
function inOrder(nodes: ReadonlyMap<string, GraphNode>, wanted: readonly string[]): GraphNode[] {
  const order: GraphNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const stack = [...wanted].reverse();
  while (stack.length > 0) {
    const name = stack[stack.length - 1];
    const node = nodes.get(name);
    if (!node || state.get(name) === 'done') {
      stack.pop();
      continue;
    }
    const pending = node.inputs.map((i) => parseReference(i).node).filter((i) => state.get(i) !== 'done');
    if (pending.length === 0) {
      state.set(name, 'done');
      order.push(node);
      stack.pop();
      continue;
    }
    if (state.get(name) === 'open' && pending.some((i) => state.get(i) === 'open' && stack.includes(i))) {
      throw unsupported('a graph with a circle');
    }
    state.set(name, 'open');
    stack.push(...pending);
  }
  return order;
}

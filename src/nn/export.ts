/**
 * A network and its weights become an inference file: batch normalisation folded into the convolution before it,
 * weights stored as float16 with a Cast to float32 behind them (so that any ONNX Runtime runs it in float32, at half
 * the size on disk), batch dimension left open.
 */
import type { Source } from './builder.ts';
import { BATCH, Graph, type Shape, sizeOf, type Value } from './graph.ts';
import type { GraphNode, StoredTensor } from './ir.ts';
import { buildWith, inputShape, inputType, type Network, type Weights } from './network.ts';
import { encodeModel } from './onnx.ts';

export interface ExportOptions {
  /** Store weights as float16 (default) or as they are. */
  readonly half?: boolean;
  /** Other sample shapes than declared, for networks that do not mind (fully convolutional ones). */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** Only these outputs; default all. */
  readonly outputs?: readonly string[];
}

/** The bytes of the ONNX file. Throws TypeError when a weight is missing or has another shape. */
export function exportInference(net: Network, weights: Weights, options: ExportOptions = {}): Uint8Array {
  const g = new Graph(false);
  const trained = new Set<string>();
  const stored = ({ name, shape }: { name: string; shape: Shape }): Value => {
    const tensor = weights[name];
    if (!tensor) throw new TypeError(`${net.name}: no weight ${name}`);
    if (tensor.data.length !== sizeOf(shape))
      throw new TypeError(`${name}: [${tensor.dims}] instead of [${shape}]`);
    g.constants.set(name, { name, type: 'float32', dims: [...shape], data: tensor.data });
    trained.add(name);
    return { name, shape, type: 'float32', differentiable: false };
  };
  const source: Source = { parameter: stored, statistic: stored, step: null };
  const { outputs } = buildWith(net, g, source, BATCH, options.shapes);
  const chosen = Object.entries(outputs).filter(([name]) => options.outputs?.includes(name) ?? true);
  for (const [name, value] of chosen) {
    g.nodes.push({ op: 'Identity', inputs: [value.name], outputs: [name], attributes: {} });
  }
  const names = chosen.map(([name]) => name);
  let nodes = foldBatchNorms(g.needed(names), g.constants);
  const used = new Set(nodes.flatMap((node) => node.inputs));
  const constants: StoredTensor[] = [];
  const casts: GraphNode[] = [];
  for (const constant of g.constants.values()) {
    if (!used.has(constant.name)) continue;
    const kernel = constant.type === 'float32' && constant.dims.length > 1 && trained.has(constant.name);
    if (options.half !== false && kernel && fitsHalf(constant.data as Float32Array)) {
      const name = `${constant.name}.half`;
      constants.push({ ...constant, name, type: 'float16' });
      casts.push({ op: 'Cast', inputs: [name], outputs: [constant.name], attributes: { to: 1 } });
    } else constants.push(constant);
  }
  nodes = [...casts, ...nodes];
  const open = (shape: Shape) => shape.map((d, i) => (i === 0 && d === BATCH ? 'batch' : d));
  return encodeModel({
    name: net.name,
    nodes,
    constants,
    inputs: Object.entries(net.inputs)
      .filter(([name]) => used.has(name))
      .map(([name, spec]) => ({
        name,
        type: inputType(spec),
        dims: ['batch', ...(options.shapes?.[name] ?? inputShape(spec))],
      })),
    outputs: chosen.map(([name, value]) => ({ name, type: value.type, dims: open(value.shape) })),
  });
}

/** Beyond half precision's range, or so small that it would vanish: then float32 stays. */
function fitsHalf(values: Float32Array): boolean {
  let largest = 0;
  for (const v of values) largest = Math.max(largest, Math.abs(v));
  return largest < 65504 && (largest === 0 || largest > 1e-3);
}

/** Conv followed by BatchNormalization, all weights constant and nobody else looking in between: one Conv. */
function foldBatchNorms(nodes: readonly GraphNode[], constants: Map<string, StoredTensor>): GraphNode[] {
  const uses = new Map<string, number>();
  for (const node of nodes) for (const name of node.inputs) uses.set(name, (uses.get(name) ?? 0) + 1);
  const maker = new Map(nodes.map((node) => [node.outputs[0], node]));
  const replaced = new Map<GraphNode, GraphNode | null>();
  const data = (name: string | undefined) => constants.get(name ?? '')?.data as Float32Array | undefined;
  for (const node of nodes) {
    if (node.op !== 'BatchNormalization') continue;
    const conv = maker.get(node.inputs[0]);
    if (conv?.op !== 'Conv' || uses.get(conv.outputs[0]) !== 1) continue;
    const kernel = constants.get(conv.inputs[1]);
    const [gamma, beta, mean, variance] = node.inputs.slice(1).map(data);
    const bias = conv.inputs[2] ? data(conv.inputs[2]) : undefined;
    if (!kernel || !gamma || !beta || !mean || !variance || (conv.inputs[2] && !bias)) continue;
    const epsilon = (node.attributes.epsilon as { float: number }).float;
    const outer = kernel.dims[0];
    const per = kernel.data.length / outer;
    const folded = Float32Array.from(kernel.data as Float32Array);
    const shift = new Float32Array(outer);
    for (let o = 0; o < outer; o++) {
      const factor = gamma[o] / Math.sqrt(variance[o] + epsilon);
      for (let i = o * per; i < (o + 1) * per; i++) folded[i] *= factor;
      shift[o] = beta[o] + ((bias?.[o] ?? 0) - mean[o]) * factor;
    }
    // The kernel keeps its name only if nobody else uses it; tied kernels get a copy.
    const kernelName = uses.get(kernel.name) === 1 ? kernel.name : `${kernel.name}@${conv.outputs[0]}`;
    const biasName = `${conv.outputs[0]}.bias`;
    constants.set(kernelName, { ...kernel, name: kernelName, data: folded });
    constants.set(biasName, { name: biasName, type: 'float32', dims: [outer], data: shift });
    replaced.set(conv, null);
    replaced.set(node, { ...conv, inputs: [conv.inputs[0], kernelName, biasName], outputs: node.outputs });
  }
  return nodes.flatMap((node) => {
    const other = replaced.get(node);
    return other === undefined ? [node] : other === null ? [] : [other];
  });
}

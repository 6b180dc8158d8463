/**
 * The same test menu for every operator: its forward pass in ONNX Runtime against a slow reference in doubles, and its
 * gradients in ONNX Runtime against central differences of that reference. Used by the operators' tests only.
 */
import { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { Graph, sizeOf, type Value } from '../graph.ts';
import { encodeModel } from '../onnx.ts';
import { nodeRuntime } from '../runtime.node.ts';
import { type NdArray, nd } from './reference/array.ts';

export interface OperatorCase {
  readonly name: string;
  /** Shapes of the differentiable inputs. */
  readonly shapes: readonly (readonly number[])[];
  build(g: Graph, inputs: readonly Value[]): Value;
  reference(...inputs: NdArray[]): NdArray;
  /** Numbers to try; default standard normal. */
  readonly sample?: (random: Random) => number;
  /** Distance of the central difference; default 1e-4. */
  readonly epsilon?: number;
  /** Largest error allowed, relative to the largest number of the compared tensor; default 2e-4. */
  readonly tolerance?: number;
  /** Inputs whose gradient is not compared (they have none). */
  readonly noGradient?: readonly number[];
}

export interface MenuResult {
  readonly forwardError: number;
  /** By input. */
  readonly gradientErrors: readonly number[];
}

/** Runs `nodes` of a graph on `feeds` and returns the named values. */
export async function runGraph(
  g: Graph,
  inputs: readonly Value[],
  outputs: readonly Value[],
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> {
  outputs.forEach((value, i) => {
    g.nodes.push({ op: 'Identity', inputs: [value.name], outputs: [`out${i}`], attributes: {} });
  });
  const names = outputs.map((_, i) => `out${i}`);
  const nodes = g.needed(names);
  const used = new Set(nodes.flatMap((node) => node.inputs));
  const bytes = encodeModel({
    name: 'menu',
    nodes,
    constants: [...g.constants.values()].filter((c) => used.has(c.name)),
    inputs: inputs
      .filter((v) => used.has(v.name))
      .map((v) => ({ name: v.name, type: v.type, dims: v.shape })),
    outputs: outputs.map((v, i) => ({ name: `out${i}`, type: v.type, dims: v.shape })),
  });
  const session = await (await nodeRuntime()).load(bytes);
  try {
    return await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => used.has(name))));
  } finally {
    await session.release();
  }
}

/** Forward and gradient errors of one case, relative to the largest number of each compared tensor (at least 1). */
export async function runMenu(test: OperatorCase, seed = 7): Promise<MenuResult> {
  const random = new Random(seed);
  const sample = test.sample ?? ((r: Random) => r.normal());
  const arrays = test.shapes.map((shape) =>
    nd(
      shape,
      Float32Array.from({ length: sizeOf(shape) }, () => sample(random)),
    ),
  );
  const g = new Graph(true);
  const inputs = test.shapes.map((shape, i) =>
    g.input(`in${i}`, shape, 'float32', !test.noGradient?.includes(i)),
  );
  const y = test.build(g, inputs);
  const expected = test.reference(...arrays);
  if (expected.shape.join() !== y.shape.join())
    throw new Error(`${test.name}: [${y.shape}] not [${expected.shape}]`);
  // A random weighing makes a scalar out of the output, so that every place of it counts.
  const weights = Float32Array.from({ length: sizeOf(y.shape) }, () => random.normal());
  const loss = g.node('Mul', [y, g.constant(weights, y.shape)], y.shape);
  const weighed = g.rule(loss, [y], (d) => [g.node('Mul', [d, g.constant(weights, y.shape)], y.shape)]);
  const total = g.rule(
    g.node('ReduceSum', [weighed], [], { attributes: { keepdims: 0 } }),
    [weighed],
    (d) => [g.node('Expand', [d, g.ints(y.shape)], y.shape)],
  );
  const gradients = g.backward(total, inputs);
  const compared = inputs.map((_, i) => i).filter((i) => !test.noGradient?.includes(i));
  const feeds = Object.fromEntries(
    arrays.map((a, i) => [`in${i}`, { dims: a.shape, data: Float32Array.from(a.data) }]),
  );
  const results = await runGraph(g, inputs, [y, ...compared.map((i) => gradients[i]!)], feeds);
  const scalar = () => test.reference(...arrays).data.reduce((sum, v, n) => sum + v * weights[n], 0);
  const epsilon = test.epsilon ?? 1e-4;
  const gradientErrors = compared.map((input, n) => {
    const { data } = arrays[input];
    const slope = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) {
      const before = data[i];
      data[i] = before + epsilon;
      const up = scalar();
      data[i] = before - epsilon;
      slope[i] = (up - scalar()) / (2 * epsilon);
      data[i] = before;
    }
    return relativeError(results[`out${n + 1}`].data as Float32Array, slope);
  });
  return { forwardError: relativeError(results.out0.data as Float32Array, expected.data), gradientErrors };
}

function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 1;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    const difference = Math.abs(got[i] - expected[i]);
    error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(error, difference);
  }
  return error / largest;
}

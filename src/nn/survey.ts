/** What a declared network is made of, for whoever wants to read its construction instead of running it. */
import type { Source } from './builder.ts';
import { BATCH, Graph, type Shape } from './graph.ts';
import { buildWith, type Network } from './network.ts';

export interface SurveyedOperator {
  /** ONNX operator, for instance `Conv`. */
  readonly op: string;
  /** Scopes it stands in and its own name, for instance `generator/block1/conv1/Conv`. */
  readonly path: string;
  readonly strides?: readonly number[];
}

export interface Survey {
  /** In an order that runs. */
  readonly operators: readonly SurveyedOperator[];
  readonly parameters: readonly { readonly name: string; readonly shape: Shape }[];
}

/** Operators of the inference graph (batch normalisation not folded) on which `outputs` depend, default all. */
export function survey(net: Network, outputs = Object.keys(net.outputs)): Survey {
  const graph = new Graph(false);
  const source: Source = {
    parameter: (declared) => graph.input(declared.name, declared.shape),
    statistic: (declared) => graph.input(declared.name, declared.shape),
    step: null,
  };
  const built = buildWith(net, graph, source, BATCH);
  const nodes = graph.needed(outputs.map((name) => built.outputs[name].name));
  return {
    operators: nodes.map((node) => ({
      op: node.op,
      path: node.outputs[0].replace(/:\d+(\.\d+)?$/, ''),
      strides: node.attributes.strides as readonly number[] | undefined,
    })),
    parameters: net.parameters.map(({ name, shape }) => ({ name, shape })),
  };
}

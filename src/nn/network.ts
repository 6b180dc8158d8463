/**
 * A network declared once. The declaration is a function from symbolic inputs to symbolic outputs; what runs it decides
 * whether a training graph (`training.ts`) or an inference file (`export.ts`) comes out.
 */
import type { Tensor } from '../core/tensor.ts';
import { Builder, type Declared, type Source } from './builder.ts';
import { BATCH, Graph, type Shape, type Value } from './graph.ts';
import { initialValues } from './initial.ts';
import type { ElementType } from './ir.ts';

/** Shape of one sample (without the batch), float32 unless said otherwise. */
export type InputSpec =
  | readonly number[]
  | { readonly shape: readonly number[]; readonly type: 'float32' | 'uint8' | 'int64' };

export interface NetworkDeclaration {
  readonly name: string;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  /** Decides the starting weights and the dropout masks. */
  readonly seed: number;
  build(b: Builder, inputs: Readonly<Record<string, Value>>): Readonly<Record<string, Value>>;
}

export interface Network extends NetworkDeclaration {
  readonly parameters: readonly Declared[];
  readonly statistics: readonly Declared[];
  /** Shapes of one sample's outputs, with BATCH (0) in front. */
  readonly outputs: Readonly<Record<string, Shape>>;
  /** Number of trained numbers. */
  readonly size: number;
}

/** Every parameter and statistic by name: what training makes and an exported network contains. */
export type Weights = Readonly<Record<string, Tensor & { readonly data: Float32Array }>>;

export function inputShape(spec: InputSpec): readonly number[] {
  return 'shape' in spec ? spec.shape : spec;
}

export function inputType(spec: InputSpec): ElementType {
  return 'shape' in spec ? spec.type : 'float32';
}

/** Declares a network. Runs the declaration once, so that mistakes of shape show here. */
export function network(declaration: NetworkDeclaration): Network {
  const graph = new Graph(false);
  const source: Source = {
    parameter: (declared) => graph.input(declared.name, declared.shape, 'float32', true),
    statistic: (declared) => graph.input(declared.name, declared.shape),
    step: null,
  };
  const { builder, outputs } = buildWith(declaration, graph, source, BATCH);
  const parameters = [...builder.parameters.values()].map((p) => p.declared);
  return {
    ...declaration,
    build: declaration.build.bind(declaration),
    parameters,
    statistics: [...builder.statistics.values()].map((s) => s.declared),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.shape])),
    size: parameters.reduce((sum, p) => sum + p.shape.reduce((a, d) => a * d, 1), 0),
  };
}

/** Runs a declaration on `graph` with inputs of the given batch size (or BATCH). */
export function buildWith(
  declaration: NetworkDeclaration,
  graph: Graph,
  source: Source,
  batch: number,
  shapes: Readonly<Record<string, readonly number[]>> = {},
): { builder: Builder; outputs: Readonly<Record<string, Value>> } {
  const builder = new Builder(graph, source, declaration.seed);
  const inputs = Object.fromEntries(
    Object.entries(declaration.inputs).map(([name, spec]) => [
      name,
      graph.input(name, [batch, ...(shapes[name] ?? inputShape(spec))], inputType(spec)),
    ]),
  );
  return { builder, outputs: declaration.build(builder, inputs) };
}

/** The weights a network starts with; the same on every machine. */
export function initialWeights(net: Network): Weights {
  return Object.fromEntries(
    [...net.parameters, ...net.statistics].map((d) => [
      d.name,
      { dims: d.shape, data: initialValues(d.initial, d.shape, d.name, net.seed) },
    ]),
  );
}

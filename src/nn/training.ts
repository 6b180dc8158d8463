/**
 * A network, a loss and an optimiser become one ONNX graph: forward, backward, clipping, optimiser step, running
 * statistics. State goes in and out as a handful of flat tensors; the manifest says what lies where in them. Both are
 * plain files, so that any ONNX Runtime, on a larger machine too, can run the same steps (see `bundle.node.ts`).
 */
import type { Builder, Declared, Source } from './builder.ts';
import { Graph, sizeOf, type Value } from './graph.ts';
import { initialValues } from './initial.ts';
import type { ElementType, TensorInfo } from './ir.ts';
import { buildWith, type InputSpec, inputShape, inputType, type Network, type Weights } from './network.ts';
import { encodeModel } from './onnx.ts';
import { learningRate, type Optimiser, slotsOf, update } from './optimiser.ts';

export interface TrainingOptions {
  readonly batch: number;
  /** Further inputs of each step (labels, sample weights): shape of one sample. */
  readonly targets: Readonly<Record<string, InputSpec>>;
  /** The scalar to minimise, or it together with further scalars to watch. */
  loss(
    b: Builder,
    outputs: Readonly<Record<string, Value>>,
    targets: Readonly<Record<string, Value>>,
  ): Value | { readonly loss: Value; readonly metrics: Readonly<Record<string, Value>> };
  readonly optimiser: Optimiser;
  /** Limit on the global norm of the gradient; default none. */
  readonly clipNorm?: number;
  /** Keep an exponential moving average of the weights with this decay, for instance 0.999 (rising from 0.1 early on). */
  readonly averageDecay?: number;
  /** Parameters that stay as they are. */
  readonly freeze?: (name: string) => boolean;
  /**
   * Batch normalisation uses its running moments, which stay as they are: the last part of a training, in which a
   * network learns to work as it will in use. State and layout are the same with and without.
   */
  readonly settled?: boolean;
  /** Factor on the learning rate of a parameter, default 1 (two time scales for the two sides of a GAN). */
  readonly rateFactor?: (name: string) => number;
  /** Bound on the size of a parameter's numbers, kept by clipping after each step (Wasserstein critics). */
  readonly limit?: (name: string) => number;
}

export interface Placed {
  readonly name: string;
  readonly shape: readonly number[];
  /** Index of its first number in the flat tensor. */
  readonly offset: number;
}

export interface StateTensor {
  /** Name of the graph input. */
  readonly input: string;
  /** Name of the graph output to feed back into it. */
  readonly output: string;
  readonly type: 'float32' | 'int64';
  readonly shape: readonly number[];
}

/** What a runner must know about a training graph; JSON as it stands. */
export interface TrainingManifest {
  readonly format: 'huoyan-training-1';
  readonly network: string;
  readonly batch: number;
  readonly seed: number;
  /** What every step is fed with: the whole shape, batch first. */
  readonly inputs: readonly {
    readonly name: string;
    readonly type: ElementType;
    readonly shape: readonly number[];
  }[];
  readonly state: readonly StateTensor[];
  /** Scalars that come out of every step, `loss` first. */
  readonly scalars: readonly string[];
  readonly layout: { readonly weights: readonly Placed[]; readonly statistics: readonly Placed[] };
  readonly optimiser: Optimiser;
}

export interface TrainingProgram {
  readonly graph: Uint8Array;
  readonly manifest: TrainingManifest;
  /** Every tensor made inside, in order, so that the first non-finite one can be found. */
  readonly inner: readonly TensorInfo[];
  /** State before the first step. */
  initialState(weights?: Weights): Record<string, Float32Array | BigInt64Array>;
}

function place(declared: readonly Declared[]): { placed: Placed[]; total: number } {
  let total = 0;
  const placed = declared.map((d) => {
    const at = { name: d.name, shape: [...d.shape], offset: total };
    total += sizeOf(d.shape);
    return at;
  });
  return { placed, total };
}

/** Splits a flat tensor into the declared ones. */
function unpack(
  g: Graph,
  flat: Value,
  declared: readonly Declared[],
  differentiable: (d: Declared) => boolean,
) {
  const sizes = declared.map((d) => sizeOf(d.shape));
  const parts = g.multi(
    'Split',
    [flat, g.ints(sizes)],
    sizes.map((n) => ({ shape: [n] })),
    { attributes: { axis: 0 } },
  );
  return new Map(
    declared.map((d, i) => {
      const value = g.node('Reshape', [parts[i], g.ints(d.shape)], d.shape, { name: d.name });
      return [d.name, { ...value, differentiable: differentiable(d) }];
    }),
  );
}

function pack(g: Graph, parts: readonly Value[], total: number, name: string): Value {
  const flat = parts.map((p) => g.node('Reshape', [p, g.ints([-1])], [sizeOf(p.shape)]));
  return g.node('Concat', flat, [total], { attributes: { axis: 0 }, name });
}

/** Compiles one training step. Throws TypeError when shapes do not fit. */
export function compileTraining(net: Network, options: TrainingOptions): TrainingProgram {
  const { batch, optimiser } = options;
  const g = new Graph(true);
  const weightsAt = place(net.parameters);
  const statisticsAt = place(net.statistics);
  const frozen = (d: Declared) => options.freeze?.(d.name) ?? false;

  const step = g.input('step', [1], 'int64');
  const weights = g.input('weights', [weightsAt.total]);
  const statistics = g.input('statistics', [statisticsAt.total]);
  const parameterValues = unpack(g, weights, net.parameters, (d) => !frozen(d));
  const statisticValues = net.statistics.length
    ? unpack(g, statistics, net.statistics, () => false)
    : new Map();
  const source: Source = {
    parameter: (d) => parameterValues.get(d.name)!,
    statistic: (d) => statisticValues.get(d.name)!,
    step,
    settled: options.settled,
  };
  const { builder, outputs } = buildWith(net, g, source, batch);
  const targets = Object.fromEntries(
    Object.entries(options.targets).map(([name, spec]) => [
      name,
      g.input(name, [batch, ...inputShape(spec)], inputType(spec)),
    ]),
  );
  const answer = g.scoped('loss', () => options.loss(builder, outputs, targets));
  const { loss, metrics } = 'loss' in answer ? answer : { loss: answer, metrics: {} };

  const trained = net.parameters.map((d) => parameterValues.get(d.name)!);
  const gradients = g.backward(loss, trained);
  /** One number per parameter, as a vector as long as all of them. */
  const perNumber = (numberOf: (name: string) => number) =>
    g.node(
      'Concat',
      net.parameters.map((d) => {
        const size = sizeOf(d.shape);
        return g.node('Expand', [g.scalar(numberOf(d.name)), g.ints([size])], [size]);
      }),
      [weightsAt.total],
      { attributes: { axis: 0 } },
    );
  const flatParts = gradients.map((gradient, i) => {
    const d = net.parameters[i];
    const size = sizeOf(d.shape);
    if (gradient) return gradient;
    return g.node('Expand', [g.scalar(0), g.ints([size])], [size]);
  });

  const name = 'optimiser';
  const scalars: Record<string, Value> = { loss, ...metrics };
  const state = g.scoped(name, () => {
    let gradient = pack(g, flatParts, weightsAt.total, 'gradient');
    const power = g.node('ReduceSumSquare', [gradient], [], { attributes: { keepdims: 0 } });
    const norm = g.node('Sqrt', [power], [], { name: 'gradientNorm' });
    scalars.gradientNorm = norm;
    if (options.clipNorm !== undefined) {
      const room = g.node(
        'Div',
        [g.scalar(options.clipNorm), g.node('Max', [norm, g.scalar(1e-12)], [])],
        [],
      );
      gradient = g.node('Mul', [gradient, g.node('Min', [room, g.scalar(1)], [])], gradient.shape);
    }
    const now = g.node('Reshape', [step, g.ints([])], [], { type: 'int64' });
    const count = g.node('Cast', [now], [], { attributes: { to: 1 }, type: 'float32' });
    const common = learningRate(g, optimiser, count);
    scalars.learningRate = common;
    const { rateFactor, limit } = options;
    const rate = rateFactor ? g.node('Mul', [perNumber(rateFactor), common], weights.shape) : common;
    const slotNames = slotsOf(optimiser);
    const slots = slotNames.map((slot) => g.input(slot, [weightsAt.total]));
    const decaying = new Set(net.parameters.filter((d) => d.decay && !frozen(d)).map((d) => d.name));
    const mask = perNumber((parameter) => (decaying.has(parameter) ? 1 : 0));
    const next = update(g, optimiser, weights, gradient, slots, rate, count, mask);
    if (limit) {
      const bound = perNumber(limit);
      const above = g.node('Max', [next.weights, g.node('Neg', [bound], bound.shape)], bound.shape);
      next.weights = g.node('Min', [above, bound], bound.shape);
    }
    const pairs: [Value, Value][] = [
      [step, g.node('Add', [step, g.constant(BigInt64Array.of(1n), [1])], [1], { type: 'int64' })],
      [weights, next.weights],
      ...slots.map((slot, i): [Value, Value] => [slot, next.slots[i]]),
    ];
    if (options.averageDecay !== undefined) {
      const average = g.input('average', [weightsAt.total]);
      const early = g.node(
        'Div',
        [g.node('Add', [count, g.scalar(1)], []), g.node('Add', [count, g.scalar(10)], [])],
        [],
      );
      const decay = g.node('Min', [early, g.scalar(options.averageDecay)], []);
      const share = g.node('Sub', [g.scalar(1), decay], []);
      const change = g.node(
        'Mul',
        [g.node('Sub', [next.weights, average], average.shape), share],
        average.shape,
      );
      pairs.push([average, g.node('Add', [average, change], average.shape)]);
    }
    if (net.statistics.length) {
      const parts = net.statistics.map(
        (d) => builder.statistics.get(d.name)?.next ?? statisticValues.get(d.name)!,
      );
      pairs.push([statistics, pack(g, parts, statisticsAt.total, 'statistics')]);
    }
    return pairs;
  });

  const rename = (from: Value, to: string, shape: readonly number[]) =>
    g.nodes.push({ op: 'Reshape', inputs: [from.name, g.ints(shape).name], outputs: [to], attributes: {} });
  for (const [scalar, value] of Object.entries(scalars)) rename(value, scalar, []);
  for (const [before, after] of state) rename(after, `${before.name}.next`, before.shape);

  const scalarNames = ['loss', ...Object.keys(scalars).filter((s) => s !== 'loss')];
  const stateTensors = state.map(
    ([before]): StateTensor => ({
      input: before.name,
      output: `${before.name}.next`,
      type: before.type as 'float32' | 'int64',
      shape: before.shape,
    }),
  );
  const inputs = Object.entries({ ...net.inputs, ...options.targets }).map(([input, spec]) => ({
    name: input,
    type: inputType(spec),
    shape: [batch, ...inputShape(spec)],
  }));
  const outputNames = [...scalarNames, ...stateTensors.map((t) => t.output)];
  const nodes = g.needed(outputNames);
  const used = new Set(nodes.flatMap((node) => node.inputs));
  const graph = encodeModel({
    name: `${net.name}-training`,
    nodes,
    constants: [...g.constants.values()].filter((c) => used.has(c.name)),
    inputs: [
      ...inputs.filter((i) => used.has(i.name)).map((i) => ({ name: i.name, type: i.type, dims: i.shape })),
      ...stateTensors.map((t) => ({ name: t.input, type: t.type, dims: t.shape })),
    ],
    outputs: [
      ...scalarNames.map((s) => ({ name: s, type: 'float32' as const, dims: [] })),
      ...stateTensors.map((t) => ({ name: t.output, type: t.type, dims: t.shape })),
    ],
  });
  const manifest: TrainingManifest = {
    format: 'huoyan-training-1',
    network: net.name,
    batch,
    seed: net.seed,
    inputs: inputs.filter((i) => used.has(i.name)),
    state: stateTensors,
    scalars: scalarNames,
    layout: { weights: weightsAt.placed, statistics: statisticsAt.placed },
    optimiser,
  };
  return {
    graph,
    manifest,
    inner: g.floatOutputs(nodes),
    initialState: (given) => initialState(net, manifest, given),
  };
}

function initialState(net: Network, manifest: TrainingManifest, given?: Weights) {
  const flatten = (declared: readonly Declared[], placed: readonly Placed[], total: number) => {
    const flat = new Float32Array(total);
    declared.forEach((d, i) => {
      const tensor = given?.[d.name];
      if (tensor && tensor.data.length !== sizeOf(d.shape)) {
        throw new TypeError(`${d.name}: given [${tensor.dims}], declared [${d.shape}]`);
      }
      flat.set(tensor?.data ?? initialValues(d.initial, d.shape, d.name, net.seed), placed[i].offset);
    });
    return flat;
  };
  const state: Record<string, Float32Array | BigInt64Array> = {};
  for (const { input, type, shape } of manifest.state) {
    const total = sizeOf(shape);
    if (type === 'int64') state[input] = new BigInt64Array(total);
    else if (input === 'statistics')
      state[input] = flatten(net.statistics, manifest.layout.statistics, total);
    else if (input === 'weights' || input === 'average') {
      state[input] = flatten(net.parameters, manifest.layout.weights, total);
    } else state[input] = new Float32Array(total);
  }
  return state;
}

/** The named tensors that lie in flat state tensors. `average` chooses the averaged weights where there are some. */
export function weightsOf(
  manifest: TrainingManifest,
  state: Readonly<Record<string, Float32Array | BigInt64Array>>,
  { average = false }: { average?: boolean } = {},
): Weights {
  const flat = ((average ? state.average : undefined) ?? state.weights) as Float32Array;
  const out: Record<string, { dims: readonly number[]; data: Float32Array }> = {};
  const take = (from: Float32Array, placed: readonly Placed[]) => {
    for (const { name, shape, offset } of placed) {
      out[name] = { dims: shape, data: from.slice(offset, offset + sizeOf(shape)) };
    }
  };
  take(flat, manifest.layout.weights);
  if (state.statistics) take(state.statistics as Float32Array, manifest.layout.statistics);
  return out;
}

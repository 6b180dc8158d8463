/**
 * Operators that treat a tensor as numbers or as a list of axes: arithmetic, activations, reductions, products,
 * reshaping, joining, slicing. Arithmetic keeps whatever layout its operands have; everything that names axes either
 * translates them or asks for TensorFlow's order first. Sizes computed from shapes are worked out here and now.
 */
import { broadcast, type Dim, sizeOf, type TensorValue, unsupported, type Value } from './emitter.ts';
import {
  activate,
  axisOf,
  constantOf,
  flag,
  inputOf,
  integersOf,
  number,
  type Operator,
  type OperatorCall,
  prelu,
} from './operator.ts';

/** Where each of TensorFlow's axes N H W C stands in a channels-first tensor. */
const POSITION = [0, 2, 3, 1];

function tensorOf(call: OperatorCall, index: number): TensorValue {
  const value = inputOf(call, index);
  if (value.kind !== 'tensor') throw unsupported(`${call.node.op} of a constant`);
  return value;
}

function dimsOf(value: Value): readonly Dim[] {
  return value.kind === 'shape' ? (value.scalar ? [] : [value.values.length]) : value.dims;
}

/** Names of several operands in one common layout, channels first as soon as one of them already is. */
function together(
  call: OperatorCall,
  values: readonly Value[],
): { names: string[]; layout: TensorValue['layout'] } {
  const first = values.some((v) => v.kind === 'tensor' && v.layout === 'channels-first');
  return first
    ? { names: values.map((v) => call.emit.channelsFirst(v)), layout: 'channels-first' }
    : { names: values.map((v) => call.emit.plain(v)), layout: 'plain' };
}

const unary =
  (...chain: readonly string[]): Operator =>
  (call) => {
    const source = tensorOf(call, 0);
    const name = chain.reduce((input, op) => call.emit.node(op, [input]), source.name);
    return [call.emit.tensor(name, source.dims, source.layout)];
  };

const binary =
  (op: string): Operator =>
  (call) => {
    const a = inputOf(call, 0);
    const b = inputOf(call, 1);
    const folded = foldSizes(op, a, b);
    if (folded) return [folded];
    const dims = broadcast(dimsOf(a), dimsOf(b));
    const { names, layout } = together(call, [a, b]);
    return [call.emit.tensor(call.emit.node(op, names), dims, layout)];
  };

const SIZE_ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.floor(a / b),
};

/** Arithmetic on sizes (`Shape` and what comes of it) is done at conversion; the open batch survives only times one. */
function foldSizes(op: string, a: Value, b: Value): Value | null {
  if (a.kind !== 'shape' && b.kind !== 'shape') return null;
  const numbers = (v: Value): readonly Dim[] | null =>
    v.kind === 'shape' ? v.values : v.kind === 'constant' ? [...v.data] : null;
  const x = numbers(a);
  const y = numbers(b);
  const rule = SIZE_ARITHMETIC[op];
  if (!x || !y || !rule) throw unsupported(`${op} of sizes`);
  const values = Array.from({ length: Math.max(x.length, y.length) }, (_, i): Dim => {
    const p = x[x.length === 1 ? 0 : i];
    const q = y[y.length === 1 ? 0 : i];
    if (typeof p === 'number' && typeof q === 'number') return rule(p, q);
    if (op === 'Mul' && p === 1) return q;
    if ((op === 'Mul' || op === 'Div') && q === 1) return p;
    throw unsupported(`${op} of the open batch`);
  });
  return { kind: 'shape', values, scalar: dimsOf(a).length + dimsOf(b).length === 0 };
}

const square: Operator = (call) => {
  const source = tensorOf(call, 0);
  return [call.emit.tensor(call.emit.node('Mul', [source.name, source.name]), source.dims, source.layout)];
};

const squaredDifference: Operator = (call) => {
  const [difference] = binary('Sub')(call);
  return square({ ...call, inputs: [difference] });
};

const relu6: Operator = (call) => [activate(call, tensorOf(call, 0), 'Relu6')];

const leakyRelu: Operator = (call) => {
  const source = tensorOf(call, 0);
  const name = call.emit.node('LeakyRelu', [source.name], { alpha: { float: number(call, 'alpha', 0.2) } });
  return [call.emit.tensor(name, source.dims, source.layout)];
};

const softmax: Operator = (call) => {
  const source = tensorOf(call, 0);
  const axis = source.layout === 'channels-first' ? 1 : source.dims.length - 1;
  return [call.emit.tensor(call.emit.node('Softmax', [source.name], { axis }), source.dims, source.layout)];
};

const reduction =
  (op: 'ReduceMean' | 'ReduceSum' | 'ReduceMax' | 'ReduceMin'): Operator =>
  (call) => {
    const source = tensorOf(call, 0);
    const axes = integersOf(call, 1).map((axis) => axisOf(axis, source.dims.length));
    const keep = flag(call, 'keep_dims');
    const dims = source.dims.flatMap((size, axis): Dim[] =>
      axes.includes(axis) ? (keep ? [1] : []) : [size],
    );
    // Dropping axes of a channels-first tensor leaves TensorFlow's order only if no later axis than C remains.
    const leavesOrder = keep || axes.includes(3) || (axes.includes(1) && axes.includes(2));
    const first = source.layout === 'channels-first' && leavesOrder;
    const stored = axes.map((axis) => (first ? POSITION[axis] : axis)).sort((a, b) => a - b);
    const input = first ? source.name : call.emit.plain(source);
    const name = call.emit.node(op, [input, call.emit.integers(stored)], { keepdims: keep ? 1 : 0 });
    return [call.emit.tensor(name, dims, first && keep ? 'channels-first' : 'plain')];
  };

const matmul: Operator = (call) => {
  const { emit } = call;
  const [a, b] = [inputOf(call, 0), inputOf(call, 1)];
  const transA = flag(call, 'transpose_a');
  const transB = flag(call, 'transpose_b');
  const [x, y] = [dimsOf(a), dimsOf(b)];
  if (x.length !== 2 || y.length !== 2) throw unsupported('products of stacks of matrices');
  const fused = call.node.attributes.fused_ops;
  const steps = Array.isArray(fused) ? (fused as string[]) : [];
  if (steps.length && steps[0] !== 'BiasAdd') throw unsupported(`fused ${steps.join('+')}`);
  const operands = [emit.plain(a), emit.plain(b), ...(steps.length ? [emit.plain(constantOf(call, 2))] : [])];
  const name = emit.node('Gemm', operands, { transA: transA ? 1 : 0, transB: transB ? 1 : 0 });
  const result = emit.tensor(name, [x[transA ? 1 : 0], y[transB ? 0 : 1]]);
  return [activate(call, result, steps[1])];
};

/** The shape asked for, with -1 worked out. `N` stands wherever the number of elements leaves exactly the batch. */
function reshapedDims(from: readonly Dim[], to: readonly Dim[]): Dim[] {
  const known = (dims: readonly Dim[]) => sizeOf(dims.filter((d): d is number => d !== 'N' && d !== -1));
  const open = from.includes('N');
  const rest = known(from) / known(to);
  const result = to.map((d): Dim => {
    if (d !== -1) return d;
    if (!open || to.includes('N')) return rest;
    if (rest === 1) return 'N';
    throw unsupported(`shape [${from}] to [${to}]`);
  });
  if (result.includes('N') !== open || known(result) !== known(from))
    throw unsupported(`shape [${from}] to [${to}]`);
  return result;
}

const reshape: Operator = (call) => {
  const source = inputOf(call, 0);
  const target = inputOf(call, 1);
  const to = target.kind === 'shape' ? target.values : [...constantOf(call, 1).data];
  if (source.kind === 'constant') {
    const dims = reshapedDims(source.dims, to) as number[];
    return [{ ...source, dims }];
  }
  const dims = reshapedDims(dimsOf(source), to);
  const shape = call.emit.integers(dims.map((d) => (d === 'N' ? -1 : d)));
  return [call.emit.tensor(call.emit.node('Reshape', [call.emit.plain(source), shape]), dims)];
};

const transpose: Operator = (call) => {
  const source = tensorOf(call, 0);
  const perm = integersOf(call, 1).map((axis) => axisOf(axis, source.dims.length));
  const stored = source.layout === 'channels-first' ? perm.map((axis) => POSITION[axis]) : perm;
  const dims = perm.map((axis) => source.dims[axis]);
  const moved = stored.some((axis, i) => axis !== i);
  return [
    call.emit.tensor(
      moved ? call.emit.node('Transpose', [source.name], { perm: stored }) : source.name,
      dims,
    ),
  ];
};

const concat: Operator = (call) => {
  const parts = call.inputs.slice(0, -1);
  const dims = dimsOf(parts[0]);
  const axis = axisOf(integersOf(call, call.inputs.length - 1)[0], dims.length);
  if (parts.every((p) => p.kind !== 'tensor'))
    return [{ kind: 'shape', values: parts.flatMap(sizes), scalar: false }];
  const total = parts.reduce<number>((sum, part) => {
    const size = dimsOf(part)[axis];
    if (size === 'N') throw unsupported('joining along the batch');
    return sum + size;
  }, 0);
  const { names, layout } = together(call, parts);
  const stored = layout === 'channels-first' ? POSITION[axis] : axis;
  const joined = dims.map((size, i) => (i === axis ? total : size));
  return [call.emit.tensor(call.emit.node('Concat', names, { axis: stored }), joined, layout)];
};

function sizes(value: Value): readonly Dim[] {
  if (value.kind === 'shape') return value.values;
  if (value.kind === 'constant') return [...value.data];
  throw unsupported('sizes that depend on pixels');
}

const squeeze: Operator = (call) => {
  const source = tensorOf(call, 0);
  const stated = call.node.attributes.squeeze_dims;
  const axes =
    Array.isArray(stated) && stated.length
      ? (stated as number[]).map((axis) => axisOf(axis, source.dims.length))
      : source.dims.flatMap((size, axis) => (size === 1 ? [axis] : []));
  const dims = source.dims.filter((_, axis) => !axes.includes(axis));
  const sorted = [...axes].sort((a, b) => a - b);
  return [
    call.emit.tensor(call.emit.node('Squeeze', [call.emit.plain(source), call.emit.integers(sorted)]), dims),
  ];
};

const expandDims: Operator = (call) => {
  const source = tensorOf(call, 0);
  const axis = axisOf(integersOf(call, 1)[0], source.dims.length + 1);
  const dims = [...source.dims.slice(0, axis), 1, ...source.dims.slice(axis)];
  return [
    call.emit.tensor(
      call.emit.node('Unsqueeze', [call.emit.plain(source), call.emit.integers([axis])]),
      dims,
    ),
  ];
};

const pack: Operator = (call) => {
  if (call.inputs.every((v) => v.kind !== 'tensor')) {
    return [{ kind: 'shape', values: call.inputs.flatMap(sizes), scalar: false }];
  }
  const dims = dimsOf(inputOf(call, 0));
  const axis = axisOf(number(call, 'axis', 0), dims.length + 1);
  const axes = call.emit.integers([axis]);
  const names = call.inputs.map((v) => call.emit.node('Unsqueeze', [call.emit.plain(v), axes]));
  const stacked = [...dims.slice(0, axis), call.inputs.length, ...dims.slice(axis)];
  return [call.emit.tensor(call.emit.node('Concat', names, { axis }), stacked)];
};

/** Slices along leading axes; masks say which ends are open and which axes disappear. */
const stridedSlice: Operator = (call) => {
  const source = inputOf(call, 0);
  const [begin, end, step] = [integersOf(call, 1), integersOf(call, 2), integersOf(call, 3)];
  const mask = (name: string, axis: number) => ((number(call, name, 0) >> axis) & 1) === 1;
  if (number(call, 'ellipsis_mask', 0) || number(call, 'new_axis_mask', 0))
    throw unsupported('slices with ellipsis');
  if (step.some((s) => s < 1)) throw unsupported('slices backwards');
  const dims = dimsOf(source);
  const ranges = begin.map((from, axis) => {
    const size = dims[axis];
    const whole = mask('begin_mask', axis) && mask('end_mask', axis) && step[axis] === 1;
    if (size === 'N') {
      if (!whole) throw unsupported('slices of the batch');
      return { from: 0, to: 0, step: 1, whole, size };
    }
    const clamp = (v: number) => Math.min(size, Math.max(0, v < 0 ? v + size : v));
    const shrink = mask('shrink_axis_mask', axis);
    const a = mask('begin_mask', axis) && !shrink ? 0 : clamp(from);
    const b = shrink ? a + 1 : mask('end_mask', axis) ? size : clamp(end[axis]);
    return { from: a, to: b, step: step[axis], whole, size: Math.max(0, Math.ceil((b - a) / step[axis])) };
  });
  const gone = begin.flatMap((_, axis) => (mask('shrink_axis_mask', axis) ? [axis] : []));
  if (source.kind !== 'tensor') {
    const [r] = ranges;
    const values = sizes(source).filter((_, i) => i >= r.from && i < r.to && (i - r.from) % r.step === 0);
    return [{ kind: 'shape', values, scalar: gone.length > 0 }];
  }
  const cut = ranges.flatMap((r, axis) => (r.whole ? [] : [axis]));
  const vector = (pick: (axis: number) => number) => call.emit.integers(cut.map(pick));
  let name = call.emit.plain(source);
  if (cut.length) {
    const from = vector((axis) => ranges[axis].from);
    const to = vector((axis) => ranges[axis].to);
    const axes = vector((axis) => axis);
    name = call.emit.node('Slice', [name, from, to, axes, vector((axis) => ranges[axis].step)]);
  }
  if (gone.length) name = call.emit.node('Squeeze', [name, call.emit.integers(gone)]);
  const sliced = dims.map((size, axis) => ranges[axis]?.size ?? size);
  return [
    call.emit.tensor(
      name,
      sliced.filter((_, axis) => !gone.includes(axis)),
    ),
  ];
};

const shapeOf: Operator = (call) => [{ kind: 'shape', values: dimsOf(inputOf(call, 0)), scalar: false }];
const same: Operator = (call) => [inputOf(call, 0)];

export const PLAIN: Readonly<Record<string, Operator>> = {
  Add: binary('Add'),
  AddV2: binary('Add'),
  BiasAdd: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  RealDiv: binary('Div'),
  Div: binary('Div'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  SquaredDifference: squaredDifference,
  Square: square,
  Relu: unary('Relu'),
  Elu: unary('Elu'),
  Sigmoid: unary('Sigmoid'),
  Tanh: unary('Tanh'),
  Softplus: unary('Softplus'),
  Exp: unary('Exp'),
  Log: unary('Log'),
  Sqrt: unary('Sqrt'),
  Rsqrt: unary('Sqrt', 'Reciprocal'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Floor: unary('Floor'),
  Relu6: relu6,
  LeakyRelu: leakyRelu,
  Prelu: (call) => [prelu(call, tensorOf(call, 0), inputOf(call, 1))],
  Softmax: softmax,
  Mean: reduction('ReduceMean'),
  Sum: reduction('ReduceSum'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  MatMul: matmul,
  _FusedMatMul: matmul,
  Reshape: reshape,
  Transpose: transpose,
  ConcatV2: concat,
  Squeeze: squeeze,
  ExpandDims: expandDims,
  Pack: pack,
  StridedSlice: stridedSlice,
  Shape: shapeOf,
  Identity: same,
};

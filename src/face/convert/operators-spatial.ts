/**
 * Operators that look at a picture as rows, columns and channels: convolutions, pooling, padding, resizing, moving
 * depth to space. All of them read and give channels-first tensors.
 */
import { type Dim, permute, sizeOf, type TensorValue, unsupported, type Value } from './emitter.ts';
import {
  activate,
  constantOf,
  flag,
  integersOf,
  list,
  number,
  type Operator,
  type OperatorCall,
  text,
} from './operator.ts';

interface Window {
  /** ONNX order: top, left, bottom, right. */
  readonly pads: readonly number[];
  readonly height: number;
  readonly width: number;
}

/** Where a window of `kernel` cells moving by `strides` lands, by TensorFlow's SAME, VALID or EXPLICIT rule. */
function windowOver(
  call: OperatorCall,
  dims: readonly Dim[],
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): Window {
  const padding = text(call, 'padding', 'VALID');
  const explicit = list(call, 'explicit_paddings', []);
  const pads = [0, 0, 0, 0];
  const out = [0, 0];
  for (let axis = 0; axis < 2; axis++) {
    const size = dims[axis + 1];
    if (size === 'N') throw unsupported('a picture of open size');
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    if (padding === 'SAME') {
      out[axis] = Math.ceil(size / strides[axis]);
      const total = Math.max(0, (out[axis] - 1) * strides[axis] + reach - size);
      pads[axis] = Math.floor(total / 2);
      pads[axis + 2] = total - pads[axis];
    } else {
      if (padding === 'EXPLICIT') {
        pads[axis] = explicit[2 + 2 * axis] ?? 0;
        pads[axis + 2] = explicit[3 + 2 * axis] ?? 0;
      } else if (padding !== 'VALID') throw unsupported(`padding ${padding}`);
      out[axis] = Math.floor((size + pads[axis] + pads[axis + 2] - reach) / strides[axis]) + 1;
    }
    if (out[axis] < 1) throw unsupported(`${call.node.name} leaves nothing of the picture`);
  }
  return { pads, height: out[0], width: out[1] };
}

function picture(call: OperatorCall): TensorValue {
  const value = call.inputs[0];
  if (value?.kind !== 'tensor' || value.dims.length !== 4) throw unsupported(`${call.node.op} of no picture`);
  if (text(call, 'data_format', 'NHWC') !== 'NHWC') throw unsupported(`${call.node.op} in NCHW`);
  return value;
}

function convolution(call: OperatorCall, depthwise: boolean): Value[] {
  const { emit } = call;
  const source = picture(call);
  const filter = constantOf(call, 1);
  const [kh, kw, cin, last] = filter.dims;
  if (filter.dims.length !== 4 || source.dims[3] === 'N') throw unsupported(`filter of ${call.node.name}`);
  const groups = depthwise ? cin : source.dims[3] / cin;
  const cout = depthwise ? cin * last : last;
  // [kh kw cin mult] becomes [cin*mult 1 kh kw]; [kh kw cin cout] becomes [cout cin kh kw].
  const order = depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1];
  const weights = permute(Float32Array.from(filter.data), filter.dims, order).data;
  const strides = list(call, 'strides', [1, 1, 1, 1]).slice(1, 3);
  const dilations = list(call, 'dilations', [1, 1, 1, 1]).slice(1, 3);
  const window = windowOver(call, source.dims, [kh, kw], strides, dilations);
  const fused = list<string>(call, 'fused_ops', []);

  const inputs = [emit.channelsFirst(source), emit.initializer(weights, [cout, depthwise ? 1 : cin, kh, kw])];
  if (fused[0] === 'BiasAdd') {
    const bias = constantOf(call, 2);
    if (sizeOf(bias.dims) !== cout) throw unsupported(`bias of ${call.node.name}`);
    inputs.push(emit.initializer(Float32Array.from(bias.data), [cout]));
  } else if (fused.length) throw unsupported(`fused ${fused.join('+')}`);
  const name = emit.node('Conv', inputs, {
    kernel_shape: [kh, kw],
    strides,
    dilations,
    pads: window.pads,
    group: groups,
  });
  const result = emit.tensor(name, [source.dims[0], window.height, window.width, cout], 'channels-first');
  return [activate(call, result, fused[1])];
}

function pool(call: OperatorCall, op: 'MaxPool' | 'AveragePool'): Value[] {
  const source = picture(call);
  const kernel = list(call, 'ksize', [1, 1, 1, 1]);
  const strides = list(call, 'strides', [1, 1, 1, 1]);
  if (kernel[0] !== 1 || kernel[3] !== 1) throw unsupported('pooling over batch or channels');
  const window = windowOver(call, source.dims, kernel.slice(1, 3), strides.slice(1, 3), [1, 1]);
  const name = call.emit.node(op, [call.emit.channelsFirst(source)], {
    kernel_shape: kernel.slice(1, 3),
    strides: strides.slice(1, 3),
    pads: window.pads,
  });
  const dims = [source.dims[0], window.height, window.width, source.dims[3]];
  return [call.emit.tensor(name, dims, 'channels-first')];
}

/** Pads any tensor; the paddings of a rank-4 one are put in channels-first order. */
function pad(call: OperatorCall, mode: 'constant' | 'reflect'): Value[] {
  const { emit } = call;
  const source = call.inputs[0];
  if (source?.kind !== 'tensor') throw unsupported('padding of a constant');
  const flat = integersOf(call, 1);
  const pairs = source.dims.map((_, axis) => [flat[2 * axis], flat[2 * axis + 1]]);
  const dims = source.dims.map((size, axis) => {
    const added = pairs[axis][0] + pairs[axis][1];
    if (size === 'N' && added > 0) throw unsupported('padding of the batch');
    return size === 'N' ? size : size + added;
  });
  const first = source.dims.length === 4;
  const order = first ? [0, 3, 1, 2] : source.dims.map((_, axis) => axis);
  const pads = [...order.map((axis) => pairs[axis][0]), ...order.map((axis) => pairs[axis][1])];
  const inputs = [first ? emit.channelsFirst(source) : emit.plain(source), emit.integers(pads)];
  if (mode === 'constant') {
    inputs.push(emit.scalar(call.node.op === 'PadV2' ? constantOf(call, 2).data[0] : 0));
  } else if (text(call, 'mode', 'REFLECT') !== 'REFLECT') throw unsupported('symmetric padding');
  return [emit.tensor(emit.node('Pad', inputs, { mode }), dims, first ? 'channels-first' : 'plain')];
}

function resize(call: OperatorCall, mode: 'linear' | 'nearest'): Value[] {
  const { emit } = call;
  const source = picture(call);
  const [height, width] = integersOf(call, 1);
  const [batch, h, w, channels] = source.dims;
  if (typeof h !== 'number' || typeof w !== 'number') throw unsupported('a picture of open size');
  const aligned = flag(call, 'align_corners');
  const centres = flag(call, 'half_pixel_centers');
  const coordinates = aligned ? 'align_corners' : centres ? 'half_pixel' : 'asymmetric';
  // Scales, because sizes would need the open batch, and sizes for two axes only trip ONNX Runtime's transpose
  // optimiser. The result is floor(size * scale): one part in 10^6 more keeps a 31.999... from becoming 31.
  const scale = (to: number, from: number) =>
    Number.isInteger(to / from) ? to / from : (to / from) * (1 + 1e-6);
  const scales = emit.initializer(Float32Array.of(1, 1, scale(height, h), scale(width, w)), [4]);
  const name = emit.node('Resize', [emit.channelsFirst(source), '', scales], {
    mode,
    coordinate_transformation_mode: coordinates,
    ...(mode === 'nearest' ? { nearest_mode: aligned ? 'round_prefer_ceil' : 'floor' } : {}),
  });
  return [emit.tensor(name, [batch, height, width, channels], 'channels-first')];
}

function blocks(call: OperatorCall, op: 'DepthToSpace' | 'SpaceToDepth'): Value[] {
  const source = picture(call);
  const block = number(call, 'block_size', 2);
  const [batch, h, w, c] = source.dims;
  if (h === 'N' || w === 'N' || c === 'N') throw unsupported('a picture of open size');
  const dims =
    op === 'DepthToSpace'
      ? [batch, h * block, w * block, c / block ** 2]
      : [batch, h / block, w / block, c * block ** 2];
  const name = call.emit.node(op, [call.emit.channelsFirst(source)], {
    blocksize: block,
    ...(op === 'DepthToSpace' ? { mode: 'DCR' } : {}),
  });
  return [call.emit.tensor(name, dims, 'channels-first')];
}

function batchNorm(call: OperatorCall): Value[] {
  const source = picture(call);
  const parameters = [1, 2, 3, 4].map((i) => {
    const { data, dims } = constantOf(call, i);
    return call.emit.initializer(Float32Array.from(data), dims);
  });
  const name = call.emit.node('BatchNormalization', [call.emit.channelsFirst(source), ...parameters], {
    epsilon: { float: number(call, 'epsilon', 1e-3) },
  });
  return [call.emit.tensor(name, source.dims, 'channels-first')];
}

export const SPATIAL: Readonly<Record<string, Operator>> = {
  Conv2D: (call) => convolution(call, false),
  _FusedConv2D: (call) => convolution(call, false),
  DepthwiseConv2dNative: (call) => convolution(call, true),
  FusedDepthwiseConv2dNative: (call) => convolution(call, true),
  MaxPool: (call) => pool(call, 'MaxPool'),
  AvgPool: (call) => pool(call, 'AveragePool'),
  Pad: (call) => pad(call, 'constant'),
  PadV2: (call) => pad(call, 'constant'),
  MirrorPad: (call) => pad(call, 'reflect'),
  ResizeBilinear: (call) => resize(call, 'linear'),
  ResizeNearestNeighbor: (call) => resize(call, 'nearest'),
  DepthToSpace: (call) => blocks(call, 'DepthToSpace'),
  SpaceToDepth: (call) => blocks(call, 'SpaceToDepth'),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV3: batchNorm,
};

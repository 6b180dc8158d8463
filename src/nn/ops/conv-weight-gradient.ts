/**
 * The gradient of a convolution by its weights: the hot spot of a training step on a CPU, where the formulation
 * decides. All of them contract over every place of every picture:
 *
 *   dW[o, c, ky, kx] = sum over b, y, x of d[b, o, y, x] * in[b, c, s*y + t*ky - p, s*x + t*kx - p]
 *
 * and differ in how the shifted views of the input come about. ONNX's Slice and Pad copy on one thread; a grouped
 * convolution with one-hot kernels makes the same views in the cache, on all threads, with the zeros of the padding:
 *
 * - `separable`: shifts along x on the input, along y on the gradient, (KW*C) x (KH*O) matrix products per picture.
 *   Copies KW + KH planes instead of KH*KW: the best for 3x3 at stride 1 (33 ms, where slices take 56).
 * - `unfolded`: all KH*KW shifts on the input (im2col); for strides and for few channels, such as the first layer.
 * - `pooled`: shifts by Slice, the whole batch in one matrix product; where pictures are so small that products per
 *   picture would write more than they read.
 * - 1x1 needs no shift at all.
 */
import type { Graph, Value } from '../graph.ts';
import type { ConvPlan } from './conv-plan.ts';
import { padNode, type SliceRange, sliceNode } from './shape.ts';

/** Gradient by the weights, [O, C/groups, KH, KW]. */
export function weightGradient(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  if (p.groups === 1) return ungrouped(g, x, d, p);
  if (p.groups === p.inner && p.groups === p.outer) {
    return separates(p) ? separablePlanes(g, x, d, p) : perPlane(g, x, d, p);
  }
  return byGroups(g, x, d, p);
}

/** Do shifts along x on the input and along y on the gradient make up all places? */
function separates(p: ConvPlan): boolean {
  return p.stride === 1 && p.pad <= p.dilation * (Math.min(p.kernelHeight, p.kernelWidth) - 1);
}

function ungrouped(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  const area = p.kernelHeight * p.kernelWidth;
  const places = p.outHeight * p.outWidth;
  if (p.outer * p.inner * area > 4 * places * (p.inner + p.outer)) return pooled(g, x, d, p);
  if (area === 1 && p.stride === 1 && p.pad === 0) return perPicture(g, d, x, p);
  const copies = p.kernelHeight * p.outer + p.kernelWidth * p.inner;
  if (separates(p) && copies < area * p.inner) return separable(g, x, d, p);
  return area <= 25 ? unfolded(g, x, d, p) : pooled(g, x, d, p);
}

/** Kernel i of every channel picks place i (or the i-th from the end) of a window of `height` x `width`. */
function oneHot(g: Graph, channels: number, height: number, width: number, reversed = false): Value {
  const area = height * width;
  const kernels = new Float32Array(channels * area * area);
  for (let c = 0; c < channels; c++) {
    for (let k = 0; k < area; k++) kernels[(c * area + k) * area + (reversed ? area - 1 - k : k)] = 1;
  }
  return g.constant(kernels, [channels * area, 1, height, width]);
}

/** left [B, M, places] times right [B, N, places] transposed, summed over the batch: [M, N]. */
function contract(
  g: Graph,
  left: Value,
  m: number,
  right: Value,
  n: number,
  places: number,
  batch: number,
): Value {
  const a = g.node('Reshape', [left, g.ints([batch, m, places])], [batch, m, places]);
  const b = g.node('Reshape', [right, g.ints([batch, n, places])], [batch, n, places]);
  // ONNX Runtime fuses this Transpose into the product.
  const bT = g.node('Transpose', [b], [batch, places, n], { attributes: { perm: [0, 2, 1] } });
  const products = g.node('MatMul', [a, bT], [batch, m, n]);
  return g.node('ReduceSum', [products, g.ints([0])], [m, n], { attributes: { keepdims: 0 } });
}

function perPicture(g: Graph, d: Value, x: Value, p: ConvPlan): Value {
  const sum = contract(g, d, p.outer, x, p.inner, p.outHeight * p.outWidth, p.batch);
  return g.node('Reshape', [sum, g.ints([p.outer, p.inner, 1, 1])], [p.outer, p.inner, 1, 1]);
}

/** The KW shifts of the input and the KH shifts of the gradient that `separable` multiplies. */
function shifts(g: Graph, x: Value, d: Value, p: ConvPlan): { across: Value; down: Value; places: number } {
  const { batch, inner, outer, height, outWidth, kernelHeight: kh, kernelWidth: kw, dilation } = p;
  // Input: place kx of a 1 x KW window, at every row and every output column.
  const across = g.node('Conv', [x, oneHot(g, inner, 1, kw)], [batch, inner * kw, height, outWidth], {
    attributes: {
      kernel_shape: [1, kw],
      dilations: [1, dilation],
      pads: [0, p.pad, 0, p.pad],
      group: inner,
    },
    name: 'shiftAcross',
  });
  // Gradient: what arrives at each row of the input through kernel row ky.
  const back = dilation * (kh - 1) - p.pad;
  const down = g.node('Conv', [d, oneHot(g, outer, kh, 1, true)], [batch, outer * kh, height, outWidth], {
    attributes: { kernel_shape: [kh, 1], dilations: [dilation, 1], pads: [back, 0, back, 0], group: outer },
    name: 'shiftDown',
  });
  return { across, down, places: height * outWidth };
}

function separable(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  const { batch, inner, outer, kernelHeight: kh, kernelWidth: kw } = p;
  const { across, down, places } = shifts(g, x, d, p);
  const sum = contract(g, down, outer * kh, across, inner * kw, places, batch);
  const open = g.node('Reshape', [sum, g.ints([outer, kh, inner, kw])], [outer, kh, inner, kw]);
  return g.node('Transpose', [open], [outer, inner, kh, kw], { attributes: { perm: [0, 2, 1, 3] } });
}

function unfolded(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  const { batch, inner, outer, outHeight, outWidth, kernelHeight: kh, kernelWidth: kw } = p;
  const columns = g.node(
    'Conv',
    [x, oneHot(g, inner, kh, kw)],
    [batch, inner * kh * kw, outHeight, outWidth],
    {
      attributes: {
        kernel_shape: [kh, kw],
        strides: [p.stride, p.stride],
        dilations: [p.dilation, p.dilation],
        pads: [p.pad, p.pad, p.pad, p.pad],
        group: inner,
      },
      name: 'unfold',
    },
  );
  const sum = contract(g, d, outer, columns, inner * kh * kw, outHeight * outWidth, batch);
  return g.node('Reshape', [sum, g.ints([outer, inner, kh, kw])], [outer, inner, kh, kw]);
}

function pooled(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  const n = p.batch * p.outHeight * p.outWidth;
  const toChannels = { attributes: { perm: [1, 0, 2, 3] } };
  const dT = g.node('Transpose', [d], [p.outer, p.batch, p.outHeight, p.outWidth], toChannels);
  const rows = g.node('Reshape', [dT, g.ints([p.outer, n])], [p.outer, n]);
  const xT = g.node('Transpose', [x], [p.inner, p.batch, p.height, p.width], toChannels);
  const padded = padNode(g, xT, [0, 0, p.pad, p.pad, 0, 0, p.pad, p.pad]);
  const area = p.kernelHeight * p.kernelWidth;
  const views: Value[] = [];
  for (let ky = 0; ky < p.kernelHeight; ky++) {
    for (let kx = 0; kx < p.kernelWidth; kx++) {
      const view = strided(g, padded, p, ky, kx, [p.inner, p.batch, p.outHeight, p.outWidth]);
      views.push(g.node('Reshape', [view, g.ints([p.inner, n])], [p.inner, n]));
    }
  }
  const columns =
    area === 1 ? views[0] : g.node('Concat', views, [area * p.inner, n], { attributes: { axis: 0 } });
  const product = g.node('Gemm', [rows, columns], [p.outer, area * p.inner], { attributes: { transB: 1 } });
  const open = g.node('Reshape', [product, g.ints([p.outer, area, p.inner])], [p.outer, area, p.inner]);
  const turned = g.node('Transpose', [open], [p.outer, p.inner, area], { attributes: { perm: [0, 2, 1] } });
  const shape = [p.outer, p.inner, p.kernelHeight, p.kernelWidth];
  return g.node('Reshape', [turned, g.ints(shape)], shape);
}

/** The places of the padded input (spatial axes last) that meet kernel place (ky, kx). */
function strided(
  g: Graph,
  padded: Value,
  p: ConvPlan,
  ky: number,
  kx: number,
  shape: readonly number[],
): Value {
  const range = (axis: number, k: number, out: number): SliceRange => ({
    axis,
    start: k * p.dilation,
    end: k * p.dilation + (out - 1) * p.stride + 1,
    step: p.stride,
  });
  if (padded.shape.join() === shape.join()) return padded;
  return sliceNode(g, padded, [range(2, ky, p.outHeight), range(3, kx, p.outWidth)], shape);
}

/** Depthwise at stride 1: the separable shifts again, and a KH x KW product of every plane with its own gradient. */
function separablePlanes(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  const { batch, inner, kernelHeight: kh, kernelWidth: kw } = p;
  const { across, down, places } = shifts(g, x, d, p);
  const planes = batch * inner;
  const a = g.node('Reshape', [down, g.ints([planes, kh, places])], [planes, kh, places]);
  const b = g.node('Reshape', [across, g.ints([planes, kw, places])], [planes, kw, places]);
  const bT = g.node('Transpose', [b], [planes, places, kw], { attributes: { perm: [0, 2, 1] } });
  const products = g.node('MatMul', [a, bT], [planes, kh, kw]);
  const open = g.node('Reshape', [products, g.ints([batch, inner, 1, kh, kw])], [batch, inner, 1, kh, kw]);
  return g.node('ReduceSum', [open, g.ints([0])], [inner, 1, kh, kw], { attributes: { keepdims: 0 } });
}

/** Depthwise: every plane is convolved with its own gradient as the kernel, then summed over the batch. */
function perPlane(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  const planes = p.batch * p.inner;
  const wide = [1, planes, p.height, p.width];
  const kernelShape = [planes, 1, p.outHeight, p.outWidth];
  const input = g.node('Reshape', [x, g.ints(wide)], wide);
  const kernel = g.node('Reshape', [d, g.ints(kernelShape)], kernelShape);
  const area = [p.kernelHeight, p.kernelWidth];
  // What a window does not reach on the far side is cut, so that exactly kernel-many places remain.
  const farY = (p.kernelHeight - 1) * p.dilation + (p.outHeight - 1) * p.stride + 1 - p.height - p.pad;
  const farX = (p.kernelWidth - 1) * p.dilation + (p.outWidth - 1) * p.stride + 1 - p.width - p.pad;
  const cut = padNode(g, input, [0, 0, 0, 0, 0, 0, Math.min(0, farY), Math.min(0, farX)]);
  const product = g.node('Conv', [cut, kernel], [1, planes, ...area], {
    attributes: {
      kernel_shape: [p.outHeight, p.outWidth],
      dilations: [p.stride, p.stride],
      strides: [p.dilation, p.dilation],
      pads: [p.pad, p.pad, Math.max(0, farY), Math.max(0, farX)],
      group: planes,
    },
  });
  const open = [p.batch, p.inner, 1, ...area];
  const apart = g.node('Reshape', [product, g.ints(open)], open);
  return g.node('ReduceSum', [apart, g.ints([0])], [p.inner, 1, ...area], { attributes: { keepdims: 0 } });
}

/** Several groups of several channels: each group for itself. */
function byGroups(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  const [inner, outer] = [p.inner / p.groups, p.outer / p.groups];
  const parts: Value[] = [];
  for (let i = 0; i < p.groups; i++) {
    const cut = (v: Value, size: number) =>
      sliceNode(
        g,
        v,
        [{ axis: 1, start: i * size, end: (i + 1) * size }],
        [v.shape[0], size, v.shape[2], v.shape[3]],
      );
    parts.push(ungrouped(g, cut(x, inner), cut(d, outer), { ...p, inner, outer, groups: 1 }));
  }
  const shape = [p.outer, inner, p.kernelHeight, p.kernelWidth];
  return g.node('Concat', parts, shape, { attributes: { axis: 0 } });
}

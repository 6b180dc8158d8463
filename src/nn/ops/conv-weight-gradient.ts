/**
 * The gradient of a convolution by its weights: the hot spot of a training step on a CPU, where the formulation
 * decides. All of them contract over every place of every picture:
 *
 *   dW[o, c, ky, kx] = sum over b, y, x of d[b, o, y, x] * in[b, c, s*y + t*ky - p, s*x + t*kx - p]
 */
import type { Graph, Value } from '../graph.ts';
import type { ConvPlan } from './conv-plan.ts';
import { padNode, type SliceRange, sliceNode } from './shape.ts';

/** Gradient by the weights, [O, C/groups, KH, KW]. */
export function weightGradient(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  if (p.groups === 1) return shiftedProducts(g, x, d, p);
  if (p.groups === p.inner && p.groups === p.outer) return perPlane(g, x, d, p);
  return byGroups(g, x, d, p);
}

/** One matrix product per kernel place, over shifted views of the padded input. */
function shiftedProducts(g: Graph, x: Value, d: Value, p: ConvPlan): Value {
  const n = p.batch * p.outHeight * p.outWidth;
  const toChannels = { attributes: { perm: [1, 0, 2, 3] } };
  const dT = g.node('Transpose', [d], [p.outer, p.batch, p.outHeight, p.outWidth], toChannels);
  const rows = g.node('Reshape', [dT, g.ints([p.outer, n])], [p.outer, n]);
  const xT = g.node('Transpose', [x], [p.inner, p.batch, p.height, p.width], toChannels);
  const padded = padNode(g, xT, [0, 0, p.pad, p.pad, 0, 0, p.pad, p.pad]);
  const area = p.kernelHeight * p.kernelWidth;
  const products: Value[] = [];
  for (let ky = 0; ky < p.kernelHeight; ky++) {
    for (let kx = 0; kx < p.kernelWidth; kx++) {
      const view = strided(g, padded, p, ky, kx, [p.inner, p.batch, p.outHeight, p.outWidth]);
      const columns = g.node('Reshape', [view, g.ints([p.inner, n])], [p.inner, n]);
      products.push(g.node('Gemm', [rows, columns], [p.outer, p.inner], { attributes: { transB: 1 } }));
    }
  }
  const shape = [p.outer, p.inner, p.kernelHeight, p.kernelWidth];
  if (area === 1) return g.node('Reshape', [products[0], g.ints(shape)], shape);
  const stacked = g.node('Concat', products, [p.outer, p.inner * area], { attributes: { axis: 1 } });
  const open = g.node('Reshape', [stacked, g.ints([p.outer, area, p.inner])], [p.outer, area, p.inner]);
  const turned = g.node('Transpose', [open], [p.outer, p.inner, area], { attributes: { perm: [0, 2, 1] } });
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
    parts.push(shiftedProducts(g, cut(x, inner), cut(d, outer), { ...p, inner, outer, groups: 1 }));
  }
  const shape = [p.outer, inner, p.kernelHeight, p.kernelWidth];
  return g.node('Concat', parts, shape, { attributes: { axis: 0 } });
}

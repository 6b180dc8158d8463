/**
 * Convolution of pictures, and its two gradients.
 *
 * The gradient by the input is a convolution again (stride 1: kernel flipped, channels swapped; otherwise transposed).
 * The gradient by the weights decides how fast a training step is; `weightGradient` chooses among formulations by
 * shape (see `conv-weight-gradient.ts`).
 */
import type { Graph, Value } from '../graph.ts';
import { type ConvPlan, type ConvShape, planConv } from './conv-plan.ts';
import { weightGradient } from './conv-weight-gradient.ts';

function attributesOf(p: ConvPlan) {
  return {
    kernel_shape: [p.kernelHeight, p.kernelWidth],
    strides: [p.stride, p.stride],
    pads: [p.pad, p.pad, p.pad, p.pad],
    dilations: [p.dilation, p.dilation],
    group: p.groups,
  };
}

/** x [B, C, H, W], weight [O, C/groups, KH, KW], bias [O] or null; result [B, O, H', W']. */
export function conv2d(
  g: Graph,
  x: Value,
  weight: Value,
  bias: Value | null,
  options: ConvShape = {},
): Value {
  const p = planConv(x, weight, options);
  const y = g.node('Conv', [x, weight, bias], [p.batch, p.outer, p.outHeight, p.outWidth], {
    attributes: attributesOf(p),
  });
  return g.rule(y, [x, weight, bias], (d) => [
    x.differentiable ? inputGradient(g, d, weight, p) : null,
    weight.differentiable ? weightGradient(g, x, d, p) : null,
    bias?.differentiable ? channelSum(g, d) : null,
  ]);
}

/** Sum over batch and plane: [C]. */
export function channelSum(g: Graph, d: Value): Value {
  return g.node('ReduceSum', [d, g.ints([0, 2, 3])], [d.shape[1]], { attributes: { keepdims: 0 } });
}

/** Gradient by the input, [B, C, H, W]. */
export function inputGradient(g: Graph, d: Value, weight: Value, p: ConvPlan): Value {
  const shape = [p.batch, p.inner, p.height, p.width];
  const backPad = p.dilation * (p.kernelHeight - 1) - p.pad;
  const backPadW = p.dilation * (p.kernelWidth - 1) - p.pad;
  if (p.stride === 1 && backPad >= 0 && backPadW >= 0) {
    return g.node('Conv', [d, flipped(g, weight, p)], shape, {
      attributes: { ...attributesOf(p), pads: [backPad, backPadW, backPad, backPadW] },
      name: 'inputGradient',
    });
  }
  // Rows and columns of the input that no window reached get nothing: what is missing is output padding.
  const reach = (out: number, kernel: number) =>
    (out - 1) * p.stride + p.dilation * (kernel - 1) + 1 - 2 * p.pad;
  return g.node('ConvTranspose', [d, weight], shape, {
    attributes: {
      ...attributesOf(p),
      output_padding: [
        p.height - reach(p.outHeight, p.kernelHeight),
        p.width - reach(p.outWidth, p.kernelWidth),
      ],
    },
    name: 'inputGradient',
  });
}

/** [O, C/G, KH, KW] turned by 180 degrees with its channel axes swapped inside each group: [C, O/G, KH, KW]. */
function flipped(g: Graph, weight: Value, p: ConvPlan): Value {
  const { groups, kernelHeight: kh, kernelWidth: kw } = p;
  const [o, c] = [p.outer / groups, p.inner / groups];
  const area = kh * kw;
  let w = weight;
  if (area > 1) {
    const reverse = g.constant(
      BigInt64Array.from({ length: area }, (_, i) => BigInt(area - 1 - i)),
      [area],
    );
    const flat = g.node('Reshape', [w, g.ints([groups, o, c, area])], [groups, o, c, area]);
    w = g.node('Gather', [flat, reverse], [groups, o, c, area], { attributes: { axis: 3 } });
  } else {
    w = g.node('Reshape', [w, g.ints([groups, o, c, area])], [groups, o, c, area]);
  }
  const swapped = g.node('Transpose', [w], [groups, c, o, area], { attributes: { perm: [0, 2, 1, 3] } });
  return g.node('Reshape', [swapped, g.ints([groups * c, o, kh, kw])], [groups * c, o, kh, kw]);
}

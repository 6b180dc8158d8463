/** Transposed convolution (learned upsampling): the gradient of a convolution as a layer of its own. */
import type { Graph, Value } from '../graph.ts';
import { channelSum } from './conv.ts';
import type { ConvPlan } from './conv-plan.ts';
import { weightGradient } from './conv-weight-gradient.ts';

export interface ConvTransposeShape {
  /** Default 2. */
  readonly stride?: number;
  /** Cut from every side of the result; default (kernel - stride) / 2 rounded up, so that the size grows by `stride`. */
  readonly pad?: number;
  /** Added at the bottom and right; default what is missing to grow by exactly `stride`. */
  readonly outputPad?: number;
}

/** x [B, C, H, W], weight [C, O, KH, KW], bias [O] or null; result [B, O, H', W'], by default H' = H * stride. */
export function convTranspose2d(
  g: Graph,
  x: Value,
  weight: Value,
  bias: Value | null,
  options: ConvTransposeShape = {},
): Value {
  const [batch, inner, height, width] = x.shape;
  const [inner2, outer, kernelHeight, kernelWidth] = weight.shape;
  if (inner !== inner2)
    throw new TypeError(`convTranspose: weight [${weight.shape}] does not fit [${x.shape}]`);
  const { stride = 2 } = options;
  const pad = options.pad ?? Math.max(0, Math.ceil((kernelHeight - stride) / 2));
  const outputPad = options.outputPad ?? Math.max(0, stride + 2 * pad - kernelHeight);
  if (outputPad >= Math.max(stride, 1) && outputPad > 0)
    throw new TypeError('convTranspose: kernel smaller than stride');
  const grown = (n: number, k: number) => (n - 1) * stride - 2 * pad + k + outputPad;
  const shape = [batch, outer, grown(height, kernelHeight), grown(width, kernelWidth)];
  const attributes = {
    kernel_shape: [kernelHeight, kernelWidth],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
  };
  const y = g.node('ConvTranspose', [x, weight, bias], shape, {
    attributes: { ...attributes, output_padding: [outputPad, outputPad] },
  });
  return g.rule(y, [x, weight, bias], (d) => {
    // Seen from the result, x is what an ordinary convolution with the same kernel would give.
    const plan: ConvPlan = {
      ...{ batch, inner: outer, outer: inner, height: shape[2], width: shape[3] },
      ...{
        outHeight: height,
        outWidth: width,
        kernelHeight,
        kernelWidth,
        stride,
        pad,
        dilation: 1,
        groups: 1,
      },
    };
    return [
      x.differentiable ? g.node('Conv', [d, weight], x.shape, { attributes }) : null,
      weight.differentiable ? weightGradient(g, d, x, plan) : null,
      bias?.differentiable ? channelSum(g, d) : null,
    ];
  });
}

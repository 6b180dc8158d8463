/** Sizes and settings of one convolution, resolved and checked; what `conv.ts` and its gradients work from. */
import type { Value } from '../graph.ts';

export interface ConvShape {
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on every side; default keeps the size at stride 1: dilation * (kernel - 1) / 2. */
  readonly pad?: number;
  readonly dilation?: number;
  /** Default 1; equal to the number of input channels for a depthwise convolution. */
  readonly groups?: number;
}

/** Everything about one convolution, resolved. */
export interface ConvPlan {
  readonly batch: number;
  readonly inner: number;
  readonly outer: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly pad: number;
  readonly dilation: number;
  readonly groups: number;
}

export function planConv(x: Value, weight: Value, options: ConvShape): ConvPlan {
  const [batch, inner, height, width] = x.shape;
  const [outer, perGroup, kernelHeight, kernelWidth] = weight.shape;
  const { stride = 1, dilation = 1, groups = 1 } = options;
  const pad = options.pad ?? (dilation * (kernelHeight - 1)) >> 1;
  const outHeight = Math.floor((height + 2 * pad - dilation * (kernelHeight - 1) - 1) / stride) + 1;
  const outWidth = Math.floor((width + 2 * pad - dilation * (kernelWidth - 1) - 1) / stride) + 1;
  if (inner !== perGroup * groups || outer % groups !== 0) {
    throw new TypeError(`conv: weight [${weight.shape}] in ${groups} groups does not fit [${x.shape}]`);
  }
  if (outHeight < 1 || outWidth < 1) throw new TypeError(`conv: kernel larger than [${x.shape}]`);
  return {
    ...{ batch, inner, outer, height, width, outHeight, outWidth, kernelHeight, kernelWidth },
    ...{ stride, pad, dilation, groups },
  };
}

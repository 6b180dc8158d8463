/**
 * A published recogniser as something that can be differentiated: the TensorFlow.js graph of the installed network,
 * operator by operator on `nn`, as far as its features. Only what a MobileNet is made of (Howard et al.,
 * arXiv 1704.04861) is known here; `face/convert` knows more, and no gradients.
 */
import { HuoyanError } from '../../core/errors.ts';
import { type GraphModel, type GraphNode, parseReference } from '../../face/convert/graph-model.ts';
import { type Builder, type Network, network, type Value } from '../../nn/index.ts';

/** Keeps the logarithm of the distance finite. */
const SOFT = 0.05;

type Known =
  | { readonly value: Value }
  | { readonly dims: readonly number[]; readonly data: Float32Array | Int32Array };

/** Inputs `face` and `clean` [3, side, side] in 0..1; outputs `features`, `gap` [B] = 1 - cosine, and `gradient`. */
export function recogniserNetwork(model: GraphModel, output: string, side: number): Network {
  return network({
    name: 'recogniser-cloak',
    seed: 1,
    inputs: { face: [3, side, side], clean: [3, side, side] },
    build(b, { face, clean }) {
      const features = (picture: Value) => direction(b, evaluated(b, model, output, b.mul(picture, 255)));
      const known = features(clean);
      const gap = (picture: Value) =>
        b.sub(b.scalar(1), b.sum(b.mul(features(picture), known), { axes: [1] }));
      return {
        features: features(face),
        gap: gap(face),
        gradient: b.inputGradient(face, (moved) => b.sum(b.log(b.add(gap(moved), SOFT)))),
      };
    },
  });
}

/** [B, D] to length 1. */
function direction(b: Builder, x: Value): Value {
  return b.div(x, b.sqrt(b.add(b.sum(b.square(x), { axes: [1], keepDims: true }), 1e-12)));
}

function unknown(what: string): HuoyanError {
  return new HuoyanError(
    'unsupported-format',
    { en: `the recogniser uses ${what}`, zh: `识别网络使用了 ${what}` },
    {
      en: 'install the version of @vladmandic/human that Huoyan names',
      zh: '请安装火眼所指定版本的 @vladmandic/human',
    },
  );
}

/** The node `output` of `model` for a picture [B, 3, S, S] in 0..255. Throws HuoyanError `unsupported-format`. */
function evaluated(b: Builder, model: GraphModel, output: string, picture: Value): Value {
  const known = new Map<string, Known>();
  const of = (reference: string): Known => {
    const { node: name } = parseReference(reference);
    const found = known.get(name);
    if (found) return found;
    const node = model.nodes.get(name);
    if (!node) throw unknown(`nothing called ${name}`);
    const constant = model.constants.get(name);
    const made = constant ?? {
      value: node.op === 'Placeholder' ? picture : apply(b, node, node.inputs.map(of)),
    };
    known.set(name, made);
    return made;
  };
  const result = of(output);
  if (!('value' in result)) throw unknown(`a constant ${output}`);
  return result.value;
}

function apply(b: Builder, node: GraphNode, inputs: readonly Known[]): Value {
  const [x, y] = inputs;
  if (node.op === 'Conv2D' || node.op === 'DepthwiseConv2dNative') {
    if ('value' in x && y && !('value' in y)) return convolution(b, node, x.value, y);
  } else if (node.op === 'Mean') {
    if ('value' in x) return b.globalMean(x.value);
  } else if (node.op === 'Relu') {
    if ('value' in x) return b.relu(x.value);
  } else {
    const pair = inputs.map((one) => ('value' in one ? one.value : channelwise(b, one)));
    if (node.op === 'Add') return b.add(pair[0], pair[1]);
    if (node.op === 'Mul') return b.mul(pair[0], pair[1]);
    if (node.op === 'Minimum') return b.min(pair[0], pair[1]);
    if (node.op === 'Maximum') return b.max(pair[0], pair[1]);
  }
  throw unknown(node.op);
}

/** A scalar or a number a channel, to go beside [B, C, H, W]. */
function channelwise(b: Builder, { dims, data }: Exclude<Known, { value: Value }>): Value {
  if (data.length !== (dims.at(-1) ?? 1)) throw unknown(`a constant of [${dims}]`);
  return b.constant(Float32Array.from(data), data.length === 1 ? [] : [1, data.length, 1, 1]);
}

function convolution(b: Builder, node: GraphNode, x: Value, kernel: Exclude<Known, { value: Value }>): Value {
  const { strides, padding, dilations } = node.attributes;
  const stride = Array.isArray(strides) ? Number(strides[1]) : 1;
  const dilated = Array.isArray(dilations) && dilations.some((d) => Number(d) !== 1);
  if (padding !== 'SAME' || dilated)
    throw unknown(`${node.op} with padding ${padding}, dilations ${dilations}`);
  const [kh, kw, inner, outer] = kernel.dims;
  const depthwise = node.op === 'DepthwiseConv2dNative';
  // H W I O to O I H W; of a depthwise one the inner channels are the outer ones.
  const count = depthwise ? inner * outer : outer;
  const per = depthwise ? 1 : inner;
  const data = new Float32Array(kernel.data.length);
  for (let o = 0; o < count; o++) {
    for (let i = 0; i < per; i++) {
      for (let k = 0; k < kh * kw; k++) {
        const from = depthwise ? k * count + o : (k * inner + i) * outer + o;
        data[(o * per + i) * kh * kw + k] = kernel.data[from];
      }
    }
  }
  // TensorFlow puts the odd zero at the end.
  const around = (size: number, side: number) =>
    Math.max(0, (Math.ceil(size / stride) - 1) * stride + side - size);
  const [dy, dx] = [around(x.shape[2], kh), around(x.shape[3], kw)];
  const padded = b.pad(x, [dy >> 1, dx >> 1, dy - (dy >> 1), dx - (dx >> 1)]);
  const weight = b.constant(data, [count, per, kh, kw]);
  return b.convWith(padded, weight, null, { stride, pad: 0, groups: depthwise ? count : 1 });
}

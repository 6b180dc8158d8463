/**
 * The bricks the zoo's networks are built of, chosen by words: normalisations, activations, ways up and down, and the
 * encoders, decoders and critics made of them. Pictures inside the zoo are float32 [B, 3, S, S] in 0..1.
 *
 * Names of scopes are read by `construction.ts`: `blockN` around every block, `skip` around every shortcut, `subpixel`
 * around sub-pixel up-sampling, `last` around the last activation, `mask` around what only says where maxima were.
 */
import type { Builder, Value } from '../../nn/index.ts';

export type Normalisation = 'batch' | 'instance' | 'group' | 'none';
export type Activation = 'elu' | 'relu' | 'leaky' | 'silu';
export type Last = 'relu' | 'tanh' | 'linear' | 'sigmoid';
export type Upsampling =
  | 'nearest'
  | 'bilinear'
  | 'transposed3'
  | 'transposed4'
  | 'transposed5'
  | 'shuffle'
  | 'unpool';
export type Downsampling = 'stride' | 'maxpool' | 'averagepool';

export interface Encoder {
  /** Channels of the first block; each further block has twice as many, at most `widest`. */
  readonly width: number;
  readonly widest: number;
  /** How often the side is halved. */
  readonly depth: number;
  readonly kernel: number;
  /** Convolutions in each block. */
  readonly layers: number;
  readonly normalisation: Normalisation;
  readonly activation: Activation;
  readonly downsampling: Downsampling;
}

export interface Decoder {
  /** Channels of the last block; each earlier block has twice as many, at most `widest`. */
  readonly width: number;
  readonly widest: number;
  readonly depth: number;
  readonly kernel: number;
  readonly layers: number;
  readonly normalisation: Normalisation;
  readonly activation: Activation;
  readonly upsampling: Upsampling;
  /** Shortcuts around the convolutions of a block. */
  readonly residual: boolean;
  readonly last: Last;
  /** Kernel of the layer that makes colours. */
  readonly lastKernel: number;
  /** A mapping network and adaptive instance normalisation (arXiv:1812.04948) take the place of `normalisation`. */
  readonly style: boolean;
}

export interface Critic {
  readonly width: number;
  readonly depth: number;
  readonly normalisation: Normalisation;
  /** Weights divided by their largest singular value (Miyato et al. 2018, arXiv:1802.05957). */
  readonly spectral: boolean;
  /** Is it told how much the pictures of a batch differ from each other? Default no. */
  readonly spread?: boolean;
}

/** 0..1 to -1..1, which trains faster. */
export function centred(b: Builder, picture: Value): Value {
  return b.sub(b.mul(picture, 2), 1);
}

export function normalise(b: Builder, x: Value, kind: Normalisation): Value {
  if (kind === 'batch') return b.batchNorm(x);
  if (kind === 'instance') return b.instanceNorm(x);
  if (kind === 'group') return b.groupNorm(x, Math.max(1, x.shape[1] >> 2));
  return x;
}

export function activate(b: Builder, x: Value, kind: Activation): Value {
  if (kind === 'elu') return b.elu(x);
  if (kind === 'relu') return b.relu(x);
  if (kind === 'leaky') return b.leakyRelu(x, 0.2);
  return b.silu(x);
}

/** The last activation, brought to 0..1. */
export function finish(b: Builder, x: Value, last: Last): Value {
  return b.scope('last', () => {
    if (last === 'tanh') return b.add(b.mul(b.tanh(x), 0.5), 0.5);
    if (last === 'sigmoid') return b.sigmoid(x);
    if (last === 'relu') return b.relu(b.add(x, 0.5));
    return b.add(x, 0.5);
  });
}

export function widthAt(width: number, widest: number, level: number): number {
  return Math.min(widest, width * 2 ** level);
}

/** Doubles the side and sets the number of channels. `mask` says where an unpooled value goes (1 at one place of four). */
export function up(b: Builder, x: Value, channels: number, decoder: Decoder, mask?: Value): Value {
  const [, , h, w] = x.shape;
  const { upsampling, kernel } = decoder;
  const bias = decoder.normalisation === 'none' || decoder.style;
  if (upsampling === 'transposed3' || upsampling === 'transposed4' || upsampling === 'transposed5') {
    return b.convTranspose(x, channels, { kernel: Number(upsampling.at(-1)), bias });
  }
  if (upsampling === 'shuffle')
    return b.scope('subpixel', () => b.pixelShuffle(b.conv(x, channels * 4, { kernel, bias }), 2));
  if (upsampling === 'unpool') {
    const wide = b.resize(b.conv(x, channels, { kernel, bias }), h * 2, w * 2, 'nearest');
    return mask ? b.mul(wide, mask) : b.mul(wide, cornerMask(b, h * 2, w * 2));
  }
  return b.conv(b.resize(x, h * 2, w * 2, upsampling), channels, { kernel, bias });
}

/** 1 at the top left of every two by two pixels. */
function cornerMask(b: Builder, height: number, width: number): Value {
  const mask = Float32Array.from({ length: height * width }, (_, i) =>
    (i % width) % 2 === 0 && Math.floor(i / width) % 2 === 0 ? 1 : 0,
  );
  return b.constant(mask, [1, 1, height, width]);
}

export interface Encoded {
  readonly code: Value;
  /** What each block saw before its side was halved, the largest first. */
  readonly before: readonly Value[];
  /** Of max pooling: 1 where the maximum was, as one plane. */
  readonly masks: readonly Value[];
}

/** [B, 1, S, S]: 1 at the strongest of every two by two pixels, 0 elsewhere; no gradient. */
function placeOfMaximum(b: Builder, x: Value): Value {
  const energy = b.stopGradient(b.mean(b.abs(x), { axes: [1], keepDims: true }));
  const most = b.resize(b.maxPool(energy, { size: 2 }), x.shape[2], x.shape[3], 'nearest');
  return b.stopGradient(b.clip(b.add(b.mul(b.sub(energy, most), 1e6), 1), 0, 1));
}

/** Picture to features of side S / 2^depth. */
export function encode(b: Builder, picture: Value, encoder: Encoder): Encoded {
  let h = centred(b, picture);
  const before: Value[] = [];
  const masks: Value[] = [];
  const { kernel, normalisation, activation, downsampling } = encoder;
  const bias = normalisation === 'none';
  for (let level = 0; level < encoder.depth; level++) {
    const channels = widthAt(encoder.width, encoder.widest, level);
    h = b.scope(`block${level + 1}`, () => {
      let x = h;
      for (let i = 0; i < encoder.layers; i++) {
        x = activate(b, normalise(b, b.conv(x, channels, { kernel, bias }), normalisation), activation);
      }
      before.push(x);
      if (downsampling === 'stride') return b.conv(x, channels, { kernel, stride: 2 });
      const pooled = downsampling === 'maxpool' ? b.maxPool(x, { size: 2 }) : b.averagePool(x, { size: 2 });
      masks.push(b.scope('mask', () => placeOfMaximum(b, x)));
      return pooled;
    });
  }
  return { code: h, before, masks };
}

/** Adaptive instance normalisation by a style vector [B, D]. */
function adapt(b: Builder, x: Value, style: Value): Value {
  const c = x.shape[1];
  const wanted = b.reshape(b.linear(style, c * 2), [x.shape[0], c * 2, 1, 1]);
  const scale = b.slice(wanted, [{ axis: 1, start: 0, end: c }]);
  const shift = b.slice(wanted, [{ axis: 1, start: c, end: c * 2 }]);
  return b.add(b.mul(b.instanceNorm(x), b.add(scale, 1)), shift);
}

/** Features [B, C, s, s] to a picture of side s * 2^depth. `style` is needed where the decoder says so. */
export function decode(
  b: Builder,
  code: Value,
  decoder: Decoder,
  given: {
    readonly style?: Value;
    readonly across?: readonly Value[];
    readonly masks?: readonly Value[];
  } = {},
): Value {
  const { kernel, normalisation, activation } = decoder;
  const bias = normalisation === 'none' || decoder.style;
  const settle = (x: Value) =>
    activate(b, decoder.style ? adapt(b, x, given.style!) : normalise(b, x, normalisation), activation);
  let h = code;
  for (let level = decoder.depth - 1; level >= 0; level--) {
    const channels = widthAt(decoder.width, decoder.widest, level);
    h = b.scope(`block${decoder.depth - level}`, () => {
      const beside = given.across?.[level];
      const raised = settle(up(b, h, channels, decoder, given.masks?.[level]));
      let x = beside ? b.scope('skip', () => b.concat([raised, beside])) : raised;
      for (let i = 1; i < decoder.layers; i++) x = settle(b.conv(x, channels, { kernel, bias }));
      if (!decoder.residual) return x;
      return b.scope('skip', () => {
        // Without a further convolution, features handed across are still beside the raised ones.
        const [, wide, hh, ww] = x.shape;
        const shortcut = b.conv(b.resize(h, hh, ww, 'nearest'), wide, { kernel: 1 });
        return b.add(x, shortcut);
      });
    });
  }
  return finish(b, b.conv(h, 3, { kernel: decoder.lastKernel, initial: 'xavier' }), decoder.last);
}

/** A vector [B, Z] to a picture of side `size`. */
export function decodeVector(b: Builder, vector: Value, size: number, decoder: Decoder): Value {
  const side = size >> decoder.depth;
  const channels = widthAt(decoder.width, decoder.widest, decoder.depth);
  if (!decoder.style) {
    const flat = b.linear(vector, channels * side * side);
    const grid = b.reshape(flat, [vector.shape[0], channels, side, side]);
    const { normalisation, activation } = decoder;
    return decode(b, activate(b, normalise(b, grid, normalisation), activation), decoder);
  }
  let style = vector;
  for (let i = 0; i < 2; i++) style = b.leakyRelu(b.linear(style, 32), 0.2);
  const constant = b.parameter('constant', [1, channels, side, side], { normal: 1 }, false);
  const start = b.add(
    constant,
    b.reshape(b.mul(b.mean(vector, { axes: [1] }), 0), [vector.shape[0], 1, 1, 1]),
  );
  return decode(b, start, decoder, { style });
}
